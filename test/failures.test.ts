/**
 * Wrong answers leave one event per hour, identity and kind; over all user IDs one per hour and kind; over
 * two nodes.
 */
import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { runFailuresCommand } from '../src/cli/failures.ts';
import { da } from '../src/ui/words/words.da.ts';
import {
  aKnown,
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  challengeOf,
  holdUp,
  issueApplication,
  waitForLetters,
  PATIENT,
  postOrder,
  signInAtNode,
  signInAt,
  startActivation,
  type TestRelyingParty,
  toKeyPage,
  waitUntil,
  useNodes,
  createSiteClient,
} from './support/index.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
let bank: TestRelyingParty;
const nodes = useNodes({
  count: 2,
  proxyHops: 1,
  rules: { ...PATIENT, password: { ...PATIENT.password, inARow: 5 } },
  withoutErrors: true,
});
beforeAll(async () => {
  bank = await aRelyingParty(nodes, { kind: 'bank' });
});
beforeEach(async () => {
  await toNextHour();
  await nodes.database.query('DELETE FROM failures');
});

const aBrowser = (firstNode = 0) => new TestBrowser(nodes, firstNode, '192.0.2.10');

/** Five minutes into an hour: all that a test does is in that hour. */
async function toNextHour(): Promise<void> {
  const at = nodes.clock.now().getTime() % HOUR;
  nodes.clock.forward(HOUR - at + 5 * MINUTE);
}

async function wrongPassword(userId: string, browser = aBrowser()): Promise<number> {
  const page = await browser.follow(authRequest(bank).path);
  return (await browser.post(page, { userId, password: 'not it at all' })).status;
}

async function counted(identityId: string | null): Promise<Record<string, number>> {
  const rows = await nodes.database.query<{ kind: string; many: number }>(
    `SELECT kind, sum(many)::int AS many FROM failures WHERE identity_id = coalesce($1, $2::uuid)
     GROUP BY kind`,
    [identityId, '00000000-0000-0000-0000-000000000000'],
  );
  return Object.fromEntries(rows.map(({ kind, many }) => [kind, many]));
}

async function eventsOf(identityId: string | null) {
  const rows = await nodes.database.query<{ details: Record<string, unknown> }>(
    `SELECT details FROM audit_events WHERE kind = ANY($2) AND identity_id IS NOT DISTINCT FROM $1
     ORDER BY id`,
    [identityId, ['failures_counted', 'failures_in_all']],
  );
  return rows.map(({ details }) => details);
}

/** Both nodes run it concurrently, again and again. */
async function whenHourIsOver(): Promise<void> {
  nodes.clock.forward(HOUR);
  const look = (node: number) => nodes.node(node).app.tasks['checkDue']?.({});
  await Promise.all([look(0), look(1), look(0), look(1)]);
  await look(0);
}

test('every kind is counted at its identity, in the log at once, and one event when the hour is over', async () => {
  const person = await aPerson(nodes);
  await wrongPassword(person.userId);
  await wrongPassword(person.userId, aBrowser(1));
  for (const node of [0, 1, 0]) {
    const browser = aBrowser(node);
    await browser.send(await toKeyPage(browser, person, authRequest(bank)), { key: '000000' });
  }
  const blocker = aBrowser();
  await blocker.send(await blocker.follow('/block/card'), {
    userId: person.userId,
    password: 'not it at all',
    what: 'card',
  });
  const browser = aBrowser();
  await signInAt(browser, person, '/self-service');
  const asked = await browser.send(await browser.follow('/self-service/card'), {
    do: 'threshold',
    threshold: '30',
  });
  expect(asked.page).toBe('self-confirm');
  await browser.send(asked, { key: '000000' });
  const all = { password: 2, key: 3, block_password: 1, confirmation_key: 1 };
  await waitUntil('it is counted', async () => Object.keys(await counted(person.identityId)).length === 4);
  expect(await counted(person.identityId)).toEqual(all);

  const now = await browser.follow('/self-service/activity');
  expect(now.text).toContain('Der blev skrevet en forkert adgangskode 2 gange i løbet af en time fra');
  const english = await browser.follow('/self-service/activity?language=en');
  expect(english.text).toContain('A wrong key was entered 3 times in the hour from');
  expect(await eventsOf(person.identityId)).toEqual([]);

  await whenHourIsOver();
  const events = await eventsOf(person.identityId);
  expect(Object.fromEntries(events.map(({ what, many }) => [what, many]))).toEqual(all);
  expect(events).toHaveLength(4);
  for (const { from } of events) expect(from).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00:00Z$/);
  expect(await counted(person.identityId)).toEqual({});
  const again = aBrowser();
  await signInAt(again, person, '/self-service');
  const later = await again.follow('/self-service/activity?language=da');
  expect(later.text).toContain('Der blev skrevet en forkert nøgle 3 gange i løbet af en time fra');
  expect(later.text).toContain('på siden, hvor man spærrer, én gang');
  expect(later.text).toContain('i selvbetjeningen én gang');
});

