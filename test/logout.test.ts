/** Log-out: what ends, which relying party is notified and when, and what a request for it may ask. */
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createLocalJWKSet, jwtVerify, SignJWT, generateKeyPair, type JSONWebKeySet } from 'jose';
import { startJobs } from '../src/app.ts';
import { logoutRetryDelayMs } from '../src/jobs/logoutRetries.rules.ts';
import { claimLogoutNotifications } from '../src/db/oidc/backchannelLogouts.ts';
import { sweepExpiredRows } from '../src/db/sweep.ts';
import { blockTarget } from '../src/features/factors/block.ts';
import { choosePublicSites } from '../src/features/identity/choosePublicSites.ts';
import { revokeSessionsOfPerson } from '../src/features/sessions/sessions.ts';
import { LOGOUT_LEASE_MS } from '../src/jobs/sendLogoutNotifications.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  confirmLogout,
  encodeForm,
  endPath,
  expectWithin,
  hiddenFields,
  holdOnNode,
  isActive,
  logOut,
  payloadOf,
  redeemCode,
  refreshTokens,
  request,
  readReturnedCode,
  signInAtNode,
  slowDown,
  takeOut,
  type TestPerson,
  type TestRelyingParty,
  tokensAt,
  useLogoutSite,
  useNodes,
  userinfo,
  timedOnly,
  timedToo,
} from './support/index.ts';

const BACK = 'https://rp.example/logged-out';
const OFFLINE = { scope: 'openid profile offline_access', prompt: 'consent' };

const site = useLogoutSite();
const elsewhere = useLogoutSite();
afterAll(() => expect(faultsIn(nodes.log)).toEqual([]));
const nodes = useNodes(() => ({ count: 2, privateOrigins: [site.origin] }));

/** Without the errors that a test caused. */
function faultsIn(log: string): string[] {
  return log.split('\n').filter((line) => line.includes('"level":"error"') && !line.includes('nowhere'));
}

beforeEach(async () => {
  site.received.length = 0;
  await nodes.database.query(`UPDATE logouts SET state = 'sent' WHERE state = 'waiting'`);
});

let serial = 0;
/** A relying party with a back-channel log-out address, and the path of that address. */
async function aListener(overrides: Parameters<typeof aRelyingParty>[1] = {}) {
  const path = `/rp-${++serial}`;
  const backchannel_logout_uri = `${site.origin}${path}`;
  const rp = await aRelyingParty(nodes, {
    backchannel_logout_uri,
    post_logout_redirect_uris: [BACK],
    ...overrides,
  });
  return { ...rp, path };
}

/** Runs the worker's task once. */
async function sendNotifications(node = 0): Promise<void> {
  await nodes.node(node).app.tasks['tellLogouts']?.({});
}

function sidsTold(path: string): Set<unknown> {
  return new Set(site.at(path).map(({ sid }) => sid));
}

async function logoutsOf({ identityId }: TestPerson) {
  return await nodes.database.query<{ client_id: string; sid: string | null; state: string; tries: number }>(
    'SELECT client_id, sid, state, tries FROM logouts WHERE identity_id = $1 ORDER BY client_id, sid',
    [identityId],
  );
}

async function signedOutOf({ identityId }: TestPerson): Promise<unknown[]> {
  const rows = await nodes.database.query<{ details: unknown }>(
    `SELECT details FROM audit_events WHERE kind = 'signed_out' AND identity_id = $1 ORDER BY id`,
    [identityId],
  );
  return rows.map(({ details }) => details);
}

/** All requests have read before the first one writes. */
async function atOnce<T>(work: () => Promise<T>): Promise<T> {
  const repair = slowDown(nodes, 'INSERT INTO oidc_records', 100);
  try {
    return await work();
  } finally {
    repair();
  }
}

