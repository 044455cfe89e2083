/** An e-mail address gets nothing before a code that was sent to it was entered, by every path. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import { findRecipient } from '../../src/db/people/recipients.ts';
import { blockTarget } from '../../src/features/factors/block.ts';
import { da } from '../../src/ui/words/words.da.ts';
import {
  aKnown,
  composeApplication,
  aPerson,
  aRegistered,
  openCounterSession,
  TestBrowser,
  type Chosen,
  codesTo,
  readDeliveredLetters,
  isFromBefore,
  issueApplication,
  keyFor,
  waitForLetters,
  mailTo,
  orderedBy,
  type BrowserPage,
  postOrder,
  sendAllLetters,
  sendMail,
  signInAt,
  startActivation,
  type TestPerson,
  toChoosePage,
  twoOperators,
  useNodes,
  createSiteClient,
} from '../support/index.ts';

const DAY = 24 * 3_600_000;
const words = da.email;
const nodes = useNodes({ count: 2, proxyHops: 1, withoutErrors: true });

let serial = 0;
const anAddress = (name = 'ny') => `${name}-${(serial += 1)}@mail.example`;
const aBrowser = () => new TestBrowser(nodes, 0, `10.7.${(serial += 1) >> 8}.${serial & 255}`);
function aChoice(): Chosen {
  const password = `hest batteri hæfteklamme ${(serial += 1)}`;
  nodes.secrets.add(password, 'password');
  return { userId: `email-codes-${serial}-${Date.now()}`, password };
}

/** Activates the ID. @returns the page that follows */
async function takeIntoUse(
  identityId: string,
  browser = aBrowser(),
  chosen = aChoice(),
): Promise<BrowserPage> {
  const page = await toChoosePage(browser, await waitForLetters(nodes, identityId));
  return await browser.send(page, { ...chosen, terms: '1', understood: '1' });
}

/** The outcome of a form of this page. */
async function answer(
  browser: TestBrowser,
  page: BrowserPage,
  what: string,
  fields: Record<string, string> = {},
): Promise<BrowserPage> {
  return await browser.send(page, { do: what, ...fields });
}

/** What letters tell the person, those that are not ordered yet included. */
async function noticeLetters(identityId: string): Promise<string[]> {
  const rows = await nodes.database.query<{ kind: string }>(
    `SELECT told.notice ->> 'kind' AS kind FROM (
       SELECT jsonb_array_elements(coalesce(notice -> 'ofTheDay', jsonb_build_array(notice))) AS notice,
         ordered_at AS at
       FROM letters WHERE identity_id = $1 AND kind = 'notice'
       UNION ALL SELECT notice, at FROM gathered_notices WHERE identity_id = $1
     ) told ORDER BY told.at`,
    [identityId],
  );
  return rows.map(({ kind }) => kind);
}

/** Without those about sign-ins. */
async function lettersOnChange(identityId: string): Promise<string[]> {
  return (await noticeLetters(identityId)).filter((kind) => kind !== 'new_browser');
}

async function eventsOf(identityId: string, kind: string): Promise<number> {
  return (
    await nodes.database.query('SELECT FROM audit_events WHERE identity_id = $1 AND kind = $2', [
      identityId,
      kind,
    ])
  ).length;
}

/** The letters that the print house has for people of this name. */
async function printed(familyName: string): Promise<string[]> {
  const folder = path.join(nodes.folder, 'letters');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const texts = await Promise.all(files.map((name) => readFile(path.join(folder, name), 'utf8')));
  return texts.filter((text) => text.includes(familyName));
}

/** Whether an address waits for its code. */
async function waits(identityId: string): Promise<boolean> {
  return (
    (await nodes.database.query('SELECT FROM email_requests WHERE identity_id = $1', [identityId])).length > 0
  );
}

/** The address that gets notices now. */
async function emailInUse(identityId: string): Promise<string | null> {
  const { database, keyring } = nodes.context;
  const found = await findRecipient(database, identityId, nodes.clock.now());
  return found?.emailSealed ? keyring.open('seal', found.emailSealed, `email ${found.personId}`) : null;
}

