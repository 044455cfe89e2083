/**
 * User IDs that look alike, and the question whether a user ID is taken: over two nodes, next to earlier user
 * IDs, with a node of the previous version.
 */
import { describe, expect, test } from '@jest/globals';
import { foldName } from '../src/domain/person/userId.ts';
import { backfillAllUserIdForms } from '../src/features/authentication/userIdForms.ts';
import { proposeStaff } from '../src/features/desk/staff/changeStaff.ts';
import { makeFirstOperators } from '../src/features/desk/staff/makeFirstOperators.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  holdUp,
  issueApplication,
  type IssuedTestIdentity,
  keyFor,
  waitForLetters,
  type BrowserPage,
  signInAt,
  takeOut,
  type TestPerson,
  toChoosePage,
  toKeyPage,
  useNodes,
} from './support/index.ts';

const nodes = useNodes({ count: 2, withoutErrors: true });

let serial = 0;
/** A user ID that is unique, and similar to no other. */
function aName(): string {
  serial += 1;
  return `navn-${'abcdefghk'[serial % 9]}${'abcdefghk'[Math.floor(serial / 9) % 9]}-her`;
}

/** Written by a version without canonical forms. */
async function rename({ identityId }: TestPerson, typed: string): Promise<void> {
  const values = [identityId, foldName(typed)];
  await nodes.database.query('UPDATE identities SET user_id = $2 WHERE id = $1', values);
}

async function signedIn(person: TestPerson): Promise<TestBrowser> {
  const browser = new TestBrowser(nodes);
  expect((await signInAt(browser, person, '/self-service')).page).toBe('self-home');
  return browser;
}

async function askFor(browser: TestBrowser, { password }: TestPerson, userId: string): Promise<BrowserPage> {
  const page = await browser.follow('/self-service/sign-in');
  return await browser.send(page, { do: 'user-id', userId, currentPassword: password });
}

async function change(person: TestPerson, userId: string): Promise<BrowserPage> {
  const browser = await signedIn(person);
  const asked = await askFor(browser, person, userId);
  expect(asked.page).toBe('self-confirm');
  return await browser.send(asked, { key: keyFor(person, asked) });
}

const spentOf = async ({ cardId }: TestPerson) =>
  (
    await nodes.database.query<{ spent: number }>(
      'SELECT bit_count(spent)::int AS spent FROM key_cards WHERE id = $1',
      [cardId],
    )
  )[0]?.spent;
const userIdOf = async (identityId: string) =>
  (
    await nodes.database.query<{ user_id: string | null }>('SELECT user_id FROM identities WHERE id = $1', [
      identityId,
    ])
  )[0]?.user_id;
const eventsOf = async (identityId: string, kind: string) =>
  (
    await nodes.database.query('SELECT FROM audit_events WHERE identity_id = $1 AND kind = $2', [
      identityId,
      kind,
    ])
  ).length;

