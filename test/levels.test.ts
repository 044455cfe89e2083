/**
 * Levels and freshness: the tables of docs/reference/levels.md, and that what was authenticated at Low opens
 * nothing at a relying party that requires more.
 */
import { describe, expect, test } from '@jest/globals';
import { LOW, SUBSTANTIAL } from '../src/domain/signIn/levels.ts';
import { relyingPartySchema } from '../src/domain/relyingParty/relyingParty.ts';
import { saveRelyingParty } from '../src/db/oidc/relyingParties.ts';
import { blockTarget } from '../src/features/factors/block.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  type TestAuthRequest,
  TestBrowser,
  holdOnNode,
  isActive,
  keyFor,
  logOut,
  OnNode0,
  type BrowserPage,
  payloadOf,
  redeemCode,
  refreshTokens,
  readReturnedCode,
  signInAtNode,
  slowDown,
  takeOut,
  type TestPerson,
  type TestRelyingParty,
  toKeyPage,
  useNodes,
  userinfo,
} from './support/index.ts';
import { oneOfEach } from './support/levelTable.ts';
import { LevelWalk } from './support/levelWalk.ts';

const nodes = useNodes({ count: 2 });

describe('the tables of the docs', () => {
  test('every cell as it stands; the proof has all of them with and without other pages', async () => {
    const walk = await LevelWalk.prepare(nodes);
    const wrong: unknown[] = [];
    const cells = oneOfEach();
    for (const one of cells) {
      const { asked, end } = await walk.walk(one);
      if (asked.join() !== one.outcome.asked.join() || end !== one.outcome.end)
        wrong.push({ ...one, asked, end });
    }
    console.info(`${cells.length} combinations walked to their end`);
    expect(wrong).toEqual([]);
  });
});

const OFFLINE = { scope: 'openid profile offline_access', prompt: 'consent' };

/** A relying party that accepts Low, and one that does not. */
async function lowAndSubstantial() {
  return { low: await aRelyingParty(nodes, { min_acr: LOW }), substantial: await aRelyingParty(nodes) };
}

/** Signs in with only the password. @returns what the relying party gets */
async function signInLow(
  browser: TestBrowser,
  person: TestPerson,
  request: TestAuthRequest,
): Promise<URLSearchParams> {
  const page = await browser.follow(request.path);
  const next = await browser.send(page, { userId: person.userId, password: person.password });
  return readReturnedCode(next.page === 'consent' ? await browser.send(next, { accept: '1' }) : next);
}

const askLow = (rp: TestRelyingParty, params: Record<string, string> = {}) =>
  authRequest(rp, { acr_values: LOW, ...params });

async function aLowSession() {
  const rps = await lowAndSubstantial();
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  const request = askLow(rps.low, OFFLINE);
  const code = (await signInLow(browser, person, request)).get('code') ?? '';
  return { ...rps, person, browser, request, code };
}

/** Moves the session's password and sign-in into the past. */
async function age(person: TestPerson, seconds: number): Promise<void> {
  await nodes.database.query(
    `UPDATE oidc_records SET password_at = password_at - $2 * interval '1 second'
     WHERE model = 'Session' AND account_id = $1`,
    [person.identityId, seconds],
  );
}

async function raise(rp: TestRelyingParty): Promise<void> {
  const [row] = await nodes.database.query<{ metadata: object }>(
    'SELECT metadata FROM relying_parties WHERE client_id = $1',
    [rp.clientId],
  );
  const raised = relyingPartySchema.parse({ ...row?.metadata, min_acr: SUBSTANTIAL });
  await saveRelyingParty(nodes.context.database, raised);
}

async function eventsOf(person: TestPerson): Promise<string[]> {
  const rows = await nodes.database.query<{ kind: string }>(
    'SELECT kind FROM audit_events WHERE identity_id = $1 ORDER BY id',
    [person.identityId],
  );
  return rows.map(({ kind }) => kind);
}

