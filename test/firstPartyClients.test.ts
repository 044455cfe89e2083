/**
 * A first-party client behind a sign-in, for its signed-in users and for attackers: the desk, over two nodes.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { LOW, SUBSTANTIAL } from '../src/domain/signIn/levels.ts';
import {
  DESK_CLIENT,
  isPathOfClient,
  isStrongEnough,
  SELF_SERVICE_CLIENT,
} from '../src/domain/relyingParty/firstPartyClient.ts';
import type { Database } from '../src/db/database.ts';
import { blockTarget } from '../src/features/factors/block.ts';
import { makeFirstOperators } from '../src/features/desk/staff/makeFirstOperators.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  confirmLogout,
  DeskBrowser,
  deskCookie,
  hiddenFields,
  Nodes,
  type BrowserPage,
  payloadOf,
  redeemCode,
  signInAtNode,
  signInAt,
  takeOut,
  type TestPerson,
  type TestRelyingParty,
  toAnswer,
  useNodes,
} from './support/index.ts';

const MINUTE = 60_000;

let erik: TestPerson;
let elna: TestPerson;
const nodes = useNodes({ count: 2 });
beforeAll(async () => {
  [erik, elna] = [await aPerson(nodes, { givenName: 'Erik' }), await aPerson(nodes, { givenName: 'Elna' })];
  expect(await makeFirstOperators(nodes.context, [erik.identityId, elna.identityId])).toBe('done');
});

const atDesk = async (person = erik, path = '/desk') => {
  const browser = new DeskBrowser(nodes);
  return { browser, page: await signInAt(browser, person, path) };
};
const sessions = async () => await nodes.database.query('SELECT FROM own_sessions');

describe('the sign-in', () => {
  test('takes a fresh key, whatever session there is, and comes back to where the person wanted to', async () => {
    const { browser, page } = await atDesk(erik, '/desk/staff?done=ended');
    expect([page.page, page.url]).toEqual(['desk-staff', `${nodes.issuer}/desk/staff?done=ended`]);
    expect(page.text).toContain(erik.fullName);
    // The desk's own session is over, that of Nøgle is not: it is not enough.
    nodes.clock.forward(16 * MINUTE);
    expect((await browser.follow('/session')).page).toBe('session');
    expect((await browser.follow('/desk')).page).toBe('password');
  });

  test('its cookies go only to the desk, and neither scripts nor other sites get them', async () => {
    const { browser } = await atDesk();
    const deskCookies = browser.lines.filter((line) => line.startsWith('noegle-desk'));
    expect(deskCookies.length).toBeGreaterThan(2);
    for (const line of deskCookies) {
      expect(line).toMatch(/; path=\/desk(;|$)/i);
      expect(line).toMatch(/; httponly/i);
      expect(line).toMatch(/; samesite=lax/i);
    }
    const [session] = deskCookies.filter(
      (line) => line.startsWith(`${deskCookie()}=`) && !/expires/i.test(line),
    );
    expect(session).toMatch(/^noegle-desk=[A-Za-z0-9_-]{43};/);
  });

  test('several tabs on their way concurrently all reach where they wanted to', async () => {
    const browser = new DeskBrowser(nodes);
    const paths = ['/desk', '/desk/staff', '/desk/staff?done=proposed', '/desk?tab=4'];
    const tabs: BrowserPage[] = [];
    for (const path of paths) tabs.push(await browser.follow(path));
    for (const [i, tab] of tabs.entries()) {
      const page = await browser.follow(await toAnswer(browser, erik, tab));
      expect(page.url).toBe(`${nodes.issuer}${paths[i]}`);
    }
    expect((await browser.follow('/desk')).page).toBe('desk-home');
  });

  test('tabs that never arrive do not fill the cookie header', async () => {
    const browser = new DeskBrowser(nodes);
    for (let i = 0; i < 12; i += 1) expect((await browser.request('/desk')).status).toBe(303);
    const pendingCookies = [...browser.cookies.keys()].filter((name) => name.startsWith('noegle-desk.'));
    expect(pendingCookies).toHaveLength(5);
    expect((await signInAt(browser, erik)).page).toBe('desk-home');
  });

  test('an answer that nobody asked for, or another browser did, signs nobody in', async () => {
    const browser = new DeskBrowser(nodes);
    const answer = await toAnswer(browser, erik, await browser.follow('/desk'));
    const url = new URL(answer);
    const before = (await sessions()).length;
    const forged = (changes: Record<string, string>) => {
      const other = new URL(url);
      for (const [name, value] of Object.entries(changes)) other.searchParams.set(name, value);
      return other.href;
    };
    // A victim who follows the link of an attacker would work in the attacker's name.
    const foreign = await new DeskBrowser(nodes).follow(answer);
    expect([foreign.status, foreign.page]).toEqual([400, 'site-not-signed-in']);
    for (const changes of [{ state: 'x' }, { state: '' }, { state: 'a'.repeat(43) }]) {
      const seen = await browser.follow(forged(changes));
      expect([seen.status, seen.page]).toEqual([400, 'site-not-signed-in']);
    }
    expect((await browser.follow('/desk/callback')).status).toBe(400);
    expect((await browser.follow('/desk/callback?state=a&state=b')).status).toBe(400);
    expect((await sessions()).length).toBe(before);
    // None of them has spoilt it.
    expect((await browser.follow(answer)).page).toBe('desk-home');
  });

  test('an answer from elsewhere (iss), or one that was tampered with, signs nobody in', async () => {
    for (const [name, value] of [
      ['iss', 'https://evil.example'],
      ['iss', ''],
      ['code', 'forged'],
    ] as const) {
      const browser = new DeskBrowser(nodes);
      const url = new URL(await toAnswer(browser, erik, await browser.follow('/desk')));
      if (value === '') url.searchParams.delete(name);
      else url.searchParams.set(name, value);
      expect((await browser.follow(url.href)).page).toBe('site-not-signed-in');
      // Valid for one answer: the right one comes too late.
      url.searchParams.set(name, value);
      expect((await browser.follow(url.href)).page).toBe('site-not-signed-in');
    }
  });

  test('a sign-in that is worth less than it wants signs nobody in, whatever its registration says', async () => {
    const lowered = await Nodes.start();
    try {
      // Before a node has read it.
      await lowered.database.query(
        `UPDATE relying_parties SET metadata = metadata || $1 WHERE client_id = 'noegle-desk'`,
        [JSON.stringify({ require_fresh_key: false, min_acr: LOW })],
      );
      const person = await aPerson(lowered);
      const many = async () => (await lowered.database.query('SELECT FROM own_sessions')).length;
      const browser = new DeskBrowser(lowered);
      const { headers } = await browser.request('/desk');
      const request = new URL(headers.location ?? '');
      request.searchParams.set('acr_values', LOW);
      const page = await browser.follow(request.href);
      const outcome = await browser.send(page, { userId: person.userId, password: person.password });
      expect([outcome.status, outcome.page]).toEqual([200, 'site-not-signed-in']);
      expect(await many()).toBe(0);
      // Password and key are enough there too.
      const both = await signInAt(new DeskBrowser(lowered), person);
      expect(both.page).not.toBe('site-not-signed-in');
      expect(await many()).toBe(1);
    } finally {
      await lowered.close();
    }
  });

  test('a code of another tab is refused: state, nonce and verifier belong together', async () => {
    const browser = new DeskBrowser(nodes);
    const [one, two] = [await browser.follow('/desk'), await browser.follow('/desk')];
    const first = new URL(await toAnswer(browser, erik, one));
    const second = new URL(await toAnswer(browser, erik, two));
    first.searchParams.set('code', second.searchParams.get('code') ?? '');
    expect((await browser.follow(first.href)).page).toBe('site-not-signed-in');
  });

  test('an answer that comes twice: who is signed in continues, a copy gets nothing', async () => {
    const browser = new DeskBrowser(nodes);
    const begun = await browser.follow('/desk/staff');
    const answer = await toAnswer(browser, erik, begun);
    const copy = browser.header();
    expect((await browser.follow(answer)).page).toBe('desk-staff');
    const again = await browser.follow(answer);
    expect([again.page, again.url]).toEqual(['desk-home', `${nodes.issuer}/desk`]);
    const replayed = await new TestBrowser(nodes).request(answer, { headers: { cookie: copy } });
    expect([replayed.page, replayed.headers['set-cookie']?.join().includes('noegle-desk=')]).toEqual([
      'site-not-signed-in',
      false,
    ]);
  });

  test('of 8 answers concurrently on two nodes at most one begins a session', async () => {
    const browser = new DeskBrowser(nodes);
    const answer = await toAnswer(browser, erik, await browser.follow('/desk'));
    const headers = { cookie: browser.header() };
    const before = (await sessions()).length;
    const seen = await Promise.all(
      Array.from({ length: 8 }, (_, i) => new TestBrowser(nodes, i).request(answer, { headers })),
    );
    expect(seen.every(({ status }) => [200, 303].includes(status))).toBe(true);
    expect((await sessions()).length - before).toBeLessThanOrEqual(1);
    expect(seen.filter(({ status }) => status === 303).length).toBeLessThanOrEqual(1);
  });

  test('who gives up is told so, and not redirected in a circle', async () => {
    const browser = new DeskBrowser(nodes);
    const page = await browser.follow('/desk');
    const back = await browser.send(page, { userId: 'x', password: 'y', cancel: '1' });
    expect([back.status, back.page]).toEqual([200, 'site-not-signed-in']);
    expect(back.text).toContain('href="/desk"');
  });

  test('no one is redirected elsewhere, nor into a part of Nøgle that is not the desk', async () => {
    const outside = [
      '//evil.example',
      'https://evil.example',
      '/desktop',
      '/desk\\evil',
      '/session',
      '',
      '/desk\n',
    ];
    expect(outside.filter((address) => isPathOfClient(DESK_CLIENT, address))).toEqual([]);
    expect((await new TestBrowser(nodes).follow('/desk//evil.example')).status).toBe(404);
    for (const path of ['/desk/staff?to=https://evil.example', '/desk?x=//evil.example']) {
      const page = (await atDesk(erik, path)).page;
      expect(new URL(page.url).origin).toBe(nodes.issuer);
      expect(new URL(page.url).pathname.startsWith('/desk')).toBe(true);
    }
    // The return address is too long: the start page of the desk is used.
    const { page } = await atDesk(erik, `/desk?${'x'.repeat(2_000)}`);
    expect(page.url).toBe(`${nodes.issuer}/desk`);
  });

  test('when this node does not answer itself, it says so; the same answer is valid afterwards', async () => {
    const browser = new DeskBrowser(nodes);
    const answer = await toAnswer(browser, erik, await browser.follow('/desk'));
    const fail = Object.assign(new Error('away'), { statusCode: 503 });
    for (const { app } of nodes.list) {
      const { database } = app.context;
      const query = database.query.bind(database);
      (database as Pick<Database, 'query'>).query = async (...asked) => {
        if (asked[0].text.includes('consumed_at = now()')) throw fail;
        return await query<never>(...asked);
      };
    }
    const away = await browser.request(answer);
    expect([away.status, away.page]).toEqual([503, 'trouble']);
    for (const { app } of nodes.list) Reflect.deleteProperty(app.context.database, 'query');
    expect((await browser.follow(answer)).page).toBe('desk-home');
  });
});

describe('the session', () => {
  test('ends after 15 idle minutes, and not before; a click keeps it', async () => {
    const { browser } = await atDesk();
    nodes.clock.forward(14 * MINUTE);
    expect((await browser.follow('/desk')).page).toBe('desk-home');
    nodes.clock.forward(14 * MINUTE);
    expect((await browser.follow('/desk')).page).toBe('desk-home');
    nodes.clock.forward(15 * MINUTE);
    expect((await browser.request('/desk')).headers.location).toContain(`${nodes.issuer}/auth?`);
  });

  test('ends after 8 hours, however busy', async () => {
    const { browser } = await atDesk();
    for (let i = 0; i < 47; i += 1) {
      nodes.clock.forward(10 * MINUTE);
      expect((await browser.request('/desk')).status).toBe(200);
    }
    nodes.clock.forward(10 * MINUTE);
    expect((await browser.request('/desk')).status).toBe(303);
  });

  test('is found, checked and kept alive in one statement; it is written to at most once a minute', async () => {
    const { browser } = await atDesk();
    const seenAt = async () =>
      (await nodes.database.query<{ at: Date }>('SELECT max(seen_at) AS at FROM own_sessions'))[0]?.at;
    const first = await seenAt();
    const { statements } = nodes.cost;
    await browser.request('/desk');
    // The second statement reads the role.
    expect(nodes.cost.statements - statements).toBe(2);
    nodes.clock.forward(59_000);
    await browser.request('/desk');
    expect(await seenAt()).toEqual(first);
    nodes.clock.forward(1_000);
    await browser.request('/desk');
    expect(await seenAt()).not.toEqual(first);
  });

  test('a form sent after the end is not done: it leads to the sign-in and back, with a word', async () => {
    const { browser, page } = await atDesk(erik, '/desk/staff');
    nodes.clock.forward(16 * MINUTE);
    const filled = { userId: elna.userId, staffRole: 'officer', bank: '', do: 'propose' };
    const keyPage = await browser.send(page, filled);
    const back = await browser.follow(await toAnswer(browser, erik, keyPage));
    expect([back.page, back.url]).toEqual(['desk-staff', `${nodes.issuer}/desk/staff?again=1`]);
    expect(back.text).toContain('Du var logget af, da du sendte.');
    expect((await browser.follow('/desk/staff')).text).not.toContain('Du var logget af, da du sendte.');
    expect(await nodes.database.query('SELECT FROM staff')).toHaveLength(2);
  });

  test('is new at each sign-in, and the one before is over', async () => {
    const { browser } = await atDesk();
    const before = browser.cookies.get(deskCookie()) ?? '';
    nodes.clock.forward(16 * MINUTE);
    expect((await signInAt(browser, erik)).page).toBe('desk-home');
    expect(browser.cookies.get(deskCookie())).not.toBe(before);
    const rows = (await sessions()).length;
    const old = await new TestBrowser(nodes).request('/desk', {
      headers: { cookie: `${deskCookie()}=${before}` },
    });
    expect([old.status, rows]).toEqual([303, (await sessions()).length]);
  });

  test.each(['card', 'identity'] as const)(
    'a block of the %s takes effect at the next request, on every node',
    async (what) => {
      const person = await aPerson(nodes);
      const { browser, page } = await atDesk(person);
      expect(page.page).toBe('no-role');
      await blockTarget(nodes.context, person.identityId, what, { by: 'person' });
      for (let i = 0; i < 2; i += 1) expect((await browser.request('/desk')).status).toBe(303);
    },
  );

  test('log-out everywhere, from another browser, is felt at once', async () => {
    const { browser } = await atDesk();
    const elsewhere = new TestBrowser(nodes);
    const rp = await aRelyingParty(nodes);
    await signInAtNode(elsewhere, erik, authRequest(rp));
    await elsewhere.send(await elsewhere.follow('/session'), { end: 'everywhere' });
    for (let i = 0; i < 2; i += 1) expect((await browser.request('/desk')).status).toBe(303);
  });

  test('log-out of this browser at /session, and by another site, takes effect immediately; another browser stays', async () => {
    const [here, there] = [await atDesk(), await atDesk()];
    await here.browser.send(await here.browser.follow('/session'), { end: 'here' });
    for (let i = 0; i < 2; i += 1) expect((await here.browser.request('/desk')).status).toBe(303);
    expect((await there.browser.follow('/desk')).page).toBe('desk-home');
    const rp = await aRelyingParty(nodes);
    const question = await there.browser.follow(`/session/end?client_id=${rp.clientId}`);
    await confirmLogout(there.browser, question);
    for (let i = 0; i < 2; i += 1) expect((await there.browser.request('/desk')).status).toBe(303);
  });

  test('a session of Nøgle that was idle too long does not end it, nor one that got another id', async () => {
    const { browser } = await atDesk();
    const site = await aRelyingParty(nodes);
    // A refusal of a log-out that a site requested gives the session a new id.
    await browser.follow(authRequest(site).path);
    const asked = await browser.follow(`/session/end?client_id=${site.clientId}`);
    await confirmLogout(browser, asked, {});
    expect((await browser.follow('/desk')).page).toBe('desk-home');
    await nodes.database.query(`UPDATE oidc_records SET expires_at = now() - interval '1 second'`);
    expect((await browser.follow('/session')).page).toBe('no-session');
    expect((await browser.follow('/desk')).page).toBe('desk-home');
  });

  test('another person who signs in to Nøgle with this browser ends it', async () => {
    const { browser } = await atDesk();
    const other = await aPerson(nodes);
    const site = await aRelyingParty(nodes);
    await signInAtNode(browser, other, authRequest(site, { prompt: 'login' }));
    expect((await browser.request('/desk')).status).toBe(303);
  });

  const signOutOf = async (browser: DeskBrowser, page: BrowserPage) => {
    const form = { csrf: hiddenFields(page)['csrf'] ?? '' };
    return await browser.request('/desk/sign-out', { form });
  };
  const stillSignedIn = 'Nogen er stadig logget på Nøgle i denne browser.';

  test.each([
    ['in use', 0],
    // The page is still open; the underlying session of Nøgle lives longer.
    ['idle for too long', 16 * MINUTE],
  ])('%s: signing out is one click for it and for Nøgle, without a question', async (_state, idleMs) => {
    const person = await aPerson(nodes);
    const listener = await aRelyingParty(nodes, { backchannel_logout_uri: 'https://told.example/logout' });
    const browser = new DeskBrowser(nodes);
    const request = authRequest(listener);
    const code = (await signInAtNode(browser, person, request)).get('code') ?? '';
    await redeemCode(nodes, listener, code, request.verifier);
    const page = await signInAt(browser, person);
    const cookie = `${deskCookie()}=${browser.cookies.get(deskCookie())}`;
    nodes.clock.forward(idleMs);
    const answer = await signOutOf(browser, page);
    expect([answer.status, answer.headers.location]).toEqual([303, '/desk/signed-out']);
    const gone = answer.headers['set-cookie']?.filter((line) => line.includes('01 Jan 1970')) ?? [];
    expect(gone.map((line) => line.split('=')[0])).toEqual(
      expect.arrayContaining(['noegle-session', deskCookie()]),
    );
    const end = await browser.follow('/desk/signed-out');
    expect([end.page, end.text.includes(stillSignedIn)]).toEqual(['site-signed-out', false]);
    expect((await browser.follow('/session')).page).toBe('no-session');
    expect((await new TestBrowser(nodes).request('/desk', { headers: { cookie } })).status).toBe(303);
    const [notifications, events] = [
      await nodes.database.query('SELECT FROM logouts WHERE client_id = $1', [listener.clientId]),
      await nodes.database.query<{ details: unknown }>(
        `SELECT details FROM audit_events WHERE kind = 'signed_out' AND identity_id = $1`,
        [person.identityId],
      ),
    ];
    expect([notifications.length, events]).toEqual([1, [{ details: { clientId: DESK_CLIENT.clientId } }]]);
    // Twice, or too late: nothing to end, and no error.
    expect((await signOutOf(browser, page)).headers.location).toBe('/desk/signed-out');
  });

  test('signing out of a session whose browser has lost the one of Nøgle ends both', async () => {
    const { browser, page } = await atDesk();
    const cookie = `${deskCookie()}=${browser.cookies.get(deskCookie())}`;
    const form = { csrf: hiddenFields(page)['csrf'] ?? '' };
    const options = { form, headers: { cookie } };
    const answer = await new TestBrowser(nodes).request('/desk/sign-out', options);
    expect(answer.headers.location).toBe('/desk/signed-out');
    expect((await browser.follow('/session')).page).toBe('no-session');
  });

  test('signing out where another person is signed in to Nøgle since: they are asked', async () => {
    for (const fields of [{ logout: 'yes' }, {}] as Record<string, string>[]) {
      const { browser, page } = await atDesk();
      const desk = browser.cookies.get(deskCookie()) ?? '';
      // The underlying session of Nøgle was idle for too long, and is not ended by the next one.
      await nodes.database.query(
        `UPDATE oidc_records SET expires_at = now() - interval '1 second' WHERE model = 'Session'`,
      );
      await signInAtNode(browser, await aPerson(nodes), authRequest(await aRelyingParty(nodes)));
      const answer = await signOutOf(browser, page);
      const question = await browser.follow(answer.headers.location ?? '');
      const cookie = `${deskCookie()}=${desk}`;
      expect((await new TestBrowser(nodes).request('/desk', { headers: { cookie } })).status).toBe(303);
      const confirmed = await confirmLogout(browser, question, fields);
      const end = await browser.follow(confirmed.headers.location ?? '');
      const isOut = 'logout' in fields;
      expect([end.page, end.text.includes(stillSignedIn)]).toEqual(['site-signed-out', !isOut]);
      expect((await browser.follow('/session')).page).toBe(isOut ? 'no-session' : 'session');
    }
  });

  test.each(['/desk', '/self-service'])(
    '%s: a form of another site brings no cookie, and takes none away',
    async (path) => {
      const options = { form: {} };
      const answer = await new TestBrowser(nodes).request(`${path}/sign-out`, options);
      expect([answer.status, answer.headers.location]).toEqual([303, `${path}/signed-out`]);
      expect(answer.headers['set-cookie']).toBeUndefined();
    },
  );

  test('no one who is signed in is told that they are signed out', async () => {
    const { browser } = await atDesk();
    expect((await browser.follow('/desk/signed-out')).page).toBe('desk-home');
    nodes.clock.forward(16 * MINUTE);
    expect((await browser.follow('/desk/signed-out')).page).toBe('site-signed-out');
  });

  test('a form of another session, or of none, does nothing', async () => {
    const [mine, theirs] = [await atDesk(), await atDesk(elna)];
    for (const csrf of ['', 'x', hiddenFields(theirs.page)['csrf'] ?? '']) {
      const form = { csrf, userId: 'x', do: 'propose' };
      expect((await mine.browser.request('/desk/staff', { form })).status).toBe(403);
      expect((await mine.browser.request('/desk/sign-out', { form })).status).toBe(403);
    }
    expect((await mine.browser.follow('/desk')).page).toBe('desk-home');
  });

  test('a cookie that no node issued is no session', async () => {
    for (const content of ['', 'x', 'a'.repeat(43), `${'a'.repeat(42)}'`, 'a'.repeat(4_000)]) {
      const headers = { cookie: `${deskCookie()}=${content}` };
      expect((await new TestBrowser(nodes).request('/desk', { headers })).status).toBe(303);
    }
  });
});

describe('control: each part of the condition is needed', () => {
  const stays = async (
    guard: string,
    instead: string,
    end: (person: TestPerson, browser: DeskBrowser) => Promise<void>,
  ) => {
    const person = await aPerson(nodes);
    const { browser } = await atDesk(person);
    await end(person, browser);
    expect((await browser.request('/desk')).status).toBe(303);
    const repair = takeOut(nodes, guard, instead);
    try {
      // Without the guard the session is found, and only the role is missing.
      expect((await browser.request('/desk')).status).toBe(403);
    } finally {
      repair();
    }
  };

  test('idle, log-out of the session, end of the identity', async () => {
    const wait = (ms: number) => () => Promise.resolve(nodes.clock.forward(ms));
    await stays("o.seen_at > $3::timestamptz - $4 * interval '1 minute'", '$4::int > 0', wait(15 * MINUTE));
    await stays('s.ended_at IS NULL', 'true', async (_person, browser) => {
      await browser.send(await browser.follow('/session'), { end: 'here' });
    });
    await stays('(i.ended_at IS NULL OR o.login_at > i.ended_at)', 'true', async ({ identityId }) => {
      await blockTarget(nodes.context, identityId, 'card', { by: 'person' });
    });
  });
});

// Both factors everywhere. Self-service takes an ID that was ordered online, the desk does not.
test.each([
  [{}, false, false],
  [{ acr: SUBSTANTIAL }, false, false],
  [{ amr: ['pwd', 'otp', 'mfa'] }, false, false],
  [{ acr: LOW, amr: ['pwd', 'otp', 'mfa'] }, false, true],
  [{ acr: LOW, amr: ['pwd'] }, false, false],
  [{ acr: SUBSTANTIAL, amr: ['pwd'] }, false, false],
  [{ acr: SUBSTANTIAL, amr: 'otp' }, false, false],
  [{ acr: SUBSTANTIAL, amr: ['pwd', 'otp', 'mfa'] }, true, true],
])('what an ID token lacks was not shown: %j', (claims, isEnoughAtDesk, isEnoughInSelfService) => {
  expect(isStrongEnough(DESK_CLIENT, 'card', claims)).toBe(isEnoughAtDesk);
  expect(isStrongEnough(SELF_SERVICE_CLIENT, 'card', claims)).toBe(isEnoughInSelfService);
});

describe('the relying party that it is', () => {
  const registered = async () =>
    await nodes.database.query<{ kind: string; xmin: string; metadata: Record<string, unknown> }>(
      `SELECT kind, xmin::text, metadata FROM relying_parties WHERE client_id = 'noegle-desk'`,
    );

  test('is registered at start, and written again only where something differs', async () => {
    const [before] = await registered();
    expect(before?.kind).toBe('internal');
    expect(before?.metadata).toMatchObject({
      trusted: true,
      require_fresh_key: true,
      grant_types: ['authorization_code'],
    });
    await nodes.restart();
    expect((await registered())[0]?.xmin).toBe(before?.xmin);
    await nodes.database.query(
      `UPDATE relying_parties SET metadata = metadata || '{"require_fresh_key": false}' WHERE client_id = 'noegle-desk'`,
    );
    await nodes.restart();
    expect((await registered())[0]?.metadata).toEqual(before?.metadata);
  });

  test('only a site of our own, at our own address, is told the identity itself', async () => {
    const person = await aPerson(nodes);
    const subOf = async (rp: TestRelyingParty) => {
      const request = authRequest(rp, { scope: 'openid' });
      const code = (await signInAtNode(new TestBrowser(nodes), person, request)).get('code') ?? '';
      return payloadOf((await redeemCode(nodes, rp, code, request.verifier)).id_token)['sub'];
    };
    const own = await aRelyingParty(nodes, { kind: 'internal', redirect_uris: [`${nodes.issuer}/none`] });
    const request = authRequest(own, { scope: 'openid' });
    const browser = new TestBrowser(nodes);
    const keyPage = await browser.follow(request.path);
    expect(keyPage.page).toBe('password');
    const answer = await toAnswer(browser, person, keyPage);
    const code = new URL(answer).searchParams.get('code') ?? '';
    expect(payloadOf((await redeemCode(nodes, own, code, request.verifier)).id_token)['sub']).toBe(
      person.identityId,
    );
    const elsewhere = nodes.issuer.replace('localhost', 'localhost.evil.example');
    const others = [
      await aRelyingParty(nodes, { kind: 'public' }),
      await aRelyingParty(nodes, { kind: 'bank' }),
      await aRelyingParty(nodes, {
        kind: 'public',
        redirect_uris: ['https://rp.example/cb', `${nodes.issuer}/x`],
      }),
      await aRelyingParty(nodes, { kind: 'internal' }),
      await aRelyingParty(nodes, {
        kind: 'internal',
        redirect_uris: [`${elsewhere}/cb`, `${nodes.issuer}/x`],
      }),
    ];
    for (const rp of others) expect(await subOf(rp)).not.toBe(person.identityId);
  });
});

describe('a page that is left open', () => {
  test('learns how long its session lasts untouched, and does not prolong it by asking', async () => {
    const { browser } = await atDesk();
    const left = async () => Number((await browser.request('/desk/time-left')).text);
    expect(await left()).toBe(15 * 60);
    nodes.clock.forward(10 * MINUTE);
    expect(await left()).toBe(5 * 60);
    await browser.follow('/desk');
    expect(await left()).toBe(15 * 60);
    for (let i = 0; i < 3; i += 1) {
      nodes.clock.forward(6 * MINUTE);
      await left();
    }
    expect(await left()).toBe(0);
    expect((await browser.follow('/desk')).page).toBe('password');
    expect(Number((await new TestBrowser(nodes).request('/desk/time-left')).text)).toBe(0);
  });

  test('asks for its own session: that of another person in the same browser is not its own', async () => {
    const [mine, theirs] = [await atDesk(), await atDesk(elna)];
    const markOf = ({ text }: BrowserPage) => /data-of="([\w-]{16})"/.exec(text)?.[1] ?? '';
    const left = async (of: string) => (await mine.browser.request(`/desk/time-left?of=${of}`)).text;
    expect(markOf(mine.page)).toBe(markOf(await mine.browser.follow('/desk/staff')));
    expect(await left(markOf(mine.page))).toBe('900');
    for (const other of [markOf(theirs.page), '', 'x']) expect(await left(other)).toBe('0');
    expect((await mine.browser.request('/desk/time-left?of=x&of=y')).text).toBe('0');
  });

  test('is replaced by one that says what is so, and shows nothing before it is asked for', async () => {
    const { browser, page } = await atDesk(erik, '/desk/staff');
    // Without script the page redirects automatically.
    expect(page.text).toContain('<meta http-equiv="refresh" content="900;url=/desk/timed-out"');
    const elsewhere = await browser.follow('/desk/timed-out?to=/desk/staff');
    expect([elsewhere.page, elsewhere.headers['cache-control']]).toEqual(['site-timed-out', 'no-store']);
    expect(elsewhere.text).toContain('Du er stadig logget på');
    expect(elsewhere.text).toContain('href="/desk/staff"');
    expect(elsewhere.text).not.toContain(erik.fullName);
    nodes.clock.forward(16 * MINUTE);
    const over = await browser.follow('/desk/timed-out?to=//evil.example');
    expect(over.text).toContain('<h1>Du er logget af</h1>');
    expect(over.text).not.toContain('href="//');
    expect((await browser.follow('/desk/staff')).page).toBe('password');
  });
});
