/** Self-service, over two nodes: each change takes a key that is spent only for it. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ORDER_CLIENT } from '../src/domain/relyingParty/firstPartyClient.ts';
import { sweepExpiredRows } from '../src/db/sweep.ts';
import { orderPasswordLetter } from '../src/features/identity/orderPasswordLetter.ts';
import {
  aKnownBrowser,
  anotherKey,
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  codesTo,
  countWrong,
  hiddenFields,
  holdUp,
  keyFor,
  type BrowserPage,
  redeemCode,
  refreshTokens,
  signInAtNode,
  signInAt,
  type TestPerson,
  toKeyPage,
  useNodes,
} from './support/index.ts';

const nodes = useNodes({ count: 2, withoutErrors: true });

async function signedIn(person: TestPerson): Promise<TestBrowser> {
  const browser = new TestBrowser(nodes);
  expect((await signInAt(browser, person, '/self-service')).page).toBe('self-home');
  return browser;
}

/** Sends one form of a page of self-service. */
async function ask(browser: TestBrowser, page: string, fields: Record<string, string>): Promise<BrowserPage> {
  return await browser.send(await browser.follow(`/self-service/${page}`), fields);
}

/** Requests the change and gives the key. @returns the outcome */
async function change(
  browser: TestBrowser,
  person: TestPerson,
  page: string,
  fields: Record<string, string>,
): Promise<BrowserPage> {
  const asked = await ask(browser, page, { currentPassword: person.password, ...fields });
  expect(asked.page).toBe('self-confirm');
  return await browser.send(asked, { key: keyFor(person, asked) });
}

const spentOf = async ({ cardId }: TestPerson) => {
  const [row] = await nodes.database.query<{ spent: number }>(
    'SELECT bit_count(spent)::int AS spent FROM key_cards WHERE id = $1',
    [cardId],
  );
  return row?.spent ?? -1;
};
const identityOf = async ({ identityId }: TestPerson) => {
  const [row] = await nodes.database.query<Record<string, unknown>>(
    'SELECT user_id, threshold, public_sites, blocked_at, closed_at, ended_at, password_hash FROM identities WHERE id = $1',
    [identityId],
  );
  return row ?? {};
};
const run = async (task: 'sendNotices' | 'sendLetters') => await nodes.node(0).app.tasks[task]?.({});
const sweepNow = async () =>
  await sweepExpiredRows(nodes.context.database, nodes.clock.offsetMs, (error) => {
    throw error;
  });
const noticesTo = async ({ identityId }: TestPerson) =>
  (
    await nodes.database.query<{ kind: string }>(
      'SELECT kind FROM notices WHERE identity_id = $1 ORDER BY at, kind',
      [identityId],
    )
  ).map(({ kind }) => kind);