describe('in self-service', () => {
  test('one that is taken is asked a key for like any other; the answer costs the key', async () => {
    const [anna, bo] = [await aPerson(nodes), await aPerson(nodes)];
    const browser = await signedIn(bo);
    const strip = (page: BrowserPage, userId: string) =>
      page.text
        .replaceAll(userId, '*')
        .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '#')
        .replaceAll(/name="nonce" value="[^"]{43}"/g, '');
    const free = aName();
    const asked = [await askFor(browser, bo, free), await askFor(browser, bo, anna.userId)] as const;
    expect(strip(asked[1], anna.userId)).toBe(strip(asked[0], free));
    // A wrong key reveals nothing of it either.
    const wrong = keyFor(bo, asked[1]) === '000000' ? '111111' : '000000';
    const page = await browser.send(asked[1], { key: wrong });
    expect([page.page, page.text.includes('Nogen har taget')]).toEqual(['self-confirm', false]);
    const before = await spentOf(bo);
    const answer = await browser.send(page, { key: keyFor(bo, page) });
    expect(answer.text).toContain('Nogen har taget det bruger-ID eller et, der ligner det');
    expect(answer.text).toContain('Nøglen er brugt');
    expect([await spentOf(bo), await userIdOf(bo.identityId)]).toEqual([(before ?? 0) + 1, bo.userId]);
    expect(await eventsOf(bo.identityId, 'user_id_refused')).toBe(1);
    // Asked again, it says the same, and takes no second key.
    expect((await browser.send(page, { key: keyFor(bo, page) })).text).toContain('Nogen har taget');
    expect(await spentOf(bo)).toBe((before ?? 0) + 1);
    // They are still signed in, and their user ID is unchanged.
    expect((await browser.follow('/self-service')).page).toBe('self-home');
  });

  test('one key, for many user IDs that are taken, answers one question', async () => {
    const taken = await Promise.all(Array.from({ length: 6 }, () => aPerson(nodes)));
    const person = await aPerson(nodes);
    const asked = [];
    for (const { userId } of taken) {
      const browser = await signedIn(person);
      asked.push({ browser, page: await askFor(browser, person, userId) });
    }
    const last = asked.at(-1)?.page as BrowserPage;
    const key = keyFor(person, last);
    const before = await spentOf(person);
    const answers = await Promise.all(
      asked.map(async ({ browser, page }) => await browser.send(page, { key })),
    );
    expect(answers.filter(({ text }) => text.includes('Nogen har taget'))).toHaveLength(1);
    expect(await spentOf(person)).toBe((before ?? 0) + 1);
  });

  test.each([
    ['a Cyrillic letter', (name: string) => name.replace('a', 'а')],
    ['another dash', (name: string) => name.replace('-', '\u2011')],
  ])('%s is in no new one, and nothing is asked of others for it', async (_what, like) => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    const seen = await askFor(browser, person, like(aName()));
    expect([seen.page, seen.text.includes('som ikke kan bruges')]).toEqual(['self-sign-in', true]);
  });

  test.each([
    [
      'a digit for a letter',
      (name: string) => name.replace('-her', '-10'),
      (n: string) => `${n.slice(0, 8)}lo`,
    ],
    ['marks', (name: string) => name, (name: string) => name.replace('a', 'á')],
  ])('one that looks like another’s is theirs: %s', async (_what, made, like) => {
    const [anna, bo] = [await aPerson(nodes), await aPerson(nodes)];
    const name = made(aName());
    expect((await change(anna, name)).text).toContain('Det er gjort');
    expect((await change(bo, like(name))).text).toContain('Nogen har taget');
    expect(await userIdOf(bo.identityId)).toBe(bo.userId);
    // Their new one may look like their old one, and the one that they gave up is free.
    expect((await change({ ...anna, userId: name }, like(name))).text).toContain('Det er gjort');
    expect((await change({ ...anna, userId: like(name) }, aName())).text).toContain('Det er gjort');
    expect((await change(bo, name)).text).toContain('Det er gjort');
  });
});

