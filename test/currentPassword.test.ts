/**
 * A new password, user ID or e-mail address needs the current password as well as the key. Its attempts are
 * counted by identity, on two nodes, and separately from those of the sign-in.
 */
import { describe, expect, test } from '@jest/globals';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  countWrong,
  keyFor,
  type BrowserPage,
  signInAt,
  slowDown,
  takeOut,
  type TestPerson,
  toKeyPage,
  useNodes,
  valueOf,
} from './support/index.ts';

const nodes = useNodes({ count: 2, withoutErrors: true });

async function signedIn(person: TestPerson): Promise<TestBrowser> {
  const browser = new TestBrowser(nodes);
  expect((await signInAt(browser, person, '/self-service')).page).toBe('self-home');
  return browser;
}

const identityOf = async ({ identityId }: TestPerson) =>
  (
    await nodes.database.query<Record<string, unknown>>(
      `SELECT i.user_id, i.password_hash, p.next_email_from, r.kind AS email_asked
       FROM identities i JOIN people p ON p.id = i.person_id
         LEFT JOIN email_requests r ON r.identity_id = i.id
       WHERE i.id = $1`,
      [identityId],
    )
  )[0];

const NEW = 'hest batteri hæfteklamme';
const CHANGES = [
  ['a user ID', 'sign-in', { do: 'user-id', userId: 'helt-nyt-navn' }, 'currentPassword'],
  ['a password', 'sign-in', { do: 'password', password: NEW }, 'currentPassword-2'],
  ['an e-mail address', 'contact', { do: 'email', email: 'ny@mail.example' }, 'currentPassword'],
  ['no e-mail address', 'contact', { do: 'no-email' }, 'currentPassword-2'],
] as const;

const errorAt = (page: BrowserPage, id: string) =>
  new RegExp(`id="${id}-error">([^<]*)<`).exec(page.text)?.[1] ?? '';

describe.each(CHANGES)('%s', (_what, path, fields, id) => {
  test('takes the current password: without it, or with another, no key is asked for', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    const before = await identityOf(person);
    const page = await browser.follow(`/self-service/${path}`);
    for (const [passwordFields, message] of [
      [{}, 'Skriv den adgangskode'],
      [{ currentPassword: '' }, 'Skriv den adgangskode'],
      [{ currentPassword: `${person.password}\t` }, 'usynligt tegn'],
      [{ currentPassword: 'noget helt andet' }, 'Du har 4 forsøg tilbage'],
      [{ currentPassword: NEW }, 'Du har 3 forsøg tilbage'],
    ] as const) {
      const seen = await browser.send(page, { ...fields, ...passwordFields });
      expect([seen.status, seen.page]).toEqual([200, `self-${path}`]);
      expect(errorAt(seen, id)).toContain(message);
      // Everything but passwords is kept in the form.
      const typed = 'userId' in fields ? 'userId' : 'email' in fields ? 'email' : null;
      if (typed) expect(valueOf(seen, typed)).toBe(Object.values(fields)[1]);
      for (const secret of [NEW, 'noget helt andet', person.password]) {
        expect(seen.text).not.toContain(`value="${secret}`);
      }
    }
    const asked = await browser.send(page, { ...fields, currentPassword: person.password });
    expect(asked.page).toBe('self-confirm');
    expect(await identityOf(person)).toEqual(before);
    const done = await browser.send(asked, { key: keyFor(person, asked) });
    // Another address is asked for its code first.
    if (fields.do === 'email') expect(done.page).toBe('self-email');
    else expect(done.text).toContain('Det er gjort');
    expect(await identityOf(person)).not.toEqual(before);
  });
});

/** The number of wrong ones reported, of many concurrent ones from many copies of a session. */
async function guessAtOnce(person: TestPerson, browser: TestBrowser, many: number): Promise<BrowserPage[]> {
  const page = await browser.follow('/self-service/contact');
  const copies = await Promise.all(Array.from({ length: many }, () => browser.copy()));
  return await Promise.all(
    copies.map(async (copy, i) => {
      const fields = { do: 'email', email: 'tyv@mail.example', currentPassword: `forkert ${i}` };
      return await copy.post(page, fields);
    }),
  );
}

test('five wrong ones in all, from all sessions and nodes; the sign-in stays as it was', async () => {
  const person = await aPerson(nodes);
  const thief = await signedIn(person);
  const owner = await signedIn(person);
  let answers: BrowserPage[] = [];
  const wrong = await countWrong(nodes, async () => {
    for (let round = 0; round < 4; round += 1) answers = await guessAtOnce(person, thief, 8);
  });
  expect(wrong).toBe(5);
  expect(answers.every(({ text }) => text.includes('forkert for mange gange'))).toBe(true);
  // Right ones are no longer recognised either, in any session.
  const page = await owner.follow('/self-service/contact');
  const fields = { do: 'email', email: 'ny@mail.example', currentPassword: person.password };
  const refused = await owner.send(page, fields);
  expect([refused.page, refused.text.includes('Du kan stadig logge på')]).toEqual(['self-contact', true]);
  expect(valueOf(refused, 'email')).toBe('ny@mail.example');

  const rp = await aRelyingParty(nodes);
  expect((await toKeyPage(new TestBrowser(nodes), person, authRequest(rp))).page).toBe('key');
  const events = await nodes.database.query(
    `SELECT FROM audit_events WHERE identity_id = $1 AND kind = 'current_password_locked'`,
    [person.identityId],
  );
  expect(events).toHaveLength(1);
  nodes.clock.forward(8 * 3_600_000 + 60_000);
  const later = await signedIn(person);
  const again = await later.send(await later.follow('/self-service/contact'), fields);
  expect(again.page).toBe('self-confirm');
});

test('wrong passwords at the sign-in lock only it: who is in can still change', async () => {
  const person = await aPerson(nodes);
  const owner = await signedIn(person);
  const rp = await aRelyingParty(nodes);
  for (let i = 0; i < 5; i += 1) {
    await toKeyPage(new TestBrowser(nodes), { ...person, password: `forkert ${i}` }, authRequest(rp));
  }
  const page = await owner.follow('/self-service/contact');
  const fields = { do: 'email', email: 'ny@mail.example', currentPassword: person.password };
  expect((await owner.send(page, fields)).page).toBe('self-confirm');
});

test('control: with only the reading, many concurrent ones would all be answered', async () => {
  const person = await aPerson(nodes);
  const browser = await signedIn(person);
  const guard = takeOut(nodes, '>= $3::int', '>= $3::int + 1000');
  const quick = slowDown(nodes, 'INSERT INTO attempts AS a', 300);
  const wrong = await countWrong(nodes, async () => {
    for (let round = 0; round < 3; round += 1) await guessAtOnce(person, browser, 4);
  });
  quick();
  guard();
  expect(wrong).toBeGreaterThan(5);
});
