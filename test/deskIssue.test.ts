/** Getting an ID in person: a form, a review, the action; a refusal in writing; a second officer. */
import { randomInt } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { findApplication, insertApplication } from '../src/db/people/applications.ts';
import type { PopulationRegisterEntry } from '../src/domain/issuing/populationRegister.ts';
import type { PostalAddress } from '../src/domain/letter.ts';
import { composePostalLines } from '../src/domain/person/postalAddress.ts';
import {
  aPerson,
  composeApplication,
  composeContact,
  issueApplication,
  type CounterSession,
  openCounterSession,
  TestBrowser,
  hiddenFields,
  holdUp,
  openDesk,
  type Operators,
  type BrowserPage,
  saveRegistered,
  signInStaff,
  useNodes,
} from './support/index.ts';

let bank: string;
let officer: CounterSession;
let colleague: CounterSession;
let clerk: CounterSession;
let operators: Operators;
const nodes = useNodes({ count: 2 });
beforeAll(async () => {
  ({ bank, operators } = await openDesk(nodes));
  officer = await openCounterSession(nodes, operators, 'officer');
  colleague = await openCounterSession(nodes, operators, 'officer');
  clerk = await openCounterSession(nodes, operators, 'bank_clerk', bank);
});

let serial = randomInt(900);

/**
 * A CPR number of a man born in 1985, each on another day, or of a child of 2015: digit 7 gives the century.
 */
function aCpr(born: '850' | '154' = '850'): string {
  serial = (serial + 1) % 1_000;
  const day = born === '154' ? 61 : 61 + (serial % 28);
  const month = born === '154' ? 8 : 1 + (Math.floor(serial / 28) % 12);
  const cpr = `${day}${String(month).padStart(2, '0')}${born}${String(serial).padStart(3, '0')}`;
  nodes.secrets.add(cpr, 'CPR number');
  return cpr;
}

/** An entry of the register without an ID. */
async function registered(
  overrides: Partial<PopulationRegisterEntry> = {},
): Promise<PopulationRegisterEntry> {
  const cpr = aCpr(overrides.birthdate === '2015-08-01' ? '154' : '850');
  const entry: PopulationRegisterEntry = {
    cpr,
    givenName: 'Søren Aage',
    familyName: 'Ågård',
    birthdate: `1985-${cpr.slice(2, 4)}-${String(Number(cpr.slice(0, 2)) - 60).padStart(2, '0')}`,
    status: 'active',
    address: { street: 'Registervej 1', postcode: '8900', city: 'Randers C' },
    addressProtected: false,
    passport: null,
    drivingLicence: null,
    email: null,
    ...overrides,
  };
  await saveRegistered(nodes, entry);
  return entry;
}

let document = 1_000_000;

/** All that an applicant brings; the number of the passport is unique. */
function filledIn(cpr: string, overrides: Record<string, string> = {}): Record<string, string> {
  document += 1;
  return {
    reason: 'Vil have et ID',
    cpr,
    givenName: 'Søren',
    familyName: 'Ågård',
    idKind: 'passport',
    idNumber: `20${document}`,
    idExpires: '24-11-2031',
    valid: 'yes',
    theirs: 'yes',
    understands: 'yes',
    alone: 'yes',
    terms: 'yes',
    language: 'da',
    publicSites: 'yes',
    ...overrides,
  };
}

const ADDRESS = { street: 'Min Vej 7', postcode: '8900', city: 'Randers C' };

async function toCheck(who: CounterSession, fields: Record<string, string>): Promise<BrowserPage> {
  const form = await who.browser.follow('/desk/issue');
  expect(form.page).toBe('desk-issue');
  return await who.post('/desk/issue', fields, form);
}

async function send(
  who: CounterSession,
  check: BrowserPage,
  more: Record<string, string> = {},
): Promise<BrowserPage> {
  expect(check.page).toBe('desk-issue-check');
  return await who.post('/desk/issue', { step: 'send', ...more }, check);
}