describe('a password alone', () => {
  test('is asked where the registration allows it and the request says so, and has level Low', async () => {
    const { low, substantial, person, browser, request, code } = await aLowSession();
    const tokens = await redeemCode(nodes, low, code, request.verifier);
    const { acr, amr } = payloadOf(tokens.id_token);
    expect([acr, amr]).toEqual([LOW, ['pwd']]);
    // The minimum does not apply by default: a request without a level needs both factors, and so does one of
    // a client that may not have Low.
    expect((await new TestBrowser(nodes).follow(authRequest(low).path)).text).toContain('Trin 1 af 2');
    const alone = await new TestBrowser(nodes).follow(askLow(low).path);
    expect([alone.page, alone.text.includes('Trin 1 af 2')]).toEqual(['password', false]);
    const keyPage = await toKeyPage(new TestBrowser(nodes), person, askLow(substantial));
    expect(keyPage.page).toBe('key');
    expect(readReturnedCode(await browser.follow(askLow(low).path)).get('code')).toBeTruthy();
  });

  test('stands once in the log and is told once, from a browser that nobody knows', async () => {
    const { low } = await lowAndSubstantial();
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const page = await browser.follow(askLow(low).path);
    const form = { userId: person.userId, password: person.password };
    const posts = await Promise.all(Array.from({ length: 5 }, () => browser.post(page, form)));
    expect(posts.every(({ status }) => status === 303 || status === 503)).toBe(true);
    const codes = posts.flatMap((post) =>
      post.headers.location?.includes('code=') ? [readReturnedCode(post).get('code')] : [],
    );
    expect([codes.length > 0, new Set(codes).size, codes[0]]).toEqual([true, 1, expect.any(String)]);
    expect((await eventsOf(person)).filter((kind) => kind.startsWith('signed_in'))).toEqual([
      'signed_in_with_password',
    ]);
    const notices = await nodes.database.query('SELECT FROM notices WHERE identity_id = $1 AND kind = $2', [
      person.identityId,
      'new_browser',
    ]);
    const waiting = await nodes.database.query('SELECT FROM passwords_without_key WHERE identity_id = $1', [
      person.identityId,
    ]);
    expect([notices.length, waiting.length]).toEqual([1, 0]);
  });

  test('is refused to a blocked ID after the password, and public sites are asked as ever', async () => {
    const { low } = await lowAndSubstantial();
    const blocked = await aPerson(nodes);
    await blockTarget(nodes.context, blocked.identityId, 'identity', { by: 'person' });
    const atBlocked = new TestBrowser(nodes);
    const first = await atBlocked.follow(askLow(low).path);
    const refusal = await atBlocked.send(first, { userId: blocked.userId, password: blocked.password });
    expect([refusal.page, (await eventsOf(blocked)).includes('signed_in_with_password')]).toEqual([
      'refused',
      false,
    ]);
    const bankOnly = await aPerson(nodes, { publicSites: false });
    const atHers = new TestBrowser(nodes);
    const page = await atHers.follow(askLow(low).path);
    const next = await atHers.send(page, { userId: bankOnly.userId, password: bankOnly.password });
    expect(next.page).toBe('public-sites');
  });
});

