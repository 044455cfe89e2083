/** A new password by a key of the card in use and a letter, for people who forgot it: `/new-password`. */
import { describe, expect, test } from '@jest/globals';
import { orderPasswordLetter } from '../src/features/identity/orderPasswordLetter.ts';
import { blockTarget } from '../src/features/identity/block.ts';
import { sweepExpiredRows } from '../src/db/sweep.ts';
import { da } from '../src/ui/words/words.da.ts';
import { en } from '../src/ui/words/words.en.ts';
import {
  aChoice,
  aPerson,
  authRequest,
  challengeOf,
  encodeForm,
  expectToSignIn,
  HOUR,
  keyFor,
  request,
  signInAtNode,
  TestBrowser,
  toKeyPage,
  useNodes,
  useRelyingParty,
  waitForLetters,
  type BrowserPage,
  type TestPerson,
} from './support/index.ts';

const DAY = 24 * HOUR;
const PATH = '/new-password';
const nodes = useNodes({ count: 2 });
const bank = useRelyingParty(nodes, { kind: 'bank' });

const ENGLISH = { 'accept-language': 'en' };

async function toNewKeyPage(userId: string, browser = new TestBrowser(nodes)): Promise<BrowserPage> {
  return await browser.send(await browser.follow(PATH), { userId });
}

function keyNumberOn(page: BrowserPage): string {
  return /data-key-number="(\d{4})"/.exec(page.text)?.[1] ?? `none on ${page.page} (${page.status})`;
}

function keyOnCard(person: TestPerson, page: BrowserPage): string {
  return person.keys.get(keyNumberOn(page)) ?? `${keyNumberOn(page)} is not on the card`;
}

/** Both forms, with the right key. */
async function askForLetter(person: TestPerson, name = person.userId): Promise<BrowserPage> {
  const browser = new TestBrowser(nodes);
  const page = await toNewKeyPage(name, browser);
  return await browser.send(page, { key: keyOnCard(person, page) });
}

async function lettersOf({ identityId }: TestPerson): Promise<string[]> {
  const rows = await nodes.database.query<{ kind: string }>(
    `SELECT kind FROM letters WHERE identity_id = $1 AND state <> 'cancelled' AND kind <> 'notice' ORDER BY ordered_at, kind`,
    [identityId],
  );
  return rows.map(({ kind }) => kind);
}

async function countSpent({ cardId }: TestPerson): Promise<number> {
  const [row] = await nodes.database.query<{ many: number }>(
    'SELECT bit_count(spent)::int AS many FROM key_cards WHERE id = $1',
    [cardId],
  );
  return row?.many ?? 0;
}

async function eventsOf({ identityId }: TestPerson): Promise<{ kind: string; details: object }[]> {
  return await nodes.database.query<{ kind: string; details: object }>(
    'SELECT kind, details FROM audit_events WHERE identity_id = $1 ORDER BY id',
    [identityId],
  );
}

const kindsOf = async (person: TestPerson) => (await eventsOf(person)).map(({ kind }) => kind);

async function noticesOf({ identityId }: TestPerson): Promise<string[]> {
  const rows = await nodes.database.query<{ kind: string }>(
    'SELECT kind FROM notices WHERE identity_id = $1 ORDER BY at, kind',
    [identityId],
  );
  return rows.map(({ kind }) => kind);
}

