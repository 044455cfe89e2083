/**
 * One action is one envelope and one mail: what happens to a person without e-mail goes into at most one
 * letter a business day, but a sign of a theft at once. A browser is told of once.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { toDanishDay, isBusinessDay } from '../../src/domain/calendar.ts';
import { blockTarget } from '../../src/features/factors/block.ts';
import { orderPasswordLetter } from '../../src/features/identity/orderPasswordLetter.ts';
import {
  anAddress,
  aPerson,
  authRequest,
  challengeOf,
  mailTo,
  TestBrowser,
  takeOut,
  toKeyPage,
  orderNewCard,
  signInAtNode,
  type TestPerson,
  useNodes,
  useRelyingParty,
} from '../support/index.ts';

const DAY = 24 * 3_600_000;
const BY = { by: 'person' } as const;
const STAFF = { by: 'staff', staffId: randomUUID(), reason: 'lost' } as const;
const nodes = useNodes({ count: 2, proxyHops: 1 });
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
  expect(letter?.text).not.toContain('så få breve som muligt');
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
  expect(first?.text).toContain('så få breve som muligt');
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

const wrongKeys = async (person: TestPerson, browser = new TestBrowser(nodes)) => {
  let page = await toKeyPage(browser, person, authRequest(site));
  for (let i = 0; i < 5; i += 1) {
    const right = person.keys.get(challengeOf(page).keyNumber) ?? '';
    page = await browser.send(page, { key: right === '000000' ? '111111' : '000000' });
  }
};

test('an ID that is blocked at the desk is one letter: the ID, the card and the card on its way', async () => {
  const person = await aPerson(nodes, { email: null });
  await toMorningOf(isWorkday);
  await orderNewCard(nodes.context, person.identityId, BY);
  await send();
  // The card has left: its notice is of the same day.
  await send();
  await toNextBusinessDay();
  await send();
  const before = notices(person);
  // What time overtook is left out: the card was ordered and sent.
  expect(before).toHaveLength(1);
  expect(before[0]?.text).toMatch(/^Dit nye nøglekort er sendt\n\nDit nye nøglekort har nummer/);
  expect(await blockTarget(nodes.context, person.identityId, 'identity', STAFF)).toBe('done');
  await Promise.all([send(), send()]);
  await toNextBusinessDay();
  await Promise.all([send(), send()]);
  await toNextBusinessDay();
  await send();
  const [letter, ...others] = notices(person).slice(before.length);
  expect(others).toEqual([]);
  expect(letter?.text).toMatch(/^Dit ID er spærret\n.*Dit ID er blevet spærret.*Dit nøglekort med nummer/s);
  expect(letter?.text).toContain(', som er på vej til dig, er blevet spærret');
});

test('a sign of a theft leaves with the next posting, first in its letter, with what was gathered', async () => {
  const person = await aPerson(nodes, { email: null });
  await toMorningOf(isWorkday);
  const today = toDanishDay(nodes.clock.now());
  await signInAnywhere(person);
  await send();
  expect(notices(person)).toEqual([]);
  nodes.clock.forward(1_000);
  await wrongKeys(person);
  await Promise.all([send(), send()]);
  const [letter, ...others] = notices(person);
  expect(others).toEqual([]);
  expect(letter?.day).toBe(today);
  expect(letter?.text).toMatch(
    /^Nøglen er skrevet forkert for mange gange\n.*Nøglen fra dit nøglekort.*hos Biblioteket/s,
  );
  // Another letter of the day does not hold it up.
  await toKeyPage(new TestBrowser(nodes), person, authRequest(site));
  nodes.clock.forward(31 * 60_000);
  await nodes.node(0).app.tasks['checkDue']?.({});
  await send();
  expect(notices(person).map(({ day }) => day)).toEqual([today, today]);
});

test('a lock that has opened before the letter is read is told in the past', async () => {
  const person = await aPerson(nodes, { email: null });
  await toMorningOf((day, next) => !isBusinessDay(day) && !isBusinessDay(next));
  await wrongKeys(person, aBrowser(anAddress()));
  await lockedOut(person);
  await send();
  expect(notices(person)).toEqual([]);
  await toNextBusinessDay();
  await send();
  const [letter, ...others] = notices(person);
  expect(others).toEqual([]);
  expect(letter?.text?.match(/Det åbnede igen/g)).toHaveLength(2);
  // Both names are of the table of the library; the password's browser is not recorded.
  expect(letter?.text?.match(/Firefox på Windows/g)).toHaveLength(1);
  expect(letter?.text).not.toContain('åbner af sig selv');
});

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0';
const SAFARI =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15';

/** A browser without cookies, by its network and family. */
function aBrowser(address: string, userAgent = FIREFOX): TestBrowser {
  const browser = new TestBrowser(nodes, 0, address);
  browser.userAgent = userAgent;
  return browser;
}

