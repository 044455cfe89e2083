/** The lockout policy: who is stopped, for how long, and who never is. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { DEFAULT_RULES } from '../src/domain/rules.ts';
import { hashKeySubject, hashPasswordSubject } from '../src/features/authentication/attemptSubjectHashes.ts';
import { da } from '../src/ui/words/words.da.ts';
import { orderPasswordLetter } from '../src/features/identity/orderPasswordLetter.ts';
import {
  aKnownBrowser,
  anAddress,
  aPerson,
  aRelyingParty,
  authRequest,
  attackForDays,
  TestBrowser,
  cardOf,
  countWrong,
  holdRows,
  holdUp,
  HOUR,
  isActive,
  keyFor,
  waitForLetters,
  type BrowserPage,
  redeemCode,
  refreshTokens,
  readReturnedCode,
  signInAtNode,
  signInAt,
  slowDown,
  Stranger,
  takeOut,
  describeHarvest,
  type TestPerson,
  type TestRelyingParty,
  toChoosePage,
  toKeyPage,
  waitUntil,
  untilLocked,
  useNodes,
  userinfo,
  watchResults,
} from './support/index.ts';

let bank: TestRelyingParty;
const nodes = useNodes({ count: 2, rules: DEFAULT_RULES, proxyHops: 1, withoutErrors: true });
beforeAll(async () => {
  bank = await aRelyingParty(nodes, { kind: 'bank' });
});

// The suite's clock stands still; the database's, which decides about locks, advances in the meantime.
const MARGIN = 30_000;
const NEXT_DAY = 8 * HOUR + MARGIN;
const MINUTE = 60_000;

function aBrowser(address = anAddress()): TestBrowser {
  return new TestBrowser(nodes, 0, address);
}

/** Wrong passwords one after the other, in one sign-in. @returns the page after each */
async function wrongPasswords(browser: TestBrowser, userId: string, many: number): Promise<BrowserPage[]> {
  const first = await browser.follow(authRequest(bank).path);
  const pages: BrowserPage[] = [];
  for (let i = 0; i < many; i += 1) {
    await browser.post(first, { userId, password: `not it at all ${i}` });
    pages.push(await browser.follow(first.formUrl));
  }
  return pages;
}

/** The same with keys, from the key page on. */
async function wrongKeys(browser: TestBrowser, person: TestPerson, many: number): Promise<BrowserPage[]> {
  let page = await toKeyPage(browser, person, authRequest(bank));
  const key = wrong(keyFor(person, page));
  const pages: BrowserPage[] = [];
  for (let i = 0; i < many; i += 1) {
    page = await browser.send(page, { key });
    pages.push(page);
  }
  return pages;
}

function wrong(right: string): string {
  return String((Number(right) + 1) % 1_000_000).padStart(6, '0');
}

function wrongs(right: string, many: number): string[] {
  return Array.from({ length: many }, (_, i) => String((Number(right) + 1 + i) % 1_000_000).padStart(6, '0'));
}

const kinds = (pages: readonly BrowserPage[]) => pages.map(({ page }) => page);

/** How many rows of each kind of `table` there are for a person. */
async function countKinds(table: 'notices' | 'audit_events', { identityId }: TestPerson) {
  const rows = await nodes.database.query<{ kind: string; many: number }>(
    `SELECT kind, count(*)::int AS many FROM ${table} WHERE identity_id = $1 GROUP BY kind`,
    [identityId],
  );
  return Object.fromEntries(rows.map(({ kind, many }) => [kind, many]));
}

describe('a stranger who only knows the name', () => {
  test('never stops the owner in a known browser, and never touches the card', async () => {
    const { signIns } = await attackForDays(nodes, await aPerson(nodes), bank, 160);
    expect(signIns).toBeGreaterThanOrEqual(5);
  });

  test('control: without a known browser the owner is stopped, at the password only', async () => {
    const person = await aPerson(nodes);
    const before = await cardOf(nodes, person);
    const stranger = new Stranger(nodes, bank);
    await stranger.tryAll(person.userId, 100);
    console.info(`100 wrong tries: ${describeHarvest(stranger.harvest)}`);
    expect((await toKeyPage(aBrowser(), person, authRequest(bank))).page).toBe('locked');
    expect(await cardOf(nodes, person)).toEqual(before);
  });
});

