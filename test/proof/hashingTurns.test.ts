/** Who may be hashed: no flood of one person, browser or network keeps anyone else out. */
import { once } from 'node:events';
import { request as httpRequest, type ClientRequest } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import { PasswordHasher, type HashingOptions } from '../../src/platform/hashing/passwordHasher.ts';
import { findHashSettingShares } from '../../src/features/authentication/passwordHashes.queries.ts';
import { imitateStoredHashes } from '../../src/features/authentication/rehash.ts';
import {
  aKnownBrowser,
  anAddress,
  aPerson,
  aRegistered,
  asRelyingParty,
  authRequest,
  TestBrowser,
  CHEAP,
  encodeForm,
  fillIn,
  FORM,
  hiddenFields,
  holdUp,
  issueApplication,
  waitForLetters,
  type BrowserPage,
  signInAtNode,
  signInAt,
  slowDown,
  type TestPerson,
  toChoosePage,
  toKeyPage,
  useNodes,
  useRelyingParty,
} from '../support/index.ts';

/** The real one, which counts comparisons, can hold them before they begin, and can pretend to be crowded. */
class CountingHasher extends PasswordHasher {
  readonly compared: string[] = [];
  seemsCrowded = false;
  canRehash = true;
  before: (options: HashingOptions) => Promise<void> = async () => {};

  override get isCrowded(): boolean {
    return this.seemsCrowded || super.isCrowded;
  }

  override async rehash(password: string, signal?: AbortSignal): Promise<string> {
    if (!this.canRehash) throw new Error('no memory left');
    return await super.rehash(password, signal);
  }

  override async hash(password: string, options: HashingOptions = {}) {
    await this.before(options);
    try {
      return await super.hash(password, options);
    } catch (error) {
      this.compared.push((error as Error).constructor.name);
      throw error;
    }
  }

  override async verify(phc: string | null, password: string, options: HashingOptions = {}) {
    await this.before(options);
    try {
      const right = await super.verify(phc, password, options);
      this.compared.push(right ? 'right' : 'wrong');
      return right;
    } catch (error) {
      this.compared.push((error as Error).constructor.name);
      throw error;
    }
  }
}

/** The production cost, on one core: a queue that can be filled. */
const hasher = new CountingHasher({
  maxConcurrent: 1,
  setting: DEFAULT_RULES.hashing,
});

const nodes = useNodes({ rules: DEFAULT_RULES, proxyHops: 1, hasher, withoutErrors: true });
const rp = useRelyingParty(nodes, { kind: 'bank' });
beforeEach(() => {
  hasher.compared.length = 0;
  hasher.seemsCrowded = false;
  hasher.before = async () => {};
});

function aBrowser(address = anAddress()): TestBrowser {
  return new TestBrowser(nodes, 0, address);
}

