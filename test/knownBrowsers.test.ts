/** Known browsers: shared, copied, listed and removed, over two nodes. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { hashBrowser } from '../src/features/authentication/knownBrowser.ts';
import { hashBrowserSubject } from '../src/features/authentication/attemptSubjectHashes.ts';
import { da } from '../src/ui/words/words.da.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  keyFor,
  type BrowserPage,
  signInAt,
  type TestPerson,
  type TestRelyingParty,
  toKeyPage,
  useNodes,
} from './support/index.ts';

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0';
const PATH = '/self-service/browsers';

let bank: TestRelyingParty;
const nodes = useNodes({ count: 2, proxyHops: 1, withoutErrors: true });
beforeAll(async () => {
  bank = await aRelyingParty(nodes, { kind: 'bank' });
});

function aBrowser(firstNode = 0): TestBrowser {
  const browser = new TestBrowser(nodes, firstNode, '192.0.2.10');
  browser.userAgent = FIREFOX;
  return browser;
}

/** Signs in at the bank; the checkbox is sent, whether it is offered or not. */
async function callOwn(browser: TestBrowser, person: TestPerson): Promise<void> {
  const page = await toKeyPage(browser, person, authRequest(bank));
  const outcome = await browser.send(page, { key: keyFor(person, page), ownComputer: '1' });
  expect(outcome.headers.location).toContain('code=');
}

async function signInPlainly(browser: TestBrowser, person: TestPerson): Promise<void> {
  const page = await toKeyPage(browser, person, authRequest(bank));
  expect((await browser.send(page, { key: keyFor(person, page) })).headers.location).toContain('code=');
}

/** The page that asks for a key offers the checkbox only to an unknown browser. On both nodes. */
async function isKnown(browser: TestBrowser, person: TestPerson): Promise<boolean> {
  const seen: boolean[] = [];
  for (const node of [0, 1]) {
    const there = await browser.copyTo(aBrowser(node));
    const page = await toKeyPage(there, person, authRequest(bank));
    expect(page.page).toBe('key');
    seen.push(!page.text.includes(da.key.ownComputer));
  }
  expect(new Set(seen).size).toBe(1);
  return seen[0] ?? false;
}

async function eventsOf({ identityId }: TestPerson, kind: string) {
  const rows = await nodes.database.query<{ details: Record<string, unknown> }>(
    'SELECT details FROM audit_events WHERE identity_id = $1 AND kind = $2 ORDER BY id',
    [identityId, kind],
  );
  return rows.map(({ details }) => details);
}

async function rowsOf({ identityId }: TestPerson) {
  return await nodes.database.query<{ browser: string; since: Date; first_at: Date }>(
    `SELECT encode(browser, 'hex') AS browser, since, first_at FROM known_browsers WHERE identity_id = $1`,
    [identityId],
  );
}