/** A change of address as the previous version makes it: no code is asked for. */
async function planAsBefore({ identityId }: TestPerson, email: string, from: Date): Promise<void> {
  const { database, keyring } = nodes.context;
  const personId = (await findRecipient(database, identityId, from))?.personId ?? '';
  await nodes.database.query('UPDATE people SET next_email_sealed = $2, next_email_from = $3 WHERE id = $1', [
    personId,
    keyring.seal('seal', email, `email ${personId}`),
    from,
  ]);
}

async function changeThreshold(browser: TestBrowser, person: TestPerson, threshold: string): Promise<void> {
  const asked = await browser.send(await browser.follow('/self-service/card'), {
    do: 'threshold',
    threshold,
  });
  await browser.send(asked, { key: keyFor(person, asked) });
}

/** The e-mail address in the file of the person's data. */
async function emailInFile(browser: TestBrowser): Promise<unknown> {
  const file = await browser.send(await browser.follow('/self-service/data'), {});
  return (JSON.parse(file.text) as { person: unknown }).person;
}

/** Asks for it in self-service and gives the key. */
async function changeEmail(
  browser: TestBrowser,
  person: TestPerson,
  fields: Record<string, string>,
): Promise<BrowserPage> {
  const form = await browser.follow('/self-service/contact');
  const asked = await browser.send(form, { ...fields, currentPassword: person.password });
  expect(asked.page).toBe('self-confirm');
  return await browser.send(asked, { key: keyFor(person, asked) });
}

async function signedIn(person: TestPerson): Promise<TestBrowser> {
  const browser = aBrowser();
  await signInAt(browser, person, '/self-service');
  return browser;
}

describe('an order online', () => {
  test('mails nothing to the address that it names; the letter names it; activation asks for its code', async () => {
    const entry = await aRegistered(nodes);
    const email = anAddress('orderer');
    await postOrder(createSiteClient(nodes), entry, { email });
    const [identity] = await orderedBy(nodes, entry);
    const identityId = identity?.id ?? '';
    await sendAllLetters(nodes);
    await sendMail(nodes);
    await sendAllLetters(nodes);
    expect(mailTo(nodes, email)).toEqual([]);
    // The content of the mail goes by post.
    expect(await noticeLetters(identityId)).toEqual(expect.arrayContaining(['ordered_online', 'card_sent']));
    const letters = await printed(entry.familyName);
    expect(letters.filter((text) => text.includes(email))).toEqual([
      expect.stringContaining('Der blev bestilt et ID til dig'),
    ]);

    const browser = aBrowser();
    const page = await takeIntoUse(identityId, browser);
    expect([page.page, page.text.includes(email)]).toEqual(['activate-email', true]);
    const [code = ''] = await codesTo(nodes, email);
    const mails = mailTo(nodes, email);
    expect(mails).toHaveLength(1);
    for (const part of [
      ...entry.givenName.split(' '),
      entry.familyName,
      entry.cpr.slice(0, 6),
      'http',
      '/',
    ]) {
      // But for Nøgle's own addresses.
      const said = mails[0]?.text.replaceAll(`${nodes.issuer}/block`, '').replaceAll(nodes.issuer, '');
      expect(`${mails[0]?.subject} ${said}`).not.toContain(part);
    }
    expect(mails[0]?.text).toMatch(/Nøgles hotline: [\d ]+/);

    const wrong = await answer(browser, page, 'code', { code: 'abcd-efgh' });
    expect([wrong.page, wrong.text.includes(words.faults.wrong)]).toEqual(['activate-email', true]);
    expect(wrong.text).toContain('value="abcd-efgh"');
    // As people type it.
    const typed = ` ${code.toUpperCase().replace(/(.{4})/, '$1 ')} `;
    expect((await answer(browser, wrong, 'code', { code: typed })).page).toBe('activate-done');
    expect(await eventsOf(identityId, 'email_confirmed')).toBe(1);
    // The notice of the activation goes by letter, even if the code comes soon.
    await sendMail(nodes);
    expect(await noticeLetters(identityId)).toContain('id_activated');
    expect(mailTo(nodes, email)).toHaveLength(1);
  });

  test('of someone who has an ID: their mail and letter, and nothing to the address that was named', async () => {
    const { entry, identityId } = await aKnown(nodes);
    const email = anAddress('stranger');
    await postOrder(createSiteClient(nodes), entry, { email });
    await sendMail(nodes);
    await sendAllLetters(nodes);
    expect(mailTo(nodes, email)).toEqual([]);
    expect((await printed(entry.familyName)).filter((text) => text.includes(email))).toHaveLength(1);
    expect(await waits(identityId)).toBe(false);
  });

  test('the letter has the address sealed until it is printed', async () => {
    const entry = await aRegistered(nodes);
    const email = anAddress('sealed');
    await postOrder(createSiteClient(nodes), entry, { email });
    const rows = await nodes.database.query<{ row: string }>(
      `SELECT l::text AS row FROM letters l UNION ALL SELECT n::text FROM notices n
       UNION ALL SELECT r::text FROM email_requests r UNION ALL SELECT a::text FROM audit_events a`,
    );
    expect(rows.filter(({ row }) => row.includes(email.slice(0, 8)))).toEqual([]);
  });
});

