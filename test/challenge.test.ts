/** The challenge and the attempts: what is counted, what is spent, what a restart leaves. */
import { expect, test } from '@jest/globals';
import {
  aPerson,
  authRequest,
  TestBrowser,
  challengeOf,
  keyFor,
  readReturnedCode,
  signInAtNode,
  type TestPerson,
  toKeyPage,
  useNodes,
  useRelyingParty,
} from './support/index.ts';

const nodes = useNodes({ count: 2 });
const rp = useRelyingParty(nodes);

const HOUR = 3_600_000;

async function cardOf(person: TestPerson): Promise<{ spent: number; challenge: number | null }> {
  const [card] = await nodes.database.query<{ spent: number; challenge: number | null }>(
    'SELECT bit_count(spent)::int AS spent, challenge FROM key_cards WHERE id = $1',
    [person.cardId],
  );
  return card as { spent: number; challenge: number | null };
}

/**
 * Attempts counted against anyone: the subjects are hashes, so a suite's people are distinguished only by
 * time.
 */
async function triesNow(): Promise<number> {
  const [row] = await nodes.database.query<{ sum: number }>(
    'SELECT coalesce(sum(tries), 0)::int AS sum FROM attempts',
  );
  return row?.sum ?? 0;
}

function wrongKey(right: string): string {
  return String((Number(right) + 1) % 1_000_000).padStart(6, '0');
}

test('fifty abandoned challenges: the same number each time, nothing counted, nothing spent', async () => {
  const person = await aPerson(nodes);
  const tries = await triesNow();
  const asked = new Set<string>();
  for (let i = 0; i < 50; i += 1) {
    asked.add(challengeOf(await toKeyPage(new TestBrowser(nodes, i), person, authRequest(rp))).keyNumber);
  }
  expect(asked.size).toBe(1);
  expect((await cardOf(person)).spent).toBe(0);
  expect(await triesNow()).toBe(tries);
});

test('no challenge is drawn before a right password', async () => {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  const page = await browser.follow(authRequest(rp).path);
  const again = await browser.send(page, { userId: person.userId, password: 'not it at all' });
  expect(again.page).toBe('password');
  expect((await cardOf(person)).challenge).toBeNull();
});

test('an answer to an old number is neither verified nor counted', async () => {
  const person = await aPerson(nodes);
  const [early, late] = [new TestBrowser(nodes), new TestBrowser(nodes, 1)];
  const old = await toKeyPage(early, person, authRequest(rp));
  const key = keyFor(person, old);
  const other = await toKeyPage(late, person, authRequest(rp));
  expect(readReturnedCode(await late.send(other, { key })).get('code')).toBeTruthy();

  const tries = await triesNow();
  for (const answer of [key, wrongKey(key)]) {
    const next = await early.send(old, { key: answer });
    expect(next.page).toBe('key');
    expect(challengeOf(next).keyNumber).not.toBe(challengeOf(old).keyNumber);
    expect(next.text).toContain('Nøglenummeret er et andet nu');
  }
  expect(await triesNow()).toBe(tries);
  expect((await cardOf(person)).spent).toBe(1);
});

test('a restart of both nodes between the pages loses nothing', async () => {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  const passwordPage = await browser.follow(authRequest(rp).path);
  await nodes.restart();
  const keyPage = await browser.send(passwordPage, { userId: person.userId, password: person.password });
  await nodes.restart();
  expect(
    readReturnedCode(await browser.send(keyPage, { key: keyFor(person, keyPage) })).get('code'),
  ).toBeTruthy();
});

test('a repeat of the right answer whose own answer was lost gets the same code', async () => {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  const keyPage = await toKeyPage(browser, person, authRequest(rp));
  const key = keyFor(person, keyPage);
  const before = await browser.copy();
  const code = readReturnedCode(await browser.post(keyPage, { key })).get('code');
  expect(readReturnedCode(await before.post(keyPage, { key })).get('code')).toBe(code);
  // A browser that got the answer sees that the sign-in has ended.
  expect((await browser.post(keyPage, { key })).status).toBe(400);
  expect((await cardOf(person)).spent).toBe(1);
});

