/** A new password by a key: what is counted, how often a letter is sent, and which number is shown. */
import { expect, test } from '@jest/globals';
import { orderPasswordLetter } from '../../src/features/identity/orderPasswordLetter.ts';
import { sweepExpiredRows } from '../../src/db/sweep.ts';
import { da } from '../../src/ui/words/words.da.ts';
import {
  aPerson,
  askForNewPassword,
  authRequest,
  challengeOf,
  countSpentKeys,
  findNewPasswordKey,
  HOUR,
  keyFor,
  listEvents,
  listSecretLetters,
  maskNewPasswordPage,
  PATIENT,
  readKeyNumber,
  sendAllLetters,
  TestBrowser,
  toKeyPage,
  toNewPasswordKeyPage,
  useNodes,
  useRelyingParty,
} from '../support/index.ts';

const DAY = 24 * HOUR;
const nodes = useNodes({ count: 2 });
const bank = useRelyingParty(nodes, { kind: 'bank' });

test('is asked for the same key until it is used, and never for that of a sign-in', async () => {
  const person = await aPerson(nodes);
  const asked = readKeyNumber(await toNewPasswordKeyPage(nodes, person.userId));
  const again = await Promise.all(
    [person.userId, person.idNumber, person.userId.toUpperCase()].map(async (name) =>
      readKeyNumber(await toNewPasswordKeyPage(nodes, name)),
    ),
  );
  expect(new Set([asked, ...again]).size).toBe(1);
  // A sign-in draws the same key: the page asks for another one, and the sign-in sees nothing of it.
  const position = [...person.keys.keys()].sort().indexOf(asked);
  const signIn = new TestBrowser(nodes);
  await nodes.database.query('UPDATE key_cards SET challenge = $2 WHERE id = $1', [person.cardId, position]);
  const keyPage = await toKeyPage(signIn, person, authRequest(bank));
  expect(challengeOf(keyPage).keyNumber).toBe(asked);
  const page = await toNewPasswordKeyPage(nodes, person.userId);
  expect(readKeyNumber(page)).not.toBe(asked);
  await askForNewPassword(nodes, person);
  expect(await listSecretLetters(nodes, person)).toEqual(['password']);
  const next = await signIn.send(keyPage, { key: keyFor(person, keyPage) });
  expect(next.headers.location).toContain('code=');

  // The key that was given goes on being asked for: no one sees that it was right.
  expect(readKeyNumber(await toNewPasswordKeyPage(nodes, person.userId))).toBe(readKeyNumber(page));
  await askForNewPassword(nodes, person);
  expect(await listSecretLetters(nodes, person)).toEqual(['password']);
  nodes.clock.forward(8 * DAY);
  expect(readKeyNumber(await toNewPasswordKeyPage(nodes, person.userId))).not.toBe(readKeyNumber(page));
});

test('an answer to a key that is no longer asked for is neither compared nor counted', async () => {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  const page = await toNewPasswordKeyPage(nodes, person.userId, browser);
  const position = [...person.keys.keys()].sort().indexOf(readKeyNumber(page));
  await nodes.database.query('UPDATE key_cards SET spent = set_bit(spent, $2::int, 1) WHERE id = $1', [
    person.cardId,
    position,
  ]);
  for (let i = 0; i < 2; i += 1) {
    const stale = await browser.post(page, { key: findNewPasswordKey(person, page) });
    expect([stale.status, stale.page]).toEqual([200, 'new-password-key']);
    expect(stale.text).toContain(da.newPasswordKey.errors.stale);
  }
  expect(await listSecretLetters(nodes, person)).toEqual([]);
  expect((await askForNewPassword(nodes, person)).page).toBe('new-password-received');
  expect(await listSecretLetters(nodes, person)).toEqual(['password']);
});