describe('what takes a key', () => {
  test('nothing happens before the key, and a wrong one changes nothing', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    const before = await identityOf(person);
    const asked = await ask(browser, 'card', { do: 'threshold', threshold: '40' });
    expect(asked.text).toContain('når der er 40 nøgler tilbage');
    expect(await identityOf(person)).toEqual(before);
    const wrong = await browser.send(asked, {
      key: keyFor(person, asked) === '000000' ? '111111' : '000000',
    });
    expect([wrong.page, wrong.text.includes('Fejl: ')]).toEqual(['self-confirm', true]);
    expect(await identityOf(person)).toEqual(before);
    const done = await browser.send(wrong, { key: keyFor(person, wrong) });
    expect([done.page, (await identityOf(person))['threshold']]).toEqual(['self-told', 40]);
    expect(await noticesTo(person)).toContain('threshold_changed');
    // The same form again is no second action, and asks for no second key.
    const spent = await spentOf(person);
    expect((await browser.send(wrong, { key: keyFor(person, wrong) })).page).toBe('self-told');
    expect(await spentOf(person)).toBe(spent);
  });

  test('one key, sent 20 times over two nodes, spends one key and does one action', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    const before = await spentOf(person);
    const asked = await ask(browser, 'card', { do: 'order' });
    const key = keyFor(person, asked);
    const copies = await Promise.all(Array.from({ length: 20 }, () => browser.copy()));
    const answers = await Promise.all(copies.map((copy) => copy.post(asked, { key })));
    // More than five concurrent ones get 503.
    expect(answers.every(({ status }) => status === 303 || status === 503)).toBe(true);
    expect(await spentOf(person)).toBe(before + 1);
    const [{ ordered } = { ordered: 0 }] = await nodes.database.query<{ ordered: number }>(
      `SELECT count(*)::int AS ordered FROM audit_events WHERE identity_id = $1 AND kind = 'card_ordered'`,
      [person.identityId],
    );
    expect(ordered).toBe(1);
    expect((await browser.follow(asked.url)).text).toContain('Dit nye nøglekort er bestilt');
  });

  test('a wrong one that is sent twice concurrently is one attempt', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    const asked = await ask(browser, 'card', { do: 'threshold', threshold: '40' });
    const key = anotherKey(keyFor(person, asked));
    const twice = async () => {
      const answers = await Promise.all([browser.post(asked, { key }), browser.post(asked, { key })]);
      expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    };
    // One in each count: that of sign-ins, and that of confirmations.
    expect(await countWrong(nodes, twice)).toBe(2);
    const right = await browser.send(await browser.follow(asked.formUrl), { key: keyFor(person, asked) });
    expect(right.page).toBe('self-told');
  });

  test('a key for one thing is no key for another', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    const first = await ask(browser, 'card', { do: 'threshold', threshold: '30' });
    // Requested later, it replaces the earlier request.
    const email = { do: 'email', email: 'ny@mail.example', currentPassword: person.password };
    const second = await ask(browser, 'contact', email);
    const late = await browser.send(first, { key: keyFor(person, first) });
    expect([late.page, (await identityOf(person))['threshold']]).toEqual(['self-told', 20]);
    expect((await browser.follow(second.url)).page).toBe('self-confirm');
  });

  test('what cannot be done has spent no key', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    expect((await change(browser, person, 'card', { do: 'order' })).page).toBe('self-told');
    const before = await spentOf(person);
    const message = await change(browser, person, 'close', { understood: '1' });
    expect(message.page).toBe('self-closed');
    expect(await spentOf(person)).toBe(before + 1);

    const other = await aPerson(nodes);
    const theirs = await signedIn(other);
    const asked = await ask(theirs, 'card', { do: 'order' });
    // The register has no address any longer.
    await nodes.database.query(
      `UPDATE people SET address_sealed = NULL WHERE id = (SELECT person_id FROM identities WHERE id = $1)`,
      [other.identityId],
    );
    const spent = await spentOf(other);
    const refused = await theirs.send(asked, { key: keyFor(other, asked) });
    expect([refused.page, refused.text.includes('Der er ikke brugt nogen nøgle')]).toEqual([
      'self-told',
      true,
    ]);
    expect(await spentOf(other)).toBe(spent);
  });

  test.each([
    ['a block', 'blocked_at = now()'],
    ['the end of what is signed in', 'ended_at = clock_timestamp()'],
  ])('%s that is acknowledged while the key is verified comes before the action', async (_what, end) => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    const asked = await ask(browser, 'card', { do: 'threshold', threshold: '40' });
    const before = await spentOf(person);
    const { reached, release } = holdUp(nodes, 'WHERE i.id = $1 FOR NO KEY UPDATE OF i');
    const answered = browser.post(asked, { key: keyFor(person, asked) });
    await reached;
    await nodes.database.query(`UPDATE identities SET ${end} WHERE id = $1`, [person.identityId]);
    release();
    await answered;
    expect([await spentOf(person), (await identityOf(person))['threshold']]).toEqual([before, 20]);
  });

  test('a key that is spent is none, whatever is still asked for', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    const asked = await ask(browser, 'card', { do: 'threshold', threshold: '40' });
    await nodes.database.query('UPDATE key_cards SET spent = set_bit(spent, challenge, 1) WHERE id = $1', [
      person.cardId,
    ]);
    await browser.post(asked, { key: keyFor(person, asked) });
    expect((await identityOf(person))['threshold']).toBe(20);
  });

  test('a card that is asked for with the very key that would have ordered one is ordered, once', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    const asked = await ask(browser, 'card', { do: 'order' });
    await nodes.database.query(`UPDATE identities SET threshold = 100 WHERE id = $1`, [person.identityId]);
    await nodes.database.query(
      `UPDATE key_cards SET spent = set_bit((repeat('1', 47) || repeat('0', 101))::bit(148), challenge, 0) WHERE id = $1`,
      [person.cardId],
    );
    const message = await browser.send(asked, { key: keyFor(person, asked) });
    expect(message.text).toContain('Dit nye nøglekort er bestilt');
    const cards = await nodes.database.query('SELECT FROM key_cards WHERE identity_id = $1', [
      person.identityId,
    ]);
    expect(cards).toHaveLength(2);
  });

  test('five wrong keys lock the key step, also for signing in', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    let page = await ask(browser, 'card', { do: 'order' });
    for (let i = 0; i < 5; i += 1) {
      page = await browser.send(page, { key: keyFor(person, page) === '000000' ? '111111' : '000000' });
    }
    expect([page.page, page.text.includes('forkert for mange gange')]).toEqual(['self-told', true]);
    const rp = await aRelyingParty(nodes);
    // Straight after the password: no key is looked for in vain.
    expect((await toKeyPage(new TestBrowser(nodes), person, authRequest(rp))).page).toBe('locked');
  });
});

