/**
 * One matrix says what staff see and do: no other code compares a role, and what is not permitted is not
 * seen.
 */
import { SAMPLE_CONTACT } from '../src/gallery/sampleContact.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DESK_ACTIONS } from '../src/domain/staff/desk.ts';
import { createDatabaseRegister } from '../src/db/people/populationRegister.ts';
import {
  permissionsOf,
  STAFF_ROLES,
  staffOf,
  VIEWS,
  worksForBank,
  type Permission,
  type Staff,
} from '../src/domain/staff/staff.ts';
import { requestDeskAction } from '../src/features/desk/requestDeskAction.ts';
import {
  listApplicationsForStaff,
  settleApplicationByStaff,
  viewApplication,
  viewPendingApplication,
} from '../src/features/desk/applications/applications.ts';
import { listDuplicates } from '../src/features/desk/search/duplicates.ts';
import { issueAtDesk, prepareIssue } from '../src/features/desk/issue/issueAtDesk.ts';
import { searchKnownPerson, searchPerson } from '../src/features/desk/search/searchPeople.ts';
import {
  decideColleagueAction,
  listPendingColleagueActions,
  viewColleagueAction,
} from '../src/features/desk/staff/settleColleagueAction.ts';
import {
  decideCprChange,
  listCprChangesForStaff,
  viewCprChange,
} from '../src/features/desk/cprChange/settleCprChange.ts';
import { viewPerson, type PersonDetails, type PersonView } from '../src/features/desk/search/viewPerson.ts';
import { submitApplication } from '../src/features/issuing/submitApplication.ts';
import { listDeskLinks } from '../src/features/desk/links.ts';
import { renderPage } from '../src/ui/layout.tsx';
import { PersonPage } from '../src/features/desk/search/person.page.tsx';
import { StaffPage } from '../src/features/desk/staff/staff.page.tsx';
import { da } from '../src/ui/words/words.da.ts';
import { composeApplication, aPerson, Nodes, type TestPerson } from './support/index.ts';

const WORDS = STAFF_ROLES.join('|');
const COMPARISONS: readonly RegExp[] = [
  // Whether there is a role at all may be asked anywhere.
  /\brole\b[!?)\]]*\s*[!=]==?(?![=\s]*(?:null|undefined)\b)/,
  /[!=]==?\s*[\w.?!]*\brole\b/,
  /\bswitch\s*\([^()]*\brole\b/,
  /\.(?:includes|indexOf|has|get|find|some|is|test|match)\([^()'"`]*\brole\b/,
  /\brole\b[!?]*\.\w/,
  /\brole\s+in\s/,
  /\[\s*'role'\s*\]/,
  /[\w)\]}]\s*(?:\?\.)?\[[\w.?!]*\brole\b[!?]*\]/,
  /\b(?:const|let)\s+\w+(?::\s*\w+)?\s*=\s*[\w.?!]+\.role\b/,
  new RegExp(`(?:[!=]==?|\\bcase|\\.(?:includes|indexOf|has|get|is)\\()\\s*['"\`](?:${WORDS})['"\`]`),
  new RegExp(`['"\`](?:${WORDS})['"\`]\\s*[!=]==?`),
  new RegExp(`(?<![\\w)\\]])\\[\\s*['"\`](?:${WORDS})['"\`]`),
  /\brole\s*(?:=|<>|!=|(?:NOT\s+)?(?:IN|LIKE)\b)\s*\(?\s*'/i,
];

/** Text that looks like a comparison and is not one, literally. */
const NONE: Readonly<Record<string, readonly string[]>> = {
  // The chosen button of the form.
  'features/desk/staff/staff.page.tsx': ['checked={typed.role === role}'],
  // The issuer of an ID, not the person who looks.
  'features/desk/search/viewPerson.ts': ["issuedBy === 'operator'"],
  'domain/relyingParty/relyingParty.ts': ["'operator'"],
};

/** The places of a text at which a role decides something. Looking up the words for a role is allowed. */
function comparisonsIn(text: string, none: readonly string[] = []): string[] {
  const code = none
    .reduce((rest, one) => rest.replaceAll(one, ''), text)
    .replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, '')
    .replaceAll(/\b(?:roles|staffRoles)\[(?:\w+\.)?role\]/g, "''");
  return COMPARISONS.flatMap((pattern) => [...code.matchAll(new RegExp(pattern, `${pattern.flags}g`))]).map(
    ({ 0: found, index }) => lineAt(code, index + found.search(/\S/)),
  );
}

function lineAt(code: string, index: number): string {
  return code.slice(code.lastIndexOf('\n', index) + 1).split('\n')[0] ?? '';
}

