/**
 * People without e-mail: what would be mailed and may be frequent goes into at most one letter a business
 * day.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { toDanishDay, isBusinessDay } from '../src/domain/calendar.ts';
import { orderPasswordLetter } from '../src/features/identity/orderPasswordLetter.ts';
import {
  aPerson,
  authRequest,
  TestBrowser,
  orderNewCard,
  signInAtNode,
  type TestPerson,
  useNodes,
  useRelyingParty,
} from './support/index.ts';

const DAY = 24 * 3_600_000;
const BY = { by: 'person' } as const;
const nodes = useNodes({ count: 2 });
const site = useRelyingParty(nodes, { name_da: 'Biblioteket', name_en: 'The library' });
beforeAll(async () => {
  await toMorningOf(isWorkday);
});

/** Two consecutive business days. */
const isWorkday = (day: string, next: string) => isBusinessDay(day) && isBusinessDay(next);

/** Forwards the clock to ten o'clock of the next day for which it holds. */
async function toMorningOf(isSo: (day: string, next: string) => boolean): Promise<void> {
  const now = nodes.clock.now();
  nodes.clock.forward(DAY - (now.getTime() % DAY) + 9 * 3_600_000);
  for (;;) {
    const at = nodes.clock.now();
    if (isSo(toDanishDay(at), toDanishDay(new Date(at.getTime() + DAY)))) return;
    nodes.clock.forward(DAY);
  }
}

async function toNextBusinessDay(): Promise<void> {
  do nodes.clock.forward(DAY);
  while (!isBusinessDay(toDanishDay(nodes.clock.now())));
}

/** The outboxes, as the workers of both nodes run them; what waits for its next attempt is due. */
async function send(): Promise<void> {
  await nodes.database.query(`UPDATE letters SET try_at = now() WHERE state = 'waiting'`);
  const tasks = [0, 1].map((node) => nodes.node(node).app.tasks);
  await Promise.all(tasks.map(async (task) => await task['sendNotices']?.({})));
  await nodes.database.query(`UPDATE letters SET try_at = now() WHERE state = 'waiting'`);
  await Promise.all(tasks.map(async (task) => await task['sendLetters']?.({})));
}

interface SentDailyLetter {
  readonly kind: string;
  readonly text?: string;
  readonly day: string;
}

/** The letters to this person, in the order of their days. */
function lettersTo({ fullName }: TestPerson): SentDailyLetter[] {
  const folder = path.join(nodes.folder, 'letters');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({ name, content: JSON.parse(readFileSync(path.join(folder, name), 'utf8')) }))
    .filter(({ content }) => content.to.name === fullName)
    .map(({ name, content }) => ({ ...content, day: name.slice(0, 10) }))
    .toSorted((one, other) => (one.day < other.day ? -1 : 1));
}

const notices = (person: TestPerson) => lettersTo(person).filter(({ kind }) => kind === 'notice');

const signInAnywhere = async (person: TestPerson) =>
  await signInAtNode(new TestBrowser(nodes), person, authRequest(site));

async function lockedOut(person: TestPerson): Promise<void> {
  const browser = new TestBrowser(nodes);
  let page = await browser.follow(authRequest(site).path);
  for (let i = 0; i < 5; i += 1)
    page = await browser.send(page, { userId: person.userId, password: `not it ${i}` });
}

test('a sign-in from a new browser comes by letter on the next business day, with its place', async () => {
  const person = await aPerson(nodes, { email: null });
  await signInAnywhere(person);
  await send();
  await send();
  expect(notices(person)).toEqual([]);
  const today = toDanishDay(nodes.clock.now());
  await toNextBusinessDay();
  await send();
  await send();
  const [letter, ...others] = notices(person);
  expect(others).toEqual([]);
  expect(letter?.day).toBe(toDanishDay(nodes.clock.now()));
  expect((letter?.day ?? '') > today).toBe(true);
  expect(letter?.text).toContain('hos Biblioteket');
  expect(letter?.text).not.toContain('højst ét brev om dagen');
  await toNextBusinessDay();
  await send();
  expect(notices(person)).toHaveLength(1);
});