describe('user ID, password and e-mail', () => {
  test.each([
    ['user ID', 'sign-in', { do: 'user-id', userId: 'En.Ny-Person' }],
    ['password', 'sign-in', { do: 'password', password: 'hest batteri hæfteklamme' }],
    ['e-mail', 'contact', { do: 'email', email: 'en.anden@mail.example' }],
  ])('a new %s ends every other session, and this one goes on', async (_what, page, fields) => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes, { scope: 'openid profile offline_access' });
    const elsewhere = new TestBrowser(nodes);
    const request = authRequest(rp, { scope: 'openid offline_access', prompt: 'consent' });
    const code = (await signInAtNode(elsewhere, person, request)).get('code') ?? '';
    const tokens = await redeemCode(nodes, rp, code, request.verifier);
    const other = await signedIn(person);
    const browser = await signedIn(person);
    const message = await change(browser, person, page, { ...fields, ...uniqueUserId(fields) });
    if (page === 'contact') expect(message.page).toBe('self-email');
    else expect([message.page, message.text.includes('Det er gjort')]).toEqual(['self-told', true]);

    expect((await browser.follow('/self-service')).page).toBe('self-home');
    expect((await other.follow('/self-service')).page).toBe('password');
    expect((await elsewhere.follow('/session')).page).toBe('no-session');
    expect((await refreshTokens(nodes, rp, tokens.refresh_token ?? '')).error).toBe('invalid_grant');
  });

  test('the new password signs in, the old one does not; with the user ID it is the same', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    const password = 'hest batteri hæfteklamme';
    const userId = `ny-${person.userId}`;
    await change(browser, person, 'sign-in', { do: 'password', password });
    const fields = { do: 'user-id', userId: userId.toUpperCase(), currentPassword: password };
    await change(browser, person, 'sign-in', fields);
    const rp = await aRelyingParty(nodes);
    const pageWith = async (name: string, secret: string) =>
      (await toKeyPage(new TestBrowser(nodes), { userId: name, password: secret }, authRequest(rp))).page;
    expect(await pageWith(userId, password)).toBe('key');
    expect(await pageWith(person.idNumber, password)).toBe('key');
    expect(await pageWith(person.userId, password)).toBe('password');
    expect(await pageWith(userId, person.password)).toBe('password');
    expect(await noticesTo(person)).toEqual(expect.arrayContaining(['password_changed', 'user_id_changed']));
  });

  test('a new password forgets known browsers, and one that is still being set', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes);
    await aKnownBrowser(nodes, person, rp);
    await orderPasswordLetter(nodes.context, person.identityId, { by: 'person' });
    const left = async () => {
      const [row] = await nodes.database.query<{ browsers: number; letters: number }>(
        `SELECT (SELECT count(*)::int FROM known_browsers WHERE identity_id = $1) AS browsers,
           (SELECT count(*)::int FROM letters WHERE identity_id = $1 AND kind = 'password' AND state = 'waiting') AS letters`,
        [person.identityId],
      );
      return row;
    };
    expect(await left()).toEqual({ browsers: 1, letters: 1 });
    const browser = await signedIn(person);
    await change(browser, person, 'sign-in', { do: 'password', password: 'hest batteri hæfteklamme' });
    expect(await left()).toEqual({ browsers: 0, letters: 0 });
  });

  test('two who want one user ID: one gets it, the other has spent a key on the answer', async () => {
    const [one, two] = [await aPerson(nodes), await aPerson(nodes)];
    const userId = `den-samme-${one.userId}`;
    const asked = await Promise.all(
      [one, two].map(async (person) => {
        const browser = await signedIn(person);
        const fields = { do: 'user-id', userId, currentPassword: person.password };
        return { person, browser, page: await ask(browser, 'sign-in', fields) };
      }),
    );
    const ends = await Promise.all(
      asked.map(async ({ person, browser, page }) => await browser.send(page, { key: keyFor(person, page) })),
    );
    expect(ends.map(({ page }) => page)).toEqual(['self-told', 'self-told']);
    const won = ends.map(({ text }) => text.includes('Det er gjort'));
    expect(won.filter(Boolean)).toHaveLength(1);
    const loser = [one, two][won.indexOf(false)] as TestPerson;
    expect(await spentOf(loser)).toBe(2);
    expect(ends.find(({ text }) => !text.includes('Det er gjort'))?.text).toContain('Nogen har taget');
  });

  test('a new e-mail takes over after 24 hours; until then, and of it, the old one is told', async () => {
    const person = await aPerson(nodes, { email: 'gammel@mail.example' });
    const browser = await signedIn(person);
    await changeEmail(browser, person, 'ny.adresse@mail.example');
    const page = await browser.follow('/self-service/contact');
    expect(page.text).toContain('Vi skriver til gammel@mail.example');
    expect(page.text).toContain('skriver vi til ny.adresse@mail.example');
    await run('sendNotices');
    const mails = mailTo('gammel@mail.example');
    expect(mails.some((text) => text.includes('Din e-mailadresse bliver ændret'))).toBe(true);
    expect(mailTo('ny.adresse@mail.example')).toHaveLength(1);

    nodes.clock.forward(24 * 3_600_000 + 1);
    const later = await signedIn(person);
    expect((await later.follow('/self-service/contact')).text).toContain(
      'Vi skriver til ny.adresse@mail.example',
    );
    await change(later, person, 'card', { do: 'threshold', threshold: '33' });
    await run('sendNotices');
    expect(mailTo('ny.adresse@mail.example').some((text) => text.includes('33 nøgler'))).toBe(true);
    expect(mailTo('gammel@mail.example').some((text) => text.includes('33 nøgler'))).toBe(false);
  });

  test('word of a new e-mail that leaves late still goes to the old one; two weeks on that is forgotten', async () => {
    const person = await aPerson(nodes, { email: 'sen.gammel@mail.example' });
    await changeEmail(await signedIn(person), person, 'sen.ny@mail.example');
    await nodes.database.query(`UPDATE notices SET state = 'waiting' WHERE identity_id = $1`, [
      person.identityId,
    ]);
    nodes.clock.forward(25 * 3_600_000);
    await run('sendNotices');
    expect(mailTo('sen.gammel@mail.example').some((text) => text.includes('bliver ændret'))).toBe(true);
    expect(mailTo('sen.ny@mail.example').some((text) => text.includes('bliver ændret'))).toBe(false);

    const waitingEmails = async () => {
      const [row] = await nodes.database.query<{ sealed: Buffer; waits: boolean }>(
        `SELECT p.email_sealed AS sealed, p.next_email_from IS NOT NULL AS waits
         FROM people p JOIN identities i ON i.person_id = p.id WHERE i.id = $1`,
        [person.identityId],
      );
      return row;
    };
    const before = await waitingEmails();
    nodes.clock.forward(13 * 24 * 3_600_000);
    await sweepNow();
    expect(await waitingEmails()).toEqual(before);
    nodes.clock.forward(2 * 24 * 3_600_000);
    await sweepNow();
    const after = await waitingEmails();
    expect(after?.waits).toBe(false);
    expect(after?.sealed).not.toEqual(before?.sealed);
    const later = await signedIn(person);
    expect((await later.follow('/self-service/contact')).text).toContain(
      'Vi skriver til sen.ny@mail.example',
    );
  });

  test('faults are shown on the page, next to the field, with what was typed', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    const cases = [
      ['sign-in', { do: 'user-id', userId: 'bo' }, 'for kort'],
      ['sign-in', { do: 'user-id', userId: '123456-7890' }, 'ligner et CPR-nummer'],
      ['sign-in', { do: 'user-id', userId: person.userId }, 'i forvejen'],
      ['sign-in', { do: 'user-id', userId: 'аnna-andersen' }, 'som ikke kan bruges'],
      ['sign-in', { do: 'password', password: 'kort' }, 'for kort'],
      ['sign-in', { do: 'password', password: 'password123' }, 'for let at gætte'],
      ['sign-in', { do: 'password', password: person.userId }, 'ikke være dit bruger-ID'],
      ['contact', { do: 'email', email: '' }, 'Skriv en e-mailadresse'],
      ['contact', { do: 'email', email: 'anna(at)mail' }, 'ikke rigtig'],
      ['card', { do: 'threshold', threshold: '4' }, 'helt tal fra 5 til 100'],
      ['card', { do: 'threshold', threshold: '101' }, 'helt tal fra 5 til 100'],
      ['card', { do: 'threshold', threshold: 'tyve' }, 'helt tal fra 5 til 100'],
      ['close', {}, 'Sæt hak'],
    ] as const;
    for (const [page, fields, words] of cases) {
      const seen = await ask(browser, page, fields);
      expect([page, seen.status, seen.text.includes('<title>Fejl: '), seen.text.includes(words)]).toEqual([
        page,
        200,
        true,
        true,
      ]);
      const [typed = ''] = Object.entries(fields).flatMap(([name, value]) =>
        name === 'do' || name === 'password' ? [] : [value],
      );
      expect(seen.text).toContain(typed);
      // The user ID stands beside the password, for password managers.
      const shown = seen.text.replace(/<input type="text" name="username"[^>]*>/, '');
      if ('password' in fields) expect(shown).not.toContain(`value="${fields.password}"`);
    }
    const bad = await browser.post(await browser.follow('/self-service/card'), { do: 'something' });
    expect(bad.status).toBe(400);
  });
});

