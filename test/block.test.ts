/** Blocking is immediate and total: on every node, also for requests in flight. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { startJobs } from '../src/app.ts';
import { formatCardNumber } from '../src/domain/card/keyCard.ts';
import { findCard } from '../src/db/cards/keyCards.ts';
import type { BlockTarget } from '../src/domain/factors/heldFactors.ts';
import { blockTarget } from '../src/features/factors/block.ts';
import { readCard } from '../src/features/identity/readCard.ts';
import { da } from '../src/ui/words/words.da.ts';
import {
  aKnownBrowser,
  aPerson,
  aRelyingParty,
  authRequest,
  type TestAuthRequest,
  TestBrowser,
  challengeOf,
  encodeForm,
  holdOnNode,
  HOUR,
  isActive,
  keyFor,
  OnNode0,
  type BrowserPage,
  payloadOf,
  redeemCode,
  refreshTokens,
  request,
  readReturnedCode,
  signInAtNode,
  takeOut,
  type TestPerson,
  toKeyPage,
  useNodes,
  useRelyingParty,
  userinfo,
  useServer,
  timedOnly,
} from './support/index.ts';

/** A relying party's server, which takes log-out tokens and answers as configured. */
const logouts: { path: string; token: string }[] = [];
const answers: number[] = [];
const site = useServer((req, res) => void takeLogout(req, res));
async function takeLogout(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const token = new URLSearchParams(await text(req)).get('logout_token') ?? '';
  const status = req.url === '/fails-first' ? (answers.shift() ?? 200) : 200;
  logouts.push({ path: `${req.url} ${status}`, token });
  res.writeHead(status).end();
}

const nodes = useNodes(() => ({ count: 2, privateOrigins: [site.origin], withoutErrors: true }));
const rp = useRelyingParty(nodes);
const bank = useRelyingParty(nodes, { kind: 'bank' });

const OFFLINE = { scope: 'openid profile offline_access', prompt: 'consent' };

interface BlockTyped {
  readonly userId: string;
  readonly password: string;
  readonly what?: string;
}

/** The form of `/block`, as a person fills it in. */
async function ask(typed: BlockTyped, browser = new TestBrowser(nodes)): Promise<BrowserPage> {
  return await browser.post(await browser.follow('/block/card'), { what: 'card', ...typed });
}

/** The same; asserts that it was received. */
async function askAndBeReceived(typed: BlockTyped, browser = new TestBrowser(nodes)): Promise<void> {
  const answer = await ask(typed, browser);
  expect([answer.status, answer.headers.location]).toEqual([303, '/block/received']);
  expect((await browser.follow('/block/received')).page).toBe('block-received');
}

async function tokensOf(person: TestPerson, browser = new TestBrowser(nodes)) {
  const login = authRequest(rp, OFFLINE);
  const result = await signInAtNode(browser, person, login);
  return await redeemCode(nodes, rp, result.get('code') ?? '', login.verifier);
}

/** Access tokens, introspection and refresh are no longer valid, at any node. */
async function expectWorthless(tokens: { access_token: string; refresh_token?: string }): Promise<void> {
  for (const node of [0, 1]) {
    expect((await userinfo(nodes, tokens.access_token, node)).status).toBe(401);
    expect(await isActive(nodes, rp, tokens.access_token, node)).toBe(false);
    if (!tokens.refresh_token) continue;
    expect(await isActive(nodes, rp, tokens.refresh_token, node)).toBe(false);
    expect((await refreshTokens(nodes, rp, tokens.refresh_token, node)).error).toBe('invalid_grant');
  }
}

async function eventsOf({ identityId }: TestPerson): Promise<Record<string, number>> {
  const rows = await nodes.database.query<{ kind: string; many: number }>(
    'SELECT kind, count(*)::int AS many FROM audit_events WHERE identity_id = $1 GROUP BY kind',
    [identityId],
  );
  return Object.fromEntries(rows.map(({ kind, many }) => [kind, many]));
}

interface BlockedCardState {
  readonly id: string;
  readonly state: string;
  readonly letter: string | null;
}

async function cardsOf({ identityId }: TestPerson): Promise<BlockedCardState[]> {
  return await nodes.database.query<BlockedCardState>(
    `SELECT c.id, c.state, l.state AS letter FROM key_cards c LEFT JOIN letters l ON l.card_id = c.id
     WHERE c.identity_id = $1 ORDER BY c.ordered_at, c.state`,
    [identityId],
  );
}