describe('who is notified', () => {
  test('six relying parties that came onto one session concurrently in tabs: each once, with its own sid', async () => {
    const person = await aPerson(nodes);
    const rps = await Promise.all(Array.from({ length: 6 }, () => aListener()));
    const browser = new TestBrowser(nodes);
    await signInAtNode(browser, person, authRequest(await aRelyingParty(nodes)));
    const requests = rps.map((rp) => authRequest(rp));
    const ends = await atOnce(() => Promise.all(requests.map(({ path }) => browser.follow(path))));
    const sids: unknown[] = [];
    for (const [i, end] of ends.entries()) {
      const tokens = await redeemCode(
        nodes,
        rps[i]!,
        readReturnedCode(end).get('code') ?? '',
        requests[i]!.verifier,
        i,
      );
      sids.push(payloadOf(tokens.id_token)['sid']);
    }
    expect(new Set(sids).size).toBe(6);
    expect((await logOut(browser)).headers.location).toBe(`${nodes.issuer}/session/end/success`);
    await sendNotifications();
    expect(rps.map(({ path }) => site.at(path).map(({ sid }) => sid))).toEqual(sids.map((sid) => [sid]));
    expect(await signedOutOf(person)).toEqual([{ clientId: null }]);
  });

  test('two browsers of one person: a log-out in one is not one in the other; a block is in both', async () => {
    const person = await aPerson(nodes);
    const rp = await aListener();
    const [home, work] = [new TestBrowser(nodes), new TestBrowser(nodes, 1)];
    const [atHome, atWork] = [
      await tokensAt(nodes, home, person, rp),
      await tokensAt(nodes, work, person, rp),
    ];
    expect(atHome.sub).toBe(atWork.sub);
    await logOut(home);
    await sendNotifications();
    expect(site.at(rp.path)).toMatchObject([{ sid: atHome.sid, sub: atHome.sub }]);
    for (const node of [0, 1]) {
      expect((await userinfo(nodes, atHome.access_token, node)).status).toBe(401);
      expect((await userinfo(nodes, atWork.access_token, node)).status).toBe(200);
    }
    const again = await tokensAt(nodes, home, person, rp);
    site.received.length = 0;
    await blockTarget(nodes.node(1).app.context, person.identityId, 'identity', { by: 'person' });
    await sendNotifications();
    expect(site.at(rp.path)).toHaveLength(2);
    expect(sidsTold(rp.path)).toEqual(new Set([atWork.sid, again.sid]));
  });

  test('another person signs in with the same browser: the session that ends for it is notified, and logged', async () => {
    const [anna, bent] = [await aPerson(nodes), await aPerson(nodes)];
    const [rp, bank] = [await aListener(), await aListener({ kind: 'bank' })];
    const browser = new TestBrowser(nodes);
    const annas = await tokensAt(nodes, browser, anna, rp);
    const bents = await tokensAt(nodes, browser, bent, bank);
    await sendNotifications();
    expect(site.at(rp.path)).toMatchObject([{ sid: annas.sid, sub: annas.sub }]);
    expect(site.at(bank.path)).toEqual([]);
    expect((await userinfo(nodes, annas.access_token, 1)).status).toBe(401);
    expect((await userinfo(nodes, bents.access_token, 1)).status).toBe(200);
    expect([await signedOutOf(anna), await signedOutOf(bent)]).toEqual([[{ clientId: null }], []]);
  });

  test('public sites off: the public ones, each session of them, and no bank', async () => {
    const person = await aPerson(nodes);
    const [rp, bank] = [await aListener(), await aListener({ kind: 'bank' })];
    const browsers = [new TestBrowser(nodes), new TestBrowser(nodes)];
    const sids: unknown[] = [];
    for (const browser of browsers) {
      await tokensAt(nodes, browser, person, bank);
      sids.push((await tokensAt(nodes, browser, person, rp)).sid);
    }
    await choosePublicSites(nodes.context, person.identityId, false);
    await choosePublicSites(nodes.context, person.identityId, false);
    await sendNotifications();
    expect(site.at(rp.path)).toHaveLength(2);
    expect(sidsTold(rp.path)).toEqual(new Set(sids));
    expect(site.at(bank.path)).toEqual([]);
  });

  async function sessionOf({ identityId }: TestPerson): Promise<string> {
    const [session] = await nodes.database.query<{ uid: string }>(
      `SELECT uid FROM oidc_records WHERE model = 'Session' AND account_id = $1`,
      [identityId],
    );
    return session?.uid ?? '';
  }

  test.each(['a block', 'public sites off', 'a sign-out everywhere'])(
    'what comes in while %s is being written is notified too',
    async (what) => {
      const person = await aPerson(nodes);
      const [rp, late] = [await aListener(), await aListener()];
      const browser = new TestBrowser(nodes, 1);
      await tokensAt(nodes, browser, person, rp);
      const { context } = nodes.node(0).app;
      const held = holdOnNode(nodes, 'INSERT INTO logouts', 'after');
      const ending =
        what === 'a block'
          ? blockTarget(context, person.identityId, 'card', { by: 'person' })
          : what === 'public sites off'
            ? choosePublicSites(context, person.identityId, false)
            : revokeSessionsOfPerson(context, {
                identityId: person.identityId,
                uid: await sessionOf(person),
              });
      await held.held;
      const { sid } = await tokensAt(nodes, browser, person, late);
      held.letGo();
      await ending;
      await sendNotifications();
      expect([site.at(rp.path).length, site.at(late.path).map((one) => one.sid)]).toEqual([1, [sid]]);
    },
  );

  test('who signs in again just after a sign-out everywhere stays signed in, and no one is notified otherwise', async () => {
    const person = await aPerson(nodes);
    const rp = await aListener();
    const first = await tokensAt(nodes, new TestBrowser(nodes, 1), person, rp);
    const { context } = nodes.node(0).app;
    // The second read of what has to be notified comes late.
    const committed = holdOnNode(nodes, 'INSERT INTO logouts', 'after');
    const ending = revokeSessionsOfPerson(context, {
      identityId: person.identityId,
      uid: await sessionOf(person),
    });
    await committed.held;
    const second = holdOnNode(nodes, 'INSERT INTO logouts');
    committed.letGo();
    await second.held;
    const reauthenticate = await tokensAt(nodes, new TestBrowser(nodes, 1), person, rp);
    second.letGo();
    await ending;
    await sendNotifications();
    expect(site.at(rp.path).map((one) => one.sid)).toEqual([first.sid]);
    expect((await userinfo(nodes, reauthenticate.access_token)).status).toBe(200);
  });

  test('a registration without sid: none in any token, and each is notified once, of the person', async () => {
    const person = await aPerson(nodes);
    const rp = await aListener({ backchannel_logout_session_required: false });
    const browser = new TestBrowser(nodes);
    const [one, two] = [
      await tokensAt(nodes, browser, person, rp),
      await tokensAt(nodes, new TestBrowser(nodes), person, rp),
    ];
    expect([one.sid, two.sid]).toEqual([undefined, undefined]);
    await blockTarget(nodes.context, person.identityId, 'card', { by: 'person' });
    await sendNotifications();
    expect(site.at(rp.path)).toMatchObject([{ sub: one.sub, sid: undefined }]);
    expect(await logoutsOf(person)).toMatchObject([{ sid: null, state: 'sent' }]);
  });

  test('without a back-channel address there is no sid either', async () => {
    const tokens = await tokensAt(
      nodes,
      new TestBrowser(nodes),
      await aPerson(nodes),
      await aRelyingParty(nodes),
    );
    expect(tokens.sid).toBeUndefined();
  });

  test('a log-out token is signed, names its audience, and is another one at each try', async () => {
    const person = await aPerson(nodes);
    const rp = await aListener();
    const browser = new TestBrowser(nodes);
    const { sub, sid } = await tokensAt(nodes, browser, person, rp);
    await logOut(browser);
    await sendNotifications();
    await nodes.database.query(`UPDATE logouts SET state = 'waiting' WHERE identity_id = $1`, [
      person.identityId,
    ]);
    await sendNotifications(1);
    const jwks = await request(nodes.node(0)).get('/jwks');
    const keys = createLocalJWKSet(JSON.parse(jwks.text) as JSONWebKeySet);
    const ids: unknown[] = [];
    for (const { token } of site.at(rp.path)) {
      const { payload } = await jwtVerify(token, keys, {
        issuer: nodes.issuer,
        audience: rp.clientId,
        typ: 'logout+jwt',
      });
      expect([payload.sub, payload['sid'], payload['nonce']]).toEqual([sub, sid, undefined]);
      expect(payload['events']).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} });
      ids.push(payload.jti);
    }
    expect(new Set(ids).size).toBe(2);
  });

  test('what an earlier version left: grants without a session, and its jobs', async () => {
    const person = await aPerson(nodes);
    const [rp, other] = [await aListener(), await aListener()];
    const browser = new TestBrowser(nodes);
    await tokensAt(nodes, browser, person, rp);
    await tokensAt(nodes, new TestBrowser(nodes), person, other);
    await nodes.database.query(
      `UPDATE oidc_records SET session_uid = NULL, sid = NULL WHERE model = 'Grant' AND account_id = $1`,
      [person.identityId],
    );
    await logOut(browser);
    await sendNotifications();
    expect(site.received).toMatchObject([{ path: rp.path, sid: undefined }]);

    site.received.length = 0;
    await nodes.database.query(
      `SELECT graphile_worker.add_job('backchannelLogout',
         json_build_object('accountId', $1::text, 'clientId', $2::text), max_attempts => 20)`,
      [person.identityId, rp.clientId],
    );
    const jobs = startJobs(nodes.node(0).app, nodes.database.nodeUrls);
    for (let i = 0; i < 100 && site.received.length === 0; i += 1) await setTimeout(50);
    await jobs.stop();
    expect(site.received).toMatchObject([{ path: rp.path, sid: undefined }]);
  });
});

