/**
 * Ordering an ID online: matched or not, new or known, the answers reveal nothing to a person that they may
 * not know.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { PopulationRegisterEntry } from '../src/domain/issuing/populationRegister.ts';
import { TERMS_VERSION } from '../src/domain/issuing/terms.ts';
import { toDanishDay, startOfDay } from '../src/domain/calendar.ts';
import {
  aPerson,
  aRegistered,
  TestBrowser,
  countWrong,
  fillIn,
  hiddenFields,
  keyFor,
  mailTo,
  maskResponse,
  orderedBy,
  type BrowserPage,
  postOrder,
  request,
  type TestPerson,
  useNodes,
  createSiteClient,
} from './support/index.ts';

const DAY = 24 * 3_600_000;
// Behind a proxy, so that each order may come from a separate network.
const nodes = useNodes({ count: 2, proxyHops: 1, withoutErrors: true });

/** A person of the register who has an ID already. */
async function aKnown(overrides: Partial<Parameters<typeof aPerson>[1] & object> = {}) {
  const entry = await aRegistered(nodes);
  const { cpr, givenName, familyName, birthdate, address } = entry;
  const person = await aPerson(nodes, { cpr, givenName, familyName, birthdate, address, ...overrides });
  return { entry, person };
}

interface SentLetter {
  readonly kind: string;
  readonly to: { name: string; street: string };
  readonly text?: string;
  readonly subject?: string;
}

/** What the print house got for a person, by the day on which it leaves. */
function lettersTo({ familyName }: PopulationRegisterEntry): Record<string, SentLetter[]> {
  const folder = path.join(nodes.folder, 'letters');
  const found: Record<string, SentLetter[]> = {};
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const letter = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as SentLetter;
    if (letter.to.name.endsWith(familyName)) (found[file.slice(0, 10)] ??= []).push(letter);
  }
  return found;
}

async function sendPost(): Promise<void> {
  for (const table of ['letters', 'notices']) {
    await nodes.database.query(`UPDATE ${table} SET try_at = now() WHERE state = 'waiting'`);
  }
  await nodes.node(0).app.tasks['sendLetters']?.({});
  await nodes.node(1).app.tasks['sendNotices']?.({});
}

async function ordered(identityId: string) {
  const [row] = await nodes.database.query<Record<string, string[]>>(
    `SELECT ARRAY(SELECT kind FROM letters WHERE identity_id = $1 ORDER BY kind) AS letters,
       ARRAY(SELECT kind FROM notices WHERE identity_id = $1 ORDER BY kind) AS notices`,
    [identityId],
  );
  return row;
}

