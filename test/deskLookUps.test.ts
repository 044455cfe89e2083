/**
 * Looking people up at the desk: the reason, the person, the limits; and what the answer reveals about an
 * address or a name.
 */
import { randomInt } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { PopulationRegisterEntry } from '../src/domain/issuing/populationRegister.ts';
import { rulesSchema } from '../src/domain/rules.ts';
import { staffOf } from '../src/domain/staff/staff.ts';
import { searchPerson } from '../src/features/desk/search/searchPeople.ts';
import { recordLookUp } from '../src/features/desk/search/lookUps.ts';
import { bootstrapOperators } from '../src/features/desk/issue/issueByCommand.ts';
import { createDatabaseRegister } from '../src/db/people/populationRegister.ts';
import { BLANK_DESK_FORM } from '../src/domain/issuing/deskForm.ts';
import {
  aPerson,
  type CounterSession,
  openCounterSession,
  TestBrowser,
  hiddenFields,
  openDesk,
  type Operators,
  type BrowserPage,
  saveRegistered,
  signInAt,
  takeOut,
  type TestPerson,
  useNodes,
} from './support/index.ts';

const MOST = 12;
const nodes = useNodes({ count: 2, rules: rulesSchema.parse({ staff: { lookUpsPerDay: MOST } }) });
let bank: string;
let operators: Operators;
beforeAll(async () => {
  ({ bank, operators } = await openDesk(nodes));
});

const anOfficer = () => openCounterSession(nodes, operators, 'officer');
const aClerk = () => openCounterSession(nodes, operators, 'bank_clerk', bank);

let serial = randomInt(900);
function aCpr(): string {
  serial = (serial + 1) % 1_000;
  const cpr = `${61 + (serial % 28)}${String(1 + (Math.floor(serial / 28) % 12)).padStart(2, '0')}850${String(serial).padStart(3, '0')}`;
  nodes.secrets.add(cpr, 'CPR number');
  return cpr;
}