describe('what ends with a yes', () => {
  test('session, and all that was issued on it without offline access, on every node; the log says where', async () => {
    const person = await aPerson(nodes);
    const [rp, lasting] = [await aListener(), await aListener()];
    const browser = new TestBrowser(nodes);
    const tokens = await tokensAt(nodes, browser, person, rp);
    const offline = await tokensAt(nodes, browser, person, lasting, OFFLINE);
    const out = await logOut(browser, {
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: BACK,
      state: 's 1',
    });
    expect([out.status, out.headers.location]).toEqual([303, `${BACK}?state=s+1`]);
    for (const node of [0, 1]) {
      expect((await userinfo(nodes, tokens.access_token, node)).status).toBe(401);
      expect(await isActive(nodes, rp, tokens.access_token, node)).toBe(false);
    }
    expect((await refreshTokens(nodes, lasting, offline.refresh_token ?? '')).status).toBe(200);
    expect((await browser.follow(authRequest(rp).path)).page).toBe('password');
    expect(await signedOutOf(person)).toEqual([{ clientId: rp.clientId }]);
    const alive = await nodes.database.query<{ client_id: string }>(
      `SELECT client_id FROM oidc_records WHERE model = 'Grant' AND account_id = $1 AND ended_at IS NULL`,
      [person.identityId],
    );
    expect(alive).toEqual([{ client_id: lasting.clientId }]);
  });

  test('nothing of it, and no one is notified, when the transaction does not come about', async () => {
    const person = await aPerson(nodes);
    const rp = await aListener();
    const browser = new TestBrowser(nodes);
    const tokens = await tokensAt(nodes, browser, person, rp);
    const page = await browser.follow(endPath());
    const repair = takeOut(nodes, 'WHERE id = ANY($12::bytea[])', 'WHERE nowhere = ANY($12::bytea[])');
    expect((await confirmLogout(browser, page)).status).toBe(500);
    repair();
    expect([await logoutsOf(person), await signedOutOf(person)]).toEqual([[], []]);
    expect((await userinfo(nodes, tokens.access_token, 1)).status).toBe(200);
    // The same page can still be confirmed.
    expect((await confirmLogout(browser, page)).status).toBe(303);
    expect(await logoutsOf(person)).toMatchObject([{ client_id: rp.clientId, sid: tokens.sid }]);
  });

  test('said twice concurrently: notified and logged once, offline access or not', async () => {
    const person = await aPerson(nodes);
    const [rp, lasting] = [await aListener(), await aListener()];
    const browser = new TestBrowser(nodes);
    await tokensAt(nodes, browser, person, rp);
    await tokensAt(nodes, browser, person, lasting, OFFLINE);
    const page = await browser.follow(endPath());
    const repair = slowDown(nodes, 'ORDER BY model DESC, id FOR UPDATE', 200);
    const answers = await Promise.all([confirmLogout(browser, page), confirmLogout(browser, page)]);
    expect(repair()).toBe(2);
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    await sendNotifications();
    expect([site.at(rp.path).length, site.at(lasting.path).length]).toEqual([1, 1]);
    expect(await signedOutOf(person)).toHaveLength(1);
  });

  /**
   * While node 0 has read which relying parties to notify, and has not committed yet, node 1 is asked for an
   * authorization on that session. @returns what the relying party got for its code, and whether it is
   * notified
   */
  async function beside() {
    const person = await aPerson(nodes);
    const rp = await aListener();
    let node = 0;
    const browser = new TestBrowser({
      issuer: nodes.issuer,
      secrets: nodes.secrets,
      node: () => nodes.node(node),
    });
    await signInAtNode(browser, person, authRequest(await aRelyingParty(nodes)));
    const page = await browser.follow(endPath());
    const login = authRequest(rp);
    const { held, letGo } = holdOnNode(nodes, 'INSERT INTO logouts', 'after');
    const out = confirmLogout(browser, page);
    await held;
    node = 1;
    const authorized = browser.follow(login.path).then(async (end) => {
      const code = readReturnedCode(end).get('code') ?? '';
      return await redeemCode(nodes, rp, code, login.verifier, 1);
    });
    await Promise.race([authorized, setTimeout(400)]);
    letGo();
    expect((await out).status).toBe(303);
    return { status: (await authorized).status, told: (await logoutsOf(person)).length };
  }

  test('an authorization at the same moment leads to nothing', async () => {
    expect(await beside()).toEqual({ status: 400, told: 0 });
  });

  test('control: without the lock on the session it leads to tokens, and no one is notified', async () => {
    const repair = takeOut(nodes, 'ORDER BY model DESC, id FOR UPDATE', 'ORDER BY model DESC, id');
    expect(await beside()).toEqual({ status: 200, told: 0 });
    repair();
  });
});