describe('a browser that several people call their own', () => {
  test('each is known in it by a content of their own, in whatever order they say so', async () => {
    const people = [await aPerson(nodes), await aPerson(nodes), await aPerson(nodes)] as const;
    const browser = aBrowser();
    for (const person of people) await callOwn(browser, person);
    for (const person of people) expect(await isKnown(browser, person)).toBe(true);
    const rows = await Promise.all(people.map(rowsOf));
    expect(new Set(rows.flat().map((row) => row.browser)).size).toBe(3);
    await callOwn(browser, people[0]);
    for (const person of people) {
      expect(await isKnown(browser, person)).toBe(true);
      expect(await rowsOf(person)).toHaveLength(1);
    }
    expect(await isKnown(browser, await aPerson(nodes))).toBe(false);
  });

  test('a copy of its cookies moves nothing of its owner, in whatever name it signs in', async () => {
    const [owner, thief, mate] = [await aPerson(nodes), await aPerson(nodes), await aPerson(nodes)];
    const browser = aBrowser();
    await callOwn(browser, owner);
    await callOwn(browser, mate);
    const before = await rowsOf(owner);
    const copy = await browser.copy();
    // A stranger, then a person who is known in the same browser, each from elsewhere.
    await callOwn(copy, thief);
    await callOwn(copy, mate);
    expect(await rowsOf(owner)).toEqual(before);
    expect(await isKnown(browser, owner)).toBe(true);
    // The mate's own row is theirs to renew: the copy has it now, and their log says so.
    expect(await isKnown(copy, mate)).toBe(true);
    expect((await eventsOf(mate, 'browser_known')).map(({ again }) => again)).toEqual([false, true]);
  });

  test('cookies of the previous version still work: one content of several people', async () => {
    const [one, other] = [await aPerson(nodes), await aPerson(nodes)];
    const content = 'A'.repeat(43);
    const key = hashBrowser(nodes.context, content);
    for (const { identityId } of [one, other]) {
      await nodes.database.query(
        'INSERT INTO known_browsers (browser, identity_id, since, tries) VALUES ($1, $2, now(), $3)',
        [key, identityId, hashBrowserSubject(nodes.context, identityId, key)],
      );
    }
    const browser = aBrowser();
    await browser.setCookie(`noegle-browser=${content}; Path=/; HttpOnly`);
    expect([await isKnown(browser, one), await isKnown(browser, other)]).toEqual([true, true]);
    await callOwn(browser, one);
    expect([await isKnown(browser, one), await isKnown(browser, other)]).toEqual([true, true]);
    // As the previous version reads it: the first cookie has one content, that of the most recent person.
    const cookies = await browser.readCookies();
    const own = cookies.find(({ name }) => name === 'noegle-browser')?.value ?? '';
    expect(own).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect((await rowsOf(one)).map((row) => row.browser)).toEqual([
      hashBrowser(nodes.context, own).toString('hex'),
    ]);
    expect(cookies.find(({ name }) => name === 'noegle-browsers')?.value).toBe(content);
    // A node of the previous version renews the first content for all who have it, and sets only the first
    // cookie.
    const renewed = 'B'.repeat(43);
    await nodes.database.query('UPDATE known_browsers SET browser = $1, tries = NULL WHERE browser = $2', [
      hashBrowser(nodes.context, renewed),
      hashBrowser(nodes.context, own),
    ]);
    await browser.setCookie(`noegle-browser=${renewed}; Path=/; HttpOnly`);
    expect([await isKnown(browser, one), await isKnown(browser, other)]).toEqual([true, true]);
  });

  test('an answer that was lost loses nothing: the same form again makes the same browser known', async () => {
    const [person, other] = [await aPerson(nodes), await aPerson(nodes)];
    const browser = aBrowser();
    await callOwn(browser, other);
    await callOwn(browser, person);
    const page = await toKeyPage(browser, person, authRequest(bank));
    const copies = [await browser.copy(), await browser.copy()];
    const typed = { key: keyFor(person, page), ownComputer: '1' };
    const answers = [];
    for (const copy of copies) answers.push(await copy.post(page, typed));
    expect(answers.map(({ headers }) => headers.location?.includes('code='))).toEqual([true, true]);
    for (const copy of copies) {
      expect([await isKnown(copy, person), await isKnown(copy, other)]).toEqual([true, true]);
    }
    expect(await rowsOf(person)).toHaveLength(1);
    const cookies = await Promise.all(copies.map(async (copy) => await copy.readCookies()));
    const contents = cookies.map((all) => all.find(({ name }) => name === 'noegle-browser')?.value);
    expect(new Set(contents).size).toBe(1);
  });

  test('what is no content of Nøgle’s is no one’s', async () => {
    const person = await aPerson(nodes);
    const many = Array.from({ length: 40 }, (_, i) => String.fromCharCode(65 + (i % 26)).repeat(43)).join(
      '.',
    );
    for (const value of ['x.y..z', '.', many, `${'A'.repeat(42)}{`]) {
      const browser = aBrowser();
      await browser.setCookie(`noegle-browsers=${value}; Path=/`);
      expect(await isKnown(browser, person)).toBe(false);
    }
  });
});

