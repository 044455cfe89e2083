/** What was ended stays ended: on both nodes, also for requests in flight. */
import { expect, test } from '@jest/globals';
import {
  aPerson,
  aRelyingParty,
  asRelyingParty,
  authRequest,
  TestBrowser,
  isActive,
  keyFor,
  redeemCode,
  refreshTokens,
  readReturnedCode,
  signInAtNode,
  type TestPerson,
  toKeyPage,
  useNodes,
  userinfo,
} from './support/index.ts';
import { saveRecords } from '../src/db/oidc/requestRecords.ts';
import type { OidcRecord } from '../src/db/oidc/oidcRecords.ts';

const nodes = useNodes({ count: 2 });

async function endIdentity(person: TestPerson): Promise<void> {
  await nodes.database.query('UPDATE identities SET ended_at = clock_timestamp() WHERE id = $1', [
    person.identityId,
  ]);
}

async function signedIn() {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes);
  const browser = new TestBrowser(nodes);
  const request = authRequest(rp, { scope: 'openid profile offline_access', prompt: 'consent' });
  const result = await signInAtNode(browser, person, request);
  return { person, rp, browser, code: result.get('code') ?? '', request };
}

test('a session gives a second sign-in at a public relying party without a key', async () => {
  const { browser } = await signedIn();
  const other = await aRelyingParty(nodes);
  expect(readReturnedCode(await browser.follow(authRequest(other).path)).get('code')).toBeTruthy();
  const bank = await aRelyingParty(nodes, { kind: 'bank' });
  expect((await browser.follow(authRequest(bank).path)).page).toBe('password');
  const silent = readReturnedCode(await browser.follow(authRequest(bank, { prompt: 'none' }).path));
  expect(silent.get('error')).toBe('login_required');
});

test('ending an identity ends its session, access, refresh and introspection on both nodes', async () => {
  const { person, rp, browser, code, request } = await signedIn();
  const tokens = await redeemCode(nodes, rp, code, request.verifier);
  for (const node of [0, 1]) {
    expect((await userinfo(nodes, tokens.access_token, node)).status).toBe(200);
    expect(await isActive(nodes, rp, tokens.access_token, node)).toBe(true);
  }
  await endIdentity(person);
  for (const node of [0, 1]) {
    expect((await userinfo(nodes, tokens.access_token, node)).status).toBe(401);
    expect(await isActive(nodes, rp, tokens.access_token, node)).toBe(false);
    expect((await refreshTokens(nodes, rp, tokens.refresh_token ?? '', node)).error).toBe('invalid_grant');
    expect((await browser.follow(authRequest(rp).path)).page).toBe('password');
  }
  expect((await signInAtNode(new TestBrowser(nodes), person, authRequest(rp))).get('code')).toBeTruthy();
});

test('a code that was under way is no longer valid afterwards', async () => {
  const { person, rp, code, request } = await signedIn();
  await endIdentity(person);
  expect(await redeemCode(nodes, rp, code, request.verifier)).toMatchObject({
    status: 400,
    error: 'invalid_grant',
  });
});

test('a key given after the identity was ended, with a password given before, signs no one in', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes);
  const browser = new TestBrowser(nodes);
  const page = await toKeyPage(browser, person, authRequest(rp));
  await endIdentity(person);
  expect((await browser.send(page, { key: keyFor(person, page) })).page).toBe('password');
});

test('offline access that is asked for later keeps the grant of the session alive for as long', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes);
  const browser = new TestBrowser(nodes);
  await signInAtNode(browser, person, authRequest(rp));
  const page = await browser.follow(
    authRequest(rp, { scope: 'openid offline_access', prompt: 'consent' }).path,
  );
  await browser.send(page, { accept: '1' });
  const [grant] = await nodes.database.query<{ days: number }>(
    `SELECT extract(epoch FROM expires_at - now())::float / 86400 AS days
     FROM oidc_records WHERE model = 'Grant' AND account_id = $1`,
    [person.identityId],
  );
  expect(grant?.days).toBeCloseTo(30, 1);
});