describe('the outbox', () => {
  /** Pending notifications for one relying party, as if that many people had logged out. */
  async function waiting(person: TestPerson, rp: TestRelyingParty, many: number): Promise<void> {
    await nodes.database.query(
      `INSERT INTO logouts (identity_id, client_id, sid) SELECT $1, $2, 'sid-' || n FROM generate_series(1, $3::int) n`,
      [person.identityId, rp.clientId, many],
    );
  }

  timedToo('a relying party that is up is notified immediately', async () => {
    const person = await aPerson(nodes);
    const rp = await aListener();
    const jobs = startJobs(nodes.node(0).app, nodes.database.nodeUrls);
    const took: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      const browser = new TestBrowser(nodes);
      await tokensAt(nodes, browser, person, rp);
      site.received.length = 0;
      await logOut(browser);
      const confirmedAt = performance.now();
      while (site.received.length === 0 && performance.now() - confirmedAt < 60_000) await setTimeout(5);
      took.push(Math.round(performance.now() - confirmedAt));
    }
    await jobs.stop();
    console.info(`from the answer to a log-out to the relying party, in ms: ${took.join(', ')}`);
    expectWithin(took.toSorted((a, b) => a - b)[2] ?? 0, 300);
  });

  timedOnly('who hangs with 200 that wait delays no one, on one node', async () => {
    const person = await aPerson(nodes);
    const [stuck, rp] = [await aListener(), await aListener()];
    site.hanging.add(stuck.path);
    await waiting(person, stuck, 200);
    const jobs = startJobs(nodes.node(0).app, nodes.database.nodeUrls);
    const took: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      await setTimeout(700);
      const browser = new TestBrowser(nodes);
      await tokensAt(nodes, browser, person, rp);
      site.received.length = 0;
      await logOut(browser);
      const confirmedAt = performance.now();
      while (site.received.length === 0 && performance.now() - confirmedAt < 60_000) await setTimeout(5);
      took.push(Math.round(performance.now() - confirmedAt));
    }
    await jobs.stop();
    site.hanging.delete(stuck.path);
    console.info(`beside one that hangs with 200 rows, in ms: ${took.join(', ')}`);
    // Less than what a round with a hanging one takes.
    expectWithin(Math.max(...took), 1_500);
    const tried = (await logoutsOf(person)).filter(
      ({ client_id: id, tries }) => id === stuck.clientId && tries > 0,
    );
    expect(tried.length).toBeGreaterThan(0);
  });

  timedOnly(
    'a worker that dies between claiming and notifying: another one notifies within the lease',
    async () => {
      const person = await aPerson(nodes);
      const rp = await aListener();
      const browser = new TestBrowser(nodes);
      await tokensAt(nodes, browser, person, rp);
      await logOut(browser);
      const howMany = { limit: 10, perClient: 5, except: [], leaseMs: LOGOUT_LEASE_MS };
      const takenAt = performance.now();
      const taken = await claimLogoutNotifications(nodes.context.database, howMany);
      expect(taken).toMatchObject([{ clientId: rp.clientId }]);
      const jobs = startJobs(nodes.node(1).app, nodes.database.nodeUrls);
      while (site.received.length === 0 && performance.now() - takenAt < 60_000) await setTimeout(20);
      const took = performance.now() - takenAt;
      await jobs.stop();
      console.info(`told ${Math.round(took)} ms after a dead worker had taken it`);
      expect(site.at(rp.path)).toHaveLength(1);
      expect(took).toBeGreaterThan(LOGOUT_LEASE_MS - 100);
      expectWithin(took - LOGOUT_LEASE_MS, 2_500);
    },
  );

  /** How often each of 60 is notified when both nodes empty the outbox concurrently, several times. */
  async function bothAtOnce(): Promise<number[]> {
    const person = await aPerson(nodes);
    const rps = await Promise.all(Array.from({ length: 12 }, () => aListener()));
    for (const rp of rps) await waiting(person, rp, 5);
    site.received.length = 0;
    await Promise.all([0, 1, 0, 1].map((node) => sendNotifications(node)));
    const times = new Map<string, number>();
    for (const { path, sid } of site.received) {
      const name = `${path} ${String(sid)}`;
      times.set(name, (times.get(name) ?? 0) + 1);
    }
    expect(times.size).toBe(60);
    return [...times.values()];
  }

  test('two workers on two nodes concurrently: each is notified once', async () => {
    expect(Math.max(...(await bothAtOnce()))).toBe(1);
  });

  test.each([
    // Slow within the statement, so that both have read before either writes.
    ['the lock', 'FOR UPDATE SKIP LOCKED', 'AND (SELECT true FROM pg_sleep(0.1))'],
    ['the lease', "now() + $2 * interval '1 ms'", "now() + $2 * interval '0 ms'"],
  ])('control: without %s some are notified twice', async (_what, guard, instead) => {
    const repairs = [slowDown(nodes, 'UPDATE logouts l', 5), takeOut(nodes, guard, instead)];
    const times = await bothAtOnce();
    for (const repair of repairs.toReversed()) repair();
    expect(Math.max(...times)).toBeGreaterThan(1);
  });

  test('tried again after 2, 4, 8 s, at least each minute at first, later seldom; given up after a day', async () => {
    const minutes = (n: number) => n * 60_000;
    expect([1, 2, 3, 6, 20].map((failures) => logoutRetryDelayMs(failures, minutes(1)) / 1000)).toEqual([
      2, 4, 8, 60, 60,
    ]);
    expect([10, 60, 600, 1_400].map((age) => logoutRetryDelayMs(20, minutes(age)) / 60_000)).toEqual([
      1, 6, 60, 60,
    ]);

    const person = await aPerson(nodes);
    const rp = await aListener();
    site.failing.add(rp.path);
    await waiting(person, rp, 1);
    await sendNotifications();
    expect(await logoutsOf(person)).toMatchObject([{ state: 'waiting', tries: 1 }]);
    expect(nodes.log).toContain('a relying party did not take a log-out yet');
    await nodes.database.query(
      `UPDATE logouts SET at = now() - interval '24 hours', try_at = now() WHERE identity_id = $1`,
      [person.identityId],
    );
    await sendNotifications();
    expect(await logoutsOf(person)).toMatchObject([{ state: 'given_up', tries: 2 }]);
    expect(nodes.log).toMatch(/"level":"warn"[^\n]*a relying party was never told of a log-out/);
    site.failing.delete(rp.path);
    await sendNotifications();
    expect(site.at(rp.path)).toEqual([]);

    // Kept for a day, for operators who investigate.
    const sweepNow = () =>
      sweepExpiredRows(nodes.context.database, nodes.clock.offsetMs, (error) => {
        throw error;
      });
    await sweepNow();
    expect(await logoutsOf(person)).toHaveLength(1);
    await waiting(person, rp, 1);
    await nodes.database.query(`UPDATE logouts SET try_at = now() - interval '25 hours'`);
    await sweepNow();
    expect(await logoutsOf(person)).toMatchObject([{ state: 'waiting' }]);
  });

  test('an address on a private network is not even connected to, unless its origin is on the list', async () => {
    const person = await aPerson(nodes);
    const { port } = new URL(elsewhere.origin);
    const hidden = await Promise.all(
      ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]'].map((host) =>
        aListener({ backchannel_logout_uri: `http://${host}:${port}/logout` }),
      ),
    );
    const listed = await aListener();
    for (const rp of [...hidden, listed]) await waiting(person, rp, 1);
    await sendNotifications();
    expect([elsewhere.connections, elsewhere.received]).toEqual([0, []]);
    expect(site.at(listed.path)).toHaveLength(1);
    const states = new Map((await logoutsOf(person)).map(({ client_id: id, state }) => [id, state]));
    expect([...hidden, listed].map(({ clientId }) => states.get(clientId))).toEqual([
      'waiting',
      'waiting',
      'waiting',
      'sent',
    ]);
    expect(nodes.log).toContain('is on a private network and its origin not on the list');
  });
});