describe('a Low session gets nothing at a relying party that asks for Substantial', () => {
  test('not by single sign-on: a key first, and without pages an error', async () => {
    const { substantial, low, person, browser } = await aLowSession();
    const bank = await aRelyingParty(nodes, { kind: 'bank' });
    for (const params of [{}, { acr_values: LOW }, { prompt: 'consent' }, { max_age: '60' }]) {
      const page = await browser.follow(authRequest(substantial, params).path);
      expect([page.page, page.headers.location]).toEqual(['key', undefined]);
    }
    expect((await browser.follow(authRequest(bank).path)).page).toBe('password');
    for (const rp of [substantial, bank]) {
      const silent = readReturnedCode(await browser.follow(authRequest(rp, { prompt: 'none' }).path));
      expect([silent.get('error'), silent.get('code')]).toEqual(['login_required', null]);
    }
    // An essential level at a relying party that otherwise accepts Low needs a key too.
    const claims = JSON.stringify({ id_token: { acr: { essential: true, value: SUBSTANTIAL } } });
    expect((await browser.follow(authRequest(low, { claims, acr_values: LOW }).path)).page).toBe('key');
    expect((await eventsOf(person)).filter((kind) => kind === 'signed_in')).toEqual([]);
  });

  test('not by a code, a refresh token, an access token or introspection from before it asked for more', async () => {
    const { low, person, browser, request, code } = await aLowSession();
    const tokens = await redeemCode(nodes, low, code, request.verifier);
    const later = askLow(low);
    const lateCode = readReturnedCode(await browser.follow(later.path)).get('code') ?? '';
    const proof = authRequest(low, OFFLINE);
    const both = await signInAtNode(new TestBrowser(nodes), person, proof);
    const strong = await redeemCode(nodes, low, both.get('code') ?? '', proof.verifier);
    const expectAll = async (weak: [number, number, boolean]) => {
      for (const node of [0, 1]) {
        expect([
          (await refreshTokens(nodes, low, tokens.refresh_token ?? '', node)).status,
          (await userinfo(nodes, tokens.access_token, node)).status,
          await isActive(nodes, low, tokens.access_token, node),
        ]).toEqual(weak);
        expect((await refreshTokens(nodes, low, strong.refresh_token ?? '', node)).status).toBe(200);
        expect((await userinfo(nodes, strong.access_token, node)).status).toBe(200);
      }
    };
    await expectAll([200, 200, true]);
    const fresh = await refreshTokens(nodes, low, tokens.refresh_token ?? '');
    await raise(low);
    await expectAll([400, 401, false]);
    // Earlier refreshed tokens too: an access token records the level that it is based on.
    expect((await userinfo(nodes, fresh.access_token)).status).toBe(401);
    expect((await redeemCode(nodes, low, lateCode, later.verifier)).error).toBe('invalid_grant');
    // Control: without the condition in SQL they would be valid.
    const repair = takeOut(
      nodes,
      "AND (r.acr IS DISTINCT FROM $3 OR p.metadata ->> 'min_acr' = $3)",
      'AND $3 = $3',
    );
    expect((await userinfo(nodes, tokens.access_token)).status).toBe(200);
    repair();
  });

  test('not by a second tab: what waits in one is not answered by what was shown in another', async () => {
    const { low, substantial } = await lowAndSubstantial();
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const waiting = await browser.follow(authRequest(substantial).path);
    expect(waiting.page).toBe('password');
    expect((await signInLow(browser, person, askLow(low))).get('code')).toBeTruthy();
    expect((await browser.follow(waiting.formUrl)).page).toBe('password');
    const uid = waiting.formUrl.split('/').at(-1) ?? '';
    const forced = await browser.request(`/auth/${uid}`);
    expect([forced.status, forced.headers.location?.includes('code=') ?? false]).not.toEqual([303, true]);
  });

  test('not by consent that waited while a Substantial session became a Low one', async () => {
    const { low } = await lowAndSubstantial();
    const asking = await aRelyingParty(nodes, { trusted: false });
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    await signInAtNode(browser, person, authRequest(await aRelyingParty(nodes)));
    const consent = await browser.follow(authRequest(asking).path);
    expect(consent.page).toBe('consent');
    await logOut(browser);
    expect((await signInLow(browser, person, askLow(low))).get('code')).toBeTruthy();
    const after = await browser.send(consent, { accept: '1' });
    expect([after.status, after.headers.location]).toEqual([400, undefined]);
  });

  test('not by a single sign-on that read a Substantial session just before it was replaced', async () => {
    const { low, substantial } = await lowAndSubstantial();
    const person = await aPerson(nodes);
    const browser = new OnNode0(nodes);
    await signInAtNode(browser, person, authRequest(substantial));
    const request = authRequest(substantial);
    const held = holdOnNode(nodes, 'INSERT INTO oidc_records');
    const riding = browser.request(request.path);
    await held.held;
    const other = await browser.copy();
    await logOut(other);
    await signInLow(other, person, askLow(low));
    held.letGo();
    const code = new URL((await riding).headers.location ?? 'none:').searchParams.get('code') ?? '';
    expect((await redeemCode(nodes, substantial, code, request.verifier)).error).toBe('invalid_grant');
  });
});

