/**
 * A key for a new password is spent once, and orders one letter: of twenty forms at a time on two nodes,
 * beside a sign-in that spends the same key, and when the connection is lost before the commit.
 */
import { expect, test } from '@jest/globals';
import {
  aPerson,
  authRequest,
  countSpentKeys,
  findNewPasswordKey,
  holdOnNode,
  holdTransactions,
  keyFor,
  listEvents,
  listSecretLetters,
  OnNode0,
  PATIENT,
  readKeyNumber,
  takeOut,
  TestBrowser,
  toKeyPage,
  toNewPasswordKeyPage,
  useNodes,
  useRelyingParty,
  waitUntil,
  type BrowserPage,
  type TestPerson,
} from '../support/index.ts';

const MANY = 20;
const nodes = useNodes({ count: 2, proxyHops: 1, rules: PATIENT, withoutErrors: false });
const bank = useRelyingParty(nodes, { kind: 'bank' });

let serial = 0;
/** A unique /24. */
function anAddress(): string {
  serial += 1;
  return `10.${serial >> 8}.${serial & 255}.7`;
}

/** Twenty forms with the right key, from as many networks; all are compared before one is decided. */
async function sendTogether(person: TestPerson): Promise<BrowserPage[]> {
  const forms = await Promise.all(
    Array.from({ length: MANY }, async (_, i) => {
      const browser = new TestBrowser(nodes, i, anAddress());
      return { browser, page: await toNewPasswordKeyPage(nodes, person.userId, browser) };
    }),
  );
  const gate = holdTransactions(nodes);
  const answers = forms.map(({ browser, page }) =>
    browser.post(page, { key: findNewPasswordKey(person, page) }),
  );
  await waitUntil('all are compared', () => gate.count() === MANY);
  gate.release();
  return await Promise.all(answers);
}

async function countOrders(person: TestPerson): Promise<number[]> {
  const events = await listEvents(nodes, person);
  return [
    (await listSecretLetters(nodes, person)).length,
    events.filter(({ kind }) => kind === 'new_password_key_given').length,
    await countSpentKeys(nodes, person),
  ];
}

test('of twenty at a time one spends the key and orders a letter, and all hear the same', async () => {
  for (let round = 0; round < 5; round += 1) {
    const person = await aPerson(nodes);
    const answers = await sendTogether(person);
    expect(new Set(answers.map(({ headers: { location } }) => location))).toEqual(
      new Set(['/new-password/received']),
    );
    expect(await countOrders(person)).toEqual([1, 1, 1]);
  }
});

test('control: without what decides it on the rows, many letters are ordered', async () => {
  const person = await aPerson(nodes);
  const repairs = [
    takeOut(nodes, 'AND get_bit(spent, $3::int) = 0'),
    takeOut(nodes, 'EXISTS (SELECT FROM letters', 'false AND EXISTS (SELECT FROM letters'),
    takeOut(nodes, 'count(*)::int FROM new_passwords', '0 * count(*)::int FROM new_passwords'),
  ];
  await nodes.database.query('ALTER TABLE new_passwords DROP CONSTRAINT new_passwords_card_id_position_key');
  await sendTogether(person);
  for (const repair of repairs.toReversed()) repair();
  const [letters = 0] = await countOrders(person);
  await nodes.database.query('DELETE FROM new_passwords');
  await nodes.database.query('ALTER TABLE new_passwords ADD UNIQUE (card_id, position)');
  console.info(`${letters} letters for one key`);
  expect(letters).toBeGreaterThan(1);
});

/** The key is compared here, and a sign-in spends it before it is decided. */
async function raceSignIn(person: TestPerson): Promise<{ signedIn: boolean; letters: number }> {
  const browser = new TestBrowser(nodes, 0, anAddress());
  const page = await toNewPasswordKeyPage(nodes, person.userId, browser);
  const position = [...person.keys.keys()].sort().indexOf(readKeyNumber(page));
  const gate = holdTransactions(nodes);
  const answer = browser.post(page, { key: findNewPasswordKey(person, page) });
  await waitUntil('it is compared', () => gate.count() === 1);
  // A sign-in draws this key of all, and gets it.
  await nodes.database.query('UPDATE key_cards SET challenge = $2 WHERE id = $1', [person.cardId, position]);
  const signIn = new TestBrowser(nodes, 1, anAddress());
  const keyPage = await toKeyPage(signIn, person, authRequest(bank));
  const next = await signIn.send(keyPage, { key: keyFor(person, keyPage) });
  gate.release();
  expect((await answer).headers.location).toBe('/new-password/received');
  const letters = (await listSecretLetters(nodes, person)).length;
  return { signedIn: next.headers.location?.includes('code=') ?? false, letters };
}

test('a key that a sign-in spends in between orders no letter', async () => {
  expect(await raceSignIn(await aPerson(nodes))).toEqual({ signedIn: true, letters: 0 });
});

test('control: without the check of the row it would be used twice', async () => {
  const repair = takeOut(nodes, 'AND get_bit(spent, $3::int) = 0');
  const result = await raceSignIn(await aPerson(nodes));
  repair();
  expect(result).toEqual({ signedIn: true, letters: 1 });
});

test('a connection that is lost before the commit leaves nothing; the form sent again is decided once', async () => {
  const person = await aPerson(nodes);
  const browser = new OnNode0(nodes);
  const page = await toNewPasswordKeyPage(nodes, person.userId, browser);
  const key = findNewPasswordKey(person, page);
  const hold = holdOnNode(nodes, 'INSERT INTO new_passwords', 'after');
  const answer = browser.post(page, { key });
  await hold.held;
  await nodes.database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND state = 'idle in transaction'`,
  );
  hold.letGo();
  const lost = await answer;
  expect([lost.status, lost.page]).toEqual([503, 'new-password-key']);
  expect(await countOrders(person)).toEqual([0, 0, 0]);
  expect((await browser.send(lost, { key })).page).toBe('new-password-received');
  expect((await browser.send(lost, { key })).page).toBe('new-password-received');
  expect(await countOrders(person)).toEqual([1, 1, 1]);
});