describe('a request for a log-out', () => {
  let rp: Awaited<ReturnType<typeof aListener>>;
  beforeAll(async () => {
    rp = await aListener();
  });

  test('when no one is signed in continues immediately, without a page, a script or a cookie', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const { id_token: hint } = await tokensAt(nodes, browser, person, rp);
    await logOut(browser);
    const stale = new TestBrowser(nodes);
    await tokensAt(nodes, stale, person, rp);
    await nodes.database.query(
      `UPDATE oidc_records SET expires_at = now() - interval '1 s' WHERE model = 'Session' AND account_id = $1`,
      [person.identityId],
    );
    const before = await nodes.database.query('SELECT FROM oidc_records');
    for (const signedOut of [new TestBrowser(nodes), browser, stale]) {
      for (const [params, location] of [
        [{ id_token_hint: hint, post_logout_redirect_uri: BACK, state: 'x&y' }, `${BACK}?state=x%26y`],
        [{ client_id: rp.clientId, post_logout_redirect_uri: BACK }, BACK],
        [{ client_id: rp.clientId, ui_locales: 'en' }, `${nodes.issuer}/session/end/success?ui_locales=en`],
        [{ post_logout_redirect_uri: BACK }, `${nodes.issuer}/session/end/success`],
        [{}, `${nodes.issuer}/session/end/success`],
      ] as const) {
        const answer = await signedOut.request(endPath(params));
        expect([answer.status, answer.headers.location, answer.text]).toEqual([303, location, '']);
        expect(answer.headers['set-cookie']).toBeUndefined();
      }
      expect((await signedOut.follow(endPath())).page).toBe('logged-out');
    }
    expect(await nodes.database.query('SELECT FROM oidc_records')).toHaveLength(before.length);
  });

  test('posted by another site, whose browser brings no cookie along, is asked as a link', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const { id_token: hint, access_token } = await tokensAt(nodes, browser, person, rp);
    const body = encodeForm({ id_token_hint: hint, post_logout_redirect_uri: BACK, state: 'x' });
    const options = { method: 'POST', body };
    const foreign = await new TestBrowser(nodes).request('/session/end', options);
    expect([foreign.status, foreign.headers['set-cookie']]).toEqual([303, [expect.any(String)]]);
    for (const line of foreign.headers['set-cookie'] ?? []) await browser.setCookie(line);
    expect((await userinfo(nodes, access_token)).status).toBe(200);
    expect((await browser.request('/session/end', { method: 'POST', body: '' })).headers.location).toBe(
      '/session/end',
    );
    const redirected = await browser.request(foreign.headers.location ?? '');
    expect([redirected.status, redirected.headers.location]).toEqual([303, `${BACK}?state=x`]);
    expect((await userinfo(nodes, access_token)).status).toBe(401);
    const gone = await browser.request('/session/end', options);
    expect((await browser.request(gone.headers.location ?? '')).headers.location).toBe(`${BACK}?state=x`);
  });

  test('a second tab says yes when the first has: it is shown that it is logged out', async () => {
    const browser = new TestBrowser(nodes);
    await tokensAt(nodes, browser, await aPerson(nodes), rp);
    const page = await browser.follow(endPath());
    await confirmLogout(browser, page);
    const second = await confirmLogout(browser, page);
    expect([second.status, second.headers['set-cookie']]).toEqual([303, undefined]);
    expect((await browser.follow(second.headers.location ?? '')).page).toBe('logged-out');
  });

  test('takes an ID token that has expired, and one of another person: the person here is asked', async () => {
    const [anna, bent] = [await aPerson(nodes), await aPerson(nodes)];
    const browser = new TestBrowser(nodes);
    const { id_token: annas } = await tokensAt(nodes, new TestBrowser(nodes), anna, rp);
    const bents = await tokensAt(nodes, browser, bent, rp);
    const params = { id_token_hint: annas, post_logout_redirect_uri: BACK };
    const now = Date.now;
    try {
      Date.now = () => now() + 2 * 3_600_000;
      expect((await new TestBrowser(nodes).request(endPath(params))).headers.location).toBe(BACK);
    } finally {
      Date.now = now;
    }
    expect((await browser.follow(endPath(params))).page).toBe('logout');
    expect((await userinfo(nodes, bents.access_token)).status).toBe(200);
    expect(await signedOutOf(bent)).toEqual([]);
  });

  test('with what is not valid, by GET or POST: the person is asked, signs out, and is sent nowhere', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const tokens = await tokensAt(nodes, browser, person, rp);
    const other = await aListener();
    const { id_token: hint } = tokens;
    const [head, body, signature] = hint.split('.') as [string, string, string];
    const { privateKey } = await generateKeyPair('ES256');
    const forged = await new SignJWT(payloadOf(hint))
      .setProtectedHeader({ alg: 'ES256', kid: 'x' })
      .sign(privateKey);
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`;
    const notClaims = `${head}.${Buffer.from('null').toString('base64url')}.${signature}`;
    const forTwoAudiences = await new SignJWT({ ...payloadOf(hint), aud: ['a', 'b'] })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(privateKey);
    const elsewhereIssued = await new SignJWT({ ...payloadOf(hint), iss: 'https://other.example' })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(privateKey);
    const wrong: Record<string, string>[] = [
      { client_id: rp.clientId, post_logout_redirect_uri: 'https://evil.example/' },
      { client_id: rp.clientId, post_logout_redirect_uri: `${BACK}/` },
      { client_id: rp.clientId, post_logout_redirect_uri: 'not a url' },
      { id_token_hint: hint, client_id: other.clientId, post_logout_redirect_uri: BACK },
      { id_token_hint: hint, client_id: 'nobody', post_logout_redirect_uri: BACK },
      { client_id: 'nobody', post_logout_redirect_uri: BACK },
      { client_id: '\u0000', post_logout_redirect_uri: BACK },
      { post_logout_redirect_uri: BACK, state: '\u0000\ud800' },
      { logout_hint: 'anna', ui_locales: 'x'.repeat(1_000), post_logout_redirect_uri: BACK },
      ...[
        forged,
        elsewhereIssued,
        unsigned,
        notClaims,
        forTwoAudiences,
        'x',
        'a.b.c',
        `${head}.${body}.AAAA`,
      ].map((id_token_hint) => ({ id_token_hint, post_logout_redirect_uri: BACK })),
      { id_token_hint: hint.repeat(10), post_logout_redirect_uri: BACK },
    ];
    const queries = [
      ...wrong.map((params) => encodeForm(params)),
      `client_id=${rp.clientId}&post_logout_redirect_uri=${BACK}&post_logout_redirect_uri=${BACK}`,
      `client_id=${rp.clientId}&client_id=${other.clientId}&post_logout_redirect_uri=${BACK}`,
      `id_token_hint=${hint}&id_token_hint=${hint}&post_logout_redirect_uri=${BACK}`,
      `post_logout_redirect_uri=${BACK}&state=%zz%ff&%=%`,
    ];
    const success = `${nodes.issuer}/session/end/success`;
    for (const query of queries) {
      const options = { method: 'POST', body: query };
      for (const ask of [
        async (someone: TestBrowser) => await someone.follow(`/session/end?${query}`),
        async (someone: TestBrowser) =>
          await someone.follow((await someone.request('/session/end', options)).headers.location ?? ''),
      ]) {
        const [asked, out] = [await ask(browser), await ask(new TestBrowser(nodes))];
        expect([query, asked.status, asked.page]).toEqual([query, 200, 'logout']);
        expect([query, out.status, out.page]).toEqual([query, 200, 'logged-out']);
      }
    }
    expect((await userinfo(nodes, tokens.access_token)).status).toBe(200);
    const out = await confirmLogout(browser, await browser.follow(endPath(wrong[0])));
    expect([out.status, out.headers.location]).toEqual([303, success]);
    expect((await userinfo(nodes, tokens.access_token)).status).toBe(401);
    expect((await browser.follow(`${success}?client_id=nobody&client_id=x`)).page).toBe('logged-out');
    expect(nodes.log).toMatch(/"unused":\["id_token_hint","post_logout_redirect_uri"\]/);
  });

  test('with one part that is not valid: the others still count', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const hint = (await tokensAt(nodes, browser, person, rp)).id_token;
    // A hint that verifies is enough for the one click; only the redirect back is refused.
    const evil = { id_token_hint: hint, post_logout_redirect_uri: 'https://evil.example/', state: 'x' };
    expect((await browser.follow(endPath(evil))).page).toBe('logged-out');
    await tokensAt(nodes, browser, person, rp);
    // A site that identifies itself gets its person back, after the question.
    const stale = { id_token_hint: `${hint}x`, client_id: rp.clientId, post_logout_redirect_uri: BACK };
    const asked = await browser.follow(`${endPath(stale)}&state=a&state=b`);
    expect(asked.page).toBe('logout');
    expect((await confirmLogout(browser, asked)).headers.location).toBe(BACK);
  });

  test('that is posted and too long for an address goes without its longest part', async () => {
    const browser = new TestBrowser(nodes);
    await tokensAt(nodes, browser, await aPerson(nodes), rp);
    const params = { client_id: rp.clientId, post_logout_redirect_uri: BACK, state: 'x'.repeat(4_000) };
    const posted = await browser.request('/session/end', { form: params });
    const { location = '' } = posted.headers;
    expect([posted.status, location]).toEqual([303, expect.not.stringContaining('state=')]);
    expect((await confirmLogout(browser, await browser.follow(location))).headers.location).toBe(BACK);
    for (const [body, type] of [
      ['x=1', 'multipart/form-data'],
      [`x=${'1'.repeat(60_000)}`, 'application/x-www-form-urlencoded'],
    ] as const) {
      const headers = { 'content-type': type };
      const unread = await browser.request('/session/end', { method: 'POST', body, headers });
      expect([unread.status, unread.headers.location]).toEqual([303, '/session/end']);
    }
    const long = await browser.request(endPath({ ...params, state: 'y'.repeat(8_000) }));
    expect(long.headers.location).toBe(`${BACK}?state=${'y'.repeat(8_000)}`);
  });

  test.each([
    ['with sid', {}],
    ['without sid', { backchannel_logout_session_required: false }],
  ] as const)(
    'with an ID token of this very session, %s: no one is asked; with any other the person is',
    async (_sid, hintOf) => {
      const listener = await aListener(hintOf);
      const [person, stranger] = [await aPerson(nodes), await aPerson(nodes)];
      const [here, there] = [new TestBrowser(nodes), new TestBrowser(nodes)];
      // Mine is made while the other session lives: without sid it could be of either, in whichever second it
      // was made.
      const other = await tokensAt(nodes, there, person, listener);
      const mine = await tokensAt(nodes, here, person, listener);
      const theirs = await tokensAt(nodes, new TestBrowser(nodes), stranger, listener);
      const asks = async (browser: TestBrowser, id_token_hint: string) =>
        (await browser.request(endPath({ id_token_hint, post_logout_redirect_uri: BACK }))).page === 'logout';
      // From another browser's session, from another person's, from one of another site.
      const atAnother = await tokensAt(nodes, here, person, await aListener());
      expect([await asks(here, other.id_token), await asks(here, theirs.id_token)]).toEqual([true, true]);
      expect(await asks(there, atAnother.id_token)).toBe(true);
      // Without sid it is unknown which of two sessions is meant: then the person is asked.
      expect(await asks(here, mine.id_token)).toBe(mine.sid === undefined);
      await logOut(there);
      await logOut(here);
      const again = await tokensAt(nodes, here, person, listener);
      expect(await asks(here, again.id_token)).toBe(false);
      expect((await here.follow('/session')).page).toBe('no-session');
    },
  );

  test('with an ID token of a session that is over, or of a site that was left: the person is asked', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const before = await tokensAt(nodes, browser, person, rp);
    await logOut(browser);
    const now = await tokensAt(nodes, browser, person, rp);
    expect((await browser.follow(endPath({ id_token_hint: before.id_token }))).page).toBe('logout');
    await confirmLogout(browser, await browser.follow(endPath({ client_id: rp.clientId })), {});
    expect((await browser.follow(endPath({ id_token_hint: now.id_token }))).page).toBe('logout');
  });

  test('that nobody clicked ends nothing: HEAD, a prefetch, a scanner without a cookie', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const tokens = await tokensAt(nodes, browser, person, rp);
    const path = endPath({ id_token_hint: tokens.id_token, post_logout_redirect_uri: BACK });
    expect((await browser.request(path, { method: 'HEAD' })).status).toBe(200);
    for (const purpose of ['prefetch', 'prefetch;prerender']) {
      const headers = { 'sec-purpose': purpose };
      expect((await browser.request(path, { headers })).page).toBe('logout');
    }
    expect((await new TestBrowser(nodes).request(path)).headers.location).toBe(BACK);
    expect((await userinfo(nodes, tokens.access_token, 1)).status).toBe(200);
    expect((await browser.request(path)).headers.location).toBe(BACK);
    expect((await userinfo(nodes, tokens.access_token, 1)).status).toBe(401);
  });

  test('clicked twice concurrently: notified and logged once, and each goes back', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const tokens = await tokensAt(nodes, browser, person, rp);
    const path = endPath({ id_token_hint: tokens.id_token, post_logout_redirect_uri: BACK, state: 's' });
    const repair = slowDown(nodes, 'ORDER BY model DESC, id FOR UPDATE', 200);
    const answers = await Promise.all([browser.request(path), browser.request(path)]);
    expect(repair()).toBe(2);
    expect(answers.map(({ headers }) => headers.location)).toEqual([`${BACK}?state=s`, `${BACK}?state=s`]);
    await sendNotifications();
    expect([site.at(rp.path).length, await signedOutOf(person)]).toEqual([1, [{ clientId: rp.clientId }]]);
  });

  test('asked in two tabs: either may be answered', async () => {
    const browser = new TestBrowser(nodes);
    await tokensAt(nodes, browser, await aPerson(nodes), rp);
    const first = await browser.follow(endPath({ client_id: rp.clientId }));
    await browser.follow(endPath());
    expect((await confirmLogout(browser, first)).status).toBe(303);
    expect((await browser.follow('/session')).page).toBe('no-session');
  });

  test('cannot be said yes to by anyone else: a forged proof ends nothing, nor does a used one', async () => {
    const browser = new TestBrowser(nodes);
    const tokens = await tokensAt(nodes, browser, await aPerson(nodes), rp);
    const stranger = new TestBrowser(nodes);
    await tokensAt(nodes, stranger, await aPerson(nodes), rp);
    const foreign = hiddenFields(await stranger.follow(endPath()))['xsrf'] ?? '';
    const page = await browser.follow(endPath({ client_id: rp.clientId }));
    for (const xsrf of ['', 'forged', foreign]) {
      const answer = await confirmLogout(browser, page, { xsrf, logout: 'yes' });
      expect([answer.status, answer.page]).toEqual([400, 'trouble']);
    }
    const first = await confirmLogout(browser, page, {});
    expect(first.status).toBe(303);
    const used = await confirmLogout(browser, page);
    expect([used.status, used.page]).toEqual([400, 'trouble']);
    expect((await browser.follow(authRequest(await aRelyingParty(nodes)).path)).headers.location).toContain(
      'code=',
    );
    expect(tokens.status).toBe(200);
  });

  test('speaks the language that was asked for, up to the end', async () => {
    const browser = new TestBrowser(nodes);
    const person = await aPerson(nodes);
    await tokensAt(nodes, browser, person, rp);
    const page = await browser.follow(endPath({ ui_locales: 'fr en' }));
    expect(page.text).toContain('Do you want to sign out?');
    const out = await confirmLogout(browser, page);
    expect((await browser.follow(out.headers.location ?? '')).text).toContain('You are signed out');
    await tokensAt(nodes, browser, person, rp);
    const danish = await browser.follow(endPath());
    expect(danish.text).toContain('Vil du logge af?');
    const no = await confirmLogout(browser, danish, {});
    expect((await browser.follow(no.headers.location ?? '')).text).toContain('Du er stadig logget på');
  });

  test('answered with no: the person stays signed in and goes back; only the one who asked is notified', async () => {
    const person = await aPerson(nodes);
    const [asking, other] = [await aListener(), await aListener()];
    const browser = new TestBrowser(nodes);
    const tokens = await tokensAt(nodes, browser, person, asking);
    const others = await tokensAt(nodes, browser, person, other);
    const params = { client_id: asking.clientId, post_logout_redirect_uri: BACK, state: 'x' };
    const out = await confirmLogout(browser, await browser.follow(endPath(params)), {});
    expect([out.status, out.headers.location]).toEqual([303, `${BACK}?state=x`]);
    await sendNotifications();
    expect(site.received).toMatchObject([{ path: asking.path, sid: tokens.sid }]);
    expect((await userinfo(nodes, tokens.access_token, 1)).status).toBe(401);
    expect((await userinfo(nodes, others.access_token, 1)).status).toBe(200);
    expect(await signedOutOf(person)).toEqual([]);
    expect(readReturnedCode(await browser.follow(authRequest(other).path)).get('code')).toBeTruthy();

    const nowhere = await confirmLogout(
      browser,
      await browser.follow(endPath({ client_id: other.clientId })),
      {},
    );
    expect((await browser.follow(nowhere.headers.location ?? '')).page).toBe('still-signed-in');
  });

  timedToo('a relying party that hangs keeps no one waiting who logs out', async () => {
    const stuck = await aListener();
    site.hanging.add(stuck.path);
    const browser = new TestBrowser(nodes);
    await tokensAt(nodes, browser, await aPerson(nodes), stuck);
    const page = await browser.follow(endPath());
    const from = performance.now();
    expect((await confirmLogout(browser, page)).status).toBe(303);
    expectWithin(performance.now() - from, 1_000);
    site.hanging.delete(stuck.path);
  });
});