describe('passwords', () => {
  test('a known browser has separate attempts, and after ten wrong in a row it is known no longer', async () => {
    const person = await aPerson(nodes);
    const own = await aKnownBrowser(nodes, person, bank);
    const ownToo = await aKnownBrowser(nodes, person, bank);
    // The network where the key was given is known too; the following is about the browser only.
    await nodes.database.query('DELETE FROM known_networks');
    expect(kinds(await wrongPasswords(own, person.userId, 5))).toEqual([
      ...Array(4).fill('password'),
      'locked',
    ]);
    // Only that browser: neither another one of theirs nor the unknown ones.
    expect((await toKeyPage(own, person, authRequest(bank))).page).toBe('locked');
    expect((await toKeyPage(ownToo, person, authRequest(bank))).page).toBe('key');
    expect(kinds(await wrongPasswords(aBrowser(), person.userId, 5))).toEqual([
      ...Array(4).fill('password'),
      'locked',
    ]);
    expect((await toKeyPage(ownToo, person, authRequest(bank))).page).toBe('key');

    nodes.clock.forward(NEXT_DAY);
    const again = await wrongPasswords(own, person.userId, 5);
    expect(kinds(again)).toEqual(Array(5).fill('password'));
    expect(await countKinds('audit_events', person)).toMatchObject({ browser_forgotten: 1 });
    const [left] = await nodes.database.query<{ many: number }>(
      'SELECT count(*)::int AS many FROM known_browsers WHERE identity_id = $1',
      [person.identityId],
    );
    expect(left?.many).toBe(1);
    // It is one of the unknown browsers from now on, and shares their attempts.
    expect(kinds(await wrongPasswords(aBrowser(), person.userId, 4))).toEqual(Array(4).fill('password'));
    expect(kinds(await wrongPasswords(own, person.userId, 1))).toEqual(['locked']);
    expect((await signInAtNode(ownToo, person, authRequest(bank))).get('code')).toBeTruthy();
  });

  test('an exhausted network has separate attempts again once a key is given from there', async () => {
    const person = await aPerson(nodes);
    const address = anAddress();
    expect((await signInAtNode(aBrowser(address), person, authRequest(bank))).get('code')).toBeTruthy();
    const own = await aKnownBrowser(nodes, person, bank, address);
    for (let day = 0; day < 2; day += 1) {
      await wrongPasswords(aBrowser(address), person.userId, 5);
      // The key that makes it known again gives no one five more attempts before that lock is over.
      expect((await signInAtNode(own, person, authRequest(bank))).get('code')).toBeTruthy();
      expect(kinds(await wrongPasswords(aBrowser(address), person.userId, 1))).toEqual(['locked']);
      nodes.clock.forward(NEXT_DAY);
    }
    for (let day = 0; day < 3; day += 1) {
      expect((await toKeyPage(aBrowser(address), person, authRequest(bank))).page).toBe('key');
      expect((await signInAtNode(aBrowser(address), person, authRequest(bank))).get('code')).toBeTruthy();
      nodes.clock.forward(3 * NEXT_DAY);
    }
    // Its attempts are five and five more, as before, and separate from those of all unknown browsers.
    await wrongPasswords(aBrowser(), person.userId, 5);
    const pages = await wrongPasswords(aBrowser(address), person.userId, 6);
    expect(kinds(pages)).toEqual([...Array(4).fill('password'), 'locked', 'locked']);
  });

  test('a lock of a known browser opens automatically after eight hours', async () => {
    const person = await aPerson(nodes);
    const own = await aKnownBrowser(nodes, person, bank);
    await wrongPasswords(own, person.userId, 5);
    nodes.clock.forward(8 * HOUR - 1_000);
    expect((await toKeyPage(own, person, authRequest(bank))).page).toBe('locked');
    nodes.clock.forward(1_000 + MARGIN);
    expect((await signInAtNode(own, person, authRequest(bank))).get('code')).toBeTruthy();
    // A right one resets the attempts: ten in a row are not reached.
    expect(kinds(await wrongPasswords(own, person.userId, 5)).at(-1)).toBe('locked');
    expect(await countKinds('audit_events', person)).not.toHaveProperty('browser_forgotten');
  });

  test('a hundred wrong in a row: only known browsers, until a right one; the same for an unknown name', async () => {
    const person = await aPerson(nodes, { userId: 'worn-out-name-01' });
    const unknownName = 'nobody-worn-out1';
    const own = await aKnownBrowser(nodes, person, bank);
    const seen: Record<string, string[]> = {};
    for (let day = 1; day <= 20; day += 1) {
      for (const name of [person.userId, unknownName]) {
        const pages = await wrongPasswords(aBrowser(), name, 5);
        (seen[name] ??= []).push(...pages.map((page) => masked(page, name)));
      }
      nodes.clock.forward(NEXT_DAY);
    }
    expect(seen[unknownName]).toEqual(seen[person.userId]);
    expect(seen[unknownName]?.filter((page) => page.includes('data-page="locked"'))).toHaveLength(20);
    expect(seen[unknownName]?.[94]).toContain(da.locked.why);
    expect(seen[unknownName]?.[99]).toContain(da.locked.unknownBrowsers.title);

    // Neither with time, nor by the right password from an unknown browser.
    nodes.clock.forward(30 * 24 * HOUR);
    const stays = [];
    for (const [name, password] of [
      [person.userId, person.password],
      [person.userId, 'not it at all'],
      [unknownName, person.password],
    ] as const) {
      const browser = aBrowser();
      stays.push(masked(await toKeyPage(browser, { userId: name, password }, authRequest(bank)), name));
    }
    expect(new Set(stays)).toEqual(new Set([seen[unknownName]?.[99]]));
    expect(await countKinds('notices', person)).toMatchObject({
      password_locked: 19,
      only_known_browsers: 1,
    });

    expect((await signInAtNode(own, person, authRequest(bank))).get('code')).toBeTruthy();
    expect((await signInAtNode(aBrowser(), person, authRequest(bank))).get('code')).toBeTruthy();
    expect(kinds(await wrongPasswords(aBrowser(), unknownName, 1))).toEqual(['locked']);
  });

  test('of 200 wrong ones at the end of a hundred, no more are verified than are left', async () => {
    const person = await aPerson(nodes);
    const own = await aKnownBrowser(nodes, person, bank);
    await wrongPasswords(own, person.userId, 3);
    nodes.clock.forward(NEXT_DAY);
    await wrongPasswords(own, person.userId, 5);
    nodes.clock.forward(NEXT_DAY);
    // Eight in a row: two are left for this browser, then the five of the unknown. Requests that had found it
    // known are counted with a browser that is known again: five more, and no sixth.
    const verified = await countWrong(nodes, async () => {
      const page = await own.follow(authRequest(bank).path);
      await Promise.all(
        Array.from({ length: 200 }, (_, i) => own.post(page, { userId: person.userId, password: `no-${i}` })),
      );
    });
    expect(verified).toBeLessThanOrEqual(2 + 5 + 5);
    expect(await countKinds('audit_events', person)).toMatchObject({ browser_forgotten: 1 });
  });
});