test('an activation, an order and a code for signing in are counted too', async () => {
  const issued = await waitForLetters(nodes, await issueApplication(nodes));
  await startActivation(aBrowser(), { ...issued, temporaryPassword: 'NOTITATALL23' });
  nodes.clock.forward(MINUTE);
  const activating = aBrowser();
  const keyPage = await startActivation(activating, issued);
  expect(keyPage.page).toBe('activate-key');
  await activating.send(keyPage, { key: '000000' });

  const { entry, identityId } = await aKnown(nodes);
  await postOrder(createSiteClient(nodes), entry, { documentNumber: '999999999' });

  const person = await aPerson(nodes);
  const browser = aBrowser();
  let page = await browser.follow(authRequest(bank).path);
  for (let i = 0; i < 5; i += 1)
    page = await browser.send(page, { userId: person.userId, password: `not it ${i}` });
  page = await browser.send(page, { step: 'code', code: 'ABCD-EFGH' });
  await waitUntil(
    'all are counted',
    async () =>
      (await counted(person.identityId))['sign_in_code'] === 1 &&
      (await counted(identityId))['order'] === 1 &&
      Object.keys(await counted(issued.identityId)).length === 2,
  );
  expect(await counted(issued.identityId)).toEqual({ temporary_password: 1, activation_key: 1 });
  expect(await counted(person.identityId)).toEqual({ password: 5, sign_in_code: 1 });
});

const ALL_OF_THEM = { what: 'password', many: 20, unknown: 14, people: 6, isOver: true };

test('unknown names are two rows, however many; one event for operators has all', async () => {
  const people = await Promise.all(Array.from({ length: 6 }, () => aPerson(nodes)));
  await Promise.all([
    ...people.map(async ({ userId }, i) => await wrongPassword(userId, aBrowser(i % 2))),
    ...Array.from({ length: 14 }, async (_, i) => await wrongPassword(`nobody-at-all-${i}`, aBrowser(i % 2))),
  ]);
  await waitUntil('all are counted', async () => (await counted(null))['password'] === 20);
  expect(await counted(null)).toEqual({ password: 20, 'password unknown': 14 });
  const [{ rows } = { rows: 0 }] = await nodes.database.query<{ rows: number }>(
    'SELECT count(*)::int AS rows FROM failures',
  );
  expect(rows).toBe(8);
  const { app } = nodes.node(1);
  const open = await runFailuresCommand(app, '1');
  expect(open?.text).toContain(
    'password: 20 at 6 identities, 14 of them at names that nobody has; this hour',
  );
  const before = await eventsOf(null);
  await whenHourIsOver();
  expect((await runFailuresCommand(app, '2'))?.json).toContainEqual({
    ...ALL_OF_THEM,
    from: expect.any(String),
  });
  expect(await runFailuresCommand(app, 'x')).toBeNull();
  const events = (await eventsOf(null)).slice(before.length);
  expect(events).toEqual([{ what: 'password', many: 20, unknown: 14, people: 6, from: expect.any(String) }]);
  for (const { identityId } of people) {
    expect(await eventsOf(identityId)).toMatchObject([{ what: 'password', many: 1 }]);
  }
  expect(await nodes.database.query('SELECT FROM failures')).toEqual([]);
  expect(nodes.log).toContain('wrong answers of an hour');
});

test('no one waits for the count: wrong, unknown and right are answered while it is held up', async () => {
  const person = await aPerson(nodes);
  const held = holdUp(nodes, 'INSERT INTO failures', 2);
  expect(await wrongPassword(person.userId, aBrowser(0))).toBe(303);
  expect(await wrongPassword('nobody-at-all', aBrowser(1))).toBe(303);
  expect((await signInAtNode(aBrowser(0), person, authRequest(bank))).get('code')).toBeTruthy();
  expect(await counted(person.identityId)).toEqual({});
  await held.reached;
  held.release();
  await waitUntil('it is counted', async () => (await counted(person.identityId))['password'] === 1);
});

test('a right answer is counted nowhere, and what is typed badly neither', async () => {
  const person = await aPerson(nodes);
  await signInAtNode(aBrowser(), person, authRequest(bank));
  const browser = aBrowser();
  const keyPage = await toKeyPage(browser, person, authRequest(bank));
  const same = await browser.send(keyPage, { key: '12' });
  expect(challengeOf(same)).toEqual(challengeOf(keyPage));
  const shown = await aBrowser().follow(authRequest(bank).path);
  await aBrowser().send(shown, { userId: person.userId, password: '' });
  await wrongPassword(person.userId);
  await waitUntil(
    'the wrong one is counted',
    async () => (await counted(person.identityId))['password'] === 1,
  );
  expect(await counted(person.identityId)).toEqual({ password: 1 });
  expect(da.activity.words.failures_in_all({} as never, {} as never)).toEqual(expect.any(String));
});
