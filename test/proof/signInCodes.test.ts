/**
 * After a hundred wrong passwords in a row: known networks, and the sign-in code by confirmed e-mail or
 * letter.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import { sweepExpiredRows } from '../../src/db/sweep.ts';
import { deriveSignInCode } from '../../src/features/signIn/signInCode/signInCodeHash.ts';
import { da } from '../../src/ui/words/words.da.ts';
import {
  aPerson,
  authRequest,
  TestBrowser,
  codesTo,
  holdUp,
  HOUR,
  isFromBefore,
  type BrowserPage,
  signInAtNode,
  signInAt,
  type TestPerson,
  toKeyPage,
  useNodes,
  useRelyingParty,
} from '../support/index.ts';

const words = da.locked.unknownBrowsers;
const MINUTE = 60_000;
const DAY = 24 * HOUR;
const rules = { ...DEFAULT_RULES, password: { ...DEFAULT_RULES.password, inARow: 10 } };
const nodes = useNodes({ count: 2, rules, proxyHops: 1, withoutErrors: true });
const bank = useRelyingParty(nodes, { kind: 'bank' });

let serial = 0;
/** A unique address in a unique /24. */
function anAddress(): string {
  serial += 1;
  return `10.${serial >> 8}.${serial & 255}.7`;
}

const aBrowser = (node = 0) => new TestBrowser(nodes, node, anAddress());
const WRONG = 'not it at all';

/** Strangers try until no lock expires any longer. @returns the page that the last of them sees */
async function exhaustAttempts(userId: string): Promise<BrowserPage> {
  let page: BrowserPage | undefined;
  for (let i = 0; i < 10; i += 1) {
    if (i === 5) nodes.clock.forward(8 * HOUR + 30_000);
    page = await toKeyPage(aBrowser(i), { userId, password: WRONG }, authRequest(bank));
  }
  if (!page) throw new Error('nobody tried');
  nodes.clock.forward(8 * HOUR + 30_000);
  return page;
}

/** The page that says that a code is needed, in a separate browser. */
async function toCodePage(person: Pick<TestPerson, 'userId'>, browser = aBrowser()): Promise<BrowserPage> {
  const page = await toKeyPage(browser, { userId: person.userId, password: WRONG }, authRequest(bank));
  expect(page.text).toContain(words.title);
  return page;
}

/** Codes that were ordered for a person, the newest last. */
async function codesOf({ identityId }: TestPerson): Promise<{ way: string; code: string }[]> {
  const rows = await nodes.database.query<{ id: string; way: string }>(
    'SELECT id, way FROM door_codes WHERE identity_id = $1 ORDER BY ordered_at',
    [identityId],
  );
  return rows.map(({ id, way }) => ({ way, code: deriveSignInCode(nodes.context, id) }));
}

/** As a person does: at the page of self-service that asks for the code. */
async function confirmEmail(browser: TestBrowser, email: string): Promise<void> {
  const page = await browser.follow('/self-service/email');
  const sent = await browser.send(page, { do: 'again' });
  const code = (await codesTo(nodes, email)).at(-1) ?? '';
  expect((await browser.send(sent, { do: 'code', code })).page).toBe('self-contact');
}

/** Without what differs from request to request. */
function masked(page: BrowserPage, name: string): string {
  return page.text
    .replaceAll(name, '*')
    .replaceAll(/name="(csrf|form)" value="[^"]*"/g, '')
    .replaceAll(/&quot;challenge&quot;:&quot;[\w-]+/g, '')
    .replaceAll(/\/login\/[\w-]+/g, '');
}