/** What an outsider sees, with the values of this one request masked. */
function masked(page: BrowserPage, typedName: string): string {
  const uid = /\/login\/([^/?]+)/.exec(page.formUrl)?.[1] ?? '-';
  return page.text
    .replaceAll(/name="(csrf|form)" value="[^"]*"/g, 'name="$1" value="*"')
    .replaceAll(/(&quot;challenge&quot;:&quot;)[\w-]+/g, '$1*')
    .replaceAll(uid, '*')
    .replaceAll(typedName, '*');
}

describe('keys', () => {
  test('five wrong lock for eight hours, five more block the card; before the last one the page says so', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    const elsewhere = aBrowser();
    const request = authRequest(rp, { scope: 'openid profile offline_access', prompt: 'consent' });
    const code = (await signInAtNode(elsewhere, person, request)).get('code') ?? '';
    const tokens = await redeemCode(nodes, rp, code, request.verifier);

    const firstDay = await wrongKeys(aBrowser(), person, 5);
    expect(kinds(firstDay)).toEqual([...Array(4).fill('key'), 'locked']);
    expect(firstDay.map(({ text }) => text.includes(da.key.lastBeforeLock))).toEqual(warned(4, 5));
    expect(firstDay[4]?.text).toContain(da.locked.key);
    // Only who gives the password is told, and before looking for a key.
    const later = aBrowser();
    const told = await toKeyPage(later, person, authRequest(bank));
    expect([told.page, told.text.includes(da.locked.key)]).toEqual(['locked', true]);
    expect(told.text).toContain(da.locked.next.key);
    const guess = await toKeyPage(aBrowser(), { ...person, password: 'not it at all' }, authRequest(bank));
    expect(guess.page).toBe('password');
    const cancelled = readReturnedCode(await later.send(told, { cancel: '1' }));
    expect(cancelled.get('error_description')).toMatch(/^locked: /);
    nodes.clock.forward(NEXT_DAY);

    const browser = aBrowser();
    const secondDay = await wrongKeys(browser, person, 4);
    expect(kinds(secondDay)).toEqual(Array(4).fill('key'));
    expect(secondDay.map(({ text }) => text.includes(da.key.lastBeforeBlock))).toEqual(warned(4, 4));
    expect((await userinfo(nodes, tokens.access_token)).status).toBe(200);
    const last = secondDay[3] as BrowserPage;
    const blocked = await browser.send(last, { key: wrong(keyFor(person, last)) });
    expect(blocked.page).toBe('refused');
    expect(blocked.text).toContain(da.refused.card_blocked.title);
    const back = readReturnedCode(await browser.send(blocked, { cancel: '1' }));
    expect(back.get('error_description')).toMatch(/^card_blocked: /);

    for (const node of [0, 1]) {
      expect((await userinfo(nodes, tokens.access_token, node)).status).toBe(401);
      expect(await isActive(nodes, rp, tokens.access_token, node)).toBe(false);
      expect((await refreshTokens(nodes, rp, tokens.refresh_token ?? '', node)).error).toBe('invalid_grant');
      expect((await elsewhere.follow(authRequest(rp).path)).page).toBe('password');
    }
    const refused = await toKeyPage(aBrowser(), person, authRequest(bank));
    expect([refused.page, refused.text.includes(da.refused.card_blocked.title)]).toEqual(['refused', true]);
    expect(await countKinds('notices', person)).toMatchObject({ keys_locked: 1, card_blocked: 1 });
    const [event] = await nodes.database.query<{ details: unknown }>(
      `SELECT details FROM audit_events WHERE identity_id = $1 AND kind = 'card_block'`,
      [person.identityId],
    );
    expect(event?.details).toEqual({ by: 'system', cardNumber: person.cardNumber.replaceAll('-', '') });
  });

  /** Of `many` pages, only the `nth` warns. */
  function warned(nth: number, many: number): boolean[] {
    return Array.from({ length: many }, (_, i) => i + 1 === nth);
  }

  test('a right one in between begins the count again', async () => {
    const person = await aPerson(nodes);
    await wrongKeys(aBrowser(), person, 5);
    nodes.clock.forward(NEXT_DAY);
    await wrongKeys(aBrowser(), person, 4);
    expect((await signInAtNode(aBrowser(), person, authRequest(bank))).get('code')).toBeTruthy();
    const pages = await wrongKeys(aBrowser(), person, 5);
    expect(kinds(pages)).toEqual([...Array(4).fill('key'), 'locked']);
    expect((await cardOf(nodes, person)).state).toBe('active');
  });

  test('wrong ones of another day count in a row, and the page warns before the tenth', async () => {
    const person = await aPerson(nodes);
    expect(kinds(await wrongKeys(aBrowser(), person, 3))).toEqual(Array(3).fill('key'));
    nodes.clock.forward(NEXT_DAY);
    expect(kinds(await wrongKeys(aBrowser(), person, 5)).at(-1)).toBe('locked');
    nodes.clock.forward(NEXT_DAY);
    const [ninth, tenth] = await wrongKeys(aBrowser(), person, 2);
    expect(ninth?.text).toContain(da.key.lastBeforeBlock);
    expect(tenth?.page).toBe('refused');
  });

  /** 200 concurrent wrong keys, from 20 browsers at the key page. @returns how many were verified */
  async function parallelWrongKeys(person: TestPerson): Promise<number> {
    const browsers = Array.from({ length: 20 }, (_, i) => new TestBrowser(nodes, i, anAddress()));
    const pages: BrowserPage[] = [];
    for (const browser of browsers) pages.push(await toKeyPage(browser, person, authRequest(bank)));
    // Sent again by the same browser, the same key would be the same form.
    const keys = wrongs(keyFor(person, pages[0] as BrowserPage), 200);
    return await countWrong(nodes, () =>
      Promise.all(
        Array.from({ length: 200 }, (_, i) =>
          (browsers[i % 20] as TestBrowser).post(pages[i % 20] as BrowserPage, { key: keys[i] as string }),
        ),
      ),
    );
  }

  test('of 200 at once five are judged; of 200 more five again, and the card is blocked once', async () => {
    const person = await aPerson(nodes, { keysSpent: 128 });
    // A new card is on the way: guesses do not concern it.
    expect((await signInAtNode(aBrowser(), person, authRequest(bank))).get('code')).toBeTruthy();
    expect(await parallelWrongKeys(person)).toBe(5);
    nodes.clock.forward(NEXT_DAY);
    // The one that exhausts the row blocks the card. The others open no transaction to do it again.
    const ownerLocks = slowDown(nodes, 'WHERE i.id = $1 FOR NO KEY UPDATE OF i', 0);
    expect(await parallelWrongKeys(person)).toBe(5);
    expect(ownerLocks()).toBe(1);
    expect(await countKinds('audit_events', person)).toMatchObject({ keys_locked: 1, card_block: 1 });
    expect(await countKinds('notices', person)).toMatchObject({ keys_locked: 1, card_blocked: 1 });
    const cards = await nodes.database.query<{ state: string }>(
      'SELECT state FROM key_cards WHERE identity_id = $1 ORDER BY ordered_at',
      [person.identityId],
    );
    expect(cards.map(({ state }) => state)).toEqual(['blocked', 'ordered']);
  });

  async function eightWrong(): Promise<TestPerson> {
    const person = await aPerson(nodes);
    await wrongKeys(aBrowser(), person, 3);
    nodes.clock.forward(NEXT_DAY);
    await wrongKeys(aBrowser(), person, 5);
    nodes.clock.forward(NEXT_DAY);
    return person;
  }

  test('of 200 concurrently when two are left before the block, two are verified', async () => {
    const person = await eightWrong();
    expect(await parallelWrongKeys(person)).toBe(2);
    expect((await cardOf(nodes, person)).state).toBe('blocked');
  });

  test('a block that its node did not live to make is made by the next who comes half a minute later', async () => {
    const person = await eightWrong();
    const [before, later] = [await toKeyPageOf(person), await toKeyPageOf(person)];
    const exhausted = await nodes.database.query(
      'UPDATE attempts SET in_a_row = 10, counted_at = $2 WHERE subject = $1 RETURNING subject',
      [hashKeySubject(nodes.context, person.identityId), nodes.clock.now()],
    );
    expect(exhausted).toHaveLength(1);
    // Not even the right key unlocks an exhausted row.
    expect((await before.browser.send(before.page, { key: before.key })).page).toBe('refused');
    expect((await cardOf(nodes, person)).state).toBe('active');
    nodes.clock.forward(31_000);
    expect((await later.browser.send(later.page, { key: later.key })).page).toBe('refused');
    expect((await cardOf(nodes, person)).state).toBe('blocked');
  });

  async function toKeyPageOf(person: TestPerson) {
    const browser = aBrowser();
    const page = await toKeyPage(browser, person, authRequest(bank));
    return { browser, page, key: keyFor(person, page) };
  }

  test('control: without the look at the row that is locked, more are', async () => {
    const person = await eightWrong();
    const repairs = [
      takeOut(nodes, "WHEN a.in_a_row >= $5::int THEN 'worn_out'", ''),
      takeOut(nodes, 'OR a.in_a_row + ', 'OR 0 * a.in_a_row + '),
    ];
    expect(await parallelWrongKeys(person)).toBeGreaterThan(2);
    for (const repair of repairs.toReversed()) repair();
  });

  test('of twelve right ones concurrently one is spent, and none of the others is called wrong', async () => {
    const person = await aPerson(nodes);
    await wrongKeys(aBrowser(), person, 1);
    const browsers = Array.from({ length: 12 }, (_, i) => new TestBrowser(nodes, i, anAddress()));
    const pages: BrowserPage[] = [];
    for (const browser of browsers) pages.push(await toKeyPage(browser, person, authRequest(bank)));
    const key = keyFor(person, pages[0] as BrowserPage);
    const { reached, release } = holdUp(nodes, 'UPDATE key_cards c SET spent = set_bit', 12);
    const answering = browsers.map((browser, i) => browser.send(pages[i] as BrowserPage, { key }));
    await reached;
    release();
    const answers = await Promise.all(answering);
    expect(answers.filter(({ text }) => text.includes(da.key.wrong))).toEqual([]);
    expect(answers.filter(({ headers }) => headers.location?.includes('code='))).toHaveLength(1);
    expect(answers.filter(({ page }) => page === 'key')).toHaveLength(11);
    expect(await spentOf(person)).toBe(1);
  });

  test('a right one that was compared before the fifth wrong one was counted opens nothing, and is not called wrong', async () => {
    const person = await aPerson(nodes);
    const browsers = Array.from({ length: 6 }, (_, i) => new TestBrowser(nodes, i, anAddress()));
    const pages: BrowserPage[] = [];
    for (const browser of browsers) pages.push(await toKeyPage(browser, person, authRequest(bank)));
    const [right, ...others] = browsers;
    const key = keyFor(person, pages[0] as BrowserPage);
    const { reached, release } = holdUp(nodes, 'UPDATE key_cards c SET spent = set_bit');
    const answering = right?.send(pages[0] as BrowserPage, { key });
    await reached;
    for (const [i, browser] of others.entries()) {
      await browser.send(pages[i + 1] as BrowserPage, { key: wrong(key) });
    }
    release();
    const answer = await answering;
    expect([answer?.page, answer?.text.includes(da.key.wrong)]).toEqual(['locked', false]);
    expect(await spentOf(person)).toBe(0);
  });

  async function spentOf({ cardId }: TestPerson): Promise<number | undefined> {
    const [card] = await nodes.database.query<{ spent: number }>(
      'SELECT bit_count(spent)::int AS spent FROM key_cards WHERE id = $1',
      [cardId],
    );
    return card?.spent;
  }

  test('twelve right passwords concurrently wait for their row, and all are right', async () => {
    const person = await aPerson(nodes);
    await wrongPasswords(aBrowser(), person.userId, 1);
    const browsers = Array.from({ length: 12 }, (_, i) => new TestBrowser(nodes, i, anAddress()));
    const pages = await Promise.all(browsers.map((browser) => browser.follow(authRequest(bank).path)));
    const { userId, password } = person;
    const held = await holdRows(nodes, 'SELECT FROM attempts WHERE subject = $1 FOR UPDATE', [
      hashPasswordSubject(nodes.context, `identity ${person.identityId}`),
    ]);
    const answering = Promise.all(
      browsers.map((browser, i) => browser.send(pages[i] as BrowserPage, { userId, password })),
    );
    await untilLocked(nodes);
    await held.release();
    expect(new Set((await answering).map(({ status, page }) => `${status} ${page}`))).toEqual(
      new Set(['200 key']),
    );
  });
});

