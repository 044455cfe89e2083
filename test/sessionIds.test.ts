/** A sign-in gives the session a new id: for how long a copy of the former one is accepted, and for what. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { LOW } from '../src/domain/signIn/levels.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  type TestAuthRequest,
  TestBrowser,
  challengeOf,
  holdOnNode,
  holdUp,
  isActive,
  keyFor,
  logOut,
  type Nodes,
  OnNode0,
  type BrowserPage,
  redeemCode,
  readReturnedCode,
  signInAtNode,
  takeOut,
  type TestPerson,
  type TestRelyingParty,
  toKeyPage,
  useNodes,
  userinfo,
} from './support/index.ts';

const SESSION = 'noegle-session';

let bank: TestRelyingParty;
let site: TestRelyingParty;
const nodes = useNodes({ count: 2 });
beforeAll(async () => {
  bank = await aRelyingParty(nodes, { kind: 'bank' });
  site = await aRelyingParty(nodes);
});

function setsSession(answer: BrowserPage): boolean {
  return (answer.headers['set-cookie'] ?? []).some((cookie) => cookie.startsWith(`${SESSION}=`));
}

/** The result of the sign-in at the public site, which shows whether the session lives. */
async function signedIn() {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  const request = authRequest(site);
  const code = (await signInAtNode(browser, person, request)).get('code') ?? '';
  const tokens = await redeemCode(nodes, site, code, request.verifier);
  return { person, browser, token: tokens.access_token };
}

/** Signed in, and then with a fresh key at the bank. `former`: with the earlier cookies. */
async function renewed() {
  const { person, browser, token } = await signedIn();
  const former = await browser.copy();
  expect((await signInAtNode(browser, person, authRequest(bank))).get('code')).toBeTruthy();
  return { person, browser, former, token };
}

/** Signed in with a fresh key at a site that asks for consent: the session is raised after the consent. */
async function toConsent(browser: TestBrowser, person: TestPerson): Promise<BrowserPage> {
  const asking = await aRelyingParty(nodes, { kind: 'bank', trusted: false });
  const page = await toKeyPage(browser, person, authRequest(asking));
  const consent = await browser.send(page, { key: keyFor(person, page) });
  expect(consent.page).toBe('consent');
  return consent;
}

interface SessionRow {
  readonly uid: string;
  readonly is_live: boolean;
  readonly accepted: number | null;
  readonly expires_at: Date;
}

async function sessionsOf(person: TestPerson): Promise<SessionRow[]> {
  return await nodes.database.query<SessionRow>(
    `SELECT uid, ended_at IS NULL AS is_live, expires_at,
       extract(epoch FROM accepted_until - ended_at)::float AS accepted
     FROM oidc_records WHERE model = 'Session' AND account_id = $1 ORDER BY ended_at NULLS LAST, id`,
    [person.identityId],
  );
}

async function letMinutePass(person: TestPerson): Promise<void> {
  await nodes.database.query(
    `UPDATE oidc_records SET accepted_until = accepted_until - interval '60 seconds'
     WHERE model = 'Session' AND account_id = $1`,
    [person.identityId],
  );
}

/** Single sign-on at the public site, at each node in turn. */
async function rides(browser: TestBrowser): Promise<BrowserPage[]> {
  return [await browser.request(authRequest(site).path), await browser.request(authRequest(site).path)];
}

async function expectSignedIn(browser: TestBrowser): Promise<void> {
  for (const { headers } of await rides(browser)) expect(headers.location).toContain('code=');
}

async function expectNobody(browser: TestBrowser): Promise<void> {
  for (const { page } of await rides(browser)) expect(page).toBe('password');
}

async function signedOutEvents(person: TestPerson): Promise<number> {
  const rows = await nodes.database.query(
    `SELECT FROM audit_events WHERE identity_id = $1 AND kind = 'signed_out'`,
    [person.identityId],
  );
  return rows.length;
}