describe('a person who forgot the password', () => {
  test('gets a letter by a key, and chooses a new password; until then the old one works', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const passwordPage = await browser.follow(authRequest(bank).path);
    expect(passwordPage.text).toContain(da.newPassword.link);
    expect(passwordPage.text).toContain(`href="${PATH}"`);

    const first = await browser.follow(PATH);
    expect([first.page, first.text.includes(da.newPassword.lead)]).toEqual(['new-password', true]);
    const page = await browser.send(first, { userId: ` ${person.userId.toUpperCase()} ` });
    expect([page.status, page.page]).toEqual([200, 'new-password-key']);
    expect(page.text).toContain(da.newPasswordKey.lookFor);
    expect(page.text).not.toContain(person.cardNumber);
    const key = keyOnCard(person, page);
    const received = await browser.send(page, { key: ` ${key.slice(0, 3)} - ${key.slice(3)}` });
    expect([received.url, received.page]).toEqual([
      `${nodes.issuer}/new-password/received`,
      'new-password-received',
    ]);
    expect(received.text).toContain(da.newPasswordReceived.title);
    expect(received.headers['set-cookie']).toBeUndefined();

    expect(await lettersOf(person)).toEqual(['password']);
    expect(await countSpent(person)).toBe(1);
    expect(await kindsOf(person)).toEqual(
      expect.arrayContaining(['new_password_key_given', 'password_letter_ordered']),
    );
    expect(await noticesOf(person)).toEqual(['new_password_ordered']);
    // A sign-in sees nothing of it.
    await signInAtNode(new TestBrowser(nodes), person, authRequest(bank));

    const letter = { ...(await waitForLetters(nodes, person.identityId)), keys: person.keys };
    const keyPage = await browser.send(await browser.follow('/activate'), {
      userId: person.userId,
      password: letter.temporaryPassword,
    });
    const choosePage = await browser.send(keyPage, { key: keyFor(person, keyPage) });
    const { password } = aChoice(nodes);
    const chosen = { userId: person.userId, password };
    const done = await browser.send(choosePage, { ...chosen, terms: '1', understood: '1' });
    expect(done.page).toBe('activate-done');
    expect((await toKeyPage(new TestBrowser(nodes), person, authRequest(bank))).page).toBe('password');
    await expectToSignIn(nodes, bank, letter, chosen);
  });

  test('reads it in English, and switches without losing what was typed', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const first = await browser.request(PATH, { headers: ENGLISH });
    expect(first.text).toContain(en.newPassword.lead);
    const danish = await browser.follow(PATH);
    const name = await browser.post(danish, { userId: person.userId, switchTo: 'en' });
    expect([name.page, name.text.includes(en.newPassword.lead)]).toEqual(['new-password', true]);
    expect(name.text).toContain(`value="${person.userId}"`);
    const page = await browser.send(name, { userId: person.userId });
    expect(page.text).toContain(en.newPasswordKey.lookFor);
    const back = await browser.post(page, { key: '', switchTo: 'da' });
    expect([back.page, back.text.includes(da.newPasswordKey.lookFor)]).toEqual(['new-password-key', true]);
    expect(keyNumberOn(back)).toBe(keyNumberOn(page));
    const received = await browser.send(back, { key: keyOnCard(person, back) });
    expect(received.text).toContain(da.newPasswordReceived.title);
    expect(await lettersOf(person)).toEqual(['password']);
  });

  test('is asked for the same key until it is used, and never for that of a sign-in', async () => {
    const person = await aPerson(nodes);
    const asked = keyNumberOn(await toNewKeyPage(person.userId));
    const again = await Promise.all(
      [person.userId, person.idNumber, person.userId.toUpperCase()].map(async (name) =>
        keyNumberOn(await toNewKeyPage(name)),
      ),
    );
    expect(new Set([asked, ...again]).size).toBe(1);
    // A sign-in draws the same key: the page asks for another one, and the sign-in sees nothing of it.
    const position = [...person.keys.keys()].sort().indexOf(asked);
    const signIn = new TestBrowser(nodes);
    await nodes.database.query('UPDATE key_cards SET challenge = $2 WHERE id = $1', [
      person.cardId,
      position,
    ]);
    const keyPage = await toKeyPage(signIn, person, authRequest(bank));
    expect(challengeOf(keyPage).keyNumber).toBe(asked);
    const page = await toNewKeyPage(person.userId);
    expect(keyNumberOn(page)).not.toBe(asked);
    await askForLetter(person);
    expect(await lettersOf(person)).toEqual(['password']);
    const next = await signIn.send(keyPage, { key: keyFor(person, keyPage) });
    expect(next.headers.location).toContain('code=');

    // The key that was given goes on being asked for: no one sees that it was right.
    expect(keyNumberOn(await toNewKeyPage(person.userId))).toBe(keyNumberOn(page));
    await askForLetter(person);
    expect(await lettersOf(person)).toEqual(['password']);
    nodes.clock.forward(8 * DAY);
    expect(keyNumberOn(await toNewKeyPage(person.userId))).not.toBe(keyNumberOn(page));
  });

  test('an answer to a key that is no longer asked for is neither compared nor counted', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const page = await toNewKeyPage(person.userId, browser);
    const position = [...person.keys.keys()].sort().indexOf(keyNumberOn(page));
    await nodes.database.query('UPDATE key_cards SET spent = set_bit(spent, $2::int, 1) WHERE id = $1', [
      person.cardId,
      position,
    ]);
    for (let i = 0; i < 7; i += 1) {
      const stale = await browser.post(page, { key: keyOnCard(person, page) });
      expect([stale.status, stale.page]).toEqual([200, 'new-password-key']);
      expect(stale.text).toContain(da.newPasswordKey.errors.stale);
    }
    expect(await lettersOf(person)).toEqual([]);
    expect((await askForLetter(person)).page).toBe('new-password-received');
    expect(await lettersOf(person)).toEqual(['password']);
  });
});