describe('a match', () => {
  test('someone new gets two letters on different business days, and one about it', async () => {
    const entry = await aRegistered(nodes, { addressProtected: true });
    const browser = createSiteClient(nodes);
    const form = await browser.follow('/order');
    expect(form.page).toBe('order');
    const email = 'soeren@mail.example';
    const answer = await postOrder(browser, entry, { email, cardFormat: 'large_print' });
    expect([answer.status, answer.headers.location]).toEqual([303, '/order/received']);
    expect((await browser.follow('/order/received')).page).toBe('order-received');

    const [identity] = await orderedBy(nodes, entry);
    expect(identity).toMatchObject({
      issued_by: 'online',
      user_id: null,
      large_print: true,
      card_format: 'large_print',
      // No one has seen the person.
      proofing: 'Low',
    });
    const [application] = await nodes.database.query(
      'SELECT path, state, issued_by, reasons FROM applications WHERE identity_id = $1',
      [identity?.id],
    );
    expect(application).toEqual({ path: 'online', state: 'issued', issued_by: 'online', reasons: [] });

    for (let days = 0; days < 5; days += 1) {
      await sendPost();
      nodes.clock.forward(DAY);
    }
    const letters = lettersTo(entry);
    const days = Object.entries(letters).map(([, sent]) =>
      sent.map(({ kind }) => kind).filter((kind) => kind !== 'notice'),
    );
    expect(
      days
        .filter((kinds) => kinds.length > 0)
        .map(String)
        .sort(),
    ).toEqual(['password', 'welcome']);
    const all = Object.values(letters).flat();
    expect(all.map(({ to }) => to.street)).toEqual(all.map(() => entry.address?.street));
    const notices = all.filter(({ kind }) => kind === 'notice');
    const ofOrder = notices.filter(({ text }) => text?.includes('Der blev bestilt et ID til dig'));
    expect(ofOrder).toHaveLength(1);
    // The address is not confirmed: the letter names it, and no mail goes there.
    expect(ofOrder[0]?.text).toContain(email);
    expect(mailTo(nodes, email)).toEqual([]);
  });

  test('someone who has an ID gets the same bytes and headers, and it stays as it is', async () => {
    const fresh = await aRegistered(nodes);
    const { entry, person } = await aKnown({ publicSites: false });
    const before = await dump();
    const asNew: string[] = [];
    const asKnown: string[] = [];
    for (const [who, seen] of [
      [entry, asKnown],
      [fresh, asNew],
      [entry, asKnown],
      [fresh, asNew],
    ] as const) {
      if (who === fresh && asNew.length === 0) expect(await dump()).toEqual(before);
      const browser = createSiteClient(nodes);
      const answer = await postOrder(browser, who, { email: 'a-thief@mail.example', cardFormat: 'braille' });
      seen.push(maskResponse(answer), maskResponse(await browser.follow(answer.headers.location ?? '')));
    }
    expect(asKnown).toEqual(asNew);
    expect(asKnown.slice(0, 2)).toEqual(asKnown.slice(2));
    // Notified once a day, by both ways; a new person also gets two letters, once.
    expect(await ordered(person.identityId)).toEqual({ letters: ['notice'], notices: ['ordered_online'] });
    const [made] = await orderedBy(nodes, fresh);
    expect(await ordered(made?.id ?? '')).toEqual({
      letters: ['notice', 'password', 'welcome'],
      notices: ['ordered_online'],
    });
    expect(await orderedBy(nodes, entry)).toHaveLength(1);
  });

  /** Everything that is stored, except what an order may write about a person who has an ID. */
  async function dump() {
    const tables = await nodes.database.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'
       AND tablename NOT IN ('letters', 'notices', 'attempts') ORDER BY 1`,
    );
    const all: Record<string, unknown> = {};
    for (const { name } of tables) {
      all[name] = await nodes.database.query(`SELECT t::text AS row FROM ${name} t ORDER BY 1`);
    }
    return all;
  }

  test('without e-mail there is one letter of it, and the next day another may come', async () => {
    const { entry, person } = await aKnown({ email: null });
    await postOrder(createSiteClient(nodes), entry);
    await postOrder(createSiteClient(nodes), entry);
    await sendPost();
    expect(await ordered(person.identityId)).toMatchObject({ letters: ['notice'] });
    nodes.clock.forward(DAY);
    await postOrder(createSiteClient(nodes), entry);
    expect(await ordered(person.identityId)).toMatchObject({ letters: ['notice', 'notice'] });
  });

  test('the driving licence does as well, and a name is the same without middle names, accents and case', async () => {
    const entry = await aRegistered(nodes);
    const typed = {
      cpr: ` ${entry.cpr.slice(0, 6)} - ${entry.cpr.slice(6)}`,
      name: `sØREN ${entry.familyName.toUpperCase()}`,
      documentKind: 'driving_licence',
      documentNumber: ` ${entry.drivingLicence?.replace(/(.{4})/, '$1-')} `,
      language: 'en',
    };
    expect((await postOrder(createSiteClient(nodes), entry, typed)).headers.location).toBe('/order/received');
    const [identity] = await orderedBy(nodes, entry);
    expect(identity).toMatchObject({ language: 'en', given_name: entry.givenName });
  });

  test.each([
    ['Niamh', "O'Brien", 'Niamh O´Brien'],
    ['Niamh', "O'Brien", 'Niamh O‘Brien'],
    ['Guðrún', 'Þórsdóttir', 'Gudrun Thorsdottir'],
    ['Anna-Marie', 'Müller', 'Anna–Marie\u00A0Mueller'],
    ['Åge', 'Ørsted', '\u200EAage Orsted'],
  ])('the keyboard makes no difference: %s %s as %s', async (givenName, familyName, name) => {
    const entry = await aRegistered(nodes, { givenName, familyName });
    expect((await postOrder(createSiteClient(nodes), entry, { name })).headers.location).toBe(
      '/order/received',
    );
    expect(await orderedBy(nodes, entry)).toMatchObject([{ given_name: givenName }]);
  });

  test.each([
    [{ givenName: '', familyName: 'Suharto' }, 'suharto'],
    [{ givenName: 'Suharto', familyName: '', nameIsWhole: true }, 'Suharto'],
    [{ givenName: 'Raghav Selvam', familyName: '' }, 'Raghav Selvam'],
    [{ givenName: 'Raghav Selvam', familyName: '' }, 'Raghav Selvam Ej Efternavn'],
    [{ givenName: 'Raghav Selvam Ej', familyName: 'Efternavn' }, 'Raghav Selvam'],
    [{ givenName: 'Ida Marie', familyName: 'de la Cour Holm' }, 'Ida de la Cour Holm'],
  ])('the name %j is typed %s', async (names, name) => {
    const entry = await aRegistered(nodes, names);
    expect((await postOrder(createSiteClient(nodes), entry, { name })).headers.location).toBe(
      '/order/received',
    );
    const storedName = { given_name: names.givenName.replace(' Ej', ''), family_name: names.familyName };
    if (storedName.family_name === 'Efternavn') storedName.family_name = '';
    expect(await orderedBy(nodes, entry)).toMatchObject([storedName]);
  });

  test('twenty concurrently over two nodes, one identity, one pair of letters, one notice', async () => {
    const entry = await aRegistered(nodes);
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => await postOrder(createSiteClient(nodes, i), entry)),
    );
    // Orders in flight are counted: some get 503, and those were not verified.
    for (const { status } of answers) expect([303, 503]).toContain(status);
    expect(answers.filter(({ status }) => status === 303).map(({ headers }) => headers.location)).toContain(
      '/order/received',
    );
    const identities = await orderedBy(nodes, entry);
    expect(identities).toHaveLength(1);
    expect(await ordered(identities[0]?.id ?? '')).toEqual({
      letters: ['notice', 'password', 'welcome'],
      notices: ['ordered_online'],
    });
    // None of them cost anything.
    const answer = await postOrder(createSiteClient(nodes), entry);
    expect(answer.headers.location).toBe('/order/received');
  });

  test('someone of the same name and birth date has an ID without CPR number: it waits for an officer', async () => {
    const entry = await aRegistered(nodes);
    const { givenName, familyName, birthdate } = entry;
    await aPerson(nodes, { givenName, familyName: familyName.replace('ø', 'oe'), birthdate, cpr: null });
    expect((await postOrder(createSiteClient(nodes), entry)).headers.location).toBe('/order/received');
    expect(await orderedBy(nodes, entry)).toEqual([]);
  });
});

describe('no match', () => {
  const MISMATCHES: Record<string, [Partial<PopulationRegisterEntry>, Record<string, string>]> = {
    'another name': [{}, { name: 'Søren Aage Anderledes' }],
    'names in another order': [{ familyName: 'Prøve' }, { name: 'Aage Søren Prøve' }],
    'another document': [{}, { documentNumber: '209999999' }],
    'the number of the other document': [{}, { documentKind: 'driving_licence' }],
    'a document that the register has not': [{ passport: null }, { documentNumber: '201234567' }],
    dead: [{ status: 'dead' }, {}],
    emigrated: [{ status: 'emigrated' }, {}],
    'a protected address and another name': [{ addressProtected: true }, { name: 'En Anden' }],
    'a protected address of a dead person': [{ addressProtected: true, status: 'dead' }, {}],
    'no address': [{ address: null }, {}],
    nobody: [{}, { cpr: '610785-4399' }],
  };

  test('whatever does not match: the same bytes, and nothing is issued', async () => {
    const seen = await Promise.all(
      Object.values(MISMATCHES).map(async ([overrides, typed], i) => {
        const entry = await aRegistered(nodes, overrides);
        const browser = createSiteClient(nodes, i);
        const answer = await postOrder(browser, entry, typed);
        expect(answer.headers.location).toBe('/order/no-match');
        const page = await browser.follow('/order/no-match');
        expect(page.page).toBe('order-no-match');
        expect(await orderedBy(nodes, entry)).toEqual([]);
        return `${maskResponse(answer)}\n${maskResponse(page)}`;
      }),
    );
    expect(seen).toHaveLength(11);
    expect(new Set(seen).size).toBe(1);
  });

  test('a form that is sent twice concurrently is one order, right or wrong', async () => {
    const entry = await aRegistered(nodes);
    const browser = createSiteClient(nodes);
    const twice = async (typed: Record<string, string>) => {
      const form = await browser.follow('/order');
      const press = async () => await browser.post(form, { ...fillIn(entry), ...typed });
      return (await Promise.all([press(), press()])).map(({ headers }) => headers.location);
    };
    // One for the number and one for the network.
    const wrong = await countWrong(nodes, async () => {
      expect(await twice({ name: 'En Anden' })).toEqual(Array(2).fill('/order/no-match'));
    });
    expect(wrong).toBe(2);
    expect(await twice({})).toEqual(Array(2).fill('/order/received'));
  });

  test('three for a CPR number in a day, right ones aside; then right ones get the same, until the next day', async () => {
    const entry = await aRegistered(nodes);
    const order = async (typed: Record<string, string> = {}, node = 0) =>
      await postOrder(createSiteClient(nodes, node), entry, typed);
    const numbers = ['200000001', '200000002'];
    const first = await Promise.all(numbers.map((documentNumber, i) => order({ documentNumber }, i)));
    // Costs nothing, and resets nothing.
    expect((await order()).headers.location).toBe('/order/received');
    const third = await order({ name: 'En Anden' });
    const seen = new Set([...first, third, await order()].map(maskResponse));
    expect(seen.size).toBe(1);
    expect([...seen][0]).toContain('location: /order/no-match');
    nodes.clock.forward(
      startOfDay(toDanishDay(nodes.clock.now()), 1).getTime() - nodes.clock.now().getTime() + 1,
    );
    expect((await order()).headers.location).toBe('/order/received');
  });

  test('twenty from one network in a day, a /64 of IPv6 being one', async () => {
    const from = (i: number) => new TestBrowser(nodes, i, `2001:db8:7:7::${(i + 1).toString(16)}`);
    const wrong = { name: 'En Anden' };
    const entries: PopulationRegisterEntry[] = [];
    for (let i = 0; i < 20; i += 1) entries.push(await aRegistered(nodes));
    await Promise.all(entries.map(async (entry, i) => await postOrder(from(i), entry, wrong)));
    const last = await aRegistered(nodes);
    expect((await postOrder(from(21), last)).headers.location).toBe('/order/no-match');
    expect((await postOrder(new TestBrowser(nodes, 0, '2001:db8:7:8::1'), last)).headers.location).toBe(
      '/order/received',
    );
    nodes.clock.forward(DAY);
    expect((await postOrder(from(22), last)).headers.location).toBe('/order/received');
  });
});

const TICKED = ['withoutInterpreter', 'operatesAlone', 'terms'];

describe('what cannot be sent', () => {
  test.each<[string, Record<string, string | null>, string[]]>([
    [
      'nothing',
      { cpr: '', name: '', documentKind: null, documentNumber: '' },
      ['cpr', 'name', 'documentKind', 'documentNumber'],
    ],
    ['too few digits', { cpr: '610785-123' }, ['cpr']],
    ['letters', { cpr: '610785-12E4' }, ['cpr']],
    ['a day that no month has', { cpr: '310285-1234' }, ['cpr']],
    ['a day that has not come', { cpr: '010157-5999' }, ['cpr']],
    ['an initial', { name: 'S.' }, ['name']],
    ['a name of signs', { name: '-- ..' }, ['name']],
    ['a document of another kind', { documentKind: 'residence_permit' }, ['documentKind']],
    ['a document number that is none', { documentNumber: '#' }, ['documentNumber']],
    ['no e-mail address', { email: 'soeren@' }, ['email']],
    ['two e-mail addresses', { email: 'a@b.example, c@d.example' }, ['email']],
    ['an interpreter', { withoutInterpreter: null }, ['withoutInterpreter']],
    ['help', { operatesAlone: null }, ['operatesAlone']],
    ['no terms', { terms: null }, ['terms']],
    ['older terms', { termsVersion: '2020-01-01' }, ['terms']],
    [
      'all at once',
      { cpr: '1', name: 'x', documentNumber: '', email: 'x', terms: null, operatesAlone: null },
      ['cpr', 'name', 'documentNumber', 'email', 'operatesAlone', 'terms'],
    ],
  ])('%s: said at the field and on top, and nothing typed is lost', async (_what, typed, fields) => {
    const entry = await aRegistered(nodes);
    const sent = { ...fillIn(entry), ...typed };
    const page = await postOrder(createSiteClient(nodes), entry, typed);
    // Those of the person come first, on a page of their own.
    const shown = fields.filter((field) => !TICKED.includes(field));
    const expected = shown.length > 0 ? { page: 'order', shown } : { page: 'order-terms', shown: fields };
    expect([page.status, page.page]).toEqual([200, expected.page]);
    expect(page.text).toContain('<title>Fejl: ');
    const links = [...page.text.matchAll(/<li><a href="#([A-Za-z]+)"/g)].map(([, field]) => field);
    expect(links).toEqual(expected.shown);
    for (const field of expected.shown) expect(page.text).toContain(`id="${field}-error"`);
    expect(page.text.match(/id="[A-Za-z]+-error"/g)).toHaveLength(expected.shown.length);
    for (const field of ['cpr', 'name', 'documentNumber', 'email']) {
      const value = sent[field] ?? '';
      if (value !== '') expect(page.text).toContain(`value="${value}"`);
    }
    for (const field of ['withoutInterpreter', 'operatesAlone']) {
      const isTicked = new RegExp(`name="${field}" value="yes"( checked|/)`).test(page.text);
      expect([field, isTicked]).toEqual([field, sent[field] === 'yes']);
    }
    // An oversight is no reproach: it is said what is to be done.
    if (expected.page === 'order-terms') expect(page.text).not.toContain('Man kan ikke');
    expect(await orderedBy(nodes, entry)).toEqual([]);
  });

  test('someone under 15 is told where to go with a guardian, and nothing is looked up', async () => {
    const year = String(Number(toDanishDay(nodes.clock.now()).slice(2, 4)) - 14).padStart(2, '0');
    const entry = await aRegistered(nodes);
    const page = await postOrder(createSiteClient(nodes), entry, { cpr: `6101${year}-4123` });
    expect(page.page).toBe('order');
    expect(page.text).toContain('Du er under 15 år');
    expect(page.text).toContain('forælder eller værge');
  });

  test('in English too, in the language of the page', async () => {
    const entry = await aRegistered(nodes);
    await request(nodes.node(0))
      .post('/order')
      .type('form')
      .set('accept-language', 'en')
      .send({ ...fillIn(entry), cpr: '', language: 'en' })
      .expect(/<title>Error: Order an ID/)
      .expect(/name="language" value="en"/);
  });

  test.each([
    ['a field that is not there', { cpr: null }],
    ['a language that is none', { language: 'de' }],
    ['a field that is far too long', { name: 'a '.repeat(1_200) }],
  ])('%s is not a form of Nøgle’s', async (_what, typed: Record<string, string | null>) => {
    const answer = await postOrder(createSiteClient(nodes), await aRegistered(nodes), typed);
    expect([400, 413]).toContain(answer.status);
    expect(answer.page).toBe('trouble');
  });

  test('the terms that are shown are those that are accepted', async () => {
    const form = await createSiteClient(nodes).follow('/order');
    expect(form.text).toContain(`name="termsVersion" value="${TERMS_VERSION}"`);
    expect(form.headers['cache-control']).toBe('no-store');
  });
});

describe('before it is sent', () => {
  /** Fills in the page, as a person does. */
  function ofPerson(entry: PopulationRegisterEntry): Record<string, string> {
    const { cpr = '', name = '', documentKind = '', documentNumber = '' } = fillIn(entry);
    return { cpr, name, documentKind, documentNumber, email: 'soeren@mail.example' };
  }
  const TICKS = { withoutInterpreter: 'yes', operatesAlone: 'yes', terms: 'yes' };

  async function stored(): Promise<number> {
    const [row] = await nodes.database.query<{ rows: number }>(
      `SELECT ((SELECT count(*) FROM attempts) + (SELECT count(*) FROM applications) +
        (SELECT count(*) FROM network_tries))::int AS rows`,
    );
    return row?.rows ?? -1;
  }

  test('one page at a time, and every answer can be changed; back and reload find them', async () => {
    const entry = await aRegistered(nodes);
    const browser = createSiteClient(nodes);
    const before = await stored();
    const terms = await browser.send(await browser.follow('/order'), ofPerson(entry));
    expect([terms.page, terms.url]).toEqual(['order-terms', `${nodes.issuer}/order/terms`]);
    // The page with the fields of the person: with all of them after Back.
    const back = await browser.follow('/order');
    for (const value of Object.values(ofPerson(entry))) expect(back.text).toContain(`value="${value}"`);
    const none = await browser.send(terms, {});
    expect([none.page, none.text.match(/id="\w+-error"/g)?.length]).toEqual(['order-terms', 3]);
    expect(none.text).toContain('href="/terms"');
    const check = await browser.send(none, TICKS);
    expect([check.page, check.url]).toEqual(['order-check', `${nodes.issuer}/order/check`]);
    expect((await browser.follow('/order/check')).text).toContain(`<dd>${entry.passport}</dd>`);

    const change = await browser.send(check, { change: 'documentNumber' });
    expect([change.page, change.url]).toEqual(['order', `${nodes.issuer}/order#documentNumber`]);
    expect(change.text).toMatch(/value="passport"[^>]* checked/);
    // The terms stand, so it leads straight back.
    const again = await browser.send(change, { ...ofPerson(entry), documentNumber: '200000000' });
    expect([again.page, again.text.includes('<dd>200000000</dd>')]).toEqual(['order-check', true]);
    expect(again.text).toContain('<dd>soeren@mail.example</dd>');
    expect(await stored()).toBe(before);

    expect((await browser.send(again, {})).page).toBe('order-no-match');
    // A slip of the pen is corrected where it was made.
    const corrected = await browser.send(await browser.follow('/order'), ofPerson(entry));
    expect(corrected.page).toBe('order-check');
    const received = await browser.send(corrected, {});
    expect([received.page, await orderedBy(nodes, entry)]).toMatchObject(['order-received', [{}]]);
    // Back from there shows no one's answers.
    expect((await browser.follow('/order/check')).page).toBe('order');
    expect((await browser.follow('/order')).text).not.toContain(entry.cpr);
  });

  test('another language keeps what was typed on that page, too, and asks again what is understood in it', async () => {
    const entry = await aRegistered(nodes);
    const browser = createSiteClient(nodes);
    const typed = { ...ofPerson(entry), cpr: '6107' };
    const english = await browser.send(await browser.follow('/order'), { ...typed, switchTo: 'en' });
    expect([english.page, english.text.includes('<title>Order an ID')]).toEqual(['order', true]);
    for (const value of Object.values(typed)) expect(english.text).toContain(`value="${value}"`);
    const terms = await browser.send(english, ofPerson(entry));
    const danish = await browser.send(terms, { ...TICKS, switchTo: 'da' });
    const ticked = [...danish.text.matchAll(/id="(\w+)"[^>]* checked/g)].map(([, name]) => name);
    expect([danish.page, ticked]).toEqual(['order-terms', ['operatesAlone', 'terms']]);
    const check = await browser.send(danish, TICKS);
    // Accepted in Danish, whatever the last page is read in.
    const last = await browser.send(check, { switchTo: 'en' });
    expect([last.page, last.text.includes('in Danish')]).toEqual(['order-check', true]);
    expect((await browser.send(last, {})).text).toContain('We have your order');
    expect(await orderedBy(nodes, entry)).toMatchObject([{ language: 'da' }]);
  });

  test('a browser that keeps no cookies orders as well, and another browser sees nothing of it', async () => {
    const entry = await aRegistered(nodes);
    const ask = async (page: BrowserPage, fields: Record<string, string>) => {
      const form = { ...hiddenFields(page), ...fields };
      return await createSiteClient(nodes).request('/order', { form });
    };
    const terms = await ask(await createSiteClient(nodes).follow('/order'), ofPerson(entry));
    const check = await ask(terms, TICKS);
    const change = await ask(check, { change: 'cpr' });
    expect([terms, check, change].map(({ status, page }) => [status, page])).toEqual([
      [200, 'order-terms'],
      [200, 'order-check'],
      [200, 'order'],
    ]);
    const switched = await ask(change, { ...ofPerson(entry), switchTo: 'en' });
    expect(switched.text).toContain(`<title>Order an ID`);
    expect((await createSiteClient(nodes).follow('/order/check')).page).toBe('order');
    const again = await ask(switched, ofPerson(entry));
    expect((await ask(again, {})).headers.location).toBe('/order/received');
  });

  test('it is forgotten on request, and after half an hour', async () => {
    const entry = await aRegistered(nodes);
    const browser = createSiteClient(nodes);
    const fill = async () => await browser.send(await browser.follow('/order'), ofPerson(entry));
    await fill();
    const cleared = await browser.send(await browser.follow('/order'), { clear: '1' });
    expect([cleared.page, cleared.text.includes(entry.cpr)]).toEqual(['order', false]);
    // So it is on the last page, and where an order that was refused ends: the next person is at the
    // computer.
    const check = await browser.send(await fill(), TICKS);
    for (const end of ['/order/no-match', check.url]) {
      await browser.send(await fill(), TICKS);
      const page = await browser.follow(end);
      expect([end, page.text.includes('name="clear"')]).toEqual([end, true]);
      const after = await browser.send({ ...page, formUrl: `${nodes.issuer}/order` }, { clear: '1' });
      expect([after.page, after.text.includes(entry.cpr)]).toEqual(['order', false]);
    }
    const terms = await fill();
    nodes.clock.forward(30 * 60_000);
    expect((await browser.follow('/order')).text).not.toContain(entry.cpr);
    // The form that stayed open has it all.
    expect((await browser.send(terms, TICKS)).text).toContain(`<dd>${entry.cpr}</dd>`);
  });

  test('the page after it says when the letters come, and gives a reference', async () => {
    const entry = await aRegistered(nodes);
    const browser = createSiteClient(nodes);
    const answer = await postOrder(browser, entry);
    const received = await browser.follow(answer.headers.location ?? '');
    const [, reference = ''] = /data-reference="([^"]+)"/.exec(received.text) ?? [];
    expect(reference).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    expect(received.text).toContain(`href="${nodes.issuer}/activate"`);
    expect(received.text.match(/mellem den \d+\. [a-z]*/g)).toHaveLength(2);
    // Reload shows the same; another browser, the days alone.
    expect((await browser.follow('/order/received')).text).toContain(reference);
    expect((await createSiteClient(nodes).follow('/order/received')).text).not.toContain('data-reference');
  });
});

