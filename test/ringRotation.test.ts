/** The ring `records` gets a new key node by node: no one is signed out, no token ends, no lock is lost. */
import { expect, test } from '@jest/globals';
import type { KeyringFile } from '../src/platform/keyring.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  isActive,
  redeemCode,
  refreshTokens,
  readReturnedCode,
  signInAtNode,
  useNodes,
  userinfo,
} from './support/index.ts';

const nodes = useNodes({ count: 2, binding: () => 'require', withoutErrors: true });

test('a key is added, then made current, then the earlier sealed ones still open, on both nodes', async () => {
  const rp = await aRelyingParty(nodes, { kind: 'public' });
  const person = await aPerson(nodes, { publicSites: true });
  const browser = new TestBrowser(nodes);
  const request = authRequest(rp, { scope: 'openid offline_access', prompt: 'consent' });
  const code = (await signInAtNode(browser, person, request)).get('code') ?? '';
  const first = await redeemCode(nodes, rp, code, request.verifier);
  let refreshToken = first.refresh_token ?? '';
  let accessToken = first.access_token;

  const k2 = Buffer.alloc(32, 7).toString('base64url');
  const { records } = nodes.keyringFile;
  const added = { ...records, lookup: 'k1', keys: { ...records.keys, k2 } };
  const steps: KeyringFile['records'][] = [added, { ...added, current: 'k2' }];
  for (const [step, ring] of steps.entries()) {
    for (const index of [0, 1]) {
      await nodes.restartWith(index, { ...nodes.keyringFile, records: ring });
      for (const node of [0, 1]) {
        const at = `step ${step}, node ${index} restarted, asked at node ${node}`;
        const silent = await browser.follow(authRequest(rp, { prompt: 'none' }).path);
        expect([at, readReturnedCode(silent).get('error')]).toEqual([at, null]);
        expect([at, (await userinfo(nodes, accessToken, node)).status]).toEqual([at, 200]);
        const renewed = await refreshTokens(nodes, rp, refreshToken, node);
        expect([at, renewed.status]).toEqual([at, 200]);
        accessToken = renewed.access_token;
        refreshToken = renewed.refresh_token ?? '';
        expect(await isActive(nodes, rp, accessToken)).toBe(true);
      }
    }
  }
  expect((await signInAtNode(new TestBrowser(nodes), person, authRequest(rp))).get('code')).toBeTruthy();
});