const emailOf = ({ userId }: TestPerson) => `anna-${userId.replace('person-', '')}@mail.example`;
const newBrowserMails = (person: TestPerson) =>
  mailTo(nodes, emailOf(person)).filter(({ subject }) => subject.includes('ny computer eller telefon'));

async function signInFrom(browser: TestBrowser, person: TestPerson): Promise<void> {
  await signInAtNode(browser, person, authRequest(site));
  nodes.clock.forward(1_000);
  await send();
}

test('twenty sign-ins from one browser without the checkbox are one notice, with browser and system', async () => {
  const person = await aPerson(nodes);
  const home = anAddress();
  for (let i = 0; i < 20; i += 1) await signInFrom(aBrowser(home), person);
  const [mail, ...others] = newBrowserMails(person);
  expect(others).toEqual([]);
  expect(mail?.text).toContain('hos Biblioteket');
  expect(mail?.text).toContain('Firefox på Windows');
  // The log has all of them, and what was sent has one.
  const rows = await nodes.database.query('SELECT FROM notices WHERE identity_id = $1', [person.identityId]);
  expect(rows).toHaveLength(1);
});

test('another network, another family, and no family are told each; so is the first after 90 days', async () => {
  const person = await aPerson(nodes);
  const home = anAddress();
  const many = async (browser: TestBrowser) => {
    await signInFrom(browser, person);
    return newBrowserMails(person).length;
  };
  expect(await many(aBrowser(home))).toBe(1);
  expect(await many(aBrowser(anAddress()))).toBe(2);
  expect(await many(aBrowser(home, SAFARI))).toBe(3);
  expect(await many(aBrowser(home, 'curl/8'))).toBe(4);
  expect(await many(aBrowser(home, 'curl/8'))).toBe(5);
  expect(await many(aBrowser(home))).toBe(5);
  nodes.clock.forward(89 * DAY);
  expect(await many(aBrowser(home))).toBe(5);
  nodes.clock.forward(91 * DAY);
  expect(await many(aBrowser(home))).toBe(6);
  expect(await many(aBrowser(home))).toBe(6);
  // A block forgets them; so does a new password.
  await blockTarget(nodes.context, person.identityId, 'identity', BY);
  const known = await nodes.database.query('SELECT FROM notice_browsers WHERE identity_id = $1', [
    person.identityId,
  ]);
  expect(known).toEqual([]);
});

test.each([
  ['and one family', FIREFOX],
  ['with two families', SAFARI],
])('at a library each sign-in is told: two people, one network %s', async (_, userAgent) => {
  const [one, other] = [await aPerson(nodes), await aPerson(nodes)];
  const library = anAddress();
  for (const person of [one, other, one, other, one])
    await signInFrom(aBrowser(library, person === one ? FIREFOX : userAgent), person);
  expect(newBrowserMails(one)).toHaveLength(3);
  expect(newBrowserMails(other)).toHaveLength(2);
});

test('it is known for notices alone: the password locks for it as for any stranger', async () => {
  const person = await aPerson(nodes);
  const home = anAddress();
  await signInFrom(aBrowser(home), person);
  await nodes.database.query('DELETE FROM known_networks WHERE identity_id = $1', [person.identityId]);
  const stranger = aBrowser(anAddress());
  let page = await stranger.follow(authRequest(site).path);
  for (let i = 0; i < 5; i += 1)
    page = await stranger.send(page, { userId: person.userId, password: `not it ${i}` });
  expect((await toKeyPage(aBrowser(home), person, authRequest(site))).page).not.toBe('key');
});

describe('two sign-ins at once from one new browser, two workers', () => {
  async function mailsOfTwo(): Promise<number> {
    const person = await aPerson(nodes);
    const home = anAddress();
    await Promise.all([aBrowser(home), aBrowser(home)].map((one) => signInOnce(one, person)));
    await signInOnce(aBrowser(home), person);
    // Each for a worker of its own.
    await nodes.database.query('UPDATE notices SET sent_with = id WHERE identity_id = $1', [
      person.identityId,
    ]);
    await Promise.all([send(), send()]);
    await send();
    return newBrowserMails(person).length;
  }

  /** Of two with one key, one signs in. */
  async function signInOnce(browser: TestBrowser, person: TestPerson): Promise<void> {
    await signInAtNode(browser, person, authRequest(site)).catch(() => undefined);
  }

  test('one notice', async () => {
    for (let round = 0; round < 3; round += 1) expect(await mailsOfTwo()).toBe(1);
  });

  test('control: without the row of the first there are several', async () => {
    const repair = takeOut(nodes, 'ELSE b.notice_id END', 'ELSE excluded.notice_id END');
    const many = await mailsOfTwo();
    repair();
    expect(many).toBeGreaterThan(1);
  });
});