/** In so many connections, one request after the other in each, until it is over. */
function flood(connections: number, send: () => Promise<BrowserPage>) {
  const statuses = new Map<number, number>();
  const state = { isOver: false };
  const lane = async () => {
    while (!state.isOver) {
      const { status } = await send();
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  const lanes = Promise.all(Array.from({ length: connections }, lane));
  const end = async () => {
    state.isOver = true;
    await lanes;
    return statuses;
  };
  return { end };
}

async function newcomers(people: readonly TestPerson[]): Promise<(string | null)[]> {
  const codes: (string | null)[] = [];
  for (const person of people)
    codes.push((await signInAtNode(aBrowser(), person, authRequest(rp))).get('code'));
  return codes;
}

/** @returns how many were compared at the same time, at most */
function watchInFlight(): () => number {
  let most = 0;
  hasher.before = async () => {
    most = Math.max(most, hasher.keysInFlight);
  };
  return () => most;
}

describe('while someone floods, newcomers sign in', () => {
  let people: TestPerson[];
  beforeAll(async () => {
    people = [];
    for (let i = 0; i < 8; i += 1) people.push(await aPerson(nodes));
  });
  const codes = () => Array(8).fill(expect.any(String)) as string[];

  test('60 connections of one known browser that is locked: none of its tries is hashed', async () => {
    const owner = await aPerson(nodes);
    const own = await aKnownBrowser(nodes, owner, rp);
    const page = await own.follow(authRequest(rp).path);
    const wrong = { userId: owner.userId, password: 'not it at all' };
    for (let i = 0; i < 5; i += 1) await own.post(page, { ...wrong, password: `not it at all ${i}` });
    expect((await own.follow(page.formUrl)).page).toBe('locked');
    hasher.compared.length = 0;

    const { end } = flood(60, async () => await own.post(page, wrong));
    expect(await newcomers(people)).toEqual(codes());
    const statuses = await end();
    expect(statuses.get(303)).toBeGreaterThan(60);
    expect(hasher.compared.filter((one) => one !== 'right')).toEqual([]);
    expect(hasher.keysInFlight).toBe(0);
  });

  test('60 connections of one network, each with another name: 8 are in flight at most', async () => {
    const address = anAddress();
    const stranger = aBrowser(address);
    const page = await stranger.follow(authRequest(rp).path);
    const most = watchInFlight();
    let next = 0;
    const { end } = flood(60, async () => {
      next += 1;
      return await stranger.post(page, { userId: `nobody-${next}-at-all`, password: 'not it at all' });
    });
    expect(await newcomers(people)).toEqual(codes());
    const statuses = await end();
    // Each of the stranger's has a separate name on the network; of newcomers there is one at a time.
    expect(most()).toBeLessThanOrEqual(8 + 1 + 2);
    expect([...statuses.keys()].filter((status) => ![303, 429, 503].includes(status))).toEqual([]);
  });
});

describe('60 connections of one /48, each of a separate network and with another name', () => {
  test('16 of their forms are under way at most, and newcomers sign in', async () => {
    const people: TestPerson[] = [];
    for (let i = 0; i < 4; i += 1) people.push(await aPerson(nodes));
    const stranger = aBrowser();
    const page = await stranger.follow(authRequest(rp).path);
    const most = watchInFlight();
    let next = 0;
    const { end } = flood(60, async () => {
      next += 1;
      const one = aBrowser(`2001:db8:77:${next.toString(16)}::1`);
      for (const cookie of await stranger.cookiesFor(page.formUrl)) await one.setCookie(cookie);
      return await one.post(page, { userId: `nobody-${next}-at-all`, password: 'not it at all' });
    });
    expect(await newcomers(people)).toEqual(Array(4).fill(expect.any(String)));
    const statuses = await end();
    // Each has a name and a network; of newcomers there is one at a time.
    expect(most()).toBeLessThanOrEqual(2 * 15 + 2);
    expect([...statuses.keys()].filter((status) => ![303, 429, 503].includes(status))).toEqual([]);
  });
});

describe('a crowded sign-in', () => {
  async function signInStatuses(
    browser: TestBrowser,
    headers: Record<string, string> = {},
  ): Promise<number[]> {
    const { path } = authRequest(rp);
    const long = new URL(authRequest(rp, { state: 'x'.repeat(3_000) }).path, nodes.issuer).search.slice(1);
    const posted = await browser.request('/auth', { method: 'POST', body: long });
    const query = Object.fromEntries(new URL(path, nodes.issuer).searchParams);
    const pushed = await asRelyingParty(nodes, rp, '/request', query);
    const { request_uri: uri } = JSON.parse(pushed.text) as { request_uri: string };
    const pushedPath = `/auth?${new URLSearchParams({ client_id: rp.clientId, request_uri: uri })}`;
    const statuses: number[] = [];
    for (const url of [path, posted.headers.location ?? '', pushedPath]) {
      const asked = url.startsWith('/auth/posted/') ? {} : { headers };
      statuses.push((await browser.request(url, asked)).status);
    }
    return statuses;
  }
  const open = [200, 303, 303];
  const shut = [503, 503, 503];

  test('is passed by those that the database knows: a live session, or a known browser', async () => {
    const person = await aPerson(nodes);
    const signedIn = aBrowser();
    await signInAtNode(signedIn, person, authRequest(rp));
    const ended = await signedIn.copy();
    const known = await aKnownBrowser(nodes, person, rp);
    const own = aBrowser();
    for (const cookie of await known.cookiesFor('/'))
      if (cookie.startsWith('noegle-browser=')) await own.setCookie(cookie);
    hasher.seemsCrowded = true;
    expect(await signInStatuses(signedIn)).toEqual(open);
    expect(await signInStatuses(own)).toEqual(open);
    expect(await signInStatuses(aBrowser())).toEqual(shut);

    await nodes.database.query('UPDATE identities SET ended_at = clock_timestamp() WHERE id = $1', [
      person.identityId,
    ]);
    await nodes.database.query('DELETE FROM known_browsers WHERE identity_id = $1', [person.identityId]);
    expect(await signInStatuses(ended)).toEqual(shut);
    expect(await signInStatuses(own)).toEqual(shut);
    hasher.seemsCrowded = false;
    expect(await signInStatuses(aBrowser())).toEqual(open);
  });

  test.each([
    'noegle-session=x',
    `noegle-session=${'x'.repeat(43)}`,
    `noegle-browser=${'x'.repeat(43)}`,
    `noegle-session=x; noegle-browser=${'x'.repeat(43)}`,
  ])('is not passed by a cookie of that name: %s', async (cookie) => {
    hasher.seemsCrowded = true;
    expect(await signInStatuses(aBrowser(), { cookie })).toEqual(shut);
  });

  test('asks nothing of the database while it is not crowded', async () => {
    const end = slowDown(nodes, 'FROM known_browsers WHERE browser = ANY ($1::bytea[]) LIMIT 1', 0);
    const person = await aPerson(nodes);
    const known = await aKnownBrowser(nodes, person, rp);
    await known.request(authRequest(rp).path);
    expect(end()).toBe(0);
  });

  test('nor is it passed by what is posted from a frame on another site', async () => {
    hasher.seemsCrowded = true;
    const body = new URL(authRequest(rp, { state: 'x'.repeat(3_000) }).path, nodes.issuer).search.slice(1);
    const headers = { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'cross-site' };
    expect((await aBrowser().request('/auth', { method: 'POST', body, headers })).status).toBe(503);
  });
});

test('a choice of credentials waits for its turn in a full /24, and comes back when it waited too long', async () => {
  const browser = aBrowser('203.0.113.9');
  const page = await toChoosePage(browser, await waitForLetters(nodes, await issueApplication(nodes)));
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const held = Array.from({ length: 16 }, () => hasher.runInNetworkTurn('203.0.113.0/24', () => released));
  const chosen = { userId: 'en-der-venter', password: 'En kode til at vente med' };
  const answer = await browser.post(page, { ...chosen, terms: '1', understood: '1' });
  expect(answer.status).toBe(503);
  release();
  await Promise.all(held);
  expect((await browser.send(page, { ...chosen, terms: '1', understood: '1' })).page).toBe('activate-done');
});

describe('a client that hung up', () => {
  /** Sends a form and lets the test close the connection. */
  function submit(
    page: BrowserPage,
    cookies: readonly string[],
    fields: Record<string, string>,
  ): ClientRequest {
    const body = encodeForm({ ...hiddenFields(page), ...fields });
    const request = httpRequest({
      host: '127.0.0.1',
      port: nodes.node(0).port,
      path: new URL(page.formUrl).pathname,
      method: 'POST',
      headers: {
        ...FORM,
        host: new URL(nodes.issuer).host,
        cookie: cookies.join('; '),
        'x-forwarded-for': anAddress(),
        'content-length': String(Buffer.byteLength(body)),
      },
    });
    request.on('error', () => undefined);
    request.end(body);
    return request;
  }

  /** Attempts of all names, and of all networks. */
  async function counts() {
    const [row] = await nodes.database.query<{ names: number; networks: number }>(
      `SELECT (SELECT coalesce(sum(tries), 0)::int FROM attempts) AS names,
         (SELECT coalesce(round(sum(level)), 0)::int FROM network_tries) AS networks`,
    );
    return row;
  }

  interface PreparedForms {
    readonly browser: TestBrowser;
    readonly page: BrowserPage;
    readonly fields: Record<string, string>;
    /** How many were hashed before the measured part. */
    readonly before?: number;
  }

  const withPassword =
    (path: () => string) =>
    async (person: TestPerson): Promise<PreparedForms> => {
      const browser = aBrowser();
      const fields = { userId: person.userId, password: 'wrong-wrong-1234' };
      return { browser, page: await browser.follow(path()), fields };
    };
  const withOrder = (typed: Record<string, string>) => async (): Promise<PreparedForms> => {
    const browser = aBrowser();
    const fields = { ...fillIn(await aRegistered(nodes)), ...typed };
    return { browser, page: await browser.follow('/order'), fields };
  };

  const forms: [string, (person: TestPerson) => Promise<PreparedForms>][] = [
    ['a sign-in', withPassword(() => authRequest(rp).path)],
    ['blocking', withPassword(() => '/block/card')],
    ['an activation', withPassword(() => '/activate')],
    ['an order online', withOrder({})],
    ['an order online without a match', withOrder({ name: 'En Anden' })],
    [
      'a choice of credentials',
      async () => {
        const browser = aBrowser();
        const page = await toChoosePage(browser, await waitForLetters(nodes, await issueApplication(nodes)));
        const fields = {
          userId: 'en-der-gik',
          password: 'En kode til at gå fra',
          terms: '1',
          understood: '1',
        };
        return { browser, page, fields };
      },
    ],
    [
      'a new password in self-service',
      async (person) => {
        const browser = aBrowser();
        await signInAt(browser, person, '/self-service');
        const page = await browser.follow('/self-service/sign-in');
        const fields = {
          do: 'password',
          currentPassword: person.password,
          password: 'En kode til at gå fra',
        };
        return { browser, page, fields, before: 1 };
      },
    ],
  ];

  test.each(forms)('%s is not hashed, counts for nothing, and is no error', async (_what, prepare) => {
    const person = await aPerson(nodes);
    const { browser, page, fields, before: earlier = 0 } = await prepare(person);
    hasher.compared.length = 0;
    const logged = nodes.log.length;
    const before = await counts();
    let client: ClientRequest | null = null;
    let hashes = 0;
    hasher.before = async ({ signal }) => {
      if (hashes++ !== earlier) return;
      client?.destroy();
      if (signal && !signal.aborted) await once(signal, 'abort');
    };
    client = submit(page, await browser.cookiesFor(page.formUrl), fields);
    for (let i = 0; i < 500 && !nodes.log.slice(logged).includes('"status":499'); i += 1)
      await setTimeout(10);
    expect(nodes.log.slice(logged)).toContain('"status":499');
    expect(hasher.compared).toEqual([...Array<string>(earlier).fill('right'), 'HashingAborted']);
    expect(hasher.keysInFlight).toBe(0);
    expect(await counts()).toEqual(before);
    hasher.before = async () => {};
    expect((await signInAtNode(aBrowser(), person, authRequest(rp))).get('code')).toBeTruthy();
  });
});

describe('a stronger setting', () => {
  async function hashOf({ identityId }: TestPerson): Promise<string> {
    const [row] = await nodes.database.query<{ password_hash: string }>(
      'SELECT password_hash FROM identities WHERE id = $1',
      [identityId],
    );
    return row?.password_hash ?? '';
  }
  const weaker = () => ({ ...nodes.context, hasher: new PasswordHasher({ maxWaiting: 10, setting: CHEAP }) });

  test('reaches a person at the next right password, once, and ends nothing', async () => {
    const person = await aPerson(nodes, {}, weaker());
    const before = await hashOf(person);
    expect(before).toContain('$m=8,t=1,p=1$');
    const page = await aBrowser().follow(authRequest(rp).path);
    await aBrowser().send(page, { userId: person.userId, password: 'not it at all' });
    await nodes.context.background.settle();
    expect(await hashOf(person)).toBe(before);

    const browser = aBrowser();
    expect((await signInAtNode(browser, person, authRequest(rp))).get('code')).toBeTruthy();
    await nodes.context.background.settle();
    const after = await hashOf(person);
    expect(after).toContain('$m=19456,t=2,p=1$');
    expect((await browser.follow('/session')).text).toContain('name="end"');
    expect((await signInAtNode(aBrowser(), person, authRequest(rp))).get('code')).toBeTruthy();
    await nodes.context.background.settle();
    expect(await hashOf(person)).toBe(after);
  });

  test('is known with the earlier settings, so that unknown names cost the same', async () => {
    const shares = await findHashSettingShares(nodes.context.database);
    const [counted] = await nodes.database.query<{ people: number; weak: number }>(
      `SELECT count(*)::int AS people, count(*) FILTER (WHERE password_hash LIKE '%$m=8,t=1,p=1$%')::int AS weak
       FROM identities`,
    );
    const before = (counted?.weak ?? 0) / (counted?.people ?? 1);
    expect(shares.get('m=8,t=1,p=1') ?? 0).toBeCloseTo(before);
    await aPerson(nodes, {}, weaker());
    const after = await findHashSettingShares(nodes.context.database);
    expect(after.get('m=8,t=1,p=1')).toBeGreaterThan(before);
    expect([...after.values()].reduce((sum, one) => sum + one, 0)).toBeCloseTo(1);
    await imitateStoredHashes(nodes.context);
  });

  test('never brings back a password that was changed in the meantime', async () => {
    const person = await aPerson(nodes, {}, weaker());
    const { reached, release } = holdUp(nodes, 'SET password_hash = $3');
    expect((await toKeyPage(aBrowser(), person, authRequest(rp))).page).toBe('key');
    await reached;
    const other = await hasher.hash('another password');
    await nodes.database.query('UPDATE identities SET password_hash = $2 WHERE id = $1', [
      person.identityId,
      other,
    ]);
    release();
    await nodes.context.background.settle();
    expect(await hashOf(person)).toBe(other);
  });

  test('is no fault of the sign-in where it fails: the log has it, the next one makes it', async () => {
    const person = await aPerson(nodes, {}, weaker());
    hasher.canRehash = false;
    expect((await toKeyPage(aBrowser(), person, authRequest(rp))).page).toBe('key');
    await nodes.context.background.settle();
    hasher.canRehash = true;
    expect(nodes.log).toContain('a password was not rehashed');
    expect(await hashOf(person)).toContain('$m=8,t=1,p=1$');
    expect((await toKeyPage(aBrowser(), person, authRequest(rp))).page).toBe('key');
    await nodes.context.background.settle();
    expect(await hashOf(person)).toContain('$m=19456,t=2,p=1$');
  });
});