describe('every path by which someone gets an ID', () => {
  test.each(['desk', 'bank', 'online', 'command'] as const)('%s: nothing before its code', async (way) => {
    const email = anAddress(way);
    const submission = composeApplication({ application: { path: way }, applicant: { email } });
    const identityId = await issueApplication(nodes, submission);
    await sendAllLetters(nodes);
    await sendMail(nodes);
    expect([mailTo(nodes, email), await emailInUse(identityId), await waits(identityId)]).toEqual([
      [],
      null,
      true,
    ]);
  });
});

describe('the page after the activation', () => {
  const issued = async () => {
    const email = anAddress('given');
    const identityId = await issueApplication(nodes, composeApplication({ applicant: { email } }));
    const browser = aBrowser();
    return { email, identityId, browser, page: await takeIntoUse(identityId, browser) };
  };

  test('another address: its own code, and the first one opens nothing', async () => {
    const { email, browser, page, identityId } = await issued();
    const [first = ''] = await codesTo(nodes, email);
    const malformed = await answer(browser, page, 'another', { email: 'anna(at)mail' });
    expect(malformed.text).toContain(words.faults.email_malformed);
    expect(malformed.text).toContain('value="anna(at)mail"');
    const other = anAddress('another');
    const second = await answer(browser, malformed, 'another', { email: other });
    expect([second.page, second.text.includes(other)]).toEqual(['activate-email', true]);
    const wrong = await answer(browser, second, 'code', { code: first });
    expect(wrong.text).toContain(words.faults.wrong);
    const [code = ''] = await codesTo(nodes, other);
    expect((await answer(browser, wrong, 'code', { code })).page).toBe('activate-done');
    // A change, which waits for a day.
    expect(await emailInUse(identityId)).toBeNull();
    nodes.clock.forward(DAY + 60_000);
    expect(await emailInUse(identityId)).toBe(other);
  });

  test('without: letters from then on, no letter about that, and the code opens nothing any longer', async () => {
    const { email, browser, page, identityId } = await issued();
    const [code = ''] = await codesTo(nodes, email);
    expect((await answer(browser, page, 'without')).page).toBe('activate-done');
    expect((await answer(browser, page, 'code', { code })).page).toBe('activate-done');
    await sendMail(nodes);
    expect([await emailInUse(identityId), mailTo(nodes, email).length]).toEqual([null, 1]);
    expect(await noticeLetters(identityId)).not.toContain('email_called_off');
    expect(await eventsOf(identityId, 'email_called_off')).toBe(1);
  });

  test('a new code replaces the one before; five wrong ones end it; half an hour ends it', async () => {
    const { email, browser, page } = await issued();
    const [first = ''] = await codesTo(nodes, email);
    const again = await answer(browser, page, 'again');
    const second = (await codesTo(nodes, email)).at(-1) ?? '';
    expect((await answer(browser, again, 'code', { code: first })).text).toContain(words.faults.wrong);
    let last = again;
    for (let i = 0; i < 4; i += 1) last = await answer(browser, again, 'code', { code: `wrong-${i}` });
    expect(last.text).toContain(words.faults.over);
    expect((await answer(browser, last, 'code', { code: second })).page).toBe('activate-email');

    const newer = await answer(browser, last, 'again');
    const third = (await codesTo(nodes, email)).at(-1) ?? '';
    nodes.clock.forward(DEFAULT_RULES.emailCode.minutes * 60_000 + 1_000);
    expect((await answer(browser, newer, 'code', { code: third })).text).toContain(words.faults.over);
    expect((await answer(browser, newer, 'code', { code: ' ' })).text).toContain(words.over);
  });

  test('of an ID that was blocked in the meantime a code opens nothing', async () => {
    const { email, browser, page, identityId } = await issued();
    const [code = ''] = await codesTo(nodes, email);
    await nodes.database.query('UPDATE identities SET blocked_at = now() WHERE id = $1', [identityId]);
    await answer(browser, page, 'code', { code });
    expect(await emailInUse(identityId)).toBeNull();
  });

  test('left there, it is asked at the next sign-in to self-service, also of the one who goes to a page of it', async () => {
    const email = anAddress('later');
    const identityId = await issueApplication(nodes, composeApplication({ applicant: { email } }));
    const chosen = aChoice();
    await takeIntoUse(identityId, aBrowser(), chosen);
    const { keys } = await readDeliveredLetters(nodes, identityId);
    const browser = aBrowser();
    const person = { ...chosen, keys } as unknown as TestPerson;
    const page = await signInAt(browser, person, '/self-service/card');
    expect([page.page, page.text.includes(email)]).toEqual(['self-email', true]);
    expect(page.text).toContain('<a href="/self-service/card">');
    const [code = ''] = await codesTo(nodes, email);
    const contact = await answer(browser, page, 'code', { code });
    expect([contact.page, contact.text.includes(words.contact.confirmed)]).toEqual(['self-contact', true]);
    expect(await emailInUse(identityId)).toBe(email);
  });
});