describe('a user ID from before', () => {
  test('that no new one could be stays, signs in, and blocks what looks like it', async () => {
    const [anna, bo] = [await aPerson(nodes), await aPerson(nodes)];
    const name = aName();
    const former = name.replace('a', 'а').replace('-', '\u2011');
    await rename(anna, former);
    const rp = await aRelyingParty(nodes);
    const pageFor = async (userId: string) =>
      (await toKeyPage(new TestBrowser(nodes), { ...anna, userId }, authRequest(rp))).page;
    expect([await pageFor(former), await pageFor(former.toUpperCase()), await pageFor(name)]).toEqual([
      'key',
      'key',
      'password',
    ]);
    expect((await change(bo, name)).text).toContain('Nogen har taget');
    const own = await signedIn({ ...anna, userId: former });
    expect((await askFor(own, anna, former)).text).toContain('i forvejen');
  });

  test('two that look alike both stay, both block it, and neither can be proposed for the staff', async () => {
    const [anna, thief, bo] = [await aPerson(nodes), await aPerson(nodes), await aPerson(nodes)];
    const [erik, elna] = [await aPerson(nodes), await aPerson(nodes)];
    await makeFirstOperators(nodes.context, [erik.identityId, elna.identityId]);
    const name = aName();
    await rename(anna, name);
    await rename(thief, name.replace('a', 'а'));
    const propose = async (userId: string) =>
      await proposeStaff(nodes.context, erik.identityId, { userId, role: 'officer', bank: null });
    expect([await propose(name), await propose(name.replace('a', 'а'))]).toEqual([
      'looks_alike',
      'looks_alike',
    ]);
    expect((await change(bo, name.replace('v', 'V').replace('-', '-'))).text).toContain('Nogen har taget');
    // When one gives it up the other keeps it.
    expect((await change({ ...thief, userId: name.replace('a', 'а') }, aName())).text).toContain('gjort');
    expect((await change(bo, name.replace('a', 'à'))).text).toContain('Nogen har taget');
    expect(await propose(name)).toBe('done');
  });

  test('that a node of the previous version changed in the meantime is decided by what it is now', async () => {
    const [anna, bo] = [await aPerson(nodes), await aPerson(nodes)];
    const [first, second] = [aName(), aName()];
    expect((await change(anna, first)).text).toContain('Det er gjort');
    await rename(anna, second);
    expect((await change(bo, second.replace('a', 'á'))).text).toContain('Nogen har taget');
    expect((await change(bo, first)).text).toContain('Det er gjort');
    // And in reverse: that version sees a new one as it sees any, and its own does not stop the backfilling.
    await expect(rename(anna, first)).rejects.toThrow(/unique/);
    await Promise.all(nodes.list.map(({ app }) => backfillAllUserIdForms(app.context)));
    const unformed = await nodes.database.query(
      'SELECT FROM identities WHERE user_id IS DISTINCT FROM user_id_formed',
    );
    expect(unformed).toHaveLength(0);
  });
});

/** Two people want names that look alike, at the same moment, each on a separate node. */
async function raceFor(names: readonly [string, string]): Promise<number> {
  const people = [await aPerson(nodes), await aPerson(nodes)] as const;
  const asked = await Promise.all(
    people.map(async (person, i) => {
      const browser = await signedIn(person);
      return { person, browser, page: await askFor(browser, person, names[i] ?? '') };
    }),
  );
  const held = holdUp(nodes, 'SET user_id = $3', 2);
  const answers = asked.map(
    async ({ person, browser, page }) => await browser.send(page, { key: keyFor(person, page) }),
  );
  await held.reached;
  held.release();
  const pages = await Promise.all(answers);
  const won = pages.filter(({ text }) => text.includes('Det er gjort')).length;
  expect(pages.filter(({ text }) => text.includes('Nogen har taget'))).toHaveLength(2 - won);
  return won;
}

describe('two new ones that look alike, concurrently', () => {
  test('one gets it', async () => {
    for (let round = 0; round < 3; round += 1) {
      const name = aName();
      expect(await raceFor([name, name.replace('a', 'â')])).toBe(1);
    }
  });

  test('control: without the index both do', async () => {
    await nodes.database.query('DROP INDEX identities_user_id_form');
    let both = 0;
    for (let round = 0; round < 5 && both === 0; round += 1) {
      const name = aName();
      if ((await raceFor([name, name.replace('a', 'â')])) === 2) both += 1;
      await nodes.database.query(`UPDATE identities SET user_id_form = NULL, user_id_formed = NULL`);
    }
    await Promise.all(nodes.list.map(({ app }) => backfillAllUserIdForms(app.context)));
    await nodes.database.query(
      'CREATE UNIQUE INDEX identities_user_id_form ON identities (user_id_form) WHERE user_id_form IS NOT NULL',
    );
    expect(both).toBe(1);
  });

  test('control: without the look at others an earlier user ID blocks nothing', async () => {
    const [anna, bo] = [await aPerson(nodes), await aPerson(nodes)];
    const name = aName();
    await rename(anna, name.replace('a', 'а'));
    const repair = takeOut(nodes, 'o.id <> $1', 'false');
    const done = await change(bo, name);
    repair();
    expect(done.text).toContain('Det er gjort');
  });
});