describe('a step-up', () => {
  test('asks only a key for five minutes, then the password too, and both raise the session', async () => {
    const { substantial, person, browser } = await aLowSession();
    const page = await browser.follow(authRequest(substantial).path);
    expect([page.page, page.text.includes('Du er allerede logget på')]).toEqual(['key', true]);
    await age(person, 310);
    // Begun in time, it continues; a new one asks for all factors.
    expect((await browser.follow(page.formUrl)).page).toBe('key');
    expect((await browser.follow(authRequest(substantial).path)).page).toBe('password');
    const request = authRequest(substantial);
    const result = await signInAtNode(browser, person, request);
    const tokens = await redeemCode(nodes, substantial, result.get('code') ?? '', request.verifier);
    const { acr, amr } = payloadOf(tokens.id_token);
    expect([acr, amr]).toEqual([SUBSTANTIAL, ['pwd', 'otp', 'mfa']]);
    const other = await aRelyingParty(nodes);
    expect(readReturnedCode(await browser.follow(authRequest(other).path)).get('code')).toBeTruthy();
  });

  test('with only the key is a whole sign-in: level, time, log, and the new card is asked for', async () => {
    const { substantial, person, browser } = await aLowSession();
    await age(person, 200);
    const request = authRequest(substantial);
    const page = await browser.follow(request.path);
    const wrong = await browser.send(page, { key: '000000' });
    expect([wrong.page, wrong.text.includes('Nøglen er forkert')]).toEqual(['key', true]);
    const result = readReturnedCode(await browser.send(wrong, { key: keyFor(person, wrong) }));
    const tokens = await redeemCode(nodes, substantial, result.get('code') ?? '', request.verifier);
    const { acr, auth_time: authTime } = payloadOf(tokens.id_token);
    expect(acr).toBe(SUBSTANTIAL);
    expect(Math.abs(Number(authTime) - Date.now() / 1000)).toBeLessThan(120);
    expect(await eventsOf(person)).toEqual(expect.arrayContaining(['signed_in_with_password', 'signed_in']));
    // A step-up does not refresh the time of the password.
    const [row] = await nodes.database.query<{ old: boolean }>(
      `SELECT password_at < now() - interval '190 seconds' AS old FROM oidc_records
       WHERE model = 'Session' AND account_id = $1 AND ended_at IS NULL`,
      [person.identityId],
    );
    expect(row?.old).toBe(true);
    const notices = await nodes.database.query('SELECT FROM notices WHERE identity_id = $1 AND kind = $2', [
      person.identityId,
      'new_browser',
    ]);
    expect(notices.length).toBe(1);
  });

  test.each(['here', 'elsewhere'] as const)('is over with its session, ended %s', async (where) => {
    const { substantial, person, browser } = await aLowSession();
    const page = await browser.follow(authRequest(substantial).path);
    const key = keyFor(person, page);
    if (where === 'elsewhere') await blockTarget(nodes.context, person.identityId, 'card', { by: 'person' });
    else await logOut(await browser.copy());
    const after = await browser.send(page, { key });
    expect([after.page, after.headers.location]).toEqual(['password', undefined]);
  });

  test('is not for another person: who says so begins with a password of their own', async () => {
    const { substantial, person, browser } = await aLowSession();
    const page = await browser.follow(authRequest(substantial).path);
    const asked = await browser.send(page, { another: '1' });
    expect(asked.page).toBe('password');
    // The earlier key page leads nowhere any longer.
    expect((await browser.send(page, { key: keyFor(person, page) })).page).toBe('password');
    const other = await aPerson(nodes);
    const keyPage = await browser.send(asked, { userId: other.userId, password: other.password });
    const end = readReturnedCode(await browser.send(keyPage, { key: keyFor(other, keyPage) }));
    expect(end.get('code')).toBeTruthy();
  });

  test('spends a key once in two tabs concurrently, and both continue', async () => {
    const { substantial, person, browser } = await aLowSession();
    const pages = [await browser.follow(authRequest(substantial).path)];
    pages.push(await browser.follow(authRequest(substantial).path));
    const key = keyFor(person, pages[0] as BrowserPage);
    const repair = slowDown(nodes, 'WITH owner AS', 50);
    const ends = await Promise.all(pages.map((page) => browser.send(page, { key })));
    repair();
    expect(ends.filter(({ headers }) => headers.location?.includes('code='))).toHaveLength(1);
    expect((await eventsOf(person)).filter((kind) => kind === 'signed_in')).toHaveLength(1);
  });
});

describe('the level of a session', () => {
  test('never falls: only a password is no longer enough once a key was given in another tab', async () => {
    const { low, substantial } = await lowAndSubstantial();
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const request = askLow(low);
    const lowPage = await browser.follow(request.path);
    await signInAtNode(browser, person, authRequest(substantial));
    const asked = await browser.send(lowPage, { userId: person.userId, password: person.password });
    expect(asked.page).toBe('key');
    const end = readReturnedCode(await browser.send(asked, { key: keyFor(person, asked) }));
    const tokens = await redeemCode(nodes, low, end.get('code') ?? '', request.verifier);
    const { acr, amr } = payloadOf(tokens.id_token);
    expect([acr, amr]).toEqual([SUBSTANTIAL, ['pwd', 'otp', 'mfa']]);
    expect(readReturnedCode(await browser.follow(authRequest(substantial).path)).get('code')).toBeTruthy();
  });

  test('is that of the person who signs in: another person in the same browser begins again', async () => {
    const { low, substantial } = await lowAndSubstantial();
    const [first, second] = [await aPerson(nodes), await aPerson(nodes)];
    const browser = new TestBrowser(nodes);
    await signInAtNode(browser, first, authRequest(substantial));
    const page = await browser.follow(askLow(low, { prompt: 'login' }).path);
    const keyPage = await browser.send(page, { userId: second.userId, password: second.password });
    expect(keyPage.page).toBe('key');
    const other = new TestBrowser(nodes);
    await signInLow(other, second, askLow(low));
    expect((await other.follow(authRequest(substantial).path)).page).toBe('key');
  });
});

describe('hints', () => {
  test('a user ID is put into the field, anything else is not', async () => {
    const rp = await aRelyingParty(nodes);
    const shown = async (login_hint: string) => {
      const page = await new TestBrowser(nodes).follow(authRequest(rp, { login_hint }).path);
      const [input = ''] = /<input[^>]*id="userId"[^>]*>/.exec(page.text) ?? [];
      return / value="([^"]*)"/.exec(input)?.[1] ?? '';
    };
    expect(await shown('anna-andersen')).toBe('anna-andersen');
    for (const other of ['0107851234', '010785-1234', '123456789', 'x', `a${'b'.repeat(60)}`]) {
      expect(await shown(other)).toBe('');
    }
  });
});
