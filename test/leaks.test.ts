/**
 * Every suite searches the dump and the log for its secrets when it closes (support/nodes.ts). This file
 * proves that the search finds them, and walks a whole sign-in with all of its bearer values.
 */
import { expect, test } from '@jest/globals';
import {
  aPerson,
  aRelyingParty,
  asRelyingParty,
  authRequest,
  TestBrowser,
  findLeaks,
  Nodes,
  redeemCode,
  refreshTokens,
  signInAtNode,
  toKeyPage,
  userinfo,
} from './support/index.ts';

test('no password, CPR, key or bearer value in any table or in the log; a planted one is found', async () => {
  const nodes = await Nodes.start({ count: 2 });
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes);
  const browser = new TestBrowser(nodes);
  const request = authRequest(rp, {
    scope: 'openid profile ssn nemid.pid offline_access',
    prompt: 'consent',
  });

  // A person types the password into the field of the user ID, and the CPR number too.
  const first = await browser.follow(authRequest(rp).path);
  await browser.send(first, { userId: person.password, password: person.password });
  await browser.send(first, { userId: person.cpr, password: 'x' });

  const result = await signInAtNode(browser, person, request);
  const code = result.get('code') ?? '';
  const tokens = await redeemCode(nodes, rp, code, request.verifier);
  await refreshTokens(nodes, rp, tokens.refresh_token ?? '');
  await userinfo(nodes, tokens.access_token);
  await asRelyingParty(nodes, rp, '/token/introspection', { token: tokens.access_token });
  // A bearer value in the query of a request that fails, and one that is malformed.
  await browser.request(`/me?access_token=${tokens.access_token}`);
  await userinfo(nodes, `${tokens.access_token}x`);
  const keyPage = await toKeyPage(new TestBrowser(nodes), person, authRequest(rp, { prompt: 'login' }));
  await new TestBrowser(nodes).post(keyPage, { key: '123456' });

  expect(nodes.secrets.values.size).toBeGreaterThan(10);
  expect(nodes.secrets.keys.size).toBeGreaterThan(140);
  const look = () => findLeaks(nodes.secrets, nodes.database, nodes.log);
  expect(await look()).toEqual([]);

  const [someKey] = [...nodes.secrets.keys];
  await nodes.database.query(`INSERT INTO audit_events (kind, details) VALUES ('planted', $1::jsonb)`, [
    JSON.stringify({ key: someKey }),
  ]);
  await nodes.database.query(`UPDATE relying_parties SET metadata = metadata || $1::jsonb`, [
    JSON.stringify({ note: tokens.access_token }),
  ]);
  await nodes.database.query(`UPDATE key_cards SET kid = $1`, [person.password]);
  await nodes.database.query(`UPDATE oidc_records SET payload = $1 WHERE model = 'Session'`, [
    Buffer.from(code),
  ]);
  nodes.node(0).app.log.info({ given: person.cpr }, 'planted');
  expect(new Set(await look())).toEqual(
    new Set([
      'public.audit_events.details: key of a card',
      'public.relying_parties: access token',
      'public.key_cards: password',
      'public.oidc_records: code',
      'log: CPR number',
    ]),
  );
  await expect(nodes.close()).rejects.toThrow('secrets were found');
});

test('fields that could hold a secret are cut out of the log', async () => {
  const nodes = await Nodes.start();
  nodes
    .node(0)
    .app.log.info(
      { password: 'canary-1', form: { key: 'canary-2' }, deep: { er: { refresh_token: 'canary-3' } } },
      'canaries',
    );
  const error = Object.assign(new Error('failed'), { detail: 'canary-4', parameters: ['canary-5'] });
  nodes.node(0).app.log.error({ err: error }, 'a failed statement');
  expect(nodes.log).toContain('canaries');
  expect(nodes.log).toContain('a failed statement');
  expect(nodes.log).not.toMatch(/canary-/);
  await nodes.close();
});