describe('a role is compared in the matrix and nowhere else', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
    (name) =>
      /\.tsx?$/.test(name) && !/gallery|samples\.tsx$/i.test(name) && name !== 'domain/staff/staff.ts',
  );

  test('over the source', () => {
    expect(files.length).toBeGreaterThan(300);
    const found = files.flatMap((file) =>
      comparisonsIn(readFileSync(`src/${file}`, 'utf8'), NONE[file]).map((line) => `${file}: ${line.trim()}`),
    );
    expect(found).toEqual([]);
  });

  test.each([
    "if (staff.role === 'officer') return all;",
    "const isShown = role !== 'bank_clerk';",
    "if ('hotline' === who) return null;",
    'if (wanted == staff.role) return all;',
    'switch (staff.role) {',
    "    case 'operator':",
    'return COUNTER.includes(staff.role);',
    'return COUNTER.has(role);',
    "return new Set<Role>(['officer', 'hotline']);",
    'return MOST[staff.role];',
    'return { officer: 1, hotline: 2 }[role];',
    'const mine = staff.role;',
    "if (staff.role.startsWith('off')) return all;",
    "if (staff['role'] === wanted) return all;",
    'if (staff.role in MOST) return all;',
    'if (/clerk/.test(staff.role)) return null;',
    "  WHERE s.role <> 'bank_clerk'",
    "  WHERE s.role IN ('officer')",
  ])('control: it is seen in %s', (line) => {
    expect(new Set(comparisonsIn(line))).toEqual(new Set([line]));
  });

  test.each([
    'return t.desk.roles[staff.role];',
    'if (typed.role === null) return null;',
    "const details = { staffId, role: 'operator' };",
    'WHERE s.role = ANY($1::text[])',
    '// a comment on role === officer',
  ])('control: it is not seen in %s', (line) => {
    expect(comparisonsIn(line)).toEqual([]);
  });
});

let nodes: Nodes;
let customer: TestPerson;
let officer: Staff;
beforeAll(async () => {
  nodes = await Nodes.start();
  customer = await aPerson(nodes);
  officer = staffOf({ staffId: (await aPerson(nodes)).identityId, role: 'officer', bank: null });
});
afterAll(() => nodes.close());

interface Check {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

/** A migration that makes the database know the roles of the code; null where it does. */
function migrationFor({ table, name, definition }: Check, roles: readonly string[]): string | null {
  const known = [...definition.matchAll(/'(\w+)'::text/g)].map(([, role = '']) => role);
  const isOfBank = definition.includes('bank IS NOT NULL');
  const wanted = isOfBank ? roles.filter((role) => !(role in EMPLOYED) || EMPLOYED[role]) : roles;
  if ([...known].sort().join() === [...wanted].sort().join()) return null;
  const list = `role IN (${wanted.map((role) => `'${role}'`).join(', ')})`;
  const rule = isOfBank ? `(${list}) = (bank IS NOT NULL)` : list;
  return `write this migration: ALTER TABLE ${table} DROP CONSTRAINT ${name}, ADD CONSTRAINT ${name} CHECK (${rule});`;
}
const EMPLOYED: Readonly<Record<string, boolean>> = Object.fromEntries(
  STAFF_ROLES.map((role) => [role, worksForBank(role)]),
);

describe('the database knows the roles of the code', () => {
  const checks = async () =>
    await nodes.database.query<Check>(
      `SELECT c.relname AS table, k.conname AS name, pg_get_constraintdef(k.oid) AS definition
       FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
       WHERE k.contype = 'c' AND c.relnamespace = 'public'::regnamespace
         AND pg_get_constraintdef(k.oid) ~ '\\mrole\\M' ORDER BY 2`,
    );

  test('each CHECK on a role', async () => {
    const found = await checks();
    expect(found.map(({ name }) => name)).toEqual(['staff_check', 'staff_role_check']);
    expect(found.map((check) => migrationFor(check, STAFF_ROLES))).toEqual([null, null]);
  });

  test('control: of a role more, the migration is named', async () => {
    const found = await checks();
    const migrations = found.map((check) => migrationFor(check, [...STAFF_ROLES, 'auditor']));
    expect(migrations.map((one) => one?.endsWith("'auditor')) = (bank IS NOT NULL));"))).toEqual([
      true,
      false,
    ]);
    expect(migrations[1]).toContain(
      "ADD CONSTRAINT staff_role_check CHECK (role IN ('officer', 'bank_clerk',",
    );
    expect(migrations[1]).toContain("'auditor'));");
  });
});

/** A role that no installation has, with exactly these permissions. */
function permitted(...permissions: Permission[]): Staff {
  return { ...officer, role: 'hotline', employer: 'noegle', permissions: new Set(permissions) };
}

/** @returns the id of a search that found the customer */
async function searchBy(staff: Staff): Promise<string> {
  const query = { kind: 'cpr', cpr: customer.cpr } as const;
  const asked = { query, reason: 'Henvendelse ved skranken', form: crypto.randomUUID() };
  const id = await searchPerson(nodes.context, staff, asked);
  if (typeof id !== 'string') throw new Error('over the limit');
  return id;
}

async function see(staff: Staff): Promise<PersonView> {
  const seen = await viewPerson(nodes.context, staff, await searchBy(staff));
  if (!seen || seen === 'over') throw new Error('no one was found');
  return seen;
}

const FRAME = {
  t: da,
  language: 'da',
  languageSwitch: null,
  stylesheet: '/s.css',
  contact: SAMPLE_CONTACT,
  again: false,
  staff: { name: 'Ny Rolle', role: 'hotline', csrf: 'csrf' },
} as const;

function pageOf(person: PersonView): string {
  return renderPage(PersonPage({ ...FRAME, person, searchPath: '/desk/search/1', outcome: null }));
}

describe('a role with only `staff_see`', () => {
  const buttonsFor = async (permissions: readonly Permission[]) => {
    const row = {
      bank: null,
      bankName: null,
      isBankOpen: true,
      proposedBy: 'x',
      proposedByName: 'Erik Eskildsen',
      proposedAt: nodes.clock.now(),
      approvedByName: null,
      endProposedByName: null,
      hasSecurityKey: false,
      role: 'hotline',
      userId: 'hans',
    } as const;
    const approvedAt = nodes.clock.now();
    const members = [
      { ...row, id: '1', identityId: 'a', name: 'Hans Hermansen', approvedAt: null, endProposedBy: null },
      { ...row, id: '2', identityId: 'b', name: 'Dorte Dalgaard', approvedAt, endProposedBy: null },
      { ...row, id: '3', identityId: 'c', name: 'Bodil Bruun', approvedAt, endProposedBy: 'x' },
    ];
    const typed = { userId: '', role: null, bank: '' };
    const props = { ...FRAME, staffId: 'me', members, banks: [], typed, error: null, done: null };
    const page = renderPage(StaffPage({ ...props, permissions: new Set(permissions) }));
    for (const { name } of members) expect(page).toContain(name);
    const buttons = [...page.matchAll(/name="do" value="([^"]+)"|\/staff\/\d\/(end)"/g)];
    const values = buttons.map(([, value, link]) => value ?? link);
    return { forms: page.match(/action="\/desk\/staff"/g)?.length ?? 0, values };
  };