describe('a new password', () => {
  const chosen = { password: 'Fire grå gæs går i græs' };

  /** Five wrong ones at home and five elsewhere. */
  async function lockAll(person: TestPerson, home: string): Promise<void> {
    for (const address of [home, anAddress()]) {
      await wrongPasswords(aBrowser(address), person.userId, 5);
      expect((await toKeyPage(aBrowser(address), person, authRequest(bank))).page).toBe('locked');
    }
  }

  async function expectToBeOpen(person: TestPerson, home: string): Promise<void> {
    for (const address of [home, anAddress()]) {
      const page = await toKeyPage(aBrowser(address), { ...person, ...chosen }, authRequest(bank));
      expect(page.page).toBe('key');
    }
  }

  /** A node may die before the attempts are reset: then there is no new password either. */
  async function expectBothOrNeither(
    { identityId }: TestPerson,
    press: () => Promise<unknown>,
  ): Promise<void> {
    const hash = async () =>
      await nodes.database.query('SELECT password_hash FROM identities WHERE id = $1', [identityId]);
    const before = await hash();
    const held = holdUp(nodes, 'SET tries = greatest(tries - wrong, 0)');
    const pressed = press();
    await held.reached;
    const midwayHash = await hash();
    held.release();
    await pressed;
    expect(midwayHash).toEqual(before);
    expect(await hash()).not.toEqual(before);
  }

  test('by letter opens what wrong ones at the former had locked, at home too', async () => {
    const person = await aPerson(nodes);
    const home = anAddress();
    await signInAtNode(aBrowser(home), person, authRequest(bank));
    await orderPasswordLetter(nodes.context, person.identityId, { by: 'system' });
    const letters = { ...(await waitForLetters(nodes, person.identityId)), keys: person.keys };
    await lockAll(person, home);
    const browser = aBrowser(home);
    const page = await toChoosePage(browser, letters);
    const { userId } = person;
    await expectBothOrNeither(person, () =>
      browser.send(page, { userId, ...chosen, terms: '1', understood: '1' }),
    );
    await expectToBeOpen(person, home);
  });

  test('in self-service does so as well', async () => {
    const person = await aPerson(nodes);
    const home = anAddress();
    const browser = aBrowser(home);
    expect((await signInAt(browser, person, '/self-service')).page).toBe('self-home');
    await lockAll(person, home);
    const asked = await browser.send(await browser.follow('/self-service/sign-in'), {
      do: 'password',
      ...chosen,
      currentPassword: person.password,
    });
    await expectBothOrNeither(person, () => browser.send(asked, { key: keyFor(person, asked) }));
    await expectToBeOpen(person, home);
  });
});

