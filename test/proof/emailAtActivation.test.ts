/**
 * For five minutes the browser of an activation counts as the person's, who may enter another e-mail address,
 * a change like any other; after that it may be a stranger's at a library.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { KEY_PROOF_MINUTES } from '../../src/domain/relyingParty/firstPartyClient.ts';
import { findRecipient } from '../../src/db/people/recipients.ts';
import { blockTarget } from '../../src/features/factors/block.ts';
import { da } from '../../src/ui/words/words.da.ts';
import { en } from '../../src/ui/words/words.en.ts';
import {
  composeApplication,
  TestBrowser,
  type Chosen,
  codesTo,
  holdTransactions,
  holdUp,
  readDeliveredLetters,
  issueApplication,
  keyFor,
  waitForLetters,
  mailTo,
  type BrowserPage,
  sendAllLetters,
  sendMail,
  signInAt,
  takeOut,
  type TestPerson,
  toChoosePage,
  useNodes,
} from '../support/index.ts';

const DAY = 24 * 3_600_000;
const MANY = 16;
const OF_THE_FORM = 'name="email"';
const words = da.email;
const nodes = useNodes({ count: 2, proxyHops: 1, withoutErrors: true });

let serial = 0;
const anAddress = (name = 'ny') => `${name}-${(serial += 1)}@mail.example`;
const aBrowser = () => new TestBrowser(nodes, 0, `10.8.${(serial += 1) >> 8}.${serial & 255}`);

interface TakenIntoUse {
  readonly email: string;
  readonly identityId: string;
  readonly chosen: Chosen;
  readonly browser: TestBrowser;
  /** The page that asks for the code of the address of the application. */
  readonly page: BrowserPage;
}

async function takenIntoUse(): Promise<TakenIntoUse> {
  const email = anAddress('given');
  const identityId = await issueApplication(nodes, composeApplication({ applicant: { email } }));
  const browser = aBrowser();
  const password = `hest batteri hæfteklamme ${(serial += 1)}`;
  nodes.secrets.add(password, 'password');
  const chosen = { userId: `at-activation-${serial}-${Date.now()}`, password };
  const choose = await toChoosePage(browser, await waitForLetters(nodes, identityId));
  const page = await browser.send(choose, { ...chosen, terms: '1', understood: '1' });
  expect(page.page).toBe('activate-email');
  return { email, identityId, chosen, browser, page };
}

const later = () => nodes.clock.forward((KEY_PROOF_MINUTES + 1) * 60_000);

async function another({ browser, page }: TakenIntoUse, email: string): Promise<BrowserPage> {
  return await browser.send(page, { do: 'another', email });
}

async function eventsOf({ identityId }: TakenIntoUse, kind: string): Promise<number> {
  const rows = await nodes.database.query('SELECT FROM audit_events WHERE identity_id = $1 AND kind = $2', [
    identityId,
    kind,
  ]);
  return rows.length;
}

async function noticesOf({ identityId }: TakenIntoUse, kind: string): Promise<number> {
  const rows = await nodes.database.query('SELECT FROM notices WHERE identity_id = $1 AND kind = $2', [
    identityId,
    kind,
  ]);
  return rows.length;
}

/** The kind of the address that waits for its code; null where there is none. */
async function kindWaiting({ identityId }: TakenIntoUse): Promise<string | null> {
  const rows = await nodes.database.query<{ kind: string }>(
    'SELECT kind FROM email_requests WHERE identity_id = $1',
    [identityId],
  );
  return rows[0]?.kind ?? null;
}

async function emailInUse({ identityId }: TakenIntoUse): Promise<string | null> {
  const { database, keyring } = nodes.context;
  const found = await findRecipient(database, identityId, nodes.clock.now());
  return found?.emailSealed ? keyring.open('seal', found.emailSealed, `email ${found.personId}`) : null;
}

/** All letters that were printed. */
async function printed(): Promise<string[]> {
  const folder = path.join(nodes.folder, 'letters');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  return await Promise.all(files.map((name) => readFile(path.join(folder, name), 'utf8')));
}