const states = async (person: TestPerson) => (await cardsOf(person)).map(({ state }) => state);

async function run(task: string, node = 0): Promise<void> {
  await nodes.node(node).app.tasks[task]?.({});
}

/** The page that a right password leads to. */
async function refusalOf(person: TestPerson, browser = new TestBrowser(nodes)): Promise<string> {
  const page = await toKeyPage(browser, person, authRequest(bank));
  if (page.page !== 'refused') return page.page ?? String(page.status);
  const back = readReturnedCode(await browser.send(page, { cancel: '1' }));
  return back.get('error_description')?.split(':')[0] ?? '';
}

describe('/block', () => {
  test('works while sign-in is locked, and says the same to everybody', async () => {
    const [right, wrong, again] = [await aPerson(nodes), await aPerson(nodes), await aPerson(nodes)];
    const locking = new TestBrowser(nodes);
    const page = await locking.follow(authRequest(bank).path);
    for (let i = 0; i < 5; i += 1) {
      await locking.post(page, { userId: right.userId, password: `not it at all ${i}` });
    }
    expect((await toKeyPage(new TestBrowser(nodes), right, authRequest(bank))).page).toBe('locked');
    await askAndBeReceived(again);

    const look = async ({ userId, password, what = 'card' }: BlockTyped) => {
      const browser = new TestBrowser(nodes);
      const answer = await ask({ userId, password, what }, browser);
      const next = await browser.follow(answer.headers.location ?? '');
      return [answer, next].map(masked).join('\n');
    };
    const seen = await Promise.all([
      look(right),
      look({ ...wrong, password: 'not it at all' }),
      look({ userId: 'nobody-at-all-77', password: 'not it at all' }),
      look(again),
    ]);
    seen.push(await look({ ...right, what: 'identity' }));
    seen.push(await look({ userId: right.idNumber, password: right.password }));
    expect(new Set(seen).size).toBe(1);
    expect(seen[0]).toContain('303');
    expect(seen[0]).toContain(da.blockReceived.title);
    expect(await states(right)).toEqual(['blocked']);
    expect(await states(wrong)).toEqual(['active']);
    expect(await eventsOf(right)).toMatchObject({ card_block: 1, identity_blocked: 1 });
    expect(await eventsOf(again)).toMatchObject({ card_block: 1 });
  });

  /** What an outsider sees. */
  function masked({ status, headers, text: body }: BrowserPage): string {
    const lines = Object.entries(headers)
      .filter(([name]) => !['date', 'x-request-id'].includes(name))
      .map(([name, value]) => `${name}: ${String(value)}`);
    return [status, ...lines, body].join('\n');
  }

  timedOnly('takes the same time for right, wrong and unknown', async () => {
    const rounds = 15;
    const people: TestPerson[] = [];
    for (let i = 0; i < rounds + 1; i += 1) people.push(await aPerson(nodes));
    const times: Record<string, number[]> = {};
    const browser = new TestBrowser(nodes);
    const form = await browser.follow('/block/card');
    const take = async (kind: string, typed: BlockTyped) => {
      const startedAt = performance.now();
      await browser.post(form, { what: 'card', ...typed });
      (times[kind] ??= []).push(performance.now() - startedAt);
    };
    const [stays] = people as [TestPerson];
    for (const [i, { userId, password }] of people.slice(1).entries()) {
      const cases = [
        () => take('right', { userId, password }),
        () => take('wrong', { userId: i < 8 ? stays.userId : userId, password: 'not it at all' }),
        () => take('unknown', { userId: `nobody-here-${i}`, password }),
      ];
      // Each kind is the first, the second and the third of three that are verified together.
      await Promise.all([0, 1, 2].map(async (turn) => await cases[(i + turn) % 3]?.()));
    }
    const medians = Object.fromEntries(
      Object.entries(times).map(([kind, all]) => [
        kind,
        Math.round(all.sort((a, b) => a - b)[rounds >> 1] ?? 0),
      ]),
    );
    console.info(`/block, medians of ${rounds} in ms: ${JSON.stringify(medians)}`);
    const [least = 0, , most = 0] = Object.values(medians).sort((a, b) => a - b);
    expect(most / least).toBeLessThan(1.15);
  });

  test('keeps what was typed in a form that is not complete, but for the password', async () => {
    const browser = new TestBrowser(nodes);
    const form = await browser.follow('/block/card');
    for (const typed of [
      { userId: 'somebody-typed', password: '', what: 'identity' },
      { userId: ' ', password: 'Kodeord-typed', what: 'identity' },
    ]) {
      const page = await browser.post(form, typed);
      expect([page.status, page.page]).toEqual([200, 'block']);
      expect(page.text).toContain(da.block.incomplete);
      expect(page.text.includes('value="somebody-typed"')).toBe(typed.userId === 'somebody-typed');
      expect(page.text).toMatch(/name="what" value="identity"/);
      expect(page.text).not.toContain('Kodeord-typed');
    }
  });

  test('answers what no browser sends with a clear no, and blocks nothing', async () => {
    const { userId, password, ...person } = await aPerson(nodes);
    const right = { userId, password };
    const good = encodeForm({ ...right, what: 'card' });
    for (const [body, expected, type] of [
      ['', 400],
      [encodeForm({ userId, what: 'card' }), 400],
      [encodeForm({ password, what: 'card' }), 400],
      [encodeForm({ ...right, what: 'everything' }), 400],
      [encodeForm({ ...right, what: '' }), 400],
      [`${good}&userId=somebody`, 400],
      [`${good}%zz`, 400],
      [`${good}%00`, 400],
      [encodeForm({ ...right, password: 'x'.repeat(2_001), what: 'card' }), 413],
      [`${good}&x=${'x'.repeat(200_000)}`, 413],
      [JSON.stringify(right), 415, 'application/json'],
      [good, 415, 'text/plain'],
      [good, 415, 'application/x-www-form-urlencoded; charset=iso-8859-1'],
    ] as const) {
      const answer = await request(nodes.node(0))
        .post('/block')
        .set('accept', 'text/html')
        .type(type ?? 'form')
        .send(body);
      expect([body.slice(0, 80), answer.status]).toEqual([body.slice(0, 80), expected]);
      expect(answer.text).toContain('data-page="trouble"');
    }
    expect(await states({ ...person, ...right })).toEqual(['active']);
  });

  test('ten wrong lock it for an hour, alike for an unknown name; not for a known browser', async () => {
    const person = await aPerson(nodes);
    const own = await aKnownBrowser(nodes, person, bank);
    const seen = [];
    for (const userId of [person.userId, 'nobody-at-all-88']) {
      const typed = { userId, password: 'not it at all' };
      const ten = await Promise.all(Array.from({ length: 10 }, () => ask(typed)));
      expect(ten.map(({ status }) => status)).toEqual(Array(10).fill(303));
      const locked = await ask({ userId, password: person.password });
      expect([locked.status, locked.page, Number(locked.headers['retry-after']) > 0]).toEqual([
        429,
        'trouble',
        true,
      ]);
      seen.push(masked(locked).replace(/\d{4}\u00a0\d{4}/, '*'));
    }
    expect(seen[1]).toBe(seen[0]);
    expect(await states(person)).toEqual(['active']);
    // Sign-in has separate attempts.
    expect((await toKeyPage(new TestBrowser(nodes), person, authRequest(bank))).page).toBe('key');
    await askAndBeReceived(person, own);
    expect(await states(person)).toEqual(['blocked']);

    nodes.clock.forward(HOUR + 30_000);
    await askAndBeReceived({ userId: person.userId, password: person.password, what: 'identity' });
    expect(await eventsOf(person)).toMatchObject({ identity_blocked: 1 });
  });
});