  test('sees who works here, and each button comes with its own permission', async () => {
    expect(listDeskLinks(permitted('staff_see')).map(({ href }) => href)).toEqual(['/desk/staff']);
    expect(await buttonsFor(['staff_see'])).toEqual({ forms: 0, values: [] });
    expect(await buttonsFor(['staff_propose'])).toEqual({ forms: 1, values: ['propose'] });
    expect((await buttonsFor(['staff_approve'])).values).toEqual(['approve']);
    expect((await buttonsFor(['staff_end'])).values).toEqual(['end', 'end', 'keep', 'end']);
  });
});

describe('a role with only `search`', () => {
  const searcher = () => permitted('search');

  test('sees a name and whether the ID is in use: no birth date, no card, nothing to do', async () => {
    const seen = await see(searcher());
    expect(seen).toEqual({
      identityId: customer.identityId,
      name: customer.fullName,
      status: 'in_use',
      blockedAt: null,
      waitUntil: null,
      byFormerCpr: false,
      duplicates: [],
      cprChange: null,
      isOneself: false,
      actions: [],
      details: {},
    });
    const [page, whole] = [pageOf(seen), pageOf(await see(officer))];
    expect(page).toContain(customer.fullName);
    const words = da.deskSearch.person;
    const hidden = [customer.cardNumber, '1985', ...Object.values(labelsOf(words))];
    for (const text of hidden) {
      expect([text, whole.includes(text)]).toEqual([text, true]);
      expect([text, page.includes(text)]).toEqual([text, false]);
    }
  });

  test('nor that the number is a former one', async () => {
    const views: unknown[] = [];
    for (const staff of [searcher(), permitted('search', 'see_former_cpr')]) {
      const id = await searchBy(staff);
      await nodes.database.query('UPDATE desk_searches SET by_former_cpr = true WHERE id = $1', [id]);
      const seen = await viewPerson(nodes.context, staff, id);
      views.push(seen !== 'over' && seen?.byFormerCpr);
    }
    expect(views).toEqual([false, true]);
  });

  test('is redirected to one page, and each field comes with its own permission', async () => {
    expect(listDeskLinks(searcher()).map(({ href }) => href)).toEqual(['/desk/search']);
    const fields: Record<string, string[]> = {};
    for (const view of VIEWS) fields[view] = Object.keys((await see(permitted('search', view))).details);
    const OF: Readonly<Partial<Record<string, readonly (keyof PersonDetails)[]>>> = {
      see_birthdate: ['birthdate'],
      see_id_number: ['idNumber'],
      see_cards: ['card', 'nextCard', 'otherFactors'],
      see_password_letter: ['passwordOrdered'],
      see_public_sites: ['publicSites'],
      see_contact: ['hasEmail'],
      see_address: ['address'],
      see_issuer: ['issuedBy'],
      see_proofing: ['proofing'],
      see_lock: ['obstacles'],
      see_last_sign_in: ['lastSignIn'],
      see_letters: ['letters'],
      see_history: ['history'],
    };
    expect(fields).toEqual(Object.fromEntries(VIEWS.map((view) => [view, OF[view] ?? []])));
    expect(new Set(Object.values(OF).flat())).toEqual(new Set(Object.keys((await see(officer)).details)));
  });

  test('does nothing that is done with an ID, and is redirected to none that came up at issuing', async () => {
    const staff = searcher();
    const id = await searchBy(staff);
    for (const action of DESK_ACTIONS) {
      const sent = { action, reason: 'fordi jeg kan', identification: null, form: crypto.randomUUID() };
      expect(await requestDeskAction(nodes.context, staff, id, sent)).toBe('not_your_role');
    }
    const known = {
      identityId: customer.identityId,
      why: { reason: 'Vil have et ID' },
      form: crypto.randomUUID(),
    };
    const knownIds = [
      await searchKnownPerson(nodes.context, staff, known),
      await searchKnownPerson(nodes.context, { ...officer, staffId: customer.identityId }, known),
    ];
    expect(await viewPerson(nodes.context, staff, knownIds[0] ?? '')).toBeNull();
    expect(
      await viewPerson(nodes.context, { ...officer, staffId: customer.identityId }, knownIds[1] ?? ''),
    ).toMatchObject({
      name: customer.fullName,
    });
  });

  test('sees nothing of what waits, and issues nothing', async () => {
    const staff = searcher();
    const first = (await aPerson(nodes)).identityId;
    const sent = composeApplication({ officerId: first, application: { addressFrom: 'applicant' } });
    expect(await submitApplication(nodes.context, sent)).toEqual({ kind: 'waiting' });
    const { context } = nodes;
    const { id } = sent;
    // With an officer's employer too: the permission decides, not the employer.
    for (const one of [staff, { ...staff, employer: 'borgerservice' } as const]) {
      expect([
        await listApplicationsForStaff(context, one),
        await viewPendingApplication(context, one, id),
        await viewApplication(context, { ...one, staffId: first }, id),
        await settleApplicationByStaff(context, one, { id, isRight: true }),
        await listDuplicates(context, one),
        await listCprChangesForStaff(context, one),
        await viewCprChange(context, one, id),
        await decideCprChange(context, one, { id, isRight: true }),
        await listPendingColleagueActions(context, one),
        await viewColleagueAction(context, one, id),
        await decideColleagueAction(context, one, { id, isRight: true }),
      ]).toEqual([[], null, null, 'gone', [], [], null, 'gone', [], null, 'gone']);
      await expect(
        issueAtDesk(context, one, { submission: composeApplication(), reason: 'Vil have et ID' }),
      ).rejects.toThrow('issues nothing');
      const register = createDatabaseRegister(context.database, context.keyring);
      await expect(
        prepareIssue(context, { staff: one, populationRegister: register }, {} as never),
      ).rejects.toThrow('issues nothing');
    }
    const [waiting] = await listApplicationsForStaff(context, officer);
    expect([waiting?.id, (await viewApplication(context, { ...officer, staffId: first }, id))?.id]).toEqual([
      id,
      id,
    ]);
  });
});

/** The labels of the fields of a person, as an officer reads them. */
function labelsOf({
  birthdate,
  card,
  nextCard,
  publicSites,
  email,
  address,
  issuedBy,
}: typeof da.deskSearch.person) {
  return { birthdate, card, nextCard, publicSites, email, address, issuedBy };
}

test('the permissions of a role are those of the matrix', () => {
  expect(staffOf({ staffId: 'a', role: 'hotline', bank: null }).permissions).toEqual(
    permissionsOf('hotline'),
  );
  expect([...permissionsOf('hotline')].sort()).toEqual(
    ['block', 'call_off_email', 'confirm_colleague', 'search', 'stop_wait']
      .concat(['see_history', 'see_last_sign_in', 'see_lock', 'see_proofing', 'see_wait'])
      .sort(),
  );
});