test('an ended session or grant is not revived by a request that saves it again', async () => {
  const { rp, browser, code, request } = await signedIn();
  const tokens = await redeemCode(nodes, rp, code, request.verifier);
  // As a request does that loaded them before they ended: the same records, saved again by the same function.
  const held = await nodes.database.query<Record<string, unknown>>('SELECT * FROM oidc_records');
  const revoked = await asRelyingParty(nodes, rp, '/token/revocation', { token: tokens.refresh_token ?? '' });
  expect(revoked.status).toBe(200);
  await nodes.database.query(`UPDATE oidc_records SET ended_at = now() WHERE model = 'Session'`);
  const records = held.map((row) => ({
    id: row['id'],
    model: row['model'],
    accountId: row['account_id'],
    clientId: row['client_id'],
    grantId: row['grant_id'],
    sessionUid: row['session_uid'],
    uid: row['uid'],
    loginAt: row['login_at'],
    startedAt: row['started_at'],
    passwordAt: null,
    acr: null,
    sid: null,
    expiresAt: row['expires_at'],
    payload: row['payload'],
  }));
  const batch = { saves: records as OidcRecord[], ends: [], replaces: [], answers: [], consumes: [] };
  await saveRecords(nodes.context.database, [batch]);
  expect((await userinfo(nodes, tokens.access_token)).status).toBe(401);
  expect((await browser.follow(authRequest(rp).path)).page).toBe('password');
});

test('a session ends eight hours after its first sign-in, however busy it is, and after 30 idle minutes', async () => {
  const { browser, person } = await signedIn();
  const bank = await aRelyingParty(nodes, { kind: 'bank' });
  const session = async () => {
    const [row] = await nodes.database.query<{ started: Date; left: number; idle: number }>(
      `SELECT started_at AS started, extract(epoch FROM started_at + interval '8 hours' - expires_at)::float AS left,
         extract(epoch FROM expires_at - now())::float AS idle
       FROM oidc_records WHERE model = 'Session' AND ended_at IS NULL AND account_id = $1`,
      [person.identityId],
    );
    return row as { started: Date; left: number; idle: number };
  };
  const first = await session();
  expect(first.idle).toBeGreaterThan(1_790);
  expect(first.idle).toBeLessThanOrEqual(1_800);

  // A fresh key at a bank does not begin it again.
  await signInAtNode(browser, person, authRequest(bank));
  expect((await session()).started).toEqual(first.started);
  await nodes.database.query(
    `UPDATE oidc_records SET started_at = now() - interval '7 hours 50 minutes' WHERE model = 'Session'`,
  );
  await signInAtNode(browser, person, authRequest(bank));
  const late = await session();
  expect(late.left).toBeCloseTo(0, 3);
  expect(late.idle).toBeLessThanOrEqual(600);
});

test('what has expired is absent', async () => {
  const { rp, browser, code, request } = await signedIn();
  const tokens = await redeemCode(nodes, rp, code, request.verifier);
  await nodes.database.query(`UPDATE oidc_records SET expires_at = now() - interval '1 s'`);
  expect((await userinfo(nodes, tokens.access_token)).status).toBe(401);
  expect((await browser.follow(authRequest(rp).path)).page).toBe('password');
});

test('another person signs in with the same browser: the first session ends, the second is theirs', async () => {
  const { rp, browser } = await signedIn();
  const second = await aPerson(nodes);
  const request = authRequest(rp, { prompt: 'login' });
  const result = await signInAtNode(browser, second, request);
  const tokens = await redeemCode(nodes, rp, result.get('code') ?? '', request.verifier);
  const info = JSON.parse((await userinfo(nodes, tokens.access_token)).text) as { name: string };
  expect(info.name).toBe(second.fullName);
});

test('introspection tells a relying party nothing of the tokens of another', async () => {
  const { rp, code, request } = await signedIn();
  const tokens = await redeemCode(nodes, rp, code, request.verifier);
  const other = await aRelyingParty(nodes);
  expect(await isActive(nodes, other, tokens.access_token, 0)).toBe(false);
  expect(await isActive(nodes, rp, tokens.access_token, 1)).toBe(true);
});