describe('a blocked card', () => {
  test('ends sessions, tokens and sign-ins on both nodes at once; no new card follows', async () => {
    const person = await aPerson(nodes, { keysSpent: 120 });
    const browser = new TestBrowser(nodes);
    const tokens = await tokensOf(person, browser);
    const atKeyPage = new TestBrowser(nodes);
    const keyPage = await toKeyPage(atKeyPage, person, authRequest(bank));
    for (const node of [0, 1]) expect((await userinfo(nodes, tokens.access_token, node)).status).toBe(200);
    await askAndBeReceived(person);

    await expectWorthless(tokens);
    for (const node of [0, 1]) {
      const silent = await new TestBrowser(nodes, node).follow(authRequest(rp, { prompt: 'none' }).path);
      expect(readReturnedCode(silent).get('error')).toBe('login_required');
      expect((await browser.follow(authRequest(rp).path)).page).toBe('password');
    }
    expect((await atKeyPage.send(keyPage, { key: keyFor(person, keyPage) })).page).toBe('password');
    expect(await refusalOf(person)).toBe('card_blocked');
    await run('checkDue');
    expect(await states(person)).toEqual(['blocked']);

    // Blocking what is blocked changes nothing.
    await askAndBeReceived(person);
    expect(await blockTarget(nodes.context, person.identityId, 'card', { by: 'person' })).toBe(
      'already_blocked',
    );
    const events = await eventsOf(person);
    expect([events['card_block'], events['card_ordered']]).toEqual([1, undefined]);
  });

  test('is not the card that is on its way, however often the button is pressed; asked for again it is', async () => {
    const person = await aPerson(nodes, { keysSpent: 127 });
    await signInAtNode(new TestBrowser(nodes), person, authRequest(bank));
    expect(await states(person)).toEqual(['active', 'ordered']);
    const browser = new TestBrowser(nodes);
    const page = await browser.follow('/block/card');
    const press = () =>
      browser.post(page, { userId: person.userId, password: person.password, what: 'card' });
    const pressed = [...(await Promise.all([press(), press(), press()])), await press()];
    expect(pressed.map(({ headers: { location } }) => location)).toEqual(
      pressed.map(() => '/block/received'),
    );
    expect(await states(person)).toEqual(['blocked', 'ordered']);
    expect(await eventsOf(person)).toMatchObject({ card_block: 1, card_ordered: 1 });
    // The page says so: where no card is in use, it is the new one.
    await askAndBeReceived(person);
    expect(await states(person)).toEqual(['blocked', 'blocked']);
  });

  test('that has no keys left: nothing is left to block, but what is signed in ends', async () => {
    const person = await aPerson(nodes, { keysSpent: 147, address: null });
    const tokens = await tokensOf(person);
    expect(await states(person)).toEqual(['used_up']);
    expect((await userinfo(nodes, tokens.access_token)).status).toBe(200);
    await askAndBeReceived(person);
    await expectWorthless(tokens);
    expect(await states(person)).toEqual(['used_up']);
  });

  test('20 blocks concurrently, on two nodes: it is blocked once', async () => {
    const person = await aPerson(nodes);
    const done = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        blockTarget(nodes.node(i).app.context, person.identityId, i % 4 === 3 ? 'identity' : 'card', {
          by: 'person',
        }),
      ),
    );
    expect(done.filter((one) => one === 'done').length).toBeLessThanOrEqual(2);
    expect(await eventsOf(person)).toMatchObject({ card_block: 1, identity_blocked: 1 });
  });
});

