/**
 * Single use, raced for on two nodes. Each race runs a second time with its guard removed, and must then
 * fail: a race that cannot be lost proves nothing.
 */
import { describe, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import {
  aPerson,
  aRelyingParty,
  asRelyingParty,
  authRequest,
  type TestAuthRequest,
  TestBrowser,
  challengeOf,
  countWrong,
  holdUp,
  keyFor,
  type BrowserPage,
  redeemCode,
  refreshTokens,
  request,
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

const nodes = useNodes({ count: 2 });

function count(values: number[], wanted: number): number {
  return values.filter((value) => value === wanted).length;
}

async function withGuardOut<T>(guard: string, instead: string, race: () => Promise<T>): Promise<T> {
  const repair = takeOut(nodes, guard, instead);
  try {
    return await race();
  } finally {
    repair();
  }
}

describe('one key, 100 right answers from 20 browsers', () => {
  async function race(person: TestPerson): Promise<{ signedIn: number; statuses: number[] }> {
    const rp = await aRelyingParty(nodes);
    const browsers = Array.from({ length: 20 }, (_, i) => new TestBrowser(nodes, i));
    const pages: BrowserPage[] = [];
    // One after the other: more than five concurrent passwords for one name get 503.
    for (const browser of browsers) pages.push(await toKeyPage(browser, person, authRequest(rp)));
    const [first] = pages as [BrowserPage];
    const key = keyFor(person, first);
    expect(new Set(pages.map((page) => challengeOf(page).keyNumber)).size).toBe(1);

    // Alternating, so that the first answers to arrive come from different browsers. A browser that sends its
    // form again gets the same answer.
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        (browsers[i % 20] as TestBrowser).post(pages[i % 20] as BrowserPage, { key }),
      ),
    );
    const codes = answers.flatMap(({ headers }) => {
      const code = headers.location?.includes('code=') && new URL(headers.location).searchParams.get('code');
      return code ? [code] : [];
    });
    return { signedIn: new Set(codes).size, statuses: answers.map(({ status }) => status) };
  }

  test('exactly one browser signs in, and the person can at once again', async () => {
    const person = await aPerson(nodes);
    const { signedIn, statuses } = await race(person);
    expect(signedIn).toBe(1);
    expect(statuses.every((status) => status === 303 || status === 503)).toBe(true);
    const [card] = await nodes.database.query<{ spent: number }>(
      'SELECT bit_count(spent)::int AS spent FROM key_cards WHERE id = $1',
      [person.cardId],
    );
    expect(card?.spent).toBe(1);
    const rp = await aRelyingParty(nodes);
    expect((await signInAtNode(new TestBrowser(nodes), person, authRequest(rp))).get('code')).toBeTruthy();
  });

  test('control: without the guard of the spending, several do', async () => {
    const person = await aPerson(nodes);
    const { signedIn } = await withGuardOut(
      'AND c.challenge = $19\n      AND get_bit(c.spent, $19::int) = 0',
      '',
      () => race(person),
    );
    expect(signedIn).toBeGreaterThan(1);
  });
});

describe('one code, 50 redemptions', () => {
  async function race() {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const login = authRequest(rp, { scope: 'openid profile offline_access', prompt: 'consent' });
    const result = await signInAtNode(new TestBrowser(nodes), person, login);
    const code = result.get('code') ?? '';
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, i) => redeemCode(nodes, rp, code, login.verifier, i)),
    );
    const winners = all.filter(({ status }) => status === 200);
    return { rp, all, winners };
  }

  test('one gets tokens; all others invalid_grant; then the winner has nothing either', async () => {
    const { rp, all, winners } = await race();
    expect(winners).toHaveLength(1);
    expect(all.filter(({ error }) => error === 'invalid_grant')).toHaveLength(49);
    const [winner] = winners;
    expect((await userinfo(nodes, winner?.access_token ?? '', 1)).status).toBe(401);
    expect(await refreshTokens(nodes, rp, winner?.refresh_token ?? '')).toMatchObject({
      error: 'invalid_grant',
    });
  });

  test('control: without the guard of consuming, several do', async () => {
    const { winners } = await withGuardOut('AND consumed_at IS NULL AND ended_at IS NULL', '', race);
    expect(winners.length).toBeGreaterThan(1);
  });
});