describe('the former id of a session', () => {
  test('is good for a minute, leads to the same session, and is absent on every node after it', async () => {
    const { person, browser, former } = await renewed();
    const before = await sessionsOf(person);
    expect(before.map(({ is_live, accepted }) => [is_live, accepted])).toEqual([
      [false, 60],
      [true, null],
    ]);
    expect(new Set(before.map(({ uid }) => uid)).size).toBe(1);

    for (let node = 0; node < 2; node += 1) {
      const request = authRequest(site);
      const riding = await former.request(request.path);
      const tokens = await redeemCode(
        nodes,
        site,
        readReturnedCode(riding).get('code') ?? '',
        request.verifier,
      );
      expect([tokens.status, setsSession(riding)]).toEqual([200, false]);
    }
    // No save prolonged it.
    expect((await sessionsOf(person))[0]).toEqual(before[0]);

    await letMinutePass(person);
    await expectNobody(await former.copy());
    await expectSignedIn(browser);
  });

  test('control: without its end in the WHERE, it continues', async () => {
    const { person, former } = await renewed();
    await letMinutePass(person);
    const repair = takeOut(nodes, 'r.accepted_until > now()', 'r.accepted_until IS NOT NULL');
    await expectSignedIn(former);
    repair();
  });

  test('saved by a request that read it before is not prolonged, and the answer leaves the newer one', async () => {
    const { person, browser } = await signedIn();
    const request = authRequest(site);
    const held = holdUp(nodes, 'INSERT INTO oidc_records');
    const riding = browser.request(request.path);
    await held.reached;
    expect((await signInAtNode(browser, person, authRequest(bank))).get('code')).toBeTruthy();
    const [former] = await sessionsOf(person);
    held.release();
    const answer = await riding;
    expect(setsSession(answer)).toBe(false);
    const code = readReturnedCode(answer).get('code') ?? '';
    expect((await redeemCode(nodes, site, code, request.verifier)).status).toBe(200);
    expect((await sessionsOf(person))[0]).toEqual(former);
    await letMinutePass(person);
    await expectSignedIn(browser);
    await expectSignedIn(browser);
  });

  test('gives two tabs that end concurrently an id each, and both stay signed in', async () => {
    const { person, browser } = await signedIn();
    const first = await toConsent(browser, person);
    const second = await toConsent(browser, person);
    const [one, other] = [await browser.copy(), await browser.copy()];
    // Each tab ends at a separate node.
    await other.request('/health/live');
    const held = holdUp(nodes, 'INSERT INTO oidc_records', 2);
    const ends = [one.post(first, { accept: '1' }), other.post(second, { accept: '1' })];
    await held.reached;
    held.release();
    for (const end of await Promise.all(ends)) expect(readReturnedCode(end).get('code')).toBeTruthy();
    await letMinutePass(person);
    await expectSignedIn(one);
    await expectSignedIn(other);
    await expectNobody(browser);
    await logOut(one);
    await expectNobody(other);
    expect(await signedOutEvents(person)).toBe(1);
  });

  test('never leads to the newer one: what is asked of the session gives no id', async () => {
    const { browser, former, person } = await renewed();
    const asking = await aRelyingParty(nodes, { trusted: false });
    const consent = await former.follow(authRequest(asking).path);
    expect(consent.page).toBe('consent');
    expect(readReturnedCode(await former.send(consent, { accept: '1' })).get('code')).toBeTruthy();
    expect(await sessionsOf(person)).toHaveLength(2);
    await letMinutePass(person);
    await expectNobody(former);
    await expectSignedIn(browser);
  });

  test('is not found by a node of the previous version, and none of its saves revives it', async () => {
    const { person, browser, former } = await renewed();
    // As the previous version finds and saves it.
    const repair = takeOut(nodes, 'r.accepted_until > now()', 'false');
    await expectNobody(former);
    repair();
    const [row] = await nodes.database.query<{ revived: boolean }>(
      `WITH saved AS (UPDATE oidc_records SET expires_at = now() + interval '30 minutes'
         WHERE model = 'Session' AND account_id = $1 AND accepted_until IS NOT NULL AND ended_at IS NULL
         RETURNING id)
       SELECT count(*) > 0 AS revived FROM saved`,
      [person.identityId],
    );
    expect(row?.revived).toBe(false);
    await expectSignedIn(browser);
  });
});

describe('a log-out', () => {
  test.each(['newer', 'former'] as const)(
    'by the %s id ends both concurrently, and is one',
    async (which) => {
      const { person, browser, former, token } = await renewed();
      const leaving = await (which === 'newer' ? browser : former).copy();
      await leaving.send(await leaving.follow('/session'), { end: 'here' });
      await expectNobody(await former.copy());
      await expectNobody(await browser.copy());
      expect(await isActive(nodes, site, token)).toBe(false);
      expect(await signedOutEvents(person)).toBe(1);
    },
  );

  const ENDS = {
    'a key': {
      begin: async (browser: TestBrowser, person: TestPerson) => {
        const page = await toKeyPage(browser, person, authRequest(bank));
        return { page, fields: { key: keyFor(person, page) } };
      },
      judgesFormer: 'OR cardinality($43::bytea[]) = (SELECT count(*) FROM replaced)',
    },
    'a yes': {
      begin: async (browser: TestBrowser, person: TestPerson) => {
        return { page: await toConsent(browser, person), fields: { accept: '1' } };
      },
      judgesFormer: 'OR request NOT IN (SELECT request FROM over)',
    },
  } as const;
  const NAMES = ['a key', 'a yes'] as const;

  /** A sign-in at the bank that is about to be saved while the person logs out in another tab. */
  async function overtaken(end: keyof typeof ENDS) {
    const { person, browser, token } = await signedIn();
    const { page, fields } = await ENDS[end].begin(browser, person);
    const other = await browser.copy();
    const held = holdUp(nodes, 'INSERT INTO oidc_records');
    const ending = browser.post(page, fields);
    await held.reached;
    await logOut(other);
    held.release();
    return { browser, answer: await ending, token };
  }

  test.each(NAMES)('that overtakes a sign-in on the same session is not undone by it: %s', async (end) => {
    const { browser, answer, token } = await overtaken(end);
    // The response to a key was prepared before the key was verified: an id that was never saved.
    if (end === 'a yes') expect(setsSession(answer)).toBe(false);
    expect((await userinfo(nodes, token)).status).toBe(401);
    await expectNobody(browser);
  });

  test.each(NAMES)('control: without the check of the former row, it is: %s', async (end) => {
    const repair = takeOut(nodes, ENDS[end].judgesFormer, 'OR true');
    const { browser } = await overtaken(end);
    await expectSignedIn(browser);
    repair();
  });

  /** The person logs out while a sign-in waits for the rows that the log-out has locked. */
  async function waitedFor() {
    const { person, token } = await signedIn();
    const browser = new OnNode1(nodes);
    await signInAtNode(browser, person, authRequest(site));
    const page = await toKeyPage(browser, person, authRequest(bank));
    const tab = await browser.copyTo(new OnNode0(nodes));
    const held = holdOnNode(nodes, 'ORDER BY model DESC, id FOR UPDATE', 'after');
    const leaving = logOut(tab);
    await held.held;
    const ending = browser.post(page, { key: keyFor(person, page) });
    await lockIsWaitedFor();
    held.letGo();
    await Promise.all([leaving, ending]);
    return { browser, tab, token };
  }

  test('that a sign-in waits for ends what that would have made', async () => {
    const { browser, tab } = await waitedFor();
    await expectNobody(browser);
    await expectNobody(tab);
  });
});