describe('a change in self-service', () => {
  test('takes its code and 24 hours, and nothing goes to it before', async () => {
    const old = anAddress('old');
    const person = await aPerson(nodes, { email: old });
    const browser = await signedIn(person);
    const email = anAddress();
    const page = await changeEmail(browser, person, { do: 'email', email });
    expect([page.page, page.text.includes(email)]).toEqual(['self-email', true]);
    const [code = ''] = await codesTo(nodes, email);
    expect(mailTo(nodes, email)).toHaveLength(1);
    const notice = mailTo(nodes, old).find(({ subject }) => subject === 'Din e-mailadresse bliver ændret');
    expect(notice?.text).toContain('Du kan stoppe det, til det gælder.');

    // A day later, and without the code: unchanged.
    nodes.clock.forward(DAY + 60_000);
    expect(await emailInUse(person.identityId)).toBe(old);
    const later = await signedIn(person);
    const asked = await later.follow('/self-service/email');
    // Yesterday's code is no longer valid.
    expect((await answer(later, asked, 'code', { code })).text).toContain(words.faults.over);
    await answer(later, asked, 'again');
    const newest = (await codesTo(nodes, email)).at(-1) ?? '';
    await answer(later, asked, 'code', { code: newest });
    expect(await emailInUse(person.identityId)).toBe(email);
    expect(await emailInFile(later)).toMatchObject({ email, emailConfirmed: true });
  });

  test('with its code immediately it still waits for the day', async () => {
    const old = anAddress('old');
    const person = await aPerson(nodes, { email: old });
    const browser = await signedIn(person);
    const email = anAddress();
    const page = await changeEmail(browser, person, { do: 'email', email });
    const [code = ''] = await codesTo(nodes, email);
    const contact = await answer(browser, page, 'code', { code });
    expect(contact.text).toContain(`skriver vi til ${email}`);
    expect(await emailInUse(person.identityId)).toBe(old);
    nodes.clock.forward(DAY + 60_000);
    expect(await emailInUse(person.identityId)).toBe(email);
  });

  test.each(['before its code', 'after its code'])('is cancelled by its person %s', async (when) => {
    const old = anAddress('old');
    const person = await aPerson(nodes, { email: old });
    const browser = await signedIn(person);
    const email = anAddress();
    const page = await changeEmail(browser, person, { do: 'email', email });
    const [code = ''] = await codesTo(nodes, email);
    if (when === 'after its code') await answer(browser, page, 'code', { code });
    const contact = await browser.follow('/self-service/contact');
    expect(contact.text).toContain(words.callOff);
    const after = await browser.send(contact, { do: 'call-off' });
    expect(after.text).toContain(words.contact.calledOff);
    expect(after.text).not.toContain(email);
    await answer(browser, page, 'code', { code });
    nodes.clock.forward(2 * DAY);
    expect(await emailInUse(person.identityId)).toBe(old);
    await sendMail(nodes);
    expect(mailTo(nodes, old).map(({ subject }) => subject)).toContain(
      'Vi skriver til dig samme sted som før',
    );
    expect(mailTo(nodes, email)).toHaveLength(1);
    // A repeated request has no further effect.
    await browser.send(contact, { do: 'call-off' });
    expect(await eventsOf(person.identityId, 'email_called_off')).toBe(1);
  });

  test('is cancelled by the hotline for someone who phones, and so is the wish for letters', async () => {
    const operators = await twoOperators(nodes);
    for (const fields of [{ do: 'email', email: anAddress() }, { do: 'no-email' }]) {
      const hotline = await openCounterSession(nodes, operators, 'hotline');
      const old = anAddress('old');
      const person = await aPerson(nodes, { email: old });
      const before = await hotline.find(person);
      expect(before.text).not.toContain('call-off-email');
      await changeEmail(await signedIn(person), person, fields);
      const seen = await hotline.find(person);
      expect(seen.text).toContain('call-off-email');
      expect(seen.text).not.toContain('@mail.example');
      const url = `${seen.url}/call-off-email`;
      const form = await hotline.browser.follow(url);
      const done = await hotline.post(url, { reason: 'Borgeren ringer og kender den ikke' }, form);
      expect(done.headers.location).toContain('came=done');
      nodes.clock.forward(2 * DAY);
      expect(await emailInUse(person.identityId)).toBe(old);
    }
  });

  test.each(['before its code', 'after its code'])('does not outlive a block of the ID, %s', async (when) => {
    const old = anAddress('old');
    const person = await aPerson(nodes, { email: old });
    const browser = await signedIn(person);
    const email = anAddress();
    const page = await changeEmail(browser, person, { do: 'email', email });
    const [code = ''] = await codesTo(nodes, email);
    if (when === 'after its code') await answer(browser, page, 'code', { code });
    await blockTarget(nodes.context, person.identityId, 'identity', { by: 'person' });
    nodes.clock.forward(2 * DAY);
    expect([await emailInUse(person.identityId), await waits(person.identityId)]).toEqual([old, false]);
  });

  test('a newer one, or the wish for letters, takes its place, and its code opens nothing', async () => {
    const person = await aPerson(nodes, { email: anAddress('old') });
    const browser = await signedIn(person);
    const first = anAddress();
    await changeEmail(browser, person, { do: 'email', email: first });
    const [code = ''] = await codesTo(nodes, first);
    await changeEmail(browser, person, { do: 'no-email' });
    const contact = await browser.follow('/self-service/contact');
    expect(contact.text).not.toContain(first);
    await browser.send({ ...contact, formUrl: `${nodes.issuer}/self-service/email` }, { do: 'code', code });
    nodes.clock.forward(2 * DAY);
    expect(await emailInUse(person.identityId)).toBeNull();
  });
});

