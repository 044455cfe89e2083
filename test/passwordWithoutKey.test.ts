/**
 * A person is notified that someone has their password, when no key followed it: regardless of what else was
 * sent in that sign-in.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readActivity } from '../src/features/selfService/activity/readActivity.ts';
import { DEFAULT_RULES } from '../src/domain/rules.ts';
import { LOW } from '../src/domain/signIn/levels.ts';
import {
  anAddress,
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  fillInPage,
  holdUp,
  keyFor,
  peopleWithAllPages,
  readReturnedCode,
  takeOut,
  type TestPerson,
  type TestRelyingParty,
  toKeyPage,
  useNodes,
} from './support/index.ts';

const MINUTE = 60_000;

let bank: TestRelyingParty;
let asking: TestRelyingParty;
const nodes = useNodes({ count: 2, rules: DEFAULT_RULES, proxyHops: 1 });
beforeAll(async () => {
  bank = await aRelyingParty(nodes, { kind: 'bank' });
  asking = await aRelyingParty(nodes, { kind: 'public', trusted: false });
});

const aBrowser = (node = 0) => new TestBrowser(nodes, node, anAddress());
const people = async (many: number) => await Promise.all(Array.from({ length: many }, () => aPerson(nodes)));
const credentials = ({ userId, password }: TestPerson) => ({ userId, password });
/** Another way to sign in than by the user ID. */
const byNumber = ({ idNumber, password }: TestPerson) => ({ userId: idNumber, password });
const checkDue = async () => await nodes.node(0).app.tasks['checkDue']?.({});

/** How often each is notified, in the log and by notice, once the time is over. */
async function notificationsOf(some: readonly TestPerson[], minutes = 31): Promise<string[]> {
  nodes.clock.forward(minutes * MINUTE);
  await checkDue();
  const count = async (table: 'audit_events' | 'notices', { identityId }: TestPerson) =>
    (
      await nodes.database.query(
        `SELECT FROM ${table} WHERE identity_id = $1 AND kind = 'password_without_key'`,
        [identityId],
      )
    ).length;
  return await Promise.all(
    some.map(async (one) => `${await count('audit_events', one)} ${await count('notices', one)}`),
  );
}

test('the log says when it was, and in which browser and network; the row has neither in clear', async () => {
  const [person] = (await people(1)) as [TestPerson];
  const thief = new TestBrowser(nodes, 0, '203.0.113.77');
  thief.userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
  await thief.send(await thief.follow(authRequest(bank).path), credentials(person));
  const [row] = await nodes.database.query<{ line: string; at: Date }>(
    `SELECT p::text || encode(context_sealed, 'escape') AS line, at FROM passwords_without_key p
     WHERE identity_id = $1`,
    [person.identityId],
  );
  expect(row?.line).not.toMatch(/Firefox|Linux|203\.0\.113/);
  nodes.clock.forward(47 * MINUTE);
  await checkDue();
  const log = await readActivity(nodes.context, person.identityId, null);
  const found = log.activities.find(({ event }) => event.kind === 'password_without_key');
  expect(found?.at).toEqual(row?.at);
  expect(found?.seen).toEqual({ browser: 'Firefox', system: 'Linux', network: '203.0.113.77' });
});