describe('a stranger learns nothing', () => {
  /** What an outsider sees, but for what each request draws at random and the number that is asked for. */
  function masked({ status, headers, text }: BrowserPage): string {
    const lines = Object.entries(headers)
      .filter(([name]) => !['date', 'x-request-id'].includes(name))
      .map(([name, value]) => `${name}: ${String(value)}`);
    const body = text
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
      .replaceAll(/(data-key-number="|name="keyNumber" value="|key-number">#)\d{4}/g, '$1<number>')
      .replaceAll(/(person|nobody)-[0-9a-z-]{8}(?![0-9a-z])/g, '<name>');
    return [status, ...lines, body].join('\n');
  }

  test('every name sees the same pages, and a letter is sent to one of them', async () => {
    const person = await aPerson(nodes);
    const wrong = await aPerson(nodes);
    const blocked = await aPerson(nodes);
    const cardless = await aPerson(nodes);
    const young = await aPerson(nodes, { birthdate: '2013-03-02', publicSites: false });
    const homeless = await aPerson(nodes, { address: null });
    const empty = await aPerson(nodes);
    await blockTarget(nodes.context, blocked.identityId, 'identity', { by: 'person' });
    await blockTarget(nodes.context, cardless.identityId, 'card', { by: 'person' });
    await nodes.database.query('UPDATE key_cards SET spent = ~(spent & ~spent) WHERE id = $1', [
      empty.cardId,
    ]);
    const people: [string, TestPerson | null][] = [
      [person.userId, person],
      [wrong.userId, null],
      [blocked.userId, blocked],
      [cardless.userId, cardless],
      [young.userId, young],
      [homeless.userId, homeless],
      [empty.userId, empty],
      ['nobody-at-all-7', null],
      ['nobody-at-all-8', null],
    ];
    const seen = await Promise.all(
      people.map(async ([name, owner]) => {
        const browser = new TestBrowser(nodes);
        const first = await browser.follow(PATH);
        const page = await browser.send(first, { userId: name });
        const key = owner?.keys.get(keyNumberOn(page)) ?? '000000';
        const malformed = await browser.post(page, { key: '12a' });
        const answer = await browser.post(malformed, { key });
        const received = await browser.follow(answer.headers.location ?? '');
        const again = await browser.send(await browser.follow(PATH), { userId: name });
        expect(keyNumberOn(again)).toBe(keyNumberOn(page));
        return [page, malformed, answer, received, again].map(masked).join('\n');
      }),
    );
    expect(new Set(seen).size).toBe(1);
    expect(seen[0]).toContain(da.newPasswordReceived.title);
    expect(await lettersOf(person)).toEqual(['password']);
    for (const one of [wrong, blocked, cardless, young, homeless, empty])
      expect(await lettersOf(one)).toEqual([]);
    // A right key that led to nothing is not spent, and the person's log says why.
    for (const [one, why] of [
      [young, 'under_15'],
      [homeless, 'no_address'],
    ] as const) {
      expect(await countSpent(one)).toBe(0);
      expect(await eventsOf(one)).toContainEqual({
        kind: 'new_password_refused',
        details: expect.objectContaining({ why }) as object,
      });
    }
  });

  test('the number of a name that no one has is steady, on its own card, and changes now and then', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `nobody-numbered-${i}`);
    const look = async () => {
      const pages = await Promise.all(names.map((name) => toNewKeyPage(name)));
      return pages.map(keyNumberOn);
    };
    const [one, other] = [await look(), await look()];
    expect(other).toEqual(one);
    expect(new Set(one).size).toBeGreaterThan(8);
    nodes.clock.forward(14 * DAY);
    const soon = await look();
    expect(soon.filter((number, i) => number === one[i]).length).toBeGreaterThan(6);
    nodes.clock.forward(2 * 112 * DAY);
    const late = await look();
    expect(late.filter((number, i) => number === one[i]).length).toBeLessThan(3);
  });

  test('wrong keys count here only, and alike for an unknown name; a neighbour is not shut out', async () => {
    const person = await aPerson(nodes);
    const answers: string[] = [];
    for (const name of [person.userId, 'nobody-at-all-9']) {
      const browser = new TestBrowser(nodes);
      const page = await toNewKeyPage(name, browser);
      for (let i = 0; i < 5; i += 1) {
        const wrong = await browser.post(page, { key: `00000${i}`, form: `f-${i}` });
        expect(wrong.headers.location).toBe('/new-password/received');
        // The same form again is the same attempt.
        expect((await browser.post(page, { key: `00000${i}`, form: `f-${i}` })).status).toBe(303);
      }
      const shut = await browser.post(page, { key: person.keys.get(keyNumberOn(page)) ?? '000009' });
      expect([shut.status, shut.page, Number(shut.headers['retry-after']) > 0]).toEqual([
        429,
        'new-password-key',
        true,
      ]);
      expect(shut.text).toContain(da.unseen.slowed);
      answers.push(
        masked(shut).replaceAll(/(name="key"[^>]*value=")\d{6}|(value=")\d{6}("[^>]*name="key")/g, '$1$2'),
      );
    }
    expect(answers[1]).toBe(answers[0]);
    expect(await lettersOf(person)).toEqual([]);
    // The card and the sign-in have had no wrong key, and it can be blocked.
    const keyPage = await toKeyPage(new TestBrowser(nodes), person, authRequest(bank));
    expect(keyPage.page).toBe('key');
    expect(keyPage.text).not.toContain(da.key.lastBeforeLock);
    nodes.clock.forward(HOUR + 60_000);
    await askForLetter(person);
    expect(await lettersOf(person)).toEqual(['password']);
  });
});

describe('what a right key leads to', () => {
  test('one letter a week and three a month, and none beside another that is on its way', async () => {
    const person = await aPerson(nodes);
    await orderPasswordLetter(nodes.context, person.identityId, { by: 'system' });
    await askForLetter(person);
    expect([await lettersOf(person), await countSpent(person)]).toEqual([['password'], 0]);
    await nodes.database.query(`UPDATE letters SET state = 'cancelled' WHERE identity_id = $1`, [
      person.identityId,
    ]);
    for (const [after, many] of [
      [0, 1],
      [3, 1],
      [5, 2],
      [8, 3],
      [8, 3],
      [8, 4],
    ] as const) {
      nodes.clock.forward(after * DAY);
      await nodes.database.query(
        `UPDATE letters SET state = 'sent', valid_until = now() + interval '1 year' WHERE identity_id = $1 AND state = 'waiting'`,
        [person.identityId],
      );
      await askForLetter(person);
      expect([after, (await lettersOf(person)).length, await countSpent(person)]).toEqual([
        after,
        many,
        many,
      ]);
    }
    expect((await kindsOf(person)).filter((kind) => kind === 'new_password_refused')).toHaveLength(1);
    nodes.clock.forward(100 * DAY);
    await sweepExpiredRows(nodes.context.database, nodes.context.clock.offsetMs, (error) => {
      throw error;
    });
    const [row] = await nodes.database.query<{ many: number }>(
      'SELECT count(*)::int AS many FROM new_passwords WHERE identity_id = $1',
      [person.identityId],
    );
    expect(row?.many).toBe(0);
  });

  test('the key before the threshold orders one card; the last key uses the card up', async () => {
    const person = await aPerson(nodes, { keysSpent: 127 });
    await askForLetter(person);
    expect((await lettersOf(person)).toSorted()).toEqual(['card', 'password']);
    const last = await aPerson(nodes, { keysSpent: 147 });
    const asked = keyNumberOn(await toNewKeyPage(last.userId));
    await askForLetter(last);
    expect((await lettersOf(last)).toSorted()).toEqual(['card', 'password']);
    expect(await kindsOf(last)).toContain('card_use_up');
    expect(keyNumberOn(await toNewKeyPage(last.userId))).toBe(asked);
  });
});

describe('bad input', () => {
  test('is told at its field, and nothing is lost', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const first = await browser.follow(PATH);
    for (const [userId, error] of [
      ['  ', da.newPassword.errors.incomplete],
      ['010190-1234', da.password.cpr_number],
      ['anna\u0000b', da.password.name_unreadable],
    ] as const) {
      const page = await browser.post(first, { userId });
      expect([userId, page.page]).toEqual([userId, 'new-password']);
      expect(page.text).toContain(error);
      expect(page.text).not.toContain('010190');
    }
    const page = await toNewKeyPage(person.userId, browser);
    for (const key of ['', '12345', '1234567', 'nøglen']) {
      const again = await browser.post(page, { key });
      expect([key, again.status, again.page]).toEqual([key, 200, 'new-password-key']);
      expect(again.text).toContain(da.newPasswordKey.errors.malformed);
      expect(again.text).toContain(`value="${person.userId}"`);
    }
    expect((await browser.send(page, { key: keyOnCard(person, page) })).page).toBe('new-password-received');
  });

  test('what no browser sends gets a clear no', async () => {
    const key = { step: 'key', userId: 'anna', keyNumber: '0087', key: '123456' };
    for (const [body, status, type] of [
      ['', 400],
      [encodeForm({ step: 'name' }), 400],
      [encodeForm({ ...key, step: 'other' }), 400],
      [encodeForm({ ...key, keyNumber: 'x' }), 400],
      [encodeForm({ step: 'key', userId: 'anna', keyNumber: '0087' }), 400],
      [`${encodeForm(key)}&userId=bent`, 400],
      [encodeForm({ ...key, userId: 'x'.repeat(2_001) }), 413],
      [JSON.stringify(key), 415, 'application/json'],
    ] as const) {
      const answer = await request(nodes.node(0))
        .post(PATH)
        .type(type ?? 'form')
        .set('accept', 'text/html')
        .send(body);
      expect([body.slice(0, 60), answer.status]).toEqual([body.slice(0, 60), status]);
      expect(answer.text).toContain('data-page="trouble"');
    }
  });
});