/** The whole procedure. */
async function issued(who: CounterSession, fields: Record<string, string>): Promise<BrowserPage> {
  return await who.follow(await send(who, await toCheck(who, fields)));
}

const titleOf = (page: BrowserPage) => /<h1>([^<]*)/.exec(page.text)?.[1];

async function identityOf(cpr: string) {
  const lookup = nodes.context.keyring.hmac('cprLookup', cpr);
  return await nodes.database.query<{
    id: string;
    public_sites: boolean;
    issued_by: string;
    letters: string;
  }>(
    `SELECT i.id, i.public_sites, i.issued_by,
       (SELECT string_agg(kind, ' ' ORDER BY kind) FROM letters WHERE identity_id = i.id) AS letters
     FROM identities i JOIN people p ON p.id = i.person_id WHERE p.cpr_lookup = $1`,
    [lookup],
  );
}

describe('someone who is in the register', () => {
  test('gets an ID with both letters, under the name of the register; sent twice it is one', async () => {
    const soren = await registered();
    const check = await toCheck(officer, filledIn(soren.cpr, { givenName: 'soren', familyName: 'ågard' }));
    expect([check.page, titleOf(check)]).toEqual(['desk-issue-check', 'Se efter, før du sender']);
    expect(check.text).toContain('Søren Aage Ågård');
    expect(check.text).not.toContain('Registervej');
    expect(await identityOf(soren.cpr)).toEqual([]);
    const answers = await Promise.all([0, 1, 2].map(() => send(officer, check)));
    for (const { status, headers } of answers) {
      expect([status, headers.location]).toEqual([303, answers[0]?.headers.location]);
    }
    const receipt = await officer.follow(answers[0] as BrowserPage);
    expect([receipt.page, titleOf(receipt)]).toEqual(['desk-application', 'ID’et er udstedt']);
    expect(receipt.text).toContain('på hver sin dag');
    const [identity, ...others] = await identityOf(soren.cpr);
    expect(others).toEqual([]);
    expect(identity).toMatchObject({
      public_sites: true,
      issued_by: 'borgerservice',
      letters: 'password welcome',
    });
    const [event] = await nodes.database.query<{ details: object }>(
      `SELECT details FROM audit_events WHERE identity_id = $1 AND kind = 'identity_issued'`,
      [identity?.id],
    );
    expect(event?.details).toMatchObject({ path: 'desk', staffId: officer.person.identityId });
    // The receipt is only for those who decided.
    expect((await colleague.browser.follow(receipt.url)).status).toBe(404);
  });

  test.each([
    ['Niamh', "O'Brien", 'Niamh', 'O´Brien'],
    ['Guðrún', 'Þórsdóttir', 'Gudrun', 'Thorsdottir'],
    ['Anna-Marie', 'Müller', 'Anna–Marie', 'Mueller'],
  ])('%s %s may be typed %s %s', async (givenName, familyName, typedGiven, typedFamily) => {
    const one = await registered({ givenName, familyName });
    const typed = { givenName: typedGiven, familyName: typedFamily };
    const receipt = await issued(officer, filledIn(one.cpr, typed));
    expect(titleOf(receipt)).toBe('ID’et er udstedt');
  });

  test.each([
    [
      { givenName: '', familyName: 'Suharto' },
      { givenName: 'Suharto', familyName: '' },
    ],
    [
      { givenName: 'Raghav', familyName: '' },
      { givenName: 'Raghav', familyName: 'Ej Efternavn' },
    ],
    [
      { givenName: 'Anna von der Heide', familyName: '', nameIsWhole: true },
      { givenName: 'Anna', familyName: 'von der Heide' },
    ],
  ])('may have one name, or one whose parts are unknown: %j', async (names, typed) => {
    const one = await registered(names);
    const check = await toCheck(officer, filledIn(one.cpr, typed));
    expect(check.text).toContain(`${names.givenName}${names.familyName}<`);
    expect(titleOf(await officer.follow(await send(officer, check)))).toBe('ID’et er udstedt');
    const [identity] = await identityOf(one.cpr);
    const [row] = await nodes.database.query(
      `SELECT p.given_name, p.family_name, p.name_is_whole FROM people p JOIN identities i ON i.person_id = p.id
       WHERE i.id = $1`,
      [identity?.id],
    );
    const { givenName: given_name, familyName: family_name } = names;
    expect(row).toEqual({ given_name, family_name, name_is_whole: 'nameIsWhole' in names });
  });

  test('with another name goes no further, and which name the register has is not said', async () => {
    const soren = await registered();
    const page = await toCheck(officer, filledIn(soren.cpr, { givenName: 'Bent', familyName: 'Bertelsen' }));
    expect([page.page, page.text.includes('et andet navn')]).toEqual(['desk-issue', true]);
    expect(page.text).not.toContain('Aage');
    expect(page.text).toContain('value="Bertelsen"');
  });

  test.each([
    ['dead', { status: 'dead' }, {}, 'personen er død'],
    ['emigrated', { status: 'emigrated' }, {}, 'er udrejst'],
    ['no identification', {}, { idKind: 'none', valid: '' }, 'ikke vist gyldig legitimation'],
    [
      'one that is not valid',
      {},
      { valid: '', idNumber: '', idExpires: '' },
      'ikke vist gyldig legitimation',
    ],
    ['one of another person', {}, { theirs: '' }, 'passer ikke på ansøgeren'],
    ['an interpreter', {}, { understands: '' }, 'uden tolk'],
    ['help', {}, { alone: '' }, 'uden hjælp fra andre'],
    ['a no to the terms', {}, { terms: '' }, 'ikke sagt ja til vilkårene'],
    ['a child without a guardian', { birthdate: '2015-08-01' }, {}, 'ingen forælder eller værge'],
    ['no address', { address: null }, {}, 'ingen adresse'],
  ] as const)(
    'is refused with %s, in writing and with the way to appeal',
    async (_what, entry, fields, says) => {
      const soren = await registered(entry);
      const check = await toCheck(officer, filledIn(soren.cpr, fields));
      expect([check.page, says, check.text.includes(says)]).toEqual(['desk-issue-check', says, true]);
      const receipt = await officer.follow(await send(officer, check));
      expect(titleOf(receipt)).toBe('Det blev et afslag');
      const decision = await officer.browser.follow(`${receipt.url}/decision`);
      expect(decision.page).toBe('desk-decision');
      const number = /Sagsnummer<\/dt><dd>([^<]+)/.exec(decision.text)?.[1] ?? '';
      expect(number).toMatch(/^[3479CDFGHJKMNPQRTVWX]{4}-[3479CDFGHJKMNPQRTVWX]{4}$/);
      const { name, cvr, address } = composeContact(nodes.issuer).operator;
      for (const part of ['Søren', 'Borgerservice', name, cvr, ...address, officer.person.fullName, number]) {
        expect(decision.text).toContain(part);
      }
      for (const part of ['afsnit 2, »Hvem kan få et ID«', 'inden 4 uger', 'er sidste dag', 'Underskrift']) {
        expect(decision.text).toContain(part);
      }
      expect(await identityOf(soren.cpr)).toEqual([]);
    },
  );

  test('what the officer adds to a refusal stands in it; a CPR number does not', async () => {
    const soren = await registered();
    const check = await toCheck(officer, filledIn(soren.cpr, { alone: '' }));
    expect(check.text).toContain('<textarea');
    const refused = await send(officer, check, { note: `Se ${soren.cpr}` });
    expect([refused.page, refused.text.includes('<a href="#note">')]).toEqual(['desk-issue-check', true]);
    const receipt = await officer.follow(
      await send(officer, check, { note: ' Kom igen\r\nmed din datter. ' }),
    );
    const decision = await officer.browser.follow(`${receipt.url}/decision`);
    expect(decision.text).toContain('Kom igen med din datter.');
    // A form that was sent is not checked again: the officer is led to what was decided.
    const again = await officer.post('/desk/issue', { step: 'check' }, check);
    expect(again.headers.location).toBe(new URL(receipt.url).pathname);
    const other = await registered();
    const next = await officer.post('/desk/issue', filledIn(other.cpr, { step: 'check' }), check);
    expect([next.page, hiddenFields(next)['application'] === hiddenFields(check)['application']]).toEqual([
      'desk-issue-check',
      false,
    ]);
  });

  test('gets the decision in their own language, from the bank that made it', async () => {
    const soren = await registered();
    const receipt = await issued(clerk, filledIn(soren.cpr, { language: 'en', alone: '' }));
    const decision = await clerk.browser.follow(`${receipt.url}/decision`);
    expect(decision.text).toContain('<html lang="en"');
    for (const part of ['The test municipality', 'within 4 weeks', 'You have to be able to use']) {
      expect(decision.text).toContain(part);
    }
  });

  test('under 15 gets an ID only for the bank, with a guardian', async () => {
    const freja = await registered({
      birthdate: '2015-08-01',
    });
    const receipt = await issued(officer, filledIn(freja.cpr, { guardian: 'Anna Ågård' }));
    expect(receipt.text).toContain('til du fylder 15 år');
    expect(await identityOf(freja.cpr)).toMatchObject([{ public_sites: false }]);
  });
});

