/**
 * The contract of every factor, over HTTP: at each stage of its life the event is in the log and the notice
 * is sent, the file of the person lists it, self-service and desk show its state, and a block ends it at once
 * on the other node.
 */
import { beforeAll, expect, test } from '@jest/globals';
import { listHeldFactors } from '../../src/db/factors/heldFactors.ts';
import { CODE_TOKEN_WAIT_MS } from '../../src/domain/factors/codeToken.ts';
import { SECURITY_KEY_WAIT_MS } from '../../src/domain/factors/securityKey.ts';
import {
  BLOCK_TARGET_OF,
  HELD_FACTORS,
  type BlockTarget,
  type HeldFactorKind,
} from '../../src/domain/factors/heldFactors.ts';
import { blockByRegister } from '../../src/features/populationRegister/blockByRegister.ts';
import type { DeskAction } from '../../src/domain/staff/desk.ts';
import { da } from '../../src/ui/words/words.da.ts';
import { aCodeToken, intoStock, SoftToken, tokenSteps } from '../support/codeTokens.ts';
import { FactorWalk } from '../support/oneLife.ts';
import {
  aPerson,
  aRelyingParty,
  aSecurityKey,
  authRequest,
  openCounterSession,
  openDesk,
  REASON,
  sendAssertion,
  SHOWN,
  signInStaff,
  TestBrowser,
  useNodes,
  type BrowserPage,
  type CounterSession,
  type TestRelyingParty,
} from '../support/index.ts';
import { addSecurityKey, anAuthenticator, SECURITY_KEYS } from '../support/securityKeyCreation.ts';

const nodes = useNodes({ count: 2, binding: () => 'require', withoutErrors: true });
const { run } = tokenSteps(nodes);
const CODE_TOKEN = '/self-service/code-token';
const CARD = '/self-service/card';
const states = da.deskSearch.person.factorStates;
const { overview } = da.codeToken;

let officer: CounterSession;
let rp: TestRelyingParty;
beforeAll(async () => {
  const { operators } = await openDesk(nodes);
  officer = await openCounterSession(nodes, operators, 'officer');
  rp = await aRelyingParty(nodes);
});

/** Where a card is walked through, its person has a security key beside it to look at each stage with. */
async function start(kind: HeldFactorKind, { keysSpent = 0, isAlone = kind !== 'card' } = {}) {
  const person = await aPerson(nodes, { keysSpent });
  const way = isAlone ? null : await aSecurityKey(nodes, person);
  return await new FactorWalk(nodes, person, kind, { officer: () => officer, way }).begin();
}

/** The session at the desk does not last that long. */
async function letPass(ms: number): Promise<void> {
  nodes.clock.forward(ms);
  officer = await signInStaff(nodes, officer.person);
}

const isSignedIn = (page: BrowserPage) => page.headers.location?.includes('code=') ?? false;

/** A sign-in that is open while the factor is blocked at `/block`, and goes on; one before it ends. */
async function blockWhileSigningIn(
  walk: FactorWalk,
  give: (browser: TestBrowser, page: BrowserPage) => Promise<BrowserPage>,
  target: BlockTarget = BLOCK_TARGET_OF[walk.kind],
): Promise<void> {
  // Control: what is given is right, and only the block refuses it.
  const before = new TestBrowser(nodes);
  expect(isSignedIn(await give(before, await walk.toSecondFactor(before, authRequest(rp).path)))).toBe(true);
  // The next code of a code token.
  nodes.clock.forward(30_000);
  const browser = new TestBrowser(nodes);
  const page = await walk.toSecondFactor(browser, authRequest(rp).path);
  expect(page.page).toBe('key');
  const { userId, password } = walk.person;
  const other = new TestBrowser(nodes, 1);
  const received = await other.send(await other.follow(`/block/${target}`), { userId, password });
  expect(received.page).toBe('block-received');
  expect(isSignedIn(await give(browser, page))).toBe(false);
}

async function actAtDesk(
  walk: FactorWalk,
  action: DeskAction,
  fields: Record<string, string>,
): Promise<void> {
  const path = `${new URL((await officer.find(walk.person)).url).pathname}/${action}`;
  const page = await officer.browser.follow(path);
  const done = await officer.follow(await officer.post(path, { ...REASON, ...fields }, page));
  expect(done.text).toContain(da.deskSearch.action.names[action].done);
}

const shownAs = (desk: string, text?: string) => ({
  desk,
  ...(text === undefined ? {} : { overview: text }),
});