describe('at activation', () => {
  const choose = async (browser: TestBrowser, page: BrowserPage, userId: string) =>
    await browser.send(page, { userId, password: 'Fire hvide gæs', terms: '1', understood: '1' });

  async function atChoice(): Promise<{
    person: IssuedTestIdentity;
    browser: TestBrowser;
    page: BrowserPage;
  }> {
    const person = await waitForLetters(nodes, await issueApplication(nodes));
    const browser = new TestBrowser(nodes);
    return { person, browser, page: await toChoosePage(browser, person) };
  }

  test('five answers say that somebody has one; then the way on is without', async () => {
    const { person, browser, page } = await atChoice();
    const taken = await Promise.all(Array.from({ length: 7 }, () => aPerson(nodes)));
    const answers = [];
    for (const { userId } of taken) answers.push(await choose(browser, page, userId));
    const isNotified = answers.map(({ text }) => text.includes('En anden har det bruger-ID'));
    expect(isNotified).toEqual([true, true, true, true, true, false, false]);
    // A free one can no longer be distinguished from one that is taken.
    const free = await choose(browser, page, aName());
    expect(free.text).toContain('Lad feltet stå tomt');
    expect(free.text).not.toMatch(/name="userId"[^>]* required/);
    expect(await eventsOf(person.identityId, 'user_id_refused')).toBe(5);
    expect((await choose(browser, page, '')).page).toBe('activate-done');
    expect(await userIdOf(person.identityId)).toBeNull();
    const rp = await aRelyingParty(nodes);
    const signIn = { userId: person.idNumber, password: 'Fire hvide gæs' };
    expect((await toKeyPage(new TestBrowser(nodes), signIn, authRequest(rp))).page).toBe('key');
  });

  test('many concurrently on two nodes: no more than five are reported', async () => {
    const { browser, page } = await atChoice();
    const taken = await Promise.all(Array.from({ length: 12 }, () => aPerson(nodes)));
    let answeredTaken = 0;
    await Promise.all(
      taken.map(async ({ userId }) => {
        const copy = await browser.copy();
        const answer = await copy.send(page, {
          userId,
          password: 'Fire hvide gæs',
          terms: '1',
          understood: '1',
        });
        if (answer.text.includes('En anden har det bruger-ID')) answeredTaken += 1;
      }),
    );
    // The answer is read from the row of the activation, which all of them write.
    expect(await eventsOf((await lastActivation()) ?? '', 'user_id_refused')).toBeLessThanOrEqual(5);
    expect(answeredTaken).toBeGreaterThan(0);
  });

  const lastActivation = async () =>
    (
      await nodes.database.query<{ id: string }>(
        'SELECT identity_id AS id FROM activations WHERE key_given_at IS NOT NULL ORDER BY password_at DESC LIMIT 1',
      )
    )[0]?.id;

  test('an empty one is not taken before that; one that looks like another’s is theirs', async () => {
    const { person, browser, page } = await atChoice();
    expect((await choose(browser, page, '')).text).toContain('for kort');
    const other = await aPerson(nodes);
    const name = aName();
    await change(other, name);
    expect((await choose(browser, page, name.replace('a', 'á'))).text).toContain('En anden har det');
    const own = aName();
    expect((await choose(browser, page, own)).page).toBe('activate-done');
    expect(await userIdOf(person.identityId)).toBe(own);
  });
});