describe('a case, by its number', () => {
  let hotline: CounterSession;
  let number: string;
  let id: string;
  beforeAll(async () => {
    hotline = await openCounterSession(nodes, operators, 'hotline');
    const soren = await registered();
    const receipt = await issued(officer, filledIn(soren.cpr, { understands: '' }));
    id = receipt.url.split('/').at(-1) ?? '';
    number = /Sagsnummer<\/dt><dd>([^<]+)/.exec(receipt.text)?.[1] ?? '';
  });

  test('is found by the hotline as it is said: whose, how it stands, and how to appeal; not why', async () => {
    const page = await hotline.search({ by: 'case', number: ` ${number.toLowerCase().replace('-', ' ')} ` });
    expect([page.page, page.text.includes('Søren Aage Ågård'), page.text.includes('Nej: et afslag')]).toEqual(
      ['desk-case', true, true],
    );
    expect(page.text).toContain(composeContact(nodes.issuer).operator.address.join(', '));
    expect(page.text).not.toMatch(/uden tolk|desk\/applications|<dd>Borgerservice<\/dd>/);
    const [event] = await nodes.database.query<{ details: object }>(
      `SELECT details FROM audit_events WHERE kind = 'searched_by_staff' AND details->>'applicationId' = $1`,
      [id],
    );
    expect(event?.details).toMatchObject({ staffId: hotline.person.identityId, shown: true });
    // No one else sees it under that search.
    expect((await colleague.browser.follow(new URL(page.url).pathname)).page).toBe('desk-nobody');
  });

  test('an officer sees why, and who decided it can print it again', async () => {
    const own = await officer.search({ by: 'case', number });
    expect(own.text).toContain('uden tolk');
    expect(own.text).toContain('<dd>Borgerservice</dd>');
    expect(own.text).toContain(`/desk/applications/${id}`);
    const others = await colleague.search({ by: 'case', number });
    expect([others.text.includes('uden tolk'), others.text.includes('/desk/applications/')]).toEqual([
      true,
      false,
    ]);
  });

  test('a clerk finds none of another issuer, as one that does not exist', async () => {
    const [hidden, none] = [
      await clerk.search({ by: 'case', number }),
      await clerk.search({ by: 'case', number: 'CCCC-DDDD' }),
    ];
    expect([hidden.page, none.page]).toEqual(['desk-nobody', 'desk-nobody']);
    expect(hidden.text).toBe(none.text);
  });

  test('one from before case numbers is called by its id', async () => {
    await nodes.database.query('UPDATE applications SET case_number = NULL WHERE id = $1', [id]);
    expect((await officer.browser.follow(`/desk/applications/${id}/decision`)).text).toContain(id);
    expect((await hotline.search({ by: 'case', number: id.toUpperCase() })).page).toBe('desk-case');
    const wrong = await hotline.search({ by: 'case', number: 'K7MP-3QXO' });
    expect([wrong.page, wrong.text.includes('href="#number"')]).toEqual(['desk-search', true]);
  });
});