describe('a blocked ID', () => {
  test('is refused everywhere; its browsers are forgotten, and a card on the way is blocked with its letter', async () => {
    const person = await aPerson(nodes, { keysSpent: 127 });
    const own = await aKnownBrowser(nodes, person, bank);
    const tokens = await tokensOf(person);
    expect((await cardsOf(person)).map(({ state, letter }) => [state, letter])).toEqual([
      ['active', null],
      ['ordered', 'waiting'],
    ]);
    const keyPage = await toKeyPage(own, person, authRequest(bank));
    await askAndBeReceived({ userId: person.userId, password: person.password, what: 'identity' });

    await expectWorthless(tokens);
    const held = await own.send(keyPage, { key: keyFor(person, keyPage) });
    expect([held.page, held.text.includes(da.refused.id_blocked.title)]).toEqual(['refused', true]);
    for (const browser of [own, new TestBrowser(nodes), new TestBrowser(nodes, 1)]) {
      expect(await refusalOf(person, browser)).toBe('id_blocked');
    }
    const [known] = await nodes.database.query<{ many: number }>(
      'SELECT count(*)::int AS many FROM known_browsers WHERE identity_id = $1',
      [person.identityId],
    );
    expect(known?.many).toBe(0);
    await run('sendLetters');
    expect((await cardsOf(person)).map(({ state, letter }) => [state, letter])).toEqual([
      ['blocked', null],
      ['blocked', 'cancelled'],
    ]);
    const notices = await nodes.database.query<{ kind: string }>(
      `SELECT kind FROM notices WHERE identity_id = $1 AND kind LIKE '%blocked' ORDER BY kind`,
      [person.identityId],
    );
    expect(notices.map(({ kind }) => kind)).toEqual(['card_blocked', 'card_blocked', 'id_blocked']);
  });
});