describe('an earlier address', () => {
  test('gets its mail as before, what matters by letter too, and is asked for at the next sign-in', async () => {
    const email = anAddress('before');
    const person = await aPerson(nodes, { email });
    await isFromBefore(nodes, person);
    const browser = aBrowser();
    const page = await signInAt(browser, person, '/self-service');
    expect([page.page, page.text.includes(email), page.text.includes(words.none)]).toEqual([
      'self-email',
      true,
      true,
    ]);
    expect(page.text).toContain('<a href="/self-service">');
    // Skipped for now: all of self-service is available.
    expect((await browser.follow('/self-service')).page).toBe('self-home');
    expect((await browser.follow('/self-service/contact')).text).toContain(words.contact.unconfirmed);
    expect(await emailInFile(browser)).toMatchObject({ email, emailConfirmed: false });

    await changeThreshold(browser, person, '31');
    await sendMail(nodes);
    expect(mailTo(nodes, email).some(({ text }) => text.includes('31 nøgler'))).toBe(true);
    expect(await lettersOnChange(person.identityId)).toEqual(['threshold_changed']);

    const sent = await answer(browser, page, 'again');
    expect(sent.text).toContain(words.sent);
    const [code = ''] = await codesTo(nodes, email);
    expect((await answer(browser, sent, 'code', { code })).text).toContain(words.contact.confirmed);
    await changeThreshold(browser, person, '32');
    await sendMail(nodes);
    expect(mailTo(nodes, email).some(({ text }) => text.includes('32 nøgler'))).toBe(true);
    expect(await lettersOnChange(person.identityId)).toEqual(['threshold_changed']);
    expect((await signInAt(aBrowser(), person, '/self-service')).page).toBe('self-home');
  });

  test('a node of the previous version puts one into use: it is an earlier one', async () => {
    const old = anAddress('old');
    const person = await aPerson(nodes, { email: old });
    const email = anAddress('by-old-node');
    const now = nodes.clock.now();
    await planAsBefore(person, email, new Date(now.getTime() - 1_000));
    const page = await signInAt(aBrowser(), person, '/self-service');
    expect([page.page, page.text.includes(email)]).toEqual(['self-email', true]);
    // The notice that that version wrote for the new address is not sent before the address is confirmed.
    await nodes.database.query(
      `INSERT INTO notices (id, identity_id, kind, details, at, to_next_email)
       VALUES (gen_random_uuid(), $1, 'email_taken_on', $2::jsonb, $3, true)`,
      [person.identityId, JSON.stringify({ from: now.toISOString() }), now],
    );
    await sendMail(nodes);
    const subjects = mailTo(nodes, email).map(({ subject }) => subject);
    expect(subjects).not.toContain('Nøgle skriver snart til denne adresse');
  });

  test('a sweep of the previous version leaves what has answered answered, also when another one is asked for', async () => {
    const person = await aPerson(nodes, { email: anAddress('old') });
    const browser = await signedIn(person);
    const email = anAddress();
    const page = await changeEmail(browser, person, { do: 'email', email });
    const [code = ''] = await codesTo(nodes, email);
    await answer(browser, page, 'code', { code });
    nodes.clock.forward(15 * DAY);
    await nodes.database.query(
      `UPDATE people p SET email_sealed = next_email_sealed, next_email_sealed = NULL, next_email_from = NULL
       FROM identities i WHERE i.id = $1 AND p.id = i.person_id`,
      [person.identityId],
    );
    const later = await signedIn(person);
    expect(await emailInFile(later)).toMatchObject({ email, emailConfirmed: true });
    const next = anAddress();
    const asked = await changeEmail(later, person, { do: 'email', email: next });
    await answer(later, asked, 'code', { code: (await codesTo(nodes, next)).at(-1) ?? '' });
    expect(await emailInFile(later)).toMatchObject({ email, emailConfirmed: true });
    nodes.clock.forward(2 * DAY);
    expect(await emailInFile(await signedIn(person))).toMatchObject({ email: next, emailConfirmed: true });
  });

  test('is asked before anything but the wish to block', async () => {
    const person = await aPerson(nodes, { email: anAddress('block') });
    await isFromBefore(nodes, person);
    expect((await signInAt(aBrowser(), person, '/self-service/block')).page).toBe('self-block');
  });
});