describe('in self-service', () => {
  /** Signed in to self-service in a known browser. */
  async function atSelfService(person: TestPerson, browser = aBrowser()): Promise<TestBrowser> {
    const first = await browser.follow('/self-service');
    const page = first.page === 'self-home' ? first : await signInAt(browser, person, '/self-service');
    expect(page.page).toBe('self-home');
    return browser;
  }

  const namesOn = (page: BrowserPage) =>
    [...page.text.matchAll(/name="browser" value="([0-9a-f]{32})"/g)].map(([, name = '']) => name);

  test('each is listed with browser, system, since when and when last used', async () => {
    const person = await aPerson(nodes);
    const browser = aBrowser();
    await callOwn(browser, person);
    const [known] = await eventsOf(person, 'browser_known');
    expect(known).toEqual({ again: false, seen: expect.any(String) });
    await signInPlainly(browser, person);
    const used = await eventsOf(person, 'signed_in');
    expect(new Set(used.map(({ ownBrowser }) => ownBrowser)).size).toBe(1);
    const page = await (await atSelfService(person)).follow(PATH);
    expect(page.page).toBe('self-browsers');
    expect(namesOn(page)).toEqual([used[0]?.['ownBrowser']]);
    expect(page.text).toContain('Firefox på Windows');
    expect(page.text).toContain('Sidst brugt til at logge på med en nøgle');
    const english = await (await atSelfService(person)).follow(`${PATH}?language=en`);
    expect(english.text).toContain('Firefox on Windows');
    const log = await (await atSelfService(person)).follow('/self-service/activity');
    expect(log.text).toContain('Du sagde, at en computer eller telefon er din egen.');
  });

  test('renewed, it is one browser, known since it first was', async () => {
    const person = await aPerson(nodes);
    const browser = aBrowser();
    await callOwn(browser, person);
    const [first] = await rowsOf(person);
    nodes.clock.forward(3_600_000);
    await callOwn(browser, person);
    const rows = await rowsOf(person);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.browser).not.toBe(first?.browser);
    expect(rows[0]?.first_at).toEqual(first?.first_at);
    expect((await eventsOf(person, 'browser_known')).map(({ again }) => again)).toEqual([false, true]);
  });

  test('taken back, it is unknown on every node at once; written down and notified, once', async () => {
    const [person, other] = [await aPerson(nodes), await aPerson(nodes)];
    const [removed, remaining] = [aBrowser(), aBrowser()];
    await callOwn(removed, person);
    await callOwn(removed, other);
    await callOwn(remaining, person);
    const browser = await atSelfService(person);
    const page = await browser.follow(PATH);
    const [, name = ''] = namesOn(page);
    const copies = await Promise.all(Array.from({ length: 6 }, () => browser.copy()));
    const outcome = await Promise.all(
      copies.map(async (copy) => await copy.post(page, { do: 'one', browser: name })),
    );
    expect(outcome.map(({ status }) => status)).toEqual(Array(6).fill(303));
    expect(outcome.filter(({ headers }) => headers.location?.endsWith('done=one'))).toHaveLength(1);
    expect([await isKnown(removed, person), await isKnown(remaining, person)]).toEqual([false, true]);
    // The same browser stays known for the other person.
    expect(await isKnown(removed, other)).toBe(true);
    expect(await eventsOf(person, 'browsers_taken_back')).toEqual([{ many: 1, seen: expect.any(String) }]);
    const notices = await nodes.database.query(
      `SELECT details ->> 'many' AS many FROM notices
       WHERE identity_id = $1 AND kind = 'browsers_taken_back'`,
      [person.identityId],
    );
    expect(notices).toEqual([{ many: '1' }]);
    const shown = await browser.follow(`${PATH}?done=one`);
    expect(shown.text).toContain(da.knownBrowsers.isTakenBack);
    expect(namesOn(shown)).toHaveLength(1);
    await signInPlainly(removed, person);
    const sentNotices = await nodes.database.query(
      `SELECT FROM notices WHERE identity_id = $1 AND kind = 'new_browser'`,
      [person.identityId],
    );
    expect(sentNotices.length).toBeGreaterThanOrEqual(3);
  });

  test('a sign-in that is under way in it is one from a new browser', async () => {
    const person = await aPerson(nodes);
    const removed = aBrowser();
    await callOwn(removed, person);
    const count = async () => {
      const rows = await nodes.database.query(
        `SELECT FROM notices WHERE identity_id = $1 AND kind = 'new_browser'`,
        [person.identityId],
      );
      return rows.length;
    };
    const self = await atSelfService(person);
    const page = await toKeyPage(removed, person, authRequest(bank));
    await self.send(await self.follow(PATH), {
      do: 'one',
      browser: namesOn(await self.follow(PATH))[0] ?? '',
    });
    const before = await count();
    await removed.send(page, { key: keyFor(person, page) });
    expect(await count()).toBe(before + 1);
  });

  test('all together; and no one removes what is another person’s', async () => {
    const [person, other] = [await aPerson(nodes), await aPerson(nodes)];
    const browsers = [aBrowser(), aBrowser(), aBrowser()];
    for (const one of browsers) await callOwn(one, person);
    const strange = await atSelfService(other);
    const theirs = await (await atSelfService(person)).follow(PATH);
    const form = await strange.follow(PATH);
    for (const name of namesOn(theirs)) {
      // Their page has no form to send; the CSRF token of the session is in every one.
      const sent = await strange.post(form, { do: 'one', browser: name });
      expect(sent.headers.location).toBe(PATH);
    }
    expect(await rowsOf(person)).toHaveLength(3);
    const own = await atSelfService(person);
    for (const odd of ['', 'x', "' OR true --", 'A'.repeat(32), 'f'.repeat(33)]) {
      expect((await own.post(await own.follow(PATH), { do: 'one', browser: odd })).status).toBe(400);
    }
    expect((await own.post(await own.follow(PATH), { do: 'nothing' })).status).toBe(400);
    const forged = await own.post(await own.follow(PATH), { do: 'all', csrf: 'x'.repeat(43) });
    expect(forged.status).toBe(403);
    expect((await own.send(await own.follow(PATH), { do: 'all' })).text).toContain(
      da.knownBrowsers.areTakenBack,
    );
    expect(await eventsOf(person, 'browsers_taken_back')).toMatchObject([{ many: 3 }]);
    for (const one of browsers) expect(await isKnown(one, person)).toBe(false);
    const log = await own.follow('/self-service/activity');
    expect(log.text).toContain('3 computere og telefoner ikke længere er dine egne');
  });
});