test('all of a day is in one letter, the day after in another; with e-mail there is none', async () => {
  const [person, mailed] = [await aPerson(nodes, { email: null }), await aPerson(nodes)];
  for (let i = 0; i < 8; i += 1) await signInAnywhere(person);
  await signInAnywhere(mailed);
  await send();
  // Later than the others: events of one moment have no order.
  nodes.clock.forward(1_000);
  await lockedOut(person);
  await send();
  await toNextBusinessDay();
  // Of the next day: not in today's letter.
  await nodes.database.query('DELETE FROM attempts');
  await signInAnywhere(person);
  await Promise.all([send(), send()]);
  await send();
  const [first, ...others] = notices(person);
  expect(others).toEqual([]);
  expect(first?.text).toContain('højst ét brev om dagen');
  expect(first?.text?.match(/hos Biblioteket/g)).toHaveLength(6);
  expect(first?.text).toContain('Og 3 ting mere.');
  await toNextBusinessDay();
  await send();
  expect(notices(person)).toHaveLength(2);
  expect(new Set(notices(person).map(({ day }) => day)).size).toBe(2);
  expect(notices(mailed)).toEqual([]);
});

test('what happens from Friday to Sunday leaves together on the next business day', async () => {
  const person = await aPerson(nodes, { email: null });
  await toMorningOf((day, next) => isBusinessDay(day) && !isBusinessDay(next));
  await signInAnywhere(person);
  await send();
  nodes.clock.forward(DAY);
  await signInAnywhere(person);
  await send();
  expect(notices(person)).toEqual([]);
  await toNextBusinessDay();
  await send();
  const [letter, ...others] = notices(person);
  expect(others).toEqual([]);
  expect(letter?.text?.match(/hos Biblioteket/g)).toHaveLength(2);
  expect(letter?.day).toBe(toDanishDay(nodes.clock.now()));
});

test('a letter that is held up holds up the next: never two on one day, nor card and password', async () => {
  const person = await aPerson(nodes, { email: null });
  await toMorningOf(isWorkday);
  await signInAnywhere(person);
  await send();
  await toNextBusinessDay();
  // Ordered, and not printed today.
  await nodes.node(0).app.tasks['sendNotices']?.({});
  await orderNewCard(nodes.context, person.identityId, BY);
  await orderPasswordLetter(nodes.context, person.identityId, BY);
  await signInAnywhere(person);
  await nodes.node(0).app.tasks['sendNotices']?.({});
  expect(notices(person)).toEqual([]);
  for (let day = 0; day < 4; day += 1) {
    await toNextBusinessDay();
    await send();
    await send();
  }
  const days = lettersTo(person);
  const daily = days.filter(({ text }) => text?.includes('hos Biblioteket'));
  expect(daily).toHaveLength(2);
  expect(new Set(daily.map(({ day }) => day)).size).toBe(2);
  const secret = days.filter(({ kind }) => kind === 'card' || kind === 'password');
  expect(secret.map(({ kind }) => kind).sort()).toEqual(['card', 'password']);
  expect(new Set(secret.map(({ day }) => day)).size).toBe(2);
});

test('a node of the previous version prints such a letter: its own notice is the first of them', async () => {
  const person = await aPerson(nodes, { email: null });
  await toMorningOf(isWorkday);
  await signInAnywhere(person);
  await signInAnywhere(person);
  await send();
  await toNextBusinessDay();
  await nodes.node(1).app.tasks['sendNotices']?.({});
  const [row] = await nodes.database.query<{ notice: { kind: string; details: object; ofTheDay: object[] } }>(
    `SELECT notice FROM letters WHERE identity_id = $1 AND kind = 'notice'`,
    [person.identityId],
  );
  expect(row?.notice).toMatchObject({ kind: 'new_browser', details: { relyingParty: site.clientId } });
  expect(row?.notice.ofTheDay).toHaveLength(2);
});