describe('public sites', () => {
  test('on takes a key, off takes effect at a public site at its next refresh', async () => {
    const person = await aPerson(nodes, { publicSites: false });
    const browser = await signedIn(person);
    await change(browser, person, 'public-sites', { do: 'on' });
    expect((await identityOf(person))['public_sites']).toBe(true);
    const rp = await aRelyingParty(nodes, { kind: 'public', scope: 'openid offline_access' });
    // Where it works, without our own page for switching it on.
    const { text } = await browser.follow('/self-service/public-sites');
    expect(text).toContain('<li>Prøvekommunen</li>');
    expect(text).not.toContain(`<li>${ORDER_CLIENT.names.da}</li>`);
    const elsewhere = new TestBrowser(nodes);
    const request = authRequest(rp, { scope: 'openid offline_access', prompt: 'consent' });
    const code = (await signInAtNode(elsewhere, person, request)).get('code') ?? '';
    const tokens = await redeemCode(nodes, rp, code, request.verifier);
    expect((await ask(browser, 'public-sites', { do: 'off' })).text).toContain('Det er slået fra');
    expect((await refreshTokens(nodes, rp, tokens.refresh_token ?? '')).error).toBe('invalid_grant');
    expect((await browser.follow('/self-service')).page).toBe('self-home');
  });

  test.each([
    ['under 15', { birthdate: '2015-01-01' }],
    ['without a CPR number', { cpr: null }],
  ])('not for someone %s, whatever is sent', async (_who, seed) => {
    const person = await aPerson(nodes, { publicSites: false, ...seed });
    const browser = await signedIn(person);
    const page = await browser.follow('/self-service/public-sites');
    expect(page.text).not.toContain('value="on"');
    const message = await change(browser, person, 'public-sites', { do: 'on' });
    expect(message.text).toContain('Der er ikke brugt nogen nøgle');
    expect((await identityOf(person))['public_sites']).toBe(false);
  });
});