describe('a user ID that its own computer remembers', () => {
  const TICK = { rememberUserId: '1' };

  /** The sealed cookie, if the browser has it. */
  async function rememberedBy(browser: TestBrowser): Promise<string | undefined> {
    return (await browser.readCookies()).find(({ name }) => name === 'noegle-user')?.value;
  }

  function fieldIn({ text }: BrowserPage): { value: string; isTicked: boolean; offersForget: boolean } {
    const [input = ''] = /<input[^>]*id="userId"[^>]*>/.exec(text) ?? [];
    const [box = ''] = /<input[^>]*id="rememberUserId"[^>]*>/.exec(text) ?? [];
    const [, value = ''] = / value="([^"]*)"/.exec(input) ?? [];
    return { value, isTicked: box.includes(' checked'), offersForget: text.includes(da.password.forget) };
  }

  async function signInWith(
    browser: TestBrowser,
    person: TestPerson,
    tick: Record<string, string>,
    userId = person.userId,
  ): Promise<BrowserPage> {
    const page = await browser.follow(authRequest(bank).path);
    const keyPage = await browser.send(page, { userId, password: person.password, ...tick });
    const end = await browser.send(keyPage, { key: keyFor(person, keyPage) });
    expect(end.headers.location).toContain('code=');
    return end;
  }

  const blank = { value: '', isTicked: false, offersForget: false };
  const filledIn = (value: string) => ({ value, isTicked: true, offersForget: true });
  const look = async (browser: TestBrowser) => fieldIn(await browser.follow(authRequest(bank).path));

  test('only with the tick, only after the key, and it outlives a log-out', async () => {
    const person = await aPerson(nodes);
    const browser = aBrowser();
    expect(await look(browser)).toEqual(blank);
    await signInWith(browser, person, {});
    expect([await rememberedBy(browser), await look(browser)]).toEqual([undefined, blank]);

    const page = await browser.follow(authRequest(bank).path);
    const keyPage = await browser.send(page, { userId: person.userId, password: person.password, ...TICK });
    expect(keyPage.page).toBe('key');
    expect(await rememberedBy(browser)).toBeUndefined();
    const end = await browser.send(keyPage, { key: keyFor(person, keyPage) });
    const line = end.headers['set-cookie']?.find((one) => one.startsWith('noegle-user=')) ?? '';
    expect(line).toMatch(/; path=\/; expires=[^;]+; samesite=lax; httponly$/i);
    expect(line).not.toContain(person.userId);
    expect(await look(browser)).toEqual(filledIn(person.userId));
    await browser.follow('/session/end');
    expect(await look(browser)).toEqual(filledIn(person.userId));

    // Under the number of the letter it is the chosen name that is kept, and a longer name is no longer text.
    await signInWith(browser, person, TICK, person.idNumber);
    expect(await look(browser)).toEqual(filledIn(person.userId));
    const long = await aPerson(nodes, { userId: 'æ'.repeat(47) });
    const other = aBrowser();
    await signInWith(other, long, TICK);
    expect((await rememberedBy(other))?.length).toBe((await rememberedBy(browser))?.length);
    expect(await look(other)).toEqual(filledIn(long.userId));
  });

  test('a wrong password keeps the tick, and remembers no one', async () => {
    const person = await aPerson(nodes);
    const browser = aBrowser();
    const page = await browser.follow(authRequest(bank).path);
    const typed = { userId: person.userId, password: 'not it at all', ...TICK };
    const wrong = await browser.send(page, typed);
    expect(fieldIn(wrong)).toEqual({ value: person.userId, isTicked: true, offersForget: false });
    expect([await rememberedBy(browser), await look(browser)]).toEqual([undefined, blank]);
  });

  test('"Not you?" and the tick taken off forget it, also after a wrong password', async () => {
    const person = await aPerson(nodes);
    const browser = aBrowser();
    await signInWith(browser, person, TICK);
    const shown = await browser.follow(authRequest(bank).path);
    const forgotten = await browser.send(shown, { forget: '1' });
    expect([fieldIn(forgotten), await rememberedBy(browser)]).toEqual([blank, undefined]);

    await signInWith(browser, person, TICK);
    const page = await browser.follow(authRequest(bank).path);
    const wrong = await browser.send(page, { userId: person.userId, password: 'not it at all', ...TICK });
    expect(fieldIn(wrong)).toEqual(filledIn(person.userId));
    expect(fieldIn(await browser.send(wrong, { forget: '1' }))).toEqual(blank);

    await signInWith(browser, person, TICK);
    expect(await look(browser)).toEqual(filledIn(person.userId));
    await signInWith(browser, person, {});
    expect([await look(browser), await rememberedBy(browser)]).toEqual([blank, undefined]);
  });

  test('another person who leaves the box as it is, is not remembered in place of its owner', async () => {
    const [owner, other] = [await aPerson(nodes), await aPerson(nodes)];
    const browser = aBrowser();
    await signInWith(browser, owner, TICK);
    await signInWith(browser, other, TICK);
    expect(await look(browser)).toEqual(filledIn(owner.userId));
    await browser.send(await browser.follow(authRequest(bank).path), { forget: '1' });
    await signInWith(browser, other, TICK);
    expect(await look(browser)).toEqual(filledIn(other.userId));
  });

  test('a damaged cookie is ignored and removed, and another use of the ring opens nothing', async () => {
    const { keyring } = nodes.context;
    const sealed = keyring.seal('cookies', Buffer.alloc(209), 'something else').toString('base64url');
    for (const damaged of ['x', 'A'.repeat(300), sealed]) {
      const browser = aBrowser();
      await browser.setCookie(`noegle-user=${damaged}; path=/`);
      const page = await browser.follow(authRequest(bank).path);
      expect([fieldIn(page), page.status]).toEqual([blank, 200]);
      expect([await look(browser), await rememberedBy(browser)]).toEqual([blank, undefined]);
    }
  });
});