test('a card is renewed, sent, and takes over from the one before', async () => {
  const walk = await start('card', { keysSpent: 127 });
  const browser = new TestBrowser(nodes);
  const page = await walk.toSecondFactor(browser, authRequest(rp).path);
  await browser.send(page, { key: await walk.keyOn(page) });
  await walk.expectStages(['renewed'], 'ordered', shownAs('bestilt', da.selfService.overview.nextOrdered));
  await run('sendLetters');
  await walk.expectStages(['sent'], 'sent', shownAs('ventes mellem', 'Et nyt kort er på vej'));
  const again = await walk.toSecondFactor(browser, authRequest(rp, { prompt: 'login' }).path);
  const next = await browser.send(again, { key: await walk.keyOn(again) });
  expect(next.page).toBe('new-card');
  await browser.send(next, { newKey: await walk.keyOn(next) });
  await walk.expectStages(['replaced', 'counts'], 'counts', shownAs('147 nøgler tilbage'));
});

test('a card is used up, by its last key', async () => {
  const walk = await start('card', { keysSpent: 147 });
  const browser = new TestBrowser(nodes);
  const page = await walk.toSecondFactor(browser, authRequest(rp).path);
  await browser.send(page, { key: await walk.keyOn(page) });
  await walk.expectStages(
    ['used_up', 'renewed'],
    'ordered',
    shownAs('bestilt', da.selfService.overview.noCard),
  );
});

test('a card is ordered, and does not arrive', async () => {
  const walk = await start('card');
  const browser = await walk.openSelfService();
  await walk.confirm(browser, await browser.send(await browser.follow(CARD), { do: 'order' }));
  await walk.expectStages(['ordered'], 'ordered', shownAs('bestilt', da.selfService.overview.nextOrdered));
  await run('sendLetters');
  await walk.expectStages(['sent'], 'sent', shownAs('ventes mellem'));
  await browser.send(await browser.follow(CARD), { do: 'not-arrived' });
  await walk.expectStages(['not_arrived', 'ordered'], 'ordered', shownAs('bestilt'));
});

test('a card is blocked', async () => {
  const walk = await start('card');
  await blockWhileSigningIn(walk, async (browser, page) =>
    browser.send(page, { key: await walk.keyOn(page) }),
  );
  await walk.expectStages(['blocked'], 'blocked', shownAs(da.deskSearch.person.none));
});

test('a card without one before it waits, and is stopped at the desk', async () => {
  const walk = await start('card', { isAlone: true });
  const other = new TestBrowser(nodes);
  const { userId, password } = walk.person;
  await other.send(await other.follow('/block/card'), { userId, password });
  await actAtDesk(walk, 'new-card', SHOWN);
  await run('sendLetters');
  await walk.expectStages(['blocked', 'ordered', 'sent'], 'sent', {
    ...shownAs('ventes mellem'),
    isOut: true,
  });
  const browser = new TestBrowser(nodes);
  const page = await walk.toSecondFactor(browser, authRequest(rp).path);
  expect(page.page).toBe('new-card');
  await browser.send(page, { newKey: await walk.keyOn(page) });
  await walk.expectStages(['waits'], 'waits', { ...shownAs('Kan først bruges fra'), isOut: true });
  await actAtDesk(walk, 'stop-activation', {});
  await walk.expectStages(['stopped'], 'blocked', { ...shownAs(da.deskSearch.person.none), isOut: true });
});

test('a security key is added, stopped, added again, counts, and is blocked', async () => {
  const walk = await start('security_key');
  const words = da.securityKeyPages.overview;
  const add = async (name: string) => {
    const authenticator = anAuthenticator(nodes);
    await addSecurityKey(await walk.openSelfService(), walk.person, authenticator, { name });
    return authenticator;
  };
  await add('Den første');
  const waits = shownAs('1 kan bruges fra', words.many(1));
  await walk.expectStages(['given', 'waits'], 'waits', waits);
  const browser = await walk.openSelfService();
  await browser.send(await browser.follow(SECURITY_KEYS), { do: 'remove' });
  await walk.expectStages(['stopped'], 'removed', { overview: words.none });
  const authenticator = await add('Den anden');
  await walk.expectStages(['given', 'waits'], 'waits', waits);
  await letPass(SECURITY_KEY_WAIT_MS + 1);
  await run('checkDue');
  await walk.expectStages(['counts'], 'counts', shownAs(`1 ${states.counts}`, words.many(1)));
  await blockWhileSigningIn(walk, async (open, page) => sendAssertion(open, page, { authenticator, id: '' }));
  await walk.expectStages(['blocked'], 'blocked', { overview: words.none });
});