describe('a known network', () => {
  test('lets its person in with any browser, while strangers have exhausted all unknown ones', async () => {
    const person = await aPerson(nodes);
    const home = anAddress();
    await signInAtNode(new TestBrowser(nodes, 0, home), person, authRequest(bank));
    await exhaustAttempts(person.userId);
    const elsewhere = await toKeyPage(aBrowser(), person, authRequest(bank));
    expect(elsewhere.text).toContain(words.title);
    expect(
      (await signInAtNode(new TestBrowser(nodes, 1, home), person, authRequest(bank))).get('code'),
    ).toBeTruthy();
    // It resets all wrong ones in a row.
    expect((await toKeyPage(aBrowser(), person, authRequest(bank))).page).toBe('key');
  });

  test('has five separate attempts, and after ten wrong in a row it is known no longer', async () => {
    const person = await aPerson(nodes);
    const home = anAddress();
    await signInAtNode(new TestBrowser(nodes, 0, home), person, authRequest(bank));
    const wrongAtHome = async () =>
      await toKeyPage(
        new TestBrowser(nodes, 0, home),
        { userId: person.userId, password: WRONG },
        authRequest(bank),
      );
    const pages: (string | undefined)[] = [];
    for (let i = 0; i < 5; i += 1) pages.push((await wrongAtHome()).page);
    expect(pages).toEqual([...Array(4).fill('password'), 'locked']);
    // The others have theirs.
    expect((await toKeyPage(aBrowser(), person, authRequest(bank))).page).toBe('key');
    nodes.clock.forward(8 * HOUR + 30_000);
    for (let i = 0; i < 5; i += 1) await wrongAtHome();
    const left = 'SELECT count(*)::int AS many FROM known_networks WHERE identity_id = $1';
    expect(await nodes.database.query(left, [person.identityId])).toEqual([{ many: 0 }]);
  });

  test('is one of eight at most, the newest; and is swept after 90 days', async () => {
    const person = await aPerson(nodes);
    const addresses: string[] = [];
    for (let i = 0; i < 10; i += 1) {
      addresses.push(anAddress());
      await signInAtNode(new TestBrowser(nodes, i, addresses[i] ?? ''), person, authRequest(bank));
      nodes.clock.forward(HOUR);
    }
    const many = async () =>
      (
        await nodes.database.query<{ many: number }>(
          'SELECT count(*)::int AS many FROM known_networks WHERE identity_id = $1',
          [person.identityId],
        )
      )[0]?.many;
    expect(await many()).toBe(8);
    await exhaustAttempts(person.userId);
    const from = async (i: number) =>
      await toKeyPage(
        new TestBrowser(nodes, i, addresses[i] ?? ''),
        { userId: person.userId, password: WRONG },
        authRequest(bank),
      );
    expect((await from(1)).text).toContain(words.title);
    expect((await from(2)).page).toBe('password');
    nodes.clock.forward(91 * DAY);
    expect((await from(3)).text).toContain(words.title);
    await sweepExpiredRows(nodes.context.database, nodes.clock.offsetMs, (error) => {
      throw error;
    });
    expect(await many()).toBe(0);
  });
});