describe('block and close', () => {
  test.each(['card', 'identity'])('blocks the %s immediately, in two clicks, without a key', async (what) => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    const blocked = await ask(browser, 'block', { what });
    expect(blocked.page).toBe('self-blocked');
    expect((await browser.follow('/self-service')).page).toBe('password');
    const [card] = await nodes.database.query<{ state: string }>(
      'SELECT state FROM key_cards WHERE id = $1',
      [person.cardId],
    );
    expect(card?.state).toBe('blocked');
    expect((await identityOf(person))['blocked_at'] !== null).toBe(what === 'identity');
  });

  test('a closed ID signs in nowhere, and nothing more is sent to it but the word of it', async () => {
    const person = await aPerson(nodes, { email: 'lukket@mail.example' });
    const rp = await aRelyingParty(nodes);
    const browser = await signedIn(person);
    await change(browser, person, 'card', { do: 'order' });
    expect((await change(browser, person, 'close', { understood: '1' })).page).toBe('self-closed');
    const { closed_at, blocked_at, password_hash } = await identityOf(person);
    expect([closed_at !== null, blocked_at !== null, password_hash]).toEqual([true, true, null]);
    expect((await toKeyPage(new TestBrowser(nodes), person, authRequest(rp))).page).toBe('password');
    const waiting = await nodes.database.query(
      `SELECT FROM letters WHERE identity_id = $1 AND state = 'waiting' AND kind <> 'notice'`,
      [person.identityId],
    );
    expect(waiting).toHaveLength(0);
    await run('sendNotices');
    expect(mailTo('lukket@mail.example').some((text) => text.includes('Dit ID er lukket'))).toBe(true);
    expect((await browser.follow('/self-service')).page).toBe('password');
  });

  test('a card that has not come is given up and replaced once', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    await change(browser, person, 'card', { do: 'order' });
    expect((await browser.follow('/self-service/card')).text).not.toContain('value="not-arrived"');
    await run('sendLetters');
    expect((await browser.follow('/self-service/card')).text).toContain('value="not-arrived"');
    const copies = await Promise.all(Array.from({ length: 8 }, () => browser.copy()));
    const page = await browser.follow('/self-service/card');
    await Promise.all(copies.map((copy) => copy.post(page, { do: 'not-arrived' })));
    const states = await nodes.database.query<{ state: string }>(
      'SELECT state FROM key_cards WHERE identity_id = $1 ORDER BY ordered_at, state',
      [person.identityId],
    );
    expect(states.map(({ state }) => state).sort()).toEqual(['active', 'ordered', 'void']);
  });
});