describe('a wait', () => {
  /** A person without a card in use, whose new card has arrived and whose wait has begun. */
  async function waiting(): Promise<{ person: TestPerson; newCard: TestPerson }> {
    const person = await aPerson(nodes, { keysSpent: 127 });
    await signInAtNode(new TestBrowser(nodes), person, authRequest(bank));
    await run('sendLetters');
    expect(await blockTarget(nodes.context, person.identityId, 'card', { by: 'system' })).toBe('done');
    expect(await states(person)).toEqual(['blocked', 'sent']);
    const newCard = await withNewCard(person);
    const browser = new TestBrowser(nodes);
    const page = await toKeyPage(browser, person, authRequest(bank));
    expect([page.page, challengeOf(page).cardNumber]).toEqual(['new-card', newCard.cardNumber]);
    const refused = await browser.send(page, { newKey: keyFor(newCard, page) });
    expect([refused.page, refused.text.includes(da.refused.card_waiting.title)]).toEqual(['refused', true]);
    expect(await refusalOf(person)).toBe('card_waiting');
    return { person, newCard };
  }

  /** The same person with the newest card. */
  async function withNewCard(person: TestPerson): Promise<TestPerson> {
    const { id = '' } = (await cardsOf(person)).at(-1) ?? {};
    const card = await findCard(nodes.context.database, id);
    if (!card) throw new Error('there is no new card');
    const { keyNumbers, keys } = readCard(nodes.context, card);
    for (const key of keys) nodes.secrets.keys.add(key);
    return {
      ...person,
      cardId: card.id,
      cardNumber: formatCardNumber(card.cardNumber),
      keys: new Map(keyNumbers.map((number, position) => [number, keys[position] ?? ''])),
    };
  }

  test('that no one stops ends after 24 hours: the new card signs in', async () => {
    const { person, newCard } = await waiting();
    nodes.clock.forward(23 * HOUR);
    await run('checkDue');
    expect(await refusalOf(person)).toBe('card_waiting');
    nodes.clock.forward(2 * HOUR);
    await Promise.all([run('checkDue', 0), run('checkDue', 1)]);
    expect(await states(person)).toEqual(['blocked', 'active']);
    expect(await eventsOf(person)).toMatchObject({ card_activate: 1 });
    expect((await signInAtNode(new TestBrowser(nodes), newCard, authRequest(bank))).get('code')).toBeTruthy();
  });

  test('is stopped by /block, permanently', async () => {
    const { person } = await waiting();
    await askAndBeReceived(person);
    expect(await states(person)).toEqual(['blocked', 'blocked']);
    nodes.clock.forward(25 * HOUR);
    await Promise.all([run('checkDue', 0), run('checkDue', 1)]);
    expect(await refusalOf(person)).toBe('card_blocked');
    expect(await states(person)).toEqual(['blocked', 'blocked']);
  });
});