test('the number of a name that no one has is steady, on its own card, and changes now and then', async () => {
  const names = Array.from({ length: 12 }, (_, i) => `nobody-numbered-${i}`);
  const look = async () => {
    const pages = await Promise.all(names.map((name) => toNewPasswordKeyPage(nodes, name)));
    return pages.map(readKeyNumber);
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

test('wrong keys count here only, and alike for an unknown name; an hour later it is open', async () => {
  const person = await aPerson(nodes);
  const answers: string[] = [];
  for (const name of [person.userId, 'nobody-at-all-9']) {
    const browser = new TestBrowser(nodes);
    const page = await toNewPasswordKeyPage(nodes, name, browser);
    for (let i = 0; i < 5; i += 1) {
      const wrong = await browser.post(page, { key: `00000${i}`, form: `f-${i}` });
      expect(wrong.headers.location).toBe('/new-password/received');
    }
    // The same form again is the same attempt, and hears the same.
    const again = await browser.post(page, { key: '000004', form: 'f-4' });
    expect(again.headers.location).toBe('/new-password/received');
    const shut = await browser.post(page, { key: person.keys.get(readKeyNumber(page)) ?? '000009' });
    expect([shut.status, shut.page, Number(shut.headers['retry-after']) > 0]).toEqual([
      429,
      'new-password-key',
      true,
    ]);
    expect(shut.text).toContain(da.newPasswordKey.slowed);
    answers.push(
      maskNewPasswordPage(shut).replaceAll(
        /(name="key"[^>]*value=")\d{6}|(value=")\d{6}("[^>]*name="key")/g,
        '$1$2',
      ),
    );
  }
  expect(answers[1]).toBe(answers[0]);
  expect(await listSecretLetters(nodes, person)).toEqual([]);
  // The card and the sign-in have had no wrong key, and it can be blocked.
  const keyPage = await toKeyPage(new TestBrowser(nodes), person, authRequest(bank));
  expect(keyPage.page).toBe('key');
  expect(keyPage.text).not.toContain(da.key.lastBeforeLock);
  nodes.clock.forward(HOUR + 60_000);
  await askForNewPassword(nodes, person);
  expect(await listSecretLetters(nodes, person)).toEqual(['password']);
});

test('one letter a week and three a month, and none beside another that is on its way', async () => {
  const person = await aPerson(nodes);
  await orderPasswordLetter(nodes.context, person.identityId, { by: 'system' });
  await askForNewPassword(nodes, person);
  expect([await listSecretLetters(nodes, person), await countSpentKeys(nodes, person)]).toEqual([
    ['password'],
    0,
  ]);
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
    await askForNewPassword(nodes, person);
    expect([
      after,
      (await listSecretLetters(nodes, person)).length,
      await countSpentKeys(nodes, person),
    ]).toEqual([after, many, many]);
  }
  // Once a day.
  await askForNewPassword(nodes, person);
  expect(
    (await listEvents(nodes, person))
      .map(({ kind }) => kind)
      .filter((kind) => kind === 'new_password_refused'),
  ).toHaveLength(1);
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
  await askForNewPassword(nodes, person);
  expect((await listSecretLetters(nodes, person)).toSorted()).toEqual(['card', 'password']);
  // They leave on different days.
  await sendAllLetters(nodes);
  const days = await nodes.database.query<{ day: string }>(
    `SELECT post_on::text AS day FROM letters WHERE identity_id = $1 AND state = 'sent' AND kind <> 'notice'`,
    [person.identityId],
  );
  expect([days.length, new Set(days.map(({ day }) => day)).size]).toEqual([2, 2]);
  const last = await aPerson(nodes, { keysSpent: 147 });
  const asked = readKeyNumber(await toNewPasswordKeyPage(nodes, last.userId));
  await askForNewPassword(nodes, last);
  expect((await listSecretLetters(nodes, last)).toSorted()).toEqual(['card', 'password']);
  expect((await listEvents(nodes, last)).map(({ kind }) => kind)).toContain('card_use_up');
  expect(readKeyNumber(await toNewPasswordKeyPage(nodes, last.userId))).toBe(asked);
});

test('a network is shown so many names, by either form; no sign-in is slowed down by it', async () => {
  const rules = { ...PATIENT, network: { ...PATIENT.network, burst: 10, perMinute: 1 } };
  // What the tests before have asked from this network.
  await nodes.database.query('DELETE FROM network_tries');
  for (const node of nodes.list) Object.assign(node.app.context, { rules });
  const browser = new TestBrowser(nodes);
  const first = await browser.follow('/new-password');
  const known = await browser.post(first, { userId: 'nobody-looked-at' });
  const seen: number[] = [];
  for (let i = 0; i < 12; i += 1) {
    const userId = `nobody-looked-at-${i}`;
    const form = i % 2 === 0 ? first : known;
    const fields = i % 2 === 0 ? { userId } : { userId, keyNumber: '0000', key: 'abc' };
    seen.push((await browser.post(form, fields)).status);
    // Counted after the response.
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  expect(seen.slice(0, 8)).toEqual(Array(8).fill(200));
  expect(seen.slice(-2)).toEqual([429, 429]);
  const person = await aPerson(nodes);
  expect((await toKeyPage(new TestBrowser(nodes), person, authRequest(bank))).page).toBe('key');
  for (const node of nodes.list) Object.assign(node.app.context, { rules: PATIENT });
});