describe('no one fills a stranger’s inbox', () => {
  test('codes to one mailbox are counted over all who ask, however it is spelled', async () => {
    const { perMailboxADay, perIdentityADay } = DEFAULT_RULES.emailCode;
    const name = `victim${(serial += 1)}`;
    let sent = 0;
    for (const spelling of [
      `${name}@mail.example`,
      `${name}+shop@mail.example`,
      `${name.toUpperCase()}@Mail.Example`,
    ]) {
      const person = await aPerson(nodes, { email: anAddress('own') });
      const browser = await signedIn(person);
      let page = await changeEmail(browser, person, { do: 'email', email: spelling });
      for (let i = 1; i < perIdentityADay; i += 1) page = await answer(browser, page, 'again');
      await sendMail(nodes);
      sent += 1;
    }
    expect(sent).toBe(3);
    const all = [`${name}@mail.example`, `${name}+shop@mail.example`, `${name.toUpperCase()}@mail.example`];
    expect(all.flatMap((address) => mailTo(nodes, address)).length).toBeLessThanOrEqual(perMailboxADay);
  });

  test('one ID gets no more than so many in a day, and is told so; the next day it continues', async () => {
    const { perIdentityADay } = DEFAULT_RULES.emailCode;
    const person = await aPerson(nodes, { email: anAddress('own') });
    const browser = await signedIn(person);
    const email = anAddress();
    let page = await changeEmail(browser, person, { do: 'email', email });
    for (let i = 1; i < perIdentityADay; i += 1) page = await answer(browser, page, 'again');
    expect(page.text).not.toContain(words.faults.limit);
    page = await answer(browser, page, 'again');
    expect([page.page, page.text.includes(words.faults.limit)]).toEqual(['self-email', true]);
    // Another address is no way around it.
    page = await changeEmail(browser, person, { do: 'email', email: anAddress() });
    expect(page.text).toContain(words.none);
    expect((await answer(browser, page, 'again')).text).toContain(words.faults.limit);
    nodes.clock.forward(DAY);
    const later = await signedIn(person);
    const asked = await later.follow('/self-service/email');
    expect((await answer(later, asked, 'again')).text).toContain(words.sent);
  });

  test('a code that does not reach the address is reported on the page', async () => {
    const person = await aPerson(nodes, { email: anAddress('own') });
    const browser = await signedIn(person);
    await changeEmail(browser, person, { do: 'email', email: anAddress() });
    await nodes.database.query(
      'UPDATE email_requests SET send_at = NULL, refused = true WHERE identity_id = $1',
      [person.identityId],
    );
    expect((await browser.follow('/self-service/email')).text).toContain(words.refused);
  });
});

test('an activation that another person began goes no further by way of the page of the code', async () => {
  const identityId = await issueApplication(nodes, composeApplication({ applicant: { email: anAddress() } }));
  const browser = aBrowser();
  await takeIntoUse(identityId, browser);
  const stranger = aBrowser();
  const start = await startActivation(stranger, { idNumber: '000000000', temporaryPassword: 'abcd2345efgh' });
  const outcome = await stranger.send(start, { step: 'email', do: 'without' });
  expect(outcome.page).toBe('activate');
  expect(await waits(identityId)).toBe(true);
});