describe('one refresh token of a browser application, 20 refreshes', () => {
  async function race() {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes, { token_endpoint_auth_method: 'none' });
    const login = authRequest(rp, { scope: 'openid offline_access', prompt: 'consent' });
    const result = await signInAtNode(new TestBrowser(nodes), person, login);
    const post = async (fields: Record<string, string>, node: number) => {
      const sent = request(nodes.node(node)).post('/token').type('form');
      const answer = await sent.send({ client_id: rp.clientId, ...fields });
      const tokens = JSON.parse(answer.text) as { refresh_token: string; error?: string };
      nodes.secrets.add(tokens.refresh_token, 'refresh token');
      return { status: answer.status, ...tokens };
    };
    const code = {
      grant_type: 'authorization_code',
      code: result.get('code') ?? '',
      redirect_uri: rp.redirectUri,
      code_verifier: login.verifier,
    };
    const first = await post(code, 0);
    const again = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
    const all = await Promise.all(Array.from({ length: 20 }, (_, i) => post(again, i)));
    return { all, again, post };
  }

  test('one gets tokens, the family lives through the retries and ends at a later repeat', async () => {
    const { all, again, post } = await race();
    const winners = all.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    expect(all.filter(({ error }) => error === 'invalid_grant')).toHaveLength(19);
    const next = await post({ ...again, refresh_token: winners[0]?.refresh_token ?? '' }, 1);
    expect(next.status).toBe(200);

    await nodes.database.query(`UPDATE oidc_records SET consumed_at = consumed_at - interval '11 seconds'`);
    expect((await post(again, 0)).error).toBe('invalid_grant');
    expect((await post({ ...again, refresh_token: next.refresh_token }, 1)).error).toBe('invalid_grant');
  });

  test('control: without the guard of consuming, several do', async () => {
    const { all } = await withGuardOut('AND consumed_at IS NULL AND ended_at IS NULL', '', race);
    expect(all.filter(({ status }) => status === 200).length).toBeGreaterThan(1);
  });
});