/** A browser that stays on node 1. */
class OnNode1 extends TestBrowser {
  constructor(of: Nodes) {
    super({ issuer: of.issuer, secrets: of.secrets, node: () => of.node(1) });
  }
}

async function lockIsWaitedFor(): Promise<void> {
  for (let looks = 0; looks < 1_000; looks += 1) {
    const [row] = await nodes.database.query<{ many: number }>(
      `SELECT count(*)::int AS many FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (row?.many) return;
  }
  throw new Error('no statement waits');
}

describe('a request whose cookie was copied without that of the session', () => {
  async function stepUp() {
    const person = await aPerson(nodes);
    const low = await aRelyingParty(nodes, { min_acr: LOW });
    const browser = new TestBrowser(nodes);
    const first = await browser.follow(authRequest(low, { acr_values: LOW }).path);
    const done = await browser.send(first, { userId: person.userId, password: person.password });
    expect(readReturnedCode(done).get('code')).toBeTruthy();
    const request: TestAuthRequest = authRequest(site);
    const page = await browser.follow(request.path);
    expect(page.page).toBe('key');
    return { person, browser, page, request, thief: await browser.copyWithout(SESSION) };
  }

  function expectNothingOf(person: TestPerson, key: BrowserPage, seen: BrowserPage): void {
    const { cardNumber, keyNumber } = challengeOf(key);
    expect([seen.page, seen.status]).toEqual(['password', 200]);
    for (const text of [cardNumber, keyNumber, person.userId, person.fullName])
      expect(seen.text).not.toContain(text);
  }

  test('sees the empty password page of a step-up, and no key is verified for it', async () => {
    const { person, browser, page, request, thief } = await stepUp();
    for (let node = 0; node < 2; node += 1) expectNothingOf(person, page, await thief.follow(page.formUrl));
    for (let tries = 0; tries < 6; tries += 1)
      expectNothingOf(person, page, await thief.send(page, { key: '000000' }));
    expectNothingOf(person, page, await thief.send(page, { key: keyFor(person, page) }));
    expectNothingOf(person, page, await thief.send(page, { another: '1' }));

    // Nothing of it is counted or spent either: the person continues.
    const again = await browser.follow(page.formUrl);
    expect([again.page, challengeOf(again)]).toEqual(['key', challengeOf(page)]);
    const code =
      readReturnedCode(await browser.send(again, { key: keyFor(person, again) })).get('code') ?? '';
    expectNothingOf(person, page, await thief.follow(page.formUrl));
    expect((await redeemCode(nodes, site, code, request.verifier)).status).toBe(200);
  });

  test('sees nothing of what someone who is signed in is asked to agree to, and cannot agree', async () => {
    const { person, browser } = await signedIn();
    const asking = await aRelyingParty(nodes, { trusted: false });
    const consent = await browser.follow(authRequest(asking).path);
    expect([consent.page, consent.text.includes(person.fullName)]).toEqual(['consent', true]);
    const thief = await browser.copyWithout(SESSION);
    const tries = [await thief.follow(consent.formUrl), await thief.send(consent, { accept: '1' })];
    tries.push(await thief.send(consent, { cancel: '1' }));
    for (const seen of tries) {
      expect([seen.status, seen.page, seen.text.includes(person.fullName)]).toEqual([400, 'trouble', false]);
    }
    expect((await browser.follow(consent.formUrl)).page).toBe('consent');
    expect(readReturnedCode(await browser.send(consent, { accept: '1' })).get('code')).toBeTruthy();
  });

  test('nor does the session of another person do', async () => {
    const { browser, page, person } = await stepUp();
    const thief = await browser.copyWithout(SESSION);
    const other = await aPerson(nodes);
    await signInAtNode(thief, other, authRequest(site));
    expectNothingOf(person, page, await thief.follow(page.formUrl));
  });
});