async function registered(
  overrides: Partial<PopulationRegisterEntry> = {},
): Promise<PopulationRegisterEntry> {
  const cpr = overrides.cpr ?? aCpr();
  const entry: PopulationRegisterEntry = {
    cpr,
    givenName: 'Lærke Marie',
    familyName: 'Lund',
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

/** A person with an ID that was issued elsewhere, and in the register under the same number. */
async function withId(): Promise<{ person: TestPerson; entry: PopulationRegisterEntry }> {
  const entry = await registered({ givenName: 'Karla', familyName: 'Kendt' });
  const { cpr, givenName, familyName, birthdate } = entry;
  const person = await aPerson(nodes, { cpr, givenName, familyName, birthdate, issuedBy: 'borgerservice' });
  return { person, entry };
}

const REASON = 'Vil have et ID til banken';
let document = 3_000_000;

function filledIn(
  { cpr, givenName, familyName }: PopulationRegisterEntry,
  overrides: Record<string, string> = {},
) {
  document += 1;
  return {
    reason: REASON,
    cpr,
    givenName,
    familyName,
    idKind: 'passport',
    idNumber: `30${document}`,
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

async function toCheck(who: CounterSession, fields: Record<string, string>): Promise<BrowserPage> {
  return await who.post('/desk/issue', fields, await who.browser.follow('/desk/issue'));
}

const subjectOf = (cpr: string) => nodes.context.keyring.hmac('cprLookup', cpr).toString('base64url');

async function lookUpsOf(cpr: string) {
  return await nodes.database.query<{ identity_id: string | null; details: Record<string, unknown> }>(
    `SELECT identity_id, details FROM audit_events
     WHERE kind = 'register_looked_up' AND details->>'subject' = $1 ORDER BY id`,
    [subjectOf(cpr)],
  );
}

/** The page without the random values of each rendering, and without the person's data. */
function masked(page: BrowserPage, { cpr, birthdate }: PopulationRegisterEntry): string {
  const [year = '', , day = ''] = birthdate.split('-');
  const spelled = new RegExp(`${Number(day)}\\. \\p{L}+ ${year}`, 'gu');
  return page.text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id')
    .replaceAll(/value="[^"]{40,}"/g, 'token')
    .replaceAll(`${cpr.slice(0, 6)}-${cpr.slice(6)}`, 'cpr')
    .replaceAll(cpr, 'cpr')
    .replaceAll(/30\d{7}/g, 'document')
    .replaceAll(spelled, 'born');
}

describe('at issuing', () => {
  test('the reason comes first: without one nothing is looked up, and what was typed is kept', async () => {
    const clerk = await aClerk();
    const entry = await registered();
    for (const [reason, says] of [
      ['', 'mindst fem tegn'],
      [' ja  ', 'mindst fem tegn'],
      [`vedr. ${entry.cpr}`, 'Der må ikke stå et CPR-nummer'],
      ['x'.repeat(201), 'højst 200 tegn'],
    ] as const) {
      for (const step of ['check', 'send', 'who']) {
        const page = await toCheck(clerk, filledIn(entry, { reason, step }));
        expect([page.status, page.page, page.text.includes(says)]).toEqual([200, 'desk-issue', true]);
        expect(page.text).toContain('value="Lund"');
        expect(page.text).toContain('<a href="#reason">');
      }
    }
    expect(await lookUpsOf(entry.cpr)).toEqual([]);
    expect(await nodes.database.query('SELECT FROM applications')).toEqual([]);
  });

  test('the person looked up is recorded by a keyed hash, once for each form and name', async () => {
    const clerk = await aClerk();
    const entry = await registered();
    const form = await clerk.browser.follow('/desk/issue');
    const check = await clerk.post('/desk/issue', filledIn(entry), form);
    expect(check.page).toBe('desk-issue-check');
    const staffId = clerk.person.identityId;
    const details = { staffId, role: 'bank_clerk', reason: REASON, subject: subjectOf(entry.cpr) };
    expect(await lookUpsOf(entry.cpr)).toEqual([{ identity_id: null, details }]);
    await Promise.all([0, 1].map(() => clerk.post('/desk/issue', { step: 'send' }, check)));
    expect(await lookUpsOf(entry.cpr)).toHaveLength(1);
    for (const givenName of ['Bente', 'Birgit']) {
      const page = await clerk.post('/desk/issue', filledIn(entry, { givenName }), form);
      expect(page.page).toBe('desk-issue');
    }
    expect(await lookUpsOf(entry.cpr)).toHaveLength(3);
    const [recordRow] = await nodes.database.query<{ text: string }>(
      `SELECT string_agg(details::text, ' ') AS text FROM audit_events`,
    );
    expect(recordRow?.text).not.toContain(entry.cpr);
  });

  test('a person who has an ID sees in both languages who looked them up, and why', async () => {
    const clerk = await aClerk();
    const { person, entry } = await withId();
    const check = await toCheck(clerk, filledIn(entry));
    expect(check.page).toBe('desk-issue-check');
    const differs = await toCheck(clerk, filledIn(entry, { familyName: 'En-Anden', reason: 'Prøver igen' }));
    expect(differs.page).toBe('desk-issue');
    const seen = await lookUpsOf(entry.cpr);
    expect(seen.map(({ identity_id }) => identity_id)).toEqual([person.identityId, person.identityId]);
    const browser = new TestBrowser(nodes);
    const danish = await signInAt(browser, person, '/self-service/activity');
    expect(danish.text).toContain('En medarbejder i en bank slog dit CPR-nummer op i CPR-registret.');
    for (const reason of [REASON, 'Prøver igen']) expect(danish.text).toContain(`Begrundelse: ${reason}`);
    const english = await browser.follow('/self-service/activity?language=en');
    expect(english.text).toContain('looked your CPR number up in the CPR register.');
    expect(english.text).toContain(`Reason: ${REASON}`);
    const { text: exported } = await browser.send(await browser.follow('/self-service/data'), {});
    expect([exported.includes(REASON), exported.includes(subjectOf(entry.cpr))]).toEqual([true, false]);
  });

  test('has the ID already: what the clerk wrote is why, and it is in that log', async () => {
    const clerk = await aClerk();
    const { person, entry } = await withId();
    const clerkPage = await clerk.post(
      '/desk/issue',
      { step: 'send' },
      await toCheck(clerk, filledIn(entry)),
    );
    expect(clerkPage.page).toBe('desk-has-id');
    const [event] = await nodes.database.query<{ details: object }>(
      `SELECT details FROM audit_events WHERE identity_id = $1 AND kind = 'searched_by_staff'`,
      [person.identityId],
    );
    expect(event?.details).toMatchObject({ reason: REASON, shown: false });
  });

  test.each(['officer', 'bank_clerk'] as const)(
    'a protected address and any other of the register are the same page for %s',
    async (role) => {
      const who = role === 'officer' ? await anOfficer() : await aClerk();
      const pages: string[] = [];
      const sizes: number[] = [];
      for (const addressProtected of [false, true]) {
        const entry = await registered({ addressProtected });
        const check = await toCheck(who, filledIn(entry));
        expect([check.page, check.text.includes('Adressen i CPR')]).toEqual(['desk-issue-check', true]);
        expect(check.text).not.toMatch(/eskytte|rotected|Registervej/);
        pages.push(masked(check, entry));
        sizes.push(Buffer.byteLength(masked(check, entry)));
        const receipt = await who.follow(await who.post('/desk/issue', { step: 'send' }, check));
        expect(receipt.page).toBe('desk-application');
        expect(receipt.text).not.toMatch(/eskytte|Registervej/);
      }
      expect(pages[1]).toBe(pages[0]);
      expect(sizes[1]).toBe(sizes[0]);
    },
  );

  test('and so are two people who have an ID, for an officer who finds them', async () => {
    const officer = await anOfficer();
    const pages: string[] = [];
    for (const isProtected of [false, true]) {
      const { person, entry } = await withId();
      await nodes.database.query(
        'UPDATE people SET address_protected = $2 WHERE id = (SELECT person_id FROM identities WHERE id = $1)',
        [person.identityId, isProtected],
      );
      const page = await officer.find(person);
      expect([page.page, page.text.includes('Adressen i CPR')]).toEqual(['desk-person', true]);
      expect(page.text).not.toMatch(/eskytte|Registervej|Prøvegade/);
      pages.push(masked(page, entry).replaceAll(person.cardNumber, 'card'));
    }
    expect(pages[1]).toBe(pages[0]);
  });

  test('another name reveals nothing of the registered one: the same bytes, whichever it is', async () => {
    const clerk = await aClerk();
    const pages: string[] = [];
    for (const familyName of ['Ægø', 'Von Der Langen-Navnesen', 'Lund']) {
      const entry = await registered({ givenName: 'Ib', familyName });
      const page = await toCheck(clerk, filledIn({ ...entry, givenName: 'Eva', familyName: 'Prøve' }));
      expect(page.page).toBe('desk-issue');
      expect(page.text).not.toContain(familyName);
      pages.push(masked(page, entry));
    }
    // Dead, emigrated or protected: the name is compared first.
    for (const odd of [{ status: 'dead' }, { status: 'emigrated' }, { addressProtected: true }] as const) {
      const entry = await registered(odd);
      const page = await toCheck(clerk, filledIn({ ...entry, givenName: 'Eva', familyName: 'Prøve' }));
      pages.push(masked(page, entry));
    }
    expect(new Set(pages).size).toBe(1);
  });
});

describe('a limit a day', () => {
  test.each(['officer', 'bank_clerk', 'hotline'] as const)(
    '%s: is told what to do, loses nothing that was typed, is recorded once, and may continue the next day',
    async (role) => {
      const who = await openCounterSession(nodes, operators, role, role === 'bank_clerk' ? bank : null);
      const anna = await aPerson(nodes, { issuedBy: bank });
      for (let i = 0; i < MOST; i += 1) expect((await who.find(anna)).status).toBe(200);
      for (let i = 0; i < 3; i += 1) {
        const over = await who.find(anna);
        expect([over.status, over.page]).toEqual([429, 'desk-search']);
        expect(Number(over.headers['retry-after'])).toBeGreaterThan(0);
        for (const says of [
          `${MOST} gange i dag`,
          'bed en kollega',
          'driftsansvarlig',
          'siden »Spær dit nøglekort',
        ]) {
          expect(over.text).toContain(says);
        }
        expect(over.text).toContain(`value="${anna.cpr}"`);
        expect(over.text).toContain('value="Henvendelse ved skranken"');
        expect(over.text).not.toContain(anna.fullName);
      }
      if (role !== 'hotline') {
        const entry = await registered();
        const issue = await toCheck(who, filledIn(entry));
        expect([issue.status, issue.page]).toEqual([429, 'desk-issue']);
        expect(issue.text).toContain('value="Lund"');
        expect(await lookUpsOf(entry.cpr)).toEqual([]);
      }
      const refused = await nodes.database.query<{ identity_id: string | null; details: object }>(
        `SELECT identity_id, details FROM audit_events
         WHERE kind = 'refused_at_desk' AND details->>'staffId' = $1 AND details->>'what' = 'search'`,
        [who.person.identityId],
      );
      expect(refused).toMatchObject([
        { identity_id: anna.identityId, details: { role, why: 'over_limit', subject: subjectOf(anna.cpr) } },
      ]);
      const { database } = nodes;
      await database.query(
        `UPDATE staff_counts SET times = ARRAY(SELECT t - interval '24 hours' FROM unnest(times) t) WHERE staff_id = $1`,
        [who.person.identityId],
      );
      expect((await who.find(anna)).page).toBe('desk-person');
    },
  );

  const fresh = async () => {
    const { identityId: staffId } = await aPerson(nodes);
    return staffOf({ staffId, role: 'officer', bank: null });
  };
  const race = async () => {
    const staff = await fresh();
    const asked = Array.from({ length: 2 * MOST }, (_, i) => {
      const { context } = nodes.node(i % 2).app;
      const query = { kind: 'id_number', idNumber: String(100_000_000 + i) } as const;
      if (i % 4 < 2) return searchPerson(context, staff, { query, reason: REASON, form: String(i) });
      const similarity = Buffer.from(String(i));
      return recordLookUp(context, staff, {
        what: 'issue',
        reason: REASON,
        cpr: null,
        nameBirthdateHash: similarity,
        parts: [],
      });
    });
    const outcome = await Promise.all(asked);
    return outcome.filter((one) => one === null || typeof one === 'string').length;
  };

  test('24 look-ups concurrently over two nodes: as many as the limit says', async () => {
    expect(await race()).toBe(MOST);
  });

  test('control: with a limit that does not decide on the row, all go through', async () => {
    const repair = takeOut(nodes, 'WHERE u.at > $5) < $6::int', 'WHERE u.at > $5) < $6::int + 1000');
    try {
      expect(await race()).toBe(2 * MOST);
    } finally {
      repair();
    }
  });

  test('the same form sent twice counts once', async () => {
    const staff = await fresh();
    const query = { kind: 'id_number', idNumber: '123123123' } as const;
    const asked = { query, reason: REASON, form: 'one' };
    const ids = await Promise.all(
      Array.from({ length: 2 * MOST }, (_, i) => searchPerson(nodes.node(i % 2).app.context, staff, asked)),
    );
    expect(new Set(ids).size).toBe(1);
    const [row] = await nodes.database.query<{ many: number }>(
      'SELECT cardinality(times) AS many FROM staff_counts WHERE staff_id = $1',
      [staff.staffId],
    );
    expect(row?.many).toBe(1);
  });
});

describe('other ways to look someone up', () => {
  test('a search that finds no one names the subject by a keyed hash', async () => {
    const officer = await anOfficer();
    const cpr = aCpr();
    expect((await officer.search({ by: 'cpr', number: cpr })).page).toBe('desk-nobody');
    const found = await nodes.database.query<{ details: object }>(
      `SELECT details FROM audit_events WHERE kind = 'searched_by_staff' AND details->>'subject' = $1`,
      [subjectOf(cpr)],
    );
    expect(found).toMatchObject([{ details: { staffId: officer.person.identityId, shown: false } }]);
  });

  test('what is shown of a proposed CPR number is a look-up of the person who has it', async () => {
    const officer = await anOfficer();
    const anna = await aPerson(nodes);
    const other = await aPerson(nodes, { cpr: aCpr() });
    const page = await officer.find(anna);
    const path = `${new URL(page.url).pathname}/new-cpr`;
    const shown = { idKind: 'passport', idNumber: '201234567', idExpires: '24-11-2031', idMatches: 'yes' };
    const reason = 'Har fået et nyt nummer';
    const form = await officer.browser.follow(path);
    const answer = await officer.post(path, { ...shown, reason, cpr: other.cpr }, form);
    expect(answer.page).toBe('desk-cpr-form');
    expect(await lookUpsOf(other.cpr)).toMatchObject([
      { identity_id: other.identityId, details: { reason } },
    ]);
  });

  test('a command names the person that it looked up, and is in their log', async () => {
    const { person, entry } = await withId();
    const register = createDatabaseRegister(nodes.context.database, nodes.context.keyring);
    const { givenName, familyName } = entry;
    const typed = { ...BLANK_DESK_FORM, ...filledIn(entry, { givenName, familyName }) };
    await nodes.database.query('UPDATE installation SET bootstrapped_at = NULL');
    const outcome = await bootstrapOperators({ context: nodes.context, populationRegister: register }, [
      typed,
      { ...typed, cpr: '' },
    ]);
    expect(outcome.kind).toBe('not_possible');
    await nodes.database.query('UPDATE installation SET bootstrapped_at = now()');
    expect(await lookUpsOf(entry.cpr)).toMatchObject([
      { identity_id: person.identityId, details: { staffId: null, role: 'operator' } },
    ]);
  });

  test('a page of the desk holds a reason for each earlier hidden field', async () => {
    const clerk = await aClerk();
    const check = await toCheck(clerk, filledIn(await registered()));
    expect(hiddenFields(check)['reason']).toBe(REASON);
    const back = await clerk.post('/desk/issue', { step: 'change' }, check);
    expect(back.text).toContain(`value="${REASON}"`);
  });
});