describe('one pushed request, two sign-ins with it', () => {
  async function push(rp: TestRelyingParty): Promise<TestAuthRequest> {
    const { path } = authRequest(rp);
    const params = Object.fromEntries(new URLSearchParams(path.slice(6)));
    const pushed = await asRelyingParty(nodes, rp, '/request', params);
    const { request_uri } = JSON.parse(pushed.text) as { request_uri: string };
    const query = new URLSearchParams({ client_id: rp.clientId, request_uri });
    return { path: `/auth?${query}`, verifier: '' };
  }

  test('it leads to one code', async () => {
    const person = await aPerson(nodes);
    const login = await push(await aRelyingParty(nodes));
    const browsers = [new TestBrowser(nodes), new TestBrowser(nodes, 1)];
    const pages = [];
    for (const browser of browsers) pages.push(await toKeyPage(browser, person, login));
    const ends = [];
    for (const [i, browser] of browsers.entries()) {
      const page = await browser.follow((pages[i] as BrowserPage).formUrl);
      ends.push(readReturnedCode(await browser.send(page, { key: keyFor(person, page) })));
    }
    expect(ends.map((end) => end.get('error'))).toEqual([null, 'invalid_request_uri']);
  });

  /** Both are at the consent page, on a node each. @returns the number of codes issued */
  async function agreeAtOnce(): Promise<number> {
    const person = await aPerson(nodes);
    const login = await push(await aRelyingParty(nodes, { trusted: false }));
    const forms: [TestBrowser, BrowserPage][] = [];
    for (const browser of [new TestBrowser(nodes), new TestBrowser(nodes, 1)]) {
      const keyPage = await toKeyPage(browser, person, login);
      forms.push([browser, await browser.send(keyPage, { key: keyFor(person, keyPage) })]);
    }
    expect(forms.map(([, { page }]) => page)).toEqual(['consent', 'consent']);
    const held = holdUp(nodes, 'answered AS (', 2);
    const sent = forms.map(async ([browser, page]) => await browser.post(page, { accept: '1' }));
    await held.reached.finally(held.release);
    const answers = await Promise.all(sent);
    return answers.filter(({ headers }) => headers.location?.includes('code=')).length;
  }

  test('agreed to at the same moment on two nodes, it leads to one code', async () => {
    expect(await agreeAtOnce()).toBe(1);
  });

  test('control: without the guard of consuming, to two', async () => {
    expect(await withGuardOut('AND consumed_at IS NULL AND ended_at IS NULL', '', agreeAtOnce)).toBe(2);
  });

  test('a fault where its answer is saved uses nothing up: the same form gets the code', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const keyPage = await toKeyPage(
      browser,
      person,
      await push(await aRelyingParty(nodes, { trusted: false })),
    );
    const consent = await browser.send(keyPage, { key: keyFor(person, keyPage) });
    expect(consent.page).toBe('consent');
    const press = async () => await browser.post(consent, { accept: '1' });
    const failed = await withGuardOut('answered AS (', 'answered AS no_such (', press);
    expect(failed.status).toBe(500);
    expect(readReturnedCode(await press()).get('code')).toBeTruthy();
  });

  /** Two people at the key page, on a node each. @returns the number of codes issued */
  async function giveKeysAtOnce(): Promise<number> {
    const login = await push(await aRelyingParty(nodes));
    const forms: [TestBrowser, BrowserPage, string][] = [];
    for (const i of [0, 1]) {
      const person = await aPerson(nodes);
      const browser = new TestBrowser(nodes, i);
      const page = await toKeyPage(browser, person, login);
      forms.push([browser, page, keyFor(person, page)]);
    }
    const held = holdUp(nodes, 'pushed AS (', 2);
    const sent = forms.map(async ([browser, page, key]) => await browser.post(page, { key }));
    await held.reached.finally(held.release);
    const answers = await Promise.all(sent);
    return answers.filter(({ headers }) => headers.location?.includes('code=')).length;
  }

  test('with right keys at the same moment on two nodes, it leads to one code', async () => {
    expect(await giveKeysAtOnce()).toBe(1);
  });

  test('control: without the look at its locked row, to two', async () => {
    const guard = 'WHERE u.consumed_at IS NULL AND u.ended_at IS NULL FOR UPDATE OF u';
    expect(await withGuardOut(guard, 'FOR UPDATE OF u', giveKeysAtOnce)).toBe(2);
  });

  test('a right key that is not spent uses nothing up: the next one ends the sign-in', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const [one, two] = [new TestBrowser(nodes), new TestBrowser(nodes, 1)];
    const first = await toKeyPage(one, person, await push(rp));
    const second = await toKeyPage(two, person, authRequest(rp));
    // In another tab the challenge is spent before this key is verified.
    const held = holdUp(nodes, '), spent AS (', 1);
    const pressed = one.send(first, { key: keyFor(person, first) });
    await held.reached;
    const end = await two.post(second, { key: keyFor(person, second) });
    held.release();
    expect(readReturnedCode(end).get('code')).toBeTruthy();
    const stale = await pressed;
    expect(stale.page).toBe('key');
    expect(readReturnedCode(await one.send(stale, { key: keyFor(person, stale) })).get('code')).toBeTruthy();
  });

  test('without a form, where the session is enough: the same address gets the code', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const browser = new TestBrowser(nodes);
    await signInAtNode(browser, person, authRequest(rp));
    const { path } = await push(rp);
    const load = async () => await browser.request(path);
    expect((await withGuardOut('answered AS (', 'answered AS no_such (', load)).status).toBe(500);
    expect(readReturnedCode(await load()).get('code')).toBeTruthy();
    expect((await load()).status).toBe(400);
  });
});

describe('one sign-in, ended by 8 forms concurrently', () => {
  async function race(): Promise<number> {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes, { kind: 'bank' });
    const browser = new TestBrowser(nodes);
    const login = authRequest(rp, { scope: 'openid profile', prompt: 'consent' });
    const keyPage = await toKeyPage(browser, person, login);
    const consent = await browser.send(keyPage, { key: keyFor(person, keyPage) });
    expect(consent.page).toBe('consent');
    const copies = await Promise.all(Array.from({ length: 8 }, () => browser.copy()));
    // All of them have found the sign-in before the first one ends it.
    const repair = slowDown(nodes, 'INSERT INTO oidc_records', 150);
    const answers = await Promise.all(copies.map((copy) => copy.post(consent, { accept: '1' })));
    repair();
    const codes = answers.map((answer) => answer.headers.location && readReturnedCode(answer).get('code'));
    return new Set(codes.filter(Boolean)).size;
  }

  test('it results in one code', async () => {
    expect(await race()).toBe(1);
  });

  test('control: without the guard of the ending, several do', async () => {
    const codes = await withGuardOut('WHERE interaction IS NULL', 'WHERE false', () => race());
    expect(codes).toBeGreaterThan(1);
  });
});