test('a confirmation of another session, or of another person, is not there', async () => {
  const [anna, bo] = [await aPerson(nodes), await aPerson(nodes)];
  const mine = await signedIn(anna);
  const asked = await ask(mine, 'card', { do: 'order' });
  for (const intruder of [await signedIn(bo), await signedIn(anna)]) {
    const seen = await intruder.follow(asked.url);
    expect([seen.page, seen.text.includes(anna.cardNumber)]).toEqual(['self-told', false]);
    const csrf = hiddenFields(await intruder.follow('/self-service/card'))['csrf'] ?? '';
    const sent = await intruder.send(asked, { csrf, key: keyFor(anna, asked) });
    expect(sent.page).toBe('self-told');
  }
  expect(await spentOf(bo)).toBe(1);
  expect((await mine.follow(asked.url)).page).toBe('self-confirm');
});

test('a form without the proof of this session is not taken, and one that came too late is reported as lost', async () => {
  const person = await aPerson(nodes);
  const browser = await signedIn(person);
  const page = await browser.follow('/self-service/card');
  expect((await browser.post(page, { do: 'order', csrf: 'x'.repeat(43) })).status).toBe(403);
  nodes.clock.forward(31 * 60_000);
  const arrived = await browser.send(page, { do: 'order' });
  // Nøgle's own session is still there: it resumes with a click, and the page says that nothing was saved.
  expect([arrived.page, arrived.text.includes(person.fullName)]).toEqual(['site-continue', true]);
  const back = await browser.send(arrived, {});
  expect([back.page, back.text.includes('ikke gemt')]).toEqual(['self-card', true]);
});

test('the language of letters is the person’s, and the page follows immediately', async () => {
  const person = await aPerson(nodes);
  const browser = await signedIn(person);
  const page = await ask(browser, 'contact', { do: 'language', language: 'en' });
  expect(page.text).toContain('The language is saved.');
  const [row] = await nodes.database.query<{ language: string }>(
    'SELECT language FROM people p JOIN identities i ON i.person_id = p.id WHERE i.id = $1',
    [person.identityId],
  );
  expect(row?.language).toBe('en');
});

/** Includes the code. */
async function changeEmail(browser: TestBrowser, person: TestPerson, email: string): Promise<void> {
  const page = await change(browser, person, 'contact', { do: 'email', email });
  const [code = ''] = await codesTo(nodes, email);
  expect((await browser.send(page, { do: 'code', code })).page).toBe('self-contact');
}