describe('a number that another case has', () => {
  test('is drawn again', async () => {
    const [first, second] = [composeApplication(), composeApplication()];
    for (const submission of [first, second]) await issueApplication(nodes, submission);
    const [taken, own] = await nodes.database.query<{ id: string; case_number: string }>(
      'SELECT id, case_number FROM applications WHERE id = ANY($1)',
      [[first.id, second.id]],
    );
    const stored = await findApplication(nodes.context.database, own?.id ?? '');
    const numbers = [taken?.case_number ?? '', taken?.case_number ?? '', 'XXXXWWWW'];
    const one = { ...stored!, id: crypto.randomUUID(), state: 'refused', identityId: null } as const;
    expect(await insertApplication(nodes.context.database, one, () => numbers.shift() ?? '')).toBe(true);
    expect((await findApplication(nodes.context.database, one.id))?.caseNumber).toBe('XXXXWWWW');
  });
});

describe('someone who has an ID', () => {
  test('gets no second one: the officer is redirected to it, a clerk learns nothing further', async () => {
    const soren = await registered();
    await issued(officer, filledIn(soren.cpr));
    const before = await toCheck(colleague, filledIn(soren.cpr));
    expect(before.text).toContain('Borgeren har allerede et ID');
    expect(before.text).not.toContain('value="send"');
    expect(before.text).toMatch(/href="\/desk\/search\/[0-9a-f-]+\/temporary-password"/);
    // Sent all the same, as when another officer issues it in between.
    const again = await colleague.follow(await send(colleague, before));
    expect([again.page, again.text.includes('allerede et ID')]).toEqual(['desk-person', true]);
    expect(again.text).toContain('Søren Aage Ågård');
    const clerkCheck = await toCheck(clerk, filledIn(soren.cpr));
    expect([clerkCheck.text.includes('allerede et ID'), clerkCheck.text.includes('Aage')]).toEqual([
      true,
      true,
    ]);
    expect(clerkCheck.text).not.toMatch(/value="send"|\/desk\/search\//);
    const clerkPage = await send(clerk, clerkCheck);
    expect([clerkPage.status, clerkPage.page, clerkPage.text.includes('Aage')]).toEqual([
      200,
      'desk-has-id',
      false,
    ]);
    const [identity] = await identityOf(soren.cpr);
    const searched = await nodes.database.query<{ details: { shown: boolean } }>(
      `SELECT details FROM audit_events WHERE identity_id = $1 AND kind = 'searched_by_staff' ORDER BY id`,
      [identity?.id],
    );
    expect(searched.map(({ details }) => details.shown)).toEqual([true, false]);
  });

  test('who has one, sent under the application of another who gets one, reverts no count', async () => {
    const [soren, other] = [await registered(), await registered()];
    await issued(officer, filledIn(other.cpr));
    const who = await openCounterSession(nodes, operators, 'officer');
    const form = await who.browser.follow('/desk/issue');
    const has = await who.post('/desk/issue', filledIn(other.cpr), form);
    const gets = await who.post('/desk/issue', filledIn(soren.cpr), form);
    const held = holdUp(nodes, 'UPDATE staff_counts c SET', 1);
    const redirected = send(who, has);
    await held.reached;
    const receipt = await who.follow(await send(who, gets));
    held.release();
    expect((await who.follow(await redirected)).page).toBe('desk-person');
    expect([receipt.page, titleOf(receipt)]).toEqual(['desk-application', 'ID’et er udstedt']);
    const [row] = await nodes.database.query(
      `SELECT cardinality(forms) AS many FROM staff_counts WHERE staff_id = $1 AND kind = 'issue'`,
      [who.person.identityId],
    );
    expect(row).toEqual({ many: 1 });
  });

  test('two officers concurrently on two nodes: one issues, the other is shown whose it is', async () => {
    const soren = await registered();
    const checks = [
      await toCheck(officer, filledIn(soren.cpr)),
      await toCheck(colleague, filledIn(soren.cpr)),
    ];
    const outcome = await Promise.all([
      send(officer, checks[0] as BrowserPage).then((answer) => officer.follow(answer)),
      send(colleague, checks[1] as BrowserPage).then((answer) => colleague.follow(answer)),
    ]);
    expect(new Set(outcome.map(({ page }) => page))).toEqual(new Set(['desk-application', 'desk-person']));
    for (const page of outcome) expect(page.text).toContain('Søren Aage Ågård');
    expect(await identityOf(soren.cpr)).toHaveLength(1);
  });

  test('without a CPR number is known again by name and birth date: the officer says whether it is the same', async () => {
    const mark = `Doe-${serial}`.replace(/\d/g, (digit) => 'abcdefghij'.charAt(Number(digit)));
    const fields = { noCpr: 'yes', birthdate: '03-02-1990', givenName: 'Jane', familyName: mark, ...ADDRESS };
    const jane = await aPerson(nodes, {
      cpr: null,
      givenName: 'Jane',
      familyName: mark.replace('Doe', 'Dø'),
      birthdate: '1990-02-03',
    });
    const check = await toCheck(officer, filledIn('', fields));
    expect(check.text).toMatch(/Er det en, vi kender\?.*Gå videre/);
    const asked = await send(officer, check);
    expect([asked.page, asked.text.includes('Jane Dø-'), asked.text.includes('Prøvegade')]).toEqual([
      'desk-looks-like',
      true,
      false,
    ]);
    const missing = await officer.post('/desk/issue', { step: 'who' }, asked);
    expect(missing.page).toBe('desk-looks-like');
    const forged = await officer.post('/desk/issue', { who: officer.person.identityId }, asked);
    expect(forged.page).toBe('desk-looks-like');
    const same = await officer.follow(await officer.post('/desk/issue', { who: jane.identityId }, asked));
    expect([same.page, same.text.includes('Jane Dø-')]).toEqual(['desk-person', true]);
    const other = await officer.follow(await officer.post('/desk/issue', { who: 'other' }, asked));
    expect(titleOf(other)).toBe('Vi venter på en kollega');
  });

  test('a clerk does not decide that, whatever their form says: it is refused in the log, and nothing is issued', async () => {
    const soren = await registered({ familyName: `Ligner${'abcdef'[serial % 6] ?? ''}` });
    const { familyName, birthdate } = soren;
    await aPerson(nodes, { cpr: null, givenName: 'Søren Aage', familyName, birthdate });
    const fields = filledIn(soren.cpr, { familyName });
    const check = await toCheck(clerk, fields);
    expect(check.text).toContain('Borgerservice skal se på ansøgningen');
    expect(check.text).not.toContain('value="send"');
    const redirected = await send(clerk, check);
    const forged = await send(clerk, await toCheck(clerk, fields), { step: 'who', who: 'other' });
    expect([forged.status, forged.page]).toEqual([redirected.status, redirected.page]);
    expect(await identityOf(soren.cpr)).toEqual([]);
    const refused = await nodes.database.query(
      `SELECT FROM audit_events WHERE kind = 'refused_at_desk' AND details->>'what' = 'judge_likeness'
         AND details->>'staffId' = $1`,
      [clerk.person.identityId],
    );
    expect(refused).toHaveLength(1);
  });
});

describe('an address that is the applicant’s own word', () => {
  const waits = async (who: CounterSession) => {
    const cpr = aCpr();
    const receipt = await issued(who, filledIn(cpr, ADDRESS));
    expect(titleOf(receipt)).toBe('Vi venter på en kollega');
    return { cpr, id: receipt.url.split('/').at(-1) ?? '' };
  };

  test('is looked at by a second officer, not by the same one, and once', async () => {
    const { cpr, id } = await waits(officer);
    const path = `/desk/waiting/${id}`;
    expect((await officer.browser.follow(path)).url).toContain('came=own');
    expect((await officer.post(path, { address: 'right' })).headers.location).toContain('came=own');
    const page = await colleague.browser.follow(path);
    expect([page.page, page.text.includes('Min Vej 7')]).toEqual(['desk-waiting-one', true]);
    const answers = await Promise.all([0, 1].map(() => colleague.post(path, { address: 'right' })));
    for (const { headers } of answers) expect(headers.location).toContain(`/desk/applications/${id}`);
    expect(titleOf(await officer.browser.follow(`/desk/applications/${id}`))).toBe('ID’et er udstedt');
    expect(await identityOf(cpr)).toHaveLength(1);
    expect((await colleague.post(path, { address: 'wrong' })).headers.location).toContain(
      '/desk/applications/',
    );
    expect(await identityOf(cpr)).toHaveLength(1);
  });

  test.each([
    [{ postcode: 'FO-100', city: 'Tórshavn' }, 'FO-100 Tórshavn, Færøerne', ['FO-100 Tórshavn', 'FÆRØERNE']],
    [
      { postcode: '10115', city: 'Berlin', country: 'Tyskland' },
      '10115 Berlin, Tyskland',
      ['10115 Berlin', 'GERMANY'],
    ],
  ])('may be outside Denmark: %j', async (place, seen, printed) => {
    const away = await registered({ address: null, familyName: `Ude${'abcdef'[serial % 6] ?? ''}` });
    const { familyName } = away;
    const fields = { familyName, street: 'Allee 1', ...place };
    const waiting = await issued(officer, filledIn(away.cpr, fields));
    expect(titleOf(waiting)).toBe('Vi venter på en kollega');
    const id = waiting.url.split('/').at(-1) ?? '';
    expect((await colleague.browser.follow(`/desk/waiting/${id}`)).text).toContain(`Allee 1, ${seen}`);
    const done = await colleague.follow(await colleague.post(`/desk/waiting/${id}`, { address: 'right' }));
    expect(titleOf(done)).toBe('ID’et er udstedt');
    const [row] = await nodes.database.query<{ id: string; address_sealed: Buffer }>(
      'SELECT id, address_sealed FROM people WHERE family_name = $1',
      [familyName],
    );
    const sealed = row?.address_sealed ?? Buffer.alloc(0);
    const address = JSON.parse(
      nodes.context.keyring.open('seal', sealed, `address ${row?.id}`),
    ) as PostalAddress;
    expect(composePostalLines(address)).toEqual(['Allee 1', ...printed]);
  });

  test('is refused where it cannot be confirmed; another house sees nothing of it', async () => {
    const { cpr, id } = await waits(officer);
    const path = `/desk/waiting/${id}`;
    expect((await clerk.browser.follow('/desk/waiting')).text).not.toContain(id);
    expect((await clerk.browser.follow(path)).text).not.toContain('Min Vej');
    expect((await clerk.post(path, { address: 'right' })).headers.location).toContain('came=settled');
    const list = await colleague.browser.follow('/desk/waiting');
    expect(list.text).toContain(path);
    const refused = await colleague.follow(await colleague.post(path, { address: 'wrong' }));
    expect(titleOf(refused)).toBe('Det blev et afslag');
    expect(await identityOf(cpr)).toEqual([]);
  });

  test('a second application of the same person waits for the first', async () => {
    const { cpr } = await waits(officer);
    const again = await send(colleague, await toCheck(colleague, filledIn(cpr, ADDRESS)));
    expect([again.page, again.text.includes('venter allerede')]).toEqual(['desk-has-id', true]);
  });
});

describe('the form', () => {
  test.each([
    ['no CPR number', { cpr: '' }, 'eller sæt hak ved'],
    ['a short one', { cpr: '123' }, 'ti cifre'],
    ['one of no day', { cpr: '320185-1234' }, 'dato, der findes'],
    ['both', { noCpr: 'yes', birthdate: '01-01-1980' }, 'Fjern et af dem'],
    ['no birth date', { cpr: '', noCpr: 'yes' }, 'Skriv fødselsdatoen'],
    ['a name with digits', { givenName: 'Anna7' }, 'som vi ikke kan bruge'],
    ['no name', { givenName: '', familyName: 'Ej efternavn' }, 'som det står på legitimationen'],
    ['no kind', { idKind: '' }, 'Vælg, hvad borgeren viser'],
    ['no number', { idNumber: '' }, '4 til 20 bogstaver'],
    ['no such expiry', { idExpires: '31-02-2030' }, 'Den dato findes ikke'],
    ['an expired one', { idExpires: '01-01-2020' }, 'er udløbet'],
    ['one in a hundred years', { idExpires: '01-01-2126' }, 'Så længe gælder ingen'],
    ['no choice', { publicSites: '' }, 'Spørg borgeren'],
    ['another language', { language: 'de' }, 'Vælg sprog'],
    ['a wrong e-mail', { email: 'anna@' }, 'ligner ikke en e-mail'],
    ['half an address', { street: 'Vej 1' }, 'lad alle tre stå tomme'],
    ['a wrong postcode', { ...ADDRESS, postcode: '89' }, 'er fire cifre'],
    ['an unknown country', { ...ADDRESS, country: 'Atlantis' }, 'Det land kender vi ikke'],
    [
      'letters that are not printed',
      { ...ADDRESS, street: '北京路 1' },
      'De bogstaver kan vi ikke trykke på et brev',
    ],
    ['a country alone', { country: 'Tyskland' }, 'lad alle tre stå tomme'],
  ])('with %s says so and keeps what was typed', async (_what, fields, says) => {
    const page = await toCheck(officer, filledIn('610885-0000', fields));
    expect([page.status, page.page, says, page.text.includes(says)]).toEqual([200, 'desk-issue', says, true]);
    expect(page.text).toContain('<title>Fejl: ');
    const expectedFields = Object.entries({ familyName: 'Ågård', ...fields }).filter(
      ([name]) => !/idKind|Sites|lang|noCpr/.test(name),
    );
    for (const [, value] of expectedFields) if (value) expect(page.text).toContain(`value="${value}"`);
  });

  test('left open over a restart and a sign-out loses nothing', async () => {
    const soren = await registered();
    const check = await toCheck(officer, filledIn(soren.cpr));
    await nodes.restart();
    await nodes.database.query('DELETE FROM own_sessions');
    const resent = await send(officer, check);
    expect([resent.status, resent.page]).toEqual([401, 'desk-kept']);
    expect(hiddenFields(resent)).toMatchObject({ cpr: soren.cpr, step: 'send', terms: 'yes' });
    const stranger = await signInStaff(nodes, colleague.person);
    expect((await stranger.post('/desk/issue', {}, resent)).status).toBe(403);
    const back = await signInStaff(nodes, officer.person);
    const receipt = await back.follow(await back.post('/desk/issue', {}, resent));
    expect(titleOf(receipt)).toBe('ID’et er udstedt');
    expect(
      (await new TestBrowser(nodes).request('/desk/issue', { method: 'POST', body: 'cpr=%3Cb%3E' })).text,
    ).not.toContain('<b>');
  });
});