describe('signing in after an order', () => {
  /** Password and key, from the page that the order led to. */
  async function shownBoth(person: TestPerson, browser: TestBrowser): Promise<BrowserPage> {
    const password = await browser.follow('/order/sign-in');
    expect(password.page).toBe('password');
    const key = await browser.send(password, { userId: person.userId, password: person.password });
    return await browser.send(key, { key: keyFor(person, key) });
  }

  async function hasPublicSites({ identityId }: TestPerson): Promise<boolean | undefined> {
    const rows = await nodes.database.query<{ on: boolean }>(
      'SELECT public_sites AS on FROM identities WHERE id = $1',
      [identityId],
    );
    return rows[0]?.on;
  }

  test('both factors shown, it is asked, and a yes makes the ID work on public sites', async () => {
    const { entry, person } = await aKnown({ publicSites: false });
    const browser = createSiteClient(nodes);
    await postOrder(browser, entry);
    const received = await browser.follow('/order/received');
    expect(received.text).toContain('href="/order/sign-in"');
    const question = await shownBoth(person, browser);
    expect(question.page).toBe('public-sites');
    expect(await hasPublicSites(person)).toBe(false);
    const end = await browser.send(question, { accept: '1' });
    expect([end.page, end.url]).toEqual(['order-public-sites', `${nodes.issuer}/order/public-sites`]);
    expect(end.text).toContain('Dit ID virker nu på offentlige hjemmesider');
    expect(await hasPublicSites(person)).toBe(true);
    // Again: it works already, and both factors are asked for again, with any session.
    const already = await shownBoth(person, browser);
    expect([already.page, already.url]).toEqual([
      'order-public-sites',
      `${nodes.issuer}/order/public-sites/already`,
    ]);
    expect(already.text).toContain('virker allerede');
    // The way out is one click; afterwards no page shows that a person is signed in.
    const form = { ...hiddenFields(already), end: 'here' };
    expect((await browser.request('/session', { form })).status).toBe(303);
    expect((await browser.follow('/session')).page).toBe('no-session');
    expect((await browser.follow('/order/public-sites')).text).not.toContain('Du er stadig logget på');
  });

  test('a no, and giving up on any page, changes nothing and says so', async () => {
    const { person } = await aKnown({ publicSites: false });
    const question = await shownBoth(person, createSiteClient(nodes));
    expect(question.page).toBe('public-sites');
    const asked = createSiteClient(nodes);
    expect((await asked.send(await shownBoth(person, asked), { cancel: '1' })).page).toBe('order-unchanged');
    const before = createSiteClient(nodes);
    const page = await before.send(await before.follow('/order/sign-in'), { cancel: '1' });
    expect(page.page).toBe('order-unchanged');
    expect(await hasPublicSites(person)).toBe(false);
  });

  test('an answer that this browser did not ask for, or that comes twice, leads nowhere', async () => {
    const { person } = await aKnown();
    for (const query of ['', '?state=x', '?code=a&state=b', '?error=access_denied']) {
      const page = await createSiteClient(nodes).follow(`/order/callback${query}`);
      expect([query, page.status, page.page]).toEqual([query, 400, 'trouble']);
    }
    const browser = createSiteClient(nodes);
    const key = await browser
      .follow('/order/sign-in')
      .then((page) => browser.send(page, { userId: person.userId, password: person.password }));
    let answer = await browser.post(key, { key: keyFor(person, key) });
    while (!answer.headers.location?.includes('/order/callback')) {
      answer = await browser.request(answer.headers.location ?? '');
    }
    const back = answer.headers.location;
    expect((await createSiteClient(nodes).follow(back)).page).toBe('trouble');
    expect((await browser.follow(back)).page).toBe('order-public-sites');
    expect((await browser.follow(back)).page).toBe('trouble');
  });

  test('what it comes to can be loaded again, in the other language too', async () => {
    const browser = createSiteClient(nodes);
    for (const end of ['public-sites', 'public-sites/already', 'unchanged']) {
      const page = await browser.follow(`/order/${end}?language=en`);
      expect([page.status, page.text.includes('<html lang="en"')]).toEqual([200, true]);
    }
  });
});