let serial = 0;
function uniqueUserId(fields: object): Record<string, string> {
  serial += 1;
  return 'userId' in fields ? { userId: `${String(fields.userId)}-${serial}-${Date.now()}` } : {};
}

describe('the format of the card', () => {
  const formatOf = async ({ identityId }: TestPerson) =>
    (
      await nodes.database.query<{ next: string; cards: string[] }>(
        `SELECT card_format AS next, ARRAY(SELECT state || ' ' || coalesce(format, '-') FROM key_cards
          WHERE identity_id = $1 ORDER BY ordered_at) AS cards FROM identities WHERE id = $1`,
        [identityId],
      )
    )[0];

  test('is chosen at any time, with a key: for the next card, or with a new card at once', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    const next = await change(browser, person, 'card', { do: 'format', cardFormat: 'large_print' });
    expect([next.page, next.text.includes('Dit næste nøglekort bliver et kort med stor skrift.')]).toEqual([
      'self-told',
      true,
    ]);
    expect(await formatOf(person)).toEqual({ next: 'large_print', cards: ['active standard'] });
    const asked = await ask(browser, 'card', { do: 'format', cardFormat: 'braille', order: 'yes' });
    expect(asked.text).toContain(
      'Du er ved at bestille et nyt nøglekort nu. Det bliver et kort i punktskrift.',
    );
    const done = await browser.send(asked, { key: keyFor(person, asked) });
    expect(done.text).toContain('Det nøglekort, der er på vej til dig, bliver et kort i punktskrift.');
    expect(await formatOf(person)).toEqual({ next: 'braille', cards: ['active standard', 'ordered -'] });
    expect((await browser.follow('/self-service/card')).text).toContain('det er ikke trykt endnu');
    await run('sendLetters');
    expect((await formatOf(person))?.cards).toEqual(['active standard', 'sent braille']);
    const folder = path.join(nodes.folder, 'letters');
    const brf = readdirSync(folder).filter((name) => name.endsWith('.brf'));
    expect(brf).toHaveLength(1);
    const told = (await noticesTo(person)).filter((kind) => kind === 'card_format_changed');
    expect(told).toHaveLength(2);
    const activity = await browser.follow('/self-service/activity');
    expect(activity.text).toContain('valgte, at dit næste nøglekort er i punktskrift.');
  });

  test('of a card that is on its way stays: the page says so, and nothing is lost or ordered twice', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    await change(browser, person, 'card', { do: 'order' });
    await run('sendLetters');
    const page = await browser.follow('/self-service/card');
    expect(page.text).toContain('Der er allerede et almindeligt kort på vej.');
    expect(page.text).not.toContain('send et nyt kort nu');
    // An older page, or another tab, still has the button.
    const late = { do: 'format', cardFormat: 'braille', order: 'yes' };
    const refused = await change(browser, person, 'card', late);
    expect(refused.text).toContain('Der er allerede et kort på vej til dig.');
    expect(await formatOf(person)).toEqual({ next: 'standard', cards: ['active standard', 'sent standard'] });
    const done = await change(browser, person, 'card', { do: 'format', cardFormat: 'braille' });
    expect(done.text).toContain('Nøglekortet efter det, der er på vej, bliver et kort i punktskrift.');
    expect(await formatOf(person)).toEqual({ next: 'braille', cards: ['active standard', 'sent standard'] });
    const after = await browser.follow('/self-service/card');
    expect(after.text).toContain('Kortet efter det bliver et kort i punktskrift.');
    expect(after.text).toContain('De kan sende et andet i stedet.');
  });

  test('that is chosen already costs no key, and one that does not exist is no choice', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    const same = await ask(browser, 'card', { do: 'format', cardFormat: 'standard' });
    expect([same.page, same.text.includes('Det har du allerede valgt.')]).toEqual(['self-card', true]);
    const wrong = await ask(browser, 'card', { do: 'format', cardFormat: 'audio' });
    expect(wrong.status).toBe(400);
  });
});

function mailTo(address: string): string[] {
  const folder = path.join(nodes.folder, 'mail');
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map(({ name }) => readFileSync(path.join(folder, name), 'utf8'))
    .map((text) => Object.values(JSON.parse(text) as object).join('\n'))
    .filter((text) => text.includes(address));
}