describe('one private_key_jwt assertion, 50 uses', () => {
  async function race(expiry: string | number = '1m'): Promise<number[]> {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'k1', use: 'sig' };
    const rp = await aRelyingParty(nodes, {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...jwk }] },
    });
    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setIssuer(rp.clientId)
      .setSubject(rp.clientId)
      .setAudience(nodes.issuer)
      .setJti('only-once')
      .setIssuedAt()
      .setExpirationTime(expiry)
      .sign(privateKey);
    nodes.secrets.add(assertion, 'assertion');
    // Revocation of an unknown token succeeds for every authenticated client.
    const fields = {
      token: 'no-such-token',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        request(nodes.node(i)).post('/token/revocation').type('form').send(fields),
      ),
    );
    return answers.map(({ status }) => status);
  }

  test('one that would have to be remembered for years is not', async () => {
    for (const expiry of [Math.floor(Date.now() / 1000) + 7_200, 9e12, 1e15]) {
      expect(count(await race(expiry), 401)).toBe(50);
    }
  });

  test('one is believed', async () => {
    const statuses = await race();
    expect(count(statuses, 200)).toBe(1);
    expect(count(statuses, 401)).toBe(49);
  });

  test('control: without the guard of the INSERT, all are', async () => {
    const statuses = await withGuardOut(
      'ON CONFLICT DO NOTHING',
      'ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at',
      () => race(),
    );
    expect(count(statuses, 200)).toBeGreaterThan(1);
  });
});

describe('passwords in parallel', () => {
  async function submit(person: TestPerson, passwords: string[]): Promise<BrowserPage[]> {
    const rp = await aRelyingParty(nodes);
    const browsers = passwords.map((_, i) => new TestBrowser(nodes, i));
    const pages = await Promise.all(browsers.map((browser) => browser.follow(authRequest(rp).path)));
    return await Promise.all(
      passwords.map((password, i) =>
        (browsers[i] as TestBrowser).send(pages[i] as BrowserPage, { userId: person.userId, password }),
      ),
    );
  }

  const wrong = (many: number) => Array.from({ length: many }, (_, i) => `wrong-${i}`);

  test('of 200 wrong ones at most 5 are judged', async () => {
    const person = await aPerson(nodes);
    let ends: BrowserPage[] = [];
    const verified = await countWrong(nodes, async () => (ends = await submit(person, wrong(200))));
    expect([verified > 0, verified <= 5]).toEqual([true, true]);
    expect(ends.every(({ status }) => status === 200 || status === 503)).toBe(true);
  });

  test('control: without the look at the row that is locked, more are', async () => {
    const person = await aPerson(nodes);
    const verified = await withGuardOut(">= $3::int THEN 'locked'", ">= 1000 THEN 'locked'", () =>
      withGuardOut('>= $3::int OR', '>= 1000 OR', () => countWrong(nodes, () => submit(person, wrong(60)))),
    );
    expect(verified).toBeGreaterThan(5);
  });

  async function sixRightThenOneMore(): Promise<string | undefined> {
    const person = await aPerson(nodes);
    await submit(
      person,
      Array.from({ length: 6 }, () => person.password),
    );
    const [end] = await submit(person, [person.password]);
    return end?.page;
  }

  test('six right ones at the same time lock nothing', async () => {
    expect(await sixRightThenOneMore()).toBe('key');
  });

  test('control: counted as wrong ones they do', async () => {
    const end = await withGuardOut(
      "WHEN $6::int > 0 THEN 'right' ELSE",
      "WHEN $6::int > 9 THEN 'right' ELSE",
      sixRightThenOneMore,
    );
    expect(end).not.toBe('key');
  });
});