describe.each<[BlockTarget]>([['card'], ['identity']])(
  'blocking the %s while a request is held half-way',
  (what) => {
    async function blockNow(person: TestPerson): Promise<void> {
      const { context } = nodes.node(1).app;
      expect(await blockTarget(context, person.identityId, what, { by: 'person' })).toBe('done');
    }

    /** Neither a code, nor a page that continues. */
    async function expectNothing(page: BrowserPage, login: TestAuthRequest): Promise<void> {
      const code = page.headers.location?.startsWith(nodes.issuer)
        ? null
        : page.headers.location && readReturnedCode(page).get('code');
      if (code) {
        for (const node of [0, 1]) {
          expect((await redeemCode(nodes, rp, code, login.verifier, node)).error).toBe('invalid_grant');
        }
      } else expect(['password', 'refused']).toContain(page.page);
    }

    test.each([
      ['after the account was read', 'i.threshold, o.language'],
      ['before the grant and the code are written', 'INSERT INTO oidc_records'],
    ])('of /auth with a session, %s: the code is no longer valid', async (_case, statement) => {
      const person = await aPerson(nodes);
      const browser = new OnNode0(nodes);
      await signInAtNode(browser, person, authRequest(rp));
      const login = authRequest(rp);
      const { held, letGo } = holdOnNode(nodes, statement);
      const answer = browser.follow(login.path);
      await held;
      await blockNow(person);
      letGo();
      await expectNothing(await answer, login);
      expect((await browser.follow(authRequest(rp).path)).page).toBe('password');
    });

    test('of the end of a sign-in: the code is no longer valid', async () => {
      const person = await aPerson(nodes);
      const browser = new OnNode0(nodes);
      const login = authRequest(rp);
      const keyPage = await toKeyPage(browser, person, login);
      const { held, letGo } = holdOnNode(nodes, 'SELECT j.verdict, j.wrong', 'after');
      const answer = browser.post(keyPage, { key: keyFor(person, keyPage) });
      await held;
      await blockNow(person);
      letGo();
      await expectNothing(await answer, login);
      expect((await browser.follow(authRequest(rp).path)).page).toBe('password');
    });

    async function tokensHeld(which: string): Promise<Awaited<ReturnType<typeof redeemCode>>> {
      const person = await aPerson(nodes);
      const login = authRequest(rp, OFFLINE);
      const result = await signInAtNode(new TestBrowser(nodes), person, login);
      let take = () => redeemCode(nodes, rp, result.get('code') ?? '', login.verifier, 0);
      if (which === 'refresh') {
        const first = await take();
        take = () => refreshTokens(nodes, rp, first.refresh_token ?? '', 0);
      }
      const { held, letGo } = holdOnNode(nodes, 'INSERT INTO oidc_records');
      const answer = take();
      await held;
      await blockNow(person);
      letGo();
      return await answer;
    }

    test.each(['/token', 'refresh'])('of %s: what comes out is no longer valid', async (which) => {
      const tokens = await tokensHeld(which);
      expect(tokens.status).toBe(200);
      await expectWorthless(tokens);
    });

    /** A right key whose request is held. @returns how far the request got */
    async function keyHeld(when: 'before' | 'after', keysSpent: number) {
      const person = await aPerson(nodes, { keysSpent });
      const browser = new OnNode0(nodes);
      const login = authRequest(rp);
      const keyPage = await toKeyPage(browser, person, login);
      const { held, letGo } = holdOnNode(nodes, 'UPDATE key_cards c SET spent', when);
      const answer = browser.post(keyPage, { key: keyFor(person, keyPage) });
      await held;
      const blocking = blockNow(person);
      // With few keys left the spending is part of a transaction, which locks the owner: the block completes
      // with it.
      if (keysSpent > 100 && when === 'after') letGo();
      await blocking;
      letGo();
      const answered = await answer;
      const isOver = answered.headers.location?.includes('code=');
      return { person, login, end: isOver ? answered : await browser.follow(keyPage.formUrl) };
    }

    test.each([
      ['before the spending', 'before', 0],
      ['after the spending', 'after', 0],
      ['before the spending that orders a card', 'before', 127],
      ['after the spending that orders a card', 'after', 127],
    ] as const)('of a right key, %s: it leads nowhere', async (_case, when, keysSpent) => {
      const { person, login, end } = await keyHeld(when, keysSpent);
      await expectNothing(end, login);
      expect(await refusalOf(person)).toBe(what === 'card' ? 'card_blocked' : 'id_blocked');
      const events = await eventsOf(person);
      expect([events['card_block'], events['signed_in'] ?? 0]).toEqual([
        what === 'card' || !events['card_ordered'] ? 1 : 2,
        when === 'before' ? 0 : 1,
      ]);
    });

    if (what === 'card') {
      test('control: without the owner in the spending, and the card, the key is spent after the block', async () => {
        const guards = [
          'AND i.blocked_at IS NULL AND (i.ended_at IS NULL OR i.ended_at < $16::timestamptz)',
          "AND c.state = 'active' AND c.challenge = $19",
        ].map((guard) => takeOut(nodes, guard));
        const { person } = await keyHeld('before', 0);
        for (const repair of guards) repair();
        expect(await eventsOf(person)).toMatchObject({ signed_in: 1 });
      });

      test('control: without the end of the identity in what is found, the tokens work on', async () => {
        const repair = takeOut(nodes, '(i.ended_at IS NULL OR r.login_at > i.ended_at)', 'true');
        const tokens = await tokensHeld('/token');
        expect((await userinfo(nodes, tokens.access_token, 1)).status).toBe(200);
        repair();
      });
    }
  },
);