describe('the code', () => {
  test('comes by letter, opens five tries for one sign-in alone, and all is well with the right password', async () => {
    const person = await aPerson(nodes, { email: null });
    expect((await exhaustAttempts(person.userId)).text).toContain(words.title);
    const browser = aBrowser();
    const page = await browser.send(await toCodePage(person, browser), { send: 'code' });
    expect(page.text).toContain(words.ordered);
    const [ordered] = await codesOf(person);
    expect(ordered?.way).toBe('letter');
    await nodes.node(0).app.tasks['sendLetters']?.({});
    const letters = path.join(nodes.folder, 'letters');
    const found = readdirSync(letters).filter((name) => name.endsWith('.json'));
    const texts = found.map((name) => readFileSync(path.join(letters, name), 'utf8'));
    expect(texts.filter((text) => text.includes(ordered?.code ?? 'none'))).toHaveLength(1);

    // Days later, in another browser, as people type it.
    nodes.clock.forward(10 * DAY);
    const later = aBrowser(1);
    const wrong = await later.send(await toCodePage(person, later), { code: 'abcd efgh' });
    expect(wrong.text).toContain(words.wrong);
    expect((await later.send(wrong, { code: ' ' })).text).toContain(words.incomplete);
    const typed = ` ${(ordered?.code ?? '').toUpperCase().replace(/(.{4})/, '$1-')} `;
    let open = await later.send(wrong, { code: typed });
    expect([open.page, open.text.includes(`value="${person.userId}"`)]).toEqual(['password', true]);
    for (let i = 0; i < 4; i += 1) {
      open = await later.send(open, { userId: person.userId, password: `${WRONG} ${i}` });
      expect(open.page).toBe('password');
    }
    // Valid only for this sign-in.
    await toCodePage(person);
    const keyPage = await later.send(open, { userId: person.userId, password: person.password });
    expect(keyPage.page).toBe('key');
    expect((await toKeyPage(aBrowser(), person, authRequest(bank))).page).toBe('key');
  });

  test('is over after five wrong passwords, and needs another', async () => {
    const person = await aPerson(nodes);
    await exhaustAttempts(person.userId);
    const browser = aBrowser();
    await browser.send(await toCodePage(person, browser), { send: 'code_by_letter' });
    const [ordered] = await codesOf(person);
    let page = await browser.send(await toCodePage(person, browser), { code: ordered?.code ?? '' });
    expect(page.page).toBe('password');
    for (let i = 0; i < 5; i += 1) {
      page = await browser.send(page, { userId: person.userId, password: `${WRONG} ${i}` });
    }
    expect(page.text).toContain(words.title);
    const again = await browser.send(page, { code: ordered?.code ?? '' });
    const right = await browser.send(again, { userId: person.userId, password: person.password });
    expect(right.text).toContain(words.title);
  });

  test('goes only to the confirmed e-mail, once an hour, and is valid for half an hour', async () => {
    const askFor = async (person: TestPerson) => {
      const browser = aBrowser();
      const page = await browser.send(await toCodePage(person, browser), { send: 'code' });
      expect(page.text).toContain(words.ordered);
      return { browser, page };
    };
    const unanswered = await aPerson(nodes);
    await isFromBefore(nodes, unanswered);
    await exhaustAttempts(unanswered.userId);
    await askFor(unanswered);
    // Not confirmed, so by letter; and not another within five business days.
    await askFor(unanswered);
    expect((await codesOf(unanswered)).map(({ way }) => way)).toEqual(['letter']);

    const email = 'rikke@mail.example';
    const person = await aPerson(nodes, { email });
    await isFromBefore(nodes, person);
    const own = aBrowser();
    expect((await signInAt(own, person, '/self-service')).page).toBe('self-email');
    await confirmEmail(own, email);
    await exhaustAttempts(person.userId);
    const ask = async () => await askFor(person);
    const { browser, page } = await ask();
    await ask();
    const ordered = await codesOf(person);
    expect(ordered.map(({ way }) => way)).toEqual(['email']);
    await nodes.node(1).app.tasks['sendNotices']?.({});
    const mails = path.join(nodes.folder, 'mail');
    const texts = readdirSync(mails)
      .filter((name) => name.endsWith('.json'))
      .map((name) => readFileSync(path.join(mails, name), 'utf8'));
    expect(texts.filter((text) => text.includes(ordered[0]?.code ?? 'none'))).toHaveLength(1);
    nodes.clock.forward(31 * MINUTE);
    expect((await browser.send(page, { code: ordered[0]?.code ?? '' })).text).toContain(words.wrong);
    nodes.clock.forward(30 * MINUTE);
    const second = await ask();
    const [, newest] = await codesOf(person);
    expect((await second.browser.send(second.page, { code: newest?.code ?? '' })).page).toBe('password');
  });

  test('is asked for and typed alike for an unknown name', async () => {
    const person = await aPerson(nodes, { userId: 'code-name-one-1' });
    const unknownName = 'code-name-two-2';
    const seen: string[][] = [];
    for (const userId of [person.userId, unknownName]) {
      await exhaustAttempts(userId);
      const browser = aBrowser();
      const needed = await toCodePage({ userId }, browser);
      const ordered = await browser.send(needed, { send: 'code' });
      const wrong = await browser.send(ordered, { code: '2345 6789' });
      seen.push([needed, ordered, wrong].map((page) => masked(page, userId)));
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[0]?.[2]).toContain(words.wrong);
  });

  test('typed by 16 browsers concurrently on two nodes opens one of them', async () => {
    const person = await aPerson(nodes);
    await exhaustAttempts(person.userId);
    const first = aBrowser();
    await first.send(await toCodePage(person, first), { send: 'code' });
    const [ordered] = await codesOf(person);
    const browsers = Array.from({ length: 16 }, (_, i) => aBrowser(i));
    const pages = await Promise.all(browsers.map((browser) => toCodePage(person, browser)));
    const held = holdUp(nodes, 'overall AS (', 16);
    const typed = browsers.map((browser, i) =>
      browser.send(pages[i] as BrowserPage, { code: ordered?.code ?? '' }),
    );
    await held.reached.finally(held.release);
    const seen = await Promise.all(typed);
    expect(seen.filter(({ page }) => page === 'password')).toHaveLength(1);
    expect(seen.filter(({ text }) => text.includes(words.wrong))).toHaveLength(15);
  });

  test('in a person’s hand is not spoilt by strangers who type nonsense', async () => {
    const person = await aPerson(nodes);
    await exhaustAttempts(person.userId);
    const browser = aBrowser();
    const page = await browser.send(await toCodePage(person, browser), { send: 'code' });
    const spoil = async (node: number) => {
      const stranger = aBrowser(node);
      let theirs = await toCodePage(person, stranger);
      for (let i = 0; i < 5; i += 1) theirs = await stranger.send(theirs, { code: `2345678${i + 2}` });
      expect(theirs.text).toContain(words.wrong);
      expect((await stranger.send(theirs, { code: '23456789' })).status).toBe(429);
    };
    await Promise.all(Array.from({ length: 10 }, (_, node) => spoil(node)));
    const [ordered] = await codesOf(person);
    expect((await browser.send(page, { code: ordered?.code ?? '' })).page).toBe('password');
  });
});