describe('what the person is told', () => {
  const checkDue = async (node = 0) => await nodes.node(node).app.tasks['checkDue']?.({});

  test('a right password from an unknown browser without a key, once, whoever looks', async () => {
    const [stolen, withKey, known] = [await aPerson(nodes), await aPerson(nodes), await aPerson(nodes)];
    expect((await toKeyPage(aBrowser(), stolen, authRequest(bank))).page).toBe('key');
    expect((await signInAtNode(aBrowser(), withKey, authRequest(bank))).get('code')).toBeTruthy();
    const own = await aKnownBrowser(nodes, known, bank);
    expect((await toKeyPage(own, known, authRequest(bank))).page).toBe('key');

    nodes.clock.forward(29 * MINUTE);
    await checkDue();
    expect(await countKinds('audit_events', stolen)).not.toHaveProperty('password_without_key');
    nodes.clock.forward(2 * MINUTE);
    await Promise.all([checkDue(0), checkDue(1), checkDue(0), checkDue(1)]);
    await checkDue();
    for (const table of ['audit_events', 'notices'] as const) {
      expect(await countKinds(table, stolen)).toMatchObject({ password_without_key: 1 });
      expect(await countKinds(table, withKey)).not.toHaveProperty('password_without_key');
      expect(await countKinds(table, known)).not.toHaveProperty('password_without_key');
    }
  });

  test('a sign-in from a browser that nobody knows, and none from a known one', async () => {
    const person = await aPerson(nodes);
    const own = await aKnownBrowser(nodes, person, bank);
    expect(await countKinds('notices', person)).toEqual({ new_browser: 1 });
    await signInAtNode(own, person, authRequest(bank));
    expect(await countKinds('notices', person)).toEqual({ new_browser: 1 });
    await signInAtNode(aBrowser(), person, authRequest(bank));
    expect(await countKinds('notices', person)).toEqual({ new_browser: 2 });
  });

  test('a browser that is known to one person is not known to another', async () => {
    const [anna, bent] = [await aPerson(nodes), await aPerson(nodes)];
    const annas = await aKnownBrowser(nodes, anna, bank);
    await signInAtNode(annas, bent, authRequest(bank));
    expect(await countKinds('notices', bent)).toEqual({ new_browser: 1 });
    // The checkbox is offered and ticked: then it is known for both people, with a separate content for each.
    const contents = () =>
      nodes.database.query<{ browser: string; identity_id: string }>(
        `SELECT encode(browser, 'hex') AS browser, identity_id FROM known_browsers WHERE identity_id = ANY($1)`,
        [[anna.identityId, bent.identityId]],
      );
    const [before] = await contents();
    const keyPage = await toKeyPage(annas, bent, authRequest(bank));
    expect(keyPage.text).toContain(da.key.ownComputer);
    await annas.send(keyPage, { key: keyFor(bent, keyPage), ownComputer: '1' });
    expect((await toKeyPage(annas, bent, authRequest(bank))).text).not.toContain(da.key.ownComputer);
    expect((await toKeyPage(annas, anna, authRequest(bank))).text).not.toContain(da.key.ownComputer);
    const after = await contents();
    expect(new Set(after.map((row) => row.identity_id)).size).toBe(2);
    expect(new Set(after.map((row) => row.browser)).size).toBe(2);
    expect(after).toContainEqual(before);
  });
});