describe('each person whose password was right is notified, once', () => {
  test('where several are tried in one sign-in, the last with a key', async () => {
    const [thief, first, second, third] = (await people(4)) as [
      TestPerson,
      TestPerson,
      TestPerson,
      TestPerson,
    ];
    const browser = aBrowser();
    const page = await browser.follow(authRequest(bank).path);
    for (const form of [...[first, second, third].map(credentials), byNumber(second), byNumber(first)])
      expect((await browser.send(page, form)).page).toBe('key');
    const keyPage = await browser.send(page, credentials(thief));
    expect(
      readReturnedCode(await browser.send(keyPage, { key: keyFor(thief, keyPage) })).get('code'),
    ).toBeTruthy();
    expect(await notificationsOf([first, second, third, thief])).toEqual(['1 1', '1 1', '1 1', '0 0']);
  });

  test('at every page that follows a key', async () => {
    const [thief] = (await peopleWithAllPages(nodes, 1)) as [TestPerson];
    const browser = aBrowser();
    const first = await browser.follow(authRequest(asking).path);
    let page = await browser.send(first, credentials(thief));
    const seen: (string | undefined)[] = [];
    const victims: TestPerson[] = [];
    while (page.page && page.page !== 'password') {
      seen.push(page.page);
      const fields = await fillInPage(nodes, page, thief);
      if (page.page !== 'key') {
        const victim = await aPerson(nodes);
        victims.push(victim);
        await browser.post(first, { userId: victim.userId, password: 'not it at all' });
        await browser.post(first, credentials(victim));
        // Their own password, followed by a key, tells the thief nothing new.
        await browser.post(first, byNumber(thief));
        page = await browser.follow(page.formUrl);
      }
      page = await browser.send(page, fields);
    }
    expect(seen).toEqual(['key', 'new-card', 'public-sites', 'consent']);
    expect(readReturnedCode(page).get('code')).toBeTruthy();
    expect(await notificationsOf([...victims, thief])).toEqual(['1 1', '1 1', '1 1', '0 0']);
  });

  test('where a session is raised, and where the password is all that is asked', async () => {
    const [thief, first, second] = (await people(3)) as [TestPerson, TestPerson, TestPerson];
    const low = await aRelyingParty(nodes, { min_acr: LOW, trusted: false });
    const browser = aBrowser();
    const lowRequest = authRequest(low, { acr_values: LOW });
    const lowPage = await browser.follow(lowRequest.path);
    const consent = await browser.send(lowPage, credentials(thief));
    expect(consent.page).toBe('consent');
    await browser.post(lowPage, credentials(first));
    expect(readReturnedCode(await browser.send(consent, { accept: '1' })).get('code')).toBeTruthy();
    const raising = await browser.follow(authRequest(await aRelyingParty(nodes)).path);
    expect(raising.page).toBe('key');
    const page = await browser.send(raising, { another: '1' });
    expect((await browser.send(page, credentials(second))).page).toBe('key');
    const keyPage = await browser.send(page, credentials(thief));
    await browser.send(keyPage, { key: keyFor(thief, keyPage) });
    expect(await notificationsOf([first, second, thief])).toEqual(['1 1', '1 1', '0 0']);
  });

  test('where it is given again and again: that puts nothing off', async () => {
    const [victim] = (await people(1)) as [TestPerson];
    const browser = aBrowser();
    const page = await browser.follow(authRequest(bank).path);
    expect((await browser.send(page, credentials(victim))).page).toBe('key');
    nodes.clock.forward(25 * MINUTE);
    expect((await browser.send(page, byNumber(victim))).page).toBe('key');
    expect(await notificationsOf([victim], 6)).toEqual(['1 1']);
  });

  const GUARD = 'AND NOT EXISTS (SELECT FROM unproven)';

  test.each([
    ['over two nodes, with a key among them', '', true],
    ['and not without the guard', GUARD, false],
  ])('where all come concurrently, %s', async (_, guard, isWhole) => {
    const [thief, ...victims] = (await people(5)) as [TestPerson, ...TestPerson[]];
    const browser = aBrowser();
    const first = await browser.follow(authRequest(bank).path);
    const keyPage = await browser.send(first, credentials(thief));
    const key = keyFor(thief, keyPage);
    const repair = guard ? takeOut(nodes, guard, 'AND false') : () => undefined;
    const held = holdUp(nodes, 'passwords_without_key', 5);
    const copies = await Promise.all(
      victims.map((__, i) => browser.copyTo(new TestBrowser(nodes, i, anAddress()))),
    );
    const answers = [
      ...victims.map(async (victim, i) => await (copies[i] as TestBrowser).post(first, credentials(victim))),
      browser.post(keyPage, { key }),
    ];
    await held.reached;
    held.release();
    await Promise.all(answers);
    repair();
    const notified = await notificationsOf(victims);
    expect(notified.every((one) => one === '1 1')).toBe(isWhole);
  });
});

describe('nodes of the version before', () => {
  test('find the row of the only person of a sign-in where they look for it', async () => {
    const [person] = (await people(1)) as [TestPerson];
    await toKeyPage(aBrowser(), person, authRequest(bank));
    const rows = await nodes.database.query(
      `SELECT FROM passwords_without_key p JOIN sign_ins s USING (interaction, identity_id)
       WHERE p.identity_id = $1`,
      [person.identityId],
    );
    expect(rows).toHaveLength(1);
  });

  test('take a key without a word to its person, also where others were tried before', async () => {
    const [victim, person] = (await people(2)) as [TestPerson, TestPerson];
    const browser = aBrowser();
    const first = await browser.follow(authRequest(bank).path);
    await browser.send(first, credentials(victim));
    const keyPage = await browser.send(first, credentials(person));
    const ofOnePerson = 'IN ($15::bytea, $15::bytea || uuid_send($21::uuid))\n      AND identity_id = $21';
    const repair = takeOut(nodes, ofOnePerson, '= $15');
    expect(
      readReturnedCode(await browser.send(keyPage, { key: keyFor(person, keyPage) })).get('code'),
    ).toBeTruthy();
    repair();
    expect(await notificationsOf([person])).toEqual(['0 0']);
  });
});