describe('five minutes after the ID was taken into use', () => {
  test('the address is masked and no other one is given there; code and new code stay', async () => {
    const taken = await takenIntoUse();
    const { email, browser } = taken;
    nodes.clock.forward((KEY_PROOF_MINUTES - 1) * 60_000);
    const soon = await browser.follow('/activate');
    expect([soon.text.includes(email), soon.text.includes(OF_THE_FORM)]).toEqual([true, true]);
    nodes.clock.forward(2 * 60_000);
    for (const [language, t] of [
      ['en', en],
      ['da', da],
    ] as const) {
      const page = await browser.follow(`/activate?language=${language}`);
      expect([page.page, page.text.includes(email)]).toEqual(['activate-email', false]);
      expect(page.text).not.toContain(OF_THE_FORM);
      expect(page.text).toContain(t.email.given('g…@mail.example'));
      expect(page.text).toContain(t.email.activation.anotherElsewhere);
      expect(page.text).toContain('href="/self-service/contact"');
    }
    const sent = await browser.send(taken.page, { do: 'again' });
    const wrong = await browser.send(sent, { do: 'code', code: 'abcd2345' });
    expect([wrong.text.includes(words.faults.wrong), wrong.text.includes(email)]).toEqual([true, false]);
    const code = (await codesTo(nodes, email)).at(-1) ?? '';
    expect((await browser.send(wrong, { do: 'code', code })).page).toBe('activate-done');
    expect(await emailInUse(taken)).toBe(email);
    // Back, and an earlier form.
    const back = await another(taken, 'bagefter@mail.example');
    expect([back.status, back.page, back.text.includes(email)]).toEqual([200, 'activate-done', false]);
    expect(back.text).toContain(words.faults.another_over);
    expect(back.text).toContain(words.activation.anotherTyped('bagefter@mail.example'));
  });

  test('a form that still comes changes nothing and says so, whatever is on it', async () => {
    const taken = await takenIntoUse();
    later();
    const stranger = anAddress('stranger');
    for (const typed of [stranger, taken.email, 'anna(at)mail', ' ']) {
      const page = await another(taken, typed);
      expect([page.status, page.page]).toEqual([200, 'activate-email']);
      expect(page.text).toContain(words.faults.another_over);
      expect(page.text).toContain('<a href="#another">');
      expect(page.text).toContain('<a id="another" href="/self-service/contact">');
      expect(page.text).not.toContain(words.faults.email_malformed);
      // What was typed is kept; and of the waiting address only the mask is shown.
      expect(page.text.includes(typed.trim())).toBe(true);
      expect(page.text).toContain(words.given('g…@mail.example'));
    }
    await sendMail(nodes);
    expect(mailTo(nodes, stranger)).toEqual([]);
    expect(await kindWaiting(taken)).toBe('given');
    expect(mailTo(nodes, taken.email)).toHaveLength(1);
    expect([await eventsOf(taken, 'email_changed'), await noticesOf(taken, 'email_changed')]).toEqual([0, 0]);
  });

  test('letters in place of mail: in the log of its person', async () => {
    const taken = await takenIntoUse();
    later();
    expect((await taken.browser.send(taken.page, { do: 'without' })).page).toBe('activate-done');
    expect([await kindWaiting(taken), await eventsOf(taken, 'email_called_off')]).toEqual([null, 1]);
  });

  /** By its person, from another computer, with a key. */
  const changeInSelfService = async (taken: TakenIntoUse, email: string): Promise<void> => {
    const { keys } = await readDeliveredLetters(nodes, taken.identityId);
    const person = { ...taken.chosen, keys } as unknown as TestPerson;
    const own = aBrowser();
    await signInAt(own, person, '/self-service');
    const form = await own.follow('/self-service/contact');
    const asked = await own.send(form, { do: 'email', email, currentPassword: person.password });
    expect((await own.send(asked, { key: keyFor(person, asked) })).page).toBe('self-email');
  };

  test('a change that is made in self-service is neither shown nor stopped there', async () => {
    const taken = await takenIntoUse();
    later();
    const email = anAddress('own');
    await changeInSelfService(taken, email);
    const done = await taken.browser.follow('/activate');
    expect([done.page, done.text.includes('@mail.example')]).toEqual(['activate-done', false]);
    for (const fields of [{ do: 'without' }, { do: 'another', email: anAddress() }, { do: 'again' }]) {
      expect((await taken.browser.send(taken.page, fields)).page).toBe('activate-done');
    }
    expect([await kindWaiting(taken), (await codesTo(nodes, email)).length]).toEqual(['change', 1]);
  });

  test('nor where it is made while the wish for letters is under way', async () => {
    const taken = await takenIntoUse();
    later();
    const held = holdUp(nodes, 'FOR NO KEY UPDATE OF i');
    const answer = taken.browser.send(taken.page, { do: 'without' });
    await held.reached;
    await changeInSelfService(taken, anAddress('own'));
    held.release();
    expect((await answer).page).toBe('activate-done');
    expect([await kindWaiting(taken), await eventsOf(taken, 'email_called_off')]).toEqual(['change', 0]);
  });
});