describe('a network', () => {
  let serial = 0;
  /** Unknown names, one after the other, from one address. @returns the statuses of the posts */
  async function fish(address: string, many: number): Promise<number[]> {
    const browser = aBrowser(address);
    const page = await browser.follow(authRequest(bank).path);
    const statuses: number[] = [];
    let counted = 0;
    const repair = watchResults(nodes, 'many, now FROM counted', () => (counted += 1));
    for (let i = 0; i < many; i += 1) {
      const post = await browser.post(page, {
        userId: `fished-for-${(serial += 1)}`,
        password: 'not it at all',
      });
      statuses.push(post.status);
      // A request does not wait for its count; the next attempt here does.
      await waitUntil('it was counted', () => counted >= let_through(statuses));
    }
    repair();
    return statuses;
  }
  const let_through = (statuses: readonly number[]) => statuses.filter((status) => status === 303).length;

  test('of many wrong attempts over many names is slowed down, and drains by the minute', async () => {
    const address = anAddress();
    const statuses = await fish(address, 33);
    expect(statuses).toEqual([...Array(30).fill(303), 429, 429, 429]);
    const browser = aBrowser(address);
    const page = await browser.follow(authRequest(bank).path);
    const slowed = await browser.post(page, { userId: 'fished-for-more', password: 'not it at all' });
    expect([slowed.status, slowed.page]).toEqual([429, 'trouble']);
    expect(Number(slowed.headers['retry-after'])).toBeGreaterThan(0);
    expect(slowed.text).toContain(da.errorPages.slowed.title);
    expect(let_through(await fish(anAddress(), 1))).toBe(1);

    nodes.clock.forward(11_000);
    expect(await fish(address, 2)).toEqual([303, 429]);
    nodes.clock.forward(MINUTE);
    expect(let_through(await fish(address, 8))).toBe(6);
    nodes.clock.forward(5 * MINUTE);
    expect(let_through(await fish(address, 32))).toBe(30);
  });

  test('is one for all IPv6 addresses of a /64', async () => {
    const net = `2001:db8:${((serial += 1)).toString(16)}`;
    expect(let_through(await fish(`${net}:1::1`, 20))).toBe(20);
    expect(let_through(await fish(`${net}:1:ffff:1:2:3`, 20))).toBe(10);
    expect(let_through(await fish(`${net}:2::1`, 5))).toBe(5);
  });

  test('is not slowed by right passwords; a full one does not stop a known browser', async () => {
    const person = await aPerson(nodes);
    const address = anAddress();
    const own = await aKnownBrowser(nodes, person, bank, address);
    const browser = aBrowser(address);
    for (let i = 0; i < 35; i += 1) {
      expect((await toKeyPage(browser, person, authRequest(bank))).page).toBe('key');
    }
    expect(let_through(await fish(address, 31))).toBe(30);
    const page = await browser.follow(authRequest(bank).path);
    const slowed = await browser.post(page, { userId: person.userId, password: person.password });
    expect(slowed.status).toBe(429);
    expect((await signInAtNode(own, person, authRequest(bank))).get('code')).toBeTruthy();
    expect(kinds(await wrongPasswords(own, person.userId, 1))).toEqual(['password']);
  });

  test('a claim of the client about its own address is not believed', async () => {
    const address = anAddress();
    await fish(address, 30);
    expect(await fish(`${anAddress()}, ${address}`, 1)).toEqual([429]);
  });

  test('control: without the level that was read no one is slowed', async () => {
    const repair = takeOut(nodes, 'array_agg(n.level ', 'array_agg(0 * n.level ');
    expect(let_through(await fish(anAddress(), 33))).toBe(33);
    repair();
  });
});

test('who is locked until an hour that comes twice is shown which of the two', async () => {
  const year = nodes.clock.now().getUTCFullYear() + 1;
  const lastOfOctober = new Date(Date.UTC(year, 9, 31));
  const sunday = 31 - lastOfOctober.getUTCDay();
  // 01:30 UTC is half past two for the second time that night.
  const opensAt = Date.UTC(year, 9, sunday, 1, 30);
  nodes.clock.forward(opensAt - 8 * HOUR - MARGIN - nodes.clock.now().getTime());
  const person = await aPerson(nodes);
  const [page] = (await wrongPasswords(aBrowser(), person.userId, 5)).slice(-1);
  const when = `søndag den ${sunday}. oktober ${year} kl. 02.30 (vintertid)`;
  expect(page?.text).toContain(`<strong>Du kan prøve igen ${when}.</strong>`);
  await nodes.node(0).app.tasks['sendNotices']?.({});
  const mails = readdirSync(path.join(nodes.folder, 'mail'), { withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => readFileSync(path.join(file.parentPath, file.name), 'utf8').replace(/=\r?\n/g, ''))
    .filter((mail) => mail.includes('kl. 02.30 (vintertid)'));
  expect(mails).not.toHaveLength(0);
});