test('five wrong keys in a row lock the key step for eight hours; then it opens automatically', async () => {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  let page = await toKeyPage(browser, person, authRequest(rp));
  const right = keyFor(person, page);
  const { keyNumber } = challengeOf(page);
  for (let i = 1; i <= 4; i += 1) {
    page = await browser.send(page, { key: wrongKey(right) });
    expect([page.page, challengeOf(page).keyNumber]).toEqual(['key', keyNumber]);
  }
  const locked = await browser.send(page, { key: wrongKey(right) });
  expect(locked.page).toBe('locked');
  expect(locked.text).toContain('Nøglen er skrevet forkert for mange gange');

  // Also from elsewhere, straight after the password, which is not locked; also with the right key.
  const elsewhere = new TestBrowser(nodes, 1);
  const other = await toKeyPage(elsewhere, person, authRequest(rp));
  expect(other.page).toBe('locked');
  expect((await browser.send(page, { key: right })).page).toBe('locked');
  expect(
    readReturnedCode(await elsewhere.send(await elsewhere.follow(other.formUrl), { cancel: '1' })).get(
      'error_description',
    ),
  ).toMatch(/^locked: /);

  nodes.clock.forward(8 * HOUR + 30_000);
  expect((await signInAtNode(new TestBrowser(nodes), person, authRequest(rp))).get('code')).toBeTruthy();
});

test('wrong keys in a row are forgotten by a right one, and what is no key is not counted', async () => {
  const person = await aPerson(nodes);
  for (let round = 0; round < 3; round += 1) {
    const browser = new TestBrowser(nodes, round);
    let page = await toKeyPage(browser, person, authRequest(rp));
    const right = keyFor(person, page);
    for (let i = 0; i < 3; i += 1) page = await browser.send(page, { key: wrongKey(right) });
    for (const typed of ['12345', 'nøgle', '']) {
      page = await browser.send(page, { key: typed });
      expect(page.text).toContain('En nøgle er seks cifre');
    }
    expect(
      readReturnedCode(await browser.send(page, { key: ` ${right.slice(0, 3)}-${right.slice(3)} ` })).get(
        'code',
      ),
    ).toBeTruthy();
  }
});

test('a blocked ID, an empty card and no card are told only after a right password', async () => {
  const cases = [
    { state: `UPDATE identities SET blocked_at = now(), ended_at = now() WHERE id = $1`, code: 'id_blocked' },
    { state: `UPDATE key_cards SET state = 'blocked' WHERE identity_id = $1`, code: 'card_blocked' },
    { state: `UPDATE key_cards SET state = 'void' WHERE identity_id = $1`, code: 'no_active_card' },
    {
      state: `UPDATE key_cards SET spent = repeat('1', 148)::bit(148) WHERE identity_id = $1`,
      code: 'no_keys_left',
    },
  ];
  for (const { state, code } of cases) {
    const person = await aPerson(nodes);
    await nodes.database.query(state, [person.identityId]);
    const browser = new TestBrowser(nodes);
    const first = await browser.follow(authRequest(rp).path);
    expect((await browser.send(first, { userId: person.userId, password: 'not it at all' })).page).toBe(
      'password',
    );
    const refused = await browser.send(first, { userId: person.userId, password: person.password });
    expect([code, refused.page]).toEqual([code, 'refused']);
    const back = readReturnedCode(await browser.send(refused, { cancel: '1' }));
    expect(back.get('error')).toBe('access_denied');
    expect(back.get('error_description')).toMatch(new RegExp(`^${code}: `));
  }
});

test('cancel on the password page and on the key page returns user_cancelled', async () => {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  const request = authRequest(rp, { state: 'kept' });
  for (const page of [await browser.follow(request.path), await toKeyPage(browser, person, request)]) {
    const back = readReturnedCode(await browser.send(page, { cancel: '1' }));
    expect(back.get('error')).toBe('access_denied');
    expect(back.get('error_description')).toMatch(/^user_cancelled: /);
    expect([back.get('state'), back.get('iss')]).toEqual(['kept', nodes.issuer]);
  }
});

test('an hour after its last step a sign-in has expired', async () => {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  const keyPage = await toKeyPage(browser, person, authRequest(rp));
  nodes.clock.forward(59 * 60_000);
  expect((await browser.send(keyPage, { key: '12345' })).page).toBe('key');
  nodes.clock.forward(59 * 60_000);
  expect((await browser.follow(keyPage.formUrl)).page).toBe('key');
  nodes.clock.forward(2 * 60_000);
  const expired = await browser.follow(keyPage.formUrl);
  expect([expired.status, expired.page]).toEqual([400, 'trouble']);
  // Nor is a key accepted on a page that was left open.
  const late = await browser.send(keyPage, { key: keyFor(person, keyPage) });
  expect([late.status, late.page]).toEqual([400, 'trouble']);
  expect((await cardOf(person)).spent).toBe(0);
});