describe('another address that is given immediately', () => {
  test('is a change: notified by letter, which names it; it takes its code and a day', async () => {
    const taken = await takenIntoUse();
    const { browser } = taken;
    const [first = ''] = await codesTo(nodes, taken.email);
    const email = anAddress();
    const page = await another(taken, email);
    expect([page.page, page.text.includes(words.change(email))]).toEqual(['activate-email', true]);
    expect(page.text).toContain(words.callOff);
    expect([await eventsOf(taken, 'email_changed'), await noticesOf(taken, 'email_changed')]).toEqual([1, 1]);
    await sendMail(nodes);
    expect((await browser.send(page, { do: 'code', code: first })).text).toContain(words.faults.wrong);
    const [code = ''] = await codesTo(nodes, email);
    expect((await browser.send(page, { do: 'code', code })).page).toBe('activate-done');
    expect(await emailInUse(taken)).toBeNull();
    // Until the next posting, whatever day it is.
    for (let day = 0; day < 6; day += 1) {
      nodes.clock.forward(DAY);
      await sendMail(nodes);
      await sendAllLetters(nodes);
    }
    const letters = (await printed()).filter((text) => text.includes(email));
    expect(letters).toEqual([expect.stringContaining('Den nye adresse: ')]);
    nodes.clock.forward(DAY + 60_000);
    expect([await emailInUse(taken), mailTo(nodes, email).length]).toEqual([email, 1]);
  });

  test('later it is masked too, still takes its code, and can be stopped there', async () => {
    const taken = await takenIntoUse();
    const email = anAddress('changed');
    await another(taken, email);
    later();
    const page = await taken.browser.follow('/activate');
    expect([page.text.includes(email), page.text.includes(words.change('c…@mail.example'))]).toEqual([
      false,
      true,
    ]);
    const [code = ''] = await codesTo(nodes, email);
    expect((await taken.browser.send(page, { do: 'without' })).page).toBe('activate-done');
    await taken.browser.send(page, { do: 'code', code });
    nodes.clock.forward(2 * DAY);
    expect([await kindWaiting(taken), await emailInUse(taken)]).toEqual([null, null]);
    expect([await eventsOf(taken, 'email_called_off'), await noticesOf(taken, 'email_called_off')]).toEqual([
      1, 1,
    ]);
  });

  test.each(['before its code', 'after its code'])('is stopped by a block, %s', async (when) => {
    const taken = await takenIntoUse();
    const email = anAddress();
    const page = await another(taken, email);
    const [code = ''] = await codesTo(nodes, email);
    if (when === 'after its code') await taken.browser.send(page, { do: 'code', code });
    await blockTarget(nodes.context, taken.identityId, 'identity', { by: 'person' });
    nodes.clock.forward(2 * DAY);
    expect([await kindWaiting(taken), await emailInUse(taken)]).toEqual([null, null]);
  });

  test('is not asked for where the ID is blocked in the same moment', async () => {
    const taken = await takenIntoUse();
    const held = holdUp(nodes, 'FOR NO KEY UPDATE OF i');
    const answer = another(taken, anAddress());
    await held.reached;
    await blockTarget(nodes.context, taken.identityId, 'identity', { by: 'person' });
    held.release();
    expect((await answer).status).toBe(200);
    expect([await kindWaiting(taken), await eventsOf(taken, 'email_changed')]).toEqual(['given', 0]);
  });

  test('the same address again, however it is spelled, is no change and no other code', async () => {
    const taken = await takenIntoUse();
    for (const typed of [taken.email, ` ${taken.email.replace('g', 'G')} `]) {
      const page = await another(taken, typed);
      expect([page.page, page.text.includes(words.given(taken.email))]).toEqual(['activate-email', true]);
    }
    expect([await kindWaiting(taken), await eventsOf(taken, 'email_changed')]).toEqual(['given', 0]);
    expect(await codesTo(nodes, taken.email)).toHaveLength(1);
  });
});

describe('many concurrently on two nodes', () => {
  const race = async (taken: TakenIntoUse, emails: readonly string[]): Promise<BrowserPage[]> => {
    const copies = await Promise.all(emails.map(() => taken.browser.copy()));
    const held = holdTransactions(nodes);
    const answers = copies.map((copy, i) => copy.post(taken.page, { do: 'another', email: emails[i] ?? '' }));
    while (held.count() < emails.length) await new Promise((resolve) => setTimeout(resolve, 10));
    held.release();
    return await Promise.all(answers);
  };

  test('of one address are one change, one notice, one code', async () => {
    const taken = await takenIntoUse();
    const email = anAddress();
    const answers = await race(taken, Array(MANY).fill(email) as string[]);
    expect(answers.map(({ status }) => status)).toEqual(Array(MANY).fill(303));
    expect([await eventsOf(taken, 'email_changed'), await noticesOf(taken, 'email_changed')]).toEqual([1, 1]);
    expect(await codesTo(nodes, email)).toHaveLength(1);
  });

  test('control: without the lock of the owner they are more', async () => {
    const taken = await takenIntoUse();
    const put = takeOut(nodes, 'FOR NO KEY UPDATE OF i');
    await race(taken, Array(MANY).fill(anAddress()) as string[]);
    put();
    expect(await eventsOf(taken, 'email_changed')).toBeGreaterThan(1);
  });

  test('of many addresses are three changes, one after the other; the others are told so', async () => {
    const taken = await takenIntoUse();
    const answers = await race(
      taken,
      Array.from({ length: MANY }, () => anAddress()),
    );
    expect([await eventsOf(taken, 'email_changed'), await noticesOf(taken, 'email_changed')]).toEqual([3, 3]);
    const over = answers.filter(({ text }) => text.includes(words.faults.another_over));
    expect([answers.length - over.length, over.every(({ status }) => status === 200)]).toEqual([3, true]);
  });
});