describe('a block against 20 right keys concurrently', () => {
  test('after it is acknowledged nothing works, whichever came first', async () => {
    const outcomes: string[] = [];
    for (const delay of [0, 30, 400]) {
      const person = await aPerson(nodes);
      const browsers = Array.from({ length: 20 }, (_, i) => new TestBrowser(nodes, i));
      const requests = browsers.map(() => authRequest(rp));
      const pages: BrowserPage[] = [];
      for (const [i, browser] of browsers.entries()) {
        pages.push(await toKeyPage(browser, person, requests[i] as TestAuthRequest));
      }
      const key = keyFor(person, pages[0] as BrowserPage);
      const continueAt = async (browser: TestBrowser, i: number) => {
        const end = await browser.send(pages[i] as BrowserPage, { key });
        if (!end.headers.location) return null;
        const code = readReturnedCode(end).get('code') ?? '';
        return await redeemCode(nodes, rp, code, requests[i]?.verifier ?? '', i);
      };
      const ends = Promise.all(browsers.map(continueAt));
      await setTimeout(delay);
      expect(await blockTarget(nodes.node(1).app.context, person.identityId, 'card', { by: 'person' })).toBe(
        'done',
      );
      const redeemed = (await ends).filter((tokens) => tokens !== null);
      expect(redeemed.length).toBeLessThanOrEqual(1);
      for (const tokens of redeemed) if (tokens.status === 200) await expectWorthless(tokens);
      for (const browser of browsers) {
        expect((await browser.follow(authRequest(rp).path)).page).toBe('password');
      }
      const { signed_in: wasSignedIn = 0 } = await eventsOf(person);
      const [tokens] = redeemed;
      outcomes.push(tokens ? (tokens.error ?? 'tokens') : wasSignedIn ? 'a key' : 'nothing');
    }
    console.info(`a key that raced a block came to: ${outcomes.join(', ')}`);
    expect(outcomes.at(-1)).toBe('tokens');
  });
});

describe('relying parties with a back-channel address', () => {
  test('get a log-out token when the outbox is emptied, also if they fail at first', async () => {
    const listening = await aRelyingParty(nodes, { backchannel_logout_uri: `${site.origin}/logout` });
    const failing = await aRelyingParty(nodes, { backchannel_logout_uri: `${site.origin}/fails-first` });
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const subs: string[] = [];
    const sids: unknown[] = [];
    for (const one of [listening, failing]) {
      const login = authRequest(one);
      const code = readReturnedCode(
        await browser.follow(login.path).then((page) => signInOn(browser, person, page)),
      );
      const tokens = await redeemCode(nodes, one, code.get('code') ?? '', login.verifier);
      subs.push(String(payloadOf(tokens.id_token)['sub']));
      sids.push(payloadOf(tokens.id_token)['sid']);
      expect(sids.at(-1)).toBeTruthy();
    }
    answers.push(500, 500);
    await askAndBeReceived(person);
    expect(logouts).toEqual([]);
    const jobs = startJobs(nodes.node(0).app, nodes.database.nodeUrls);
    for (let i = 0; i < 200 && logouts.length < 4; i += 1) await setTimeout(100);
    await jobs.stop();
    expect(logouts.map(({ path }) => path).sort()).toEqual([
      '/fails-first 200',
      '/fails-first 500',
      '/fails-first 500',
      '/logout 200',
    ]);

    const jwks = await request(nodes.node(0)).get('/jwks');
    const keys = createLocalJWKSet(JSON.parse(jwks.text) as JSONWebKeySet);
    const ids = new Set<unknown>();
    for (const { path, token } of logouts) {
      const index = path.startsWith('/logout') ? 0 : 1;
      const audience = [listening, failing][index]?.clientId ?? '';
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer: nodes.issuer,
        audience,
        typ: 'logout+jwt',
      });
      expect([payload.sub, payload['sid']]).toEqual([subs[index], sids[index]]);
      expect(payload['events']).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} });
      expect([payload['nonce'], protectedHeader.alg]).toEqual([undefined, 'ES256']);
      ids.add(payload.jti);
    }
    // Minted again at each attempt.
    expect(ids.size).toBe(4);
  });

  /** From the password page, if it is shown: the earlier session may suffice. */
  async function signInOn(browser: TestBrowser, person: TestPerson, page: BrowserPage): Promise<BrowserPage> {
    if (page.page !== 'password') return page;
    const keyPage = await browser.send(page, { userId: person.userId, password: person.password });
    return await browser.send(keyPage, { key: keyFor(person, keyPage) });
  }
});