test('a code token is ordered, sent, waits, counts, and is blocked', async () => {
  const walk = await start('code_token');
  const token = new SoftToken(nodes);
  await intoStock(nodes, token);
  const browser = await walk.openSelfService();
  await walk.confirm(browser, await browser.send(await browser.follow(CODE_TOKEN), { do: 'order' }));
  await walk.expectStages(['ordered'], 'ordered', shownAs(states.ordered, overview.coming));
  await run('sendLetters');
  await walk.expectStages(['sent'], 'sent', shownAs(states.sent, overview.coming));
  const first = { do: 'activate', code: token.show() };
  await walk.confirm(browser, await browser.send(await browser.follow(CODE_TOKEN), first));
  await walk.expectStages(['waits'], 'waits', shownAs('kan bruges fra', `${overview.notYet} Den nye`));
  await letPass(CODE_TOKEN_WAIT_MS + 1);
  await run('checkDue');
  const { serialNumber } = token;
  await walk.expectStages(['counts'], 'counts', shownAs(`${serialNumber}, ${states.counts}`, serialNumber));
  await blockWhileSigningIn(walk, async (open, page) =>
    open.send(page, { step: 'code-token', code: token.show() }),
  );
  await walk.expectStages(['blocked'], 'blocked', { overview: overview.none });
});

test('a code token is given at the desk, replaced by the next, which is on its way, stopped, or lost', async () => {
  const walk = await start('code_token');
  const give = async () => {
    const token = new SoftToken(nodes);
    await intoStock(nodes, token);
    const { serialNumber } = token;
    await actAtDesk(walk, 'give-code-token', { ...SHOWN, serialNumber, code: token.show() });
    return shownAs(`${serialNumber}, ${states.counts}`, serialNumber);
  };
  await walk.expectStages(['given'], 'counts', await give());
  await walk.expectStages(['replaced', 'given'], 'counts', await give());
  const order = async () => {
    const token = new SoftToken(nodes);
    await intoStock(nodes, token);
    const browser = await walk.openSelfService();
    await walk.confirm(browser, await browser.send(await browser.follow(CODE_TOKEN), { do: 'order' }));
    await run('sendLetters');
    await walk.expectStages(['ordered', 'sent'], 'sent', shownAs(states.sent, overview.another));
    return { token, browser };
  };
  const lost = await order();
  await lost.browser.send(await lost.browser.follow(CODE_TOKEN), { do: 'not-arrived' });
  await walk.expectStages(['not_arrived'], 'lost', {});
  const { token, browser } = await order();
  const first = { do: 'activate', code: token.show() };
  await walk.confirm(browser, await browser.send(await browser.follow(CODE_TOKEN), first));
  await walk.expectStages(['waits'], 'waits', shownAs('kan bruges fra'));
  await actAtDesk(walk, 'stop-activation', {});
  await walk.expectStages(['stopped'], 'blocked', {});
});

test.each(HELD_FACTORS)('%s: the block of the ID ends it, and its notice is that of the ID', async (kind) => {
  const walk = await start(kind, { isAlone: true });
  const { person } = walk;
  const give = {
    card: async (browser: TestBrowser, page: BrowserPage) =>
      browser.send(page, { key: await walk.keyOn(page) }),
    security_key: async () => {
      const held = await aSecurityKey(nodes, person);
      return async (browser: TestBrowser, page: BrowserPage) => sendAssertion(browser, page, held);
    },
    code_token: async () => {
      const token = await aCodeToken(nodes, person);
      return async (browser: TestBrowser, page: BrowserPage) =>
        browser.send(page, { step: 'code-token', code: token.show() });
    },
  };
  const giveFactor = kind === 'card' ? give.card : await give[kind]();
  await walk.begin();
  await blockWhileSigningIn(walk, giveFactor, 'identity');
  await walk.expectStages(['ended_with_id'], 'blocked', { isOut: true });
  const notices = await nodes.database.query(
    `SELECT FROM notices WHERE identity_id = $1 AND kind = 'id_blocked'`,
    [person.identityId],
  );
  expect(notices).toHaveLength(1);
});

test.each(['a closing', 'a death'])('%s ends all of them', async (end) => {
  const walk = await start('card', { isAlone: true });
  const { identityId } = walk.person;
  await aSecurityKey(nodes, walk.person);
  await aCodeToken(nodes, walk.person);
  if (end === 'a closing') {
    const browser = await walk.openSelfService();
    const asked = await browser.send(await browser.follow('/self-service/close'), { understood: 'yes' });
    expect((await walk.confirm(browser, asked)).page).toBe('self-closed');
  } else {
    const [row] = await nodes.database.query<{ id: string }>(
      'SELECT person_id AS id FROM identities WHERE id = $1',
      [identityId],
    );
    const person = { identityId, personId: row?.id ?? '' };
    await nodes.context.database.transaction((db) => blockByRegister(nodes.context, db, person, 'dead'));
  }
  const all = await listHeldFactors(nodes.context.database, identityId, {
    now: nodes.clock.now(),
    withEnded: true,
  });
  expect(all.map(({ kind, state }) => `${kind} ${state}`).toSorted()).toEqual(
    HELD_FACTORS.map((kind) => `${kind} blocked`).toSorted(),
  );
});
