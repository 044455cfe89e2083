/** Attacks for a second ID, another person's ID, or a role that has ended. */
import { request } from 'node:http';
import { beforeAll, expect, test } from '@jest/globals';
import { checkUserId, foldName } from '../src/domain/person/userId.ts';
import { hashFingerprints } from '../src/features/issuing/recognisePerson.ts';
import { endRole, proposeEndOfRole } from '../src/features/desk/staff/changeStaff.ts';
import {
  aPerson,
  aRegistered,
  aRelyingParty,
  openCounterSession,
  type CounterSession,
  TestBrowser,
  DeskBrowser,
  encodeForm,
  hiddenFields,
  issueApplication as issueNow,
  waitForLetters,
  type Operators,
  type BrowserPage,
  REASON,
  SHOWN,
  signInAt,
  twoOperators,
  useNodes,
} from './support/index.ts';

let operators: Operators;
let officer: CounterSession;
let colleague: CounterSession;
let clerk: CounterSession;
const nodes = useNodes({ count: 2 });
beforeAll(async () => {
  const bank = (await aRelyingParty(nodes, { kind: 'bank' })).clientId;
  operators = await twoOperators(nodes);
  officer = await openCounterSession(nodes, operators, 'officer');
  colleague = await openCounterSession(nodes, operators, 'officer');
  clerk = await openCounterSession(nodes, operators, 'bank_clerk', bank);
});

type IssueFormFields = Record<string, string>;
const ADDRESS = { street: 'Min Vej 7', postcode: '8900', city: 'Randers C' };
let passports = 5_000_000;

function filledIn(overrides: IssueFormFields): IssueFormFields {
  passports += 1;
  const boxes = { valid: 'yes', theirs: 'yes', understands: 'yes', alone: 'yes', terms: 'yes' };
  const shown = { idKind: 'passport', idNumber: `77${passports}`, idExpires: '24-11-2031' };
  const reason = 'Vil have et ID';
  return { reason, ...shown, ...boxes, language: 'da', publicSites: 'yes', ...overrides };
}

const withoutCpr = (givenName: string, familyName: string, overrides: IssueFormFields = {}) =>
  filledIn({ noCpr: 'yes', birthdate: '01-07-1985', givenName, familyName, ...ADDRESS, ...overrides });

async function toCheck(who: CounterSession, fields: IssueFormFields): Promise<BrowserPage> {
  return await who.post('/desk/issue', fields, await who.browser.follow('/desk/issue'));
}

async function apply(who: CounterSession, fields: IssueFormFields): Promise<BrowserPage> {
  const check = await toCheck(who, fields);
  if (check.page !== 'desk-issue-check') return check;
  return await who.follow(await who.post('/desk/issue', { step: 'send' }, check));
}

const settle = async (page: BrowserPage) =>
  await colleague.post(`/desk/waiting/${page.url.split('/').at(-1)}`, { address: 'right' });

async function idsOf(...families: string[]): Promise<number> {
  const rows = await nodes.database.query(
    'SELECT FROM identities i JOIN people p ON p.id = i.person_id WHERE p.family_name = ANY($1)',
    [families],
  );
  return rows.length;
}

test('two applications of one person that both wait come to one ID', async () => {
  const one = await apply(officer, withoutCpr('Tove', 'Dobbelt'));
  const other = await apply(officer, withoutCpr('Tove Marie', 'Dobbelt'));
  await settle(one);
  await settle(other);
  expect(await idsOf('Dobbelt')).toBe(1);
});

test('one passport, with and without CPR number, spelt otherwise, at the same moment: one ID', async () => {
  for (const end of 'abcd') {
    const entry = await aRegistered(nodes, { familyName: `Rækkeløb${end}` });
    const idNumber = `889${String(passports).padStart(7, '0')}${end.charCodeAt(0)}`;
    const waiting = await apply(officer, withoutCpr('Xerxes', `Andetnavn${end}`, { idNumber }));
    const fields = { cpr: entry.cpr, givenName: 'Søren', familyName: entry.familyName, idNumber };
    const check = await toCheck(officer, filledIn(fields));
    await Promise.all([settle(waiting), officer.post('/desk/issue', { step: 'send' }, check)]);
    expect(await idsOf(entry.familyName, `Andetnavn${end}`)).toBe(1);
  }
});

test.each([
  ['Aase', 'Aagaard'],
  ['ase', 'agard'],
  ['Åse Marie', 'Ågård'],
  ['Ågård', 'Åse'],
])('%s %s is known again in Åse Ågård', (givenName, familyName) => {
  const likenessOf = (one: { givenName: string; familyName: string }) =>
    hashFingerprints(nodes.context, { ...one, cpr: null, birthdate: '1985-07-01', identification: null })
      .nameBirthdateHash;
  expect(likenessOf({ givenName, familyName })).toEqual(
    likenessOf({ givenName: 'Åse', familyName: 'Ågård' }),
  );
});

test('an officer is no one else than themself', async () => {
  const [me] = await nodes.database.query<{ id: string; family_name: string }>(
    `SELECT p.id, p.family_name FROM people p JOIN identities i ON i.person_id = p.id WHERE i.id = $1`,
    [officer.person.identityId],
  );
  const family = 'Selvbetjent';
  const { nameBirthdateHash: similarity } = hashFingerprints(nodes.context, {
    cpr: null,
    givenName: 'Kollega',
    familyName: family,
    birthdate: '1985-07-01',
    identification: null,
  });
  await nodes.database.query('UPDATE people SET likeness = $2 WHERE id = $1', [me?.id, similarity]);
  const asked = await apply(officer, withoutCpr('Kollega', family));
  expect(asked.page).toBe('desk-looks-like');
  const again = await officer.post('/desk/issue', { who: 'other' }, asked);
  expect(again.page).toBe('desk-looks-like');
  expect(await idsOf(family)).toBe(0);
});

test('a clerk learns neither a name for a number nor the person that a name finds; it is in their log', async () => {
  const entry = await aRegistered(nodes, { givenName: 'Hemmelig', familyName: 'Kunde' });
  const page = await toCheck(clerk, filledIn({ cpr: entry.cpr, givenName: 'Bent', familyName: 'Bertelsen' }));
  expect([page.page, page.text.includes('Hemmelig')]).toEqual(['desk-issue', false]);

  const known = await apply(officer, withoutCpr('Fremmed', 'Kundesen'));
  await settle(known);
  const clerkPage = await apply(clerk, withoutCpr('fremmed', 'kundesen'));
  expect([clerkPage.page, clerkPage.text.includes('Fremmed')]).toEqual(['desk-has-id', false]);
  const [event] = await nodes.database.query<{ details: object }>(
    `SELECT details FROM audit_events e JOIN identities i ON i.id = e.identity_id JOIN people p ON p.id = i.person_id
     WHERE p.family_name = 'Kundesen' AND e.kind = 'searched_by_staff'`,
  );
  expect(event?.details).toMatchObject({ staffId: clerk.person.identityId, shown: false });
});

test('a form whose body comes when the role is over does nothing', async () => {
  const victim = await aPerson(nodes);
  const fired = await openCounterSession(nodes, operators, 'officer');
  const browser = new DeskBrowser(nodes);
  const csrf = hiddenFields(await signInAt(browser, fired.person))['csrf'] ?? '';
  const search = { csrf, form: crypto.randomUUID(), by: 'cpr', number: victim.cpr, reason: 'Ved skranken' };
  const found = await browser.request('/desk/search', { form: search });
  const path = `${found.headers.location}/new-card`;
  const action = await browser.follow(path);
  const body = encodeForm({ ...hiddenFields(action), csrf, ...SHOWN, ...REASON });
  const { port } = nodes.node(0);
  const headers = {
    host: new URL(nodes.issuer).host,
    cookie: browser.header(),
    accept: 'text/html',
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(Buffer.byteLength(body)),
  };
  const answered = new Promise<number | undefined>((resolve, reject) => {
    const held = request(
      { host: '127.0.0.1', port, path, method: 'POST', headers, timeout: 10_000 },
      (res) => {
        res.resume();
        res.on('end', () => resolve(res.statusCode));
      },
    );
    held.on('error', reject);
    held.write(body.slice(0, 10));
    setTimeout(() => {
      void (async () => {
        const [role] = await nodes.database.query<{ id: string }>(
          'SELECT id FROM staff WHERE identity_id = $1',
          [fired.person.identityId],
        );
        await proposeEndOfRole(nodes.context, operators.second.identityId, role?.id ?? '');
        await endRole(nodes.context, operators.first.identityId, role?.id ?? '');
        held.end(body.slice(10));
      })();
    }, 300);
  });
  expect(await answered).toBe(403);
  const letters = await nodes.database.query('SELECT FROM letters WHERE identity_id = $1', [
    victim.identityId,
  ]);
  expect(letters).toEqual([]);
});

test('an attacker who knew the cookie before the temporary password was given knows nothing after it', async () => {
  const person = await waitForLetters(nodes, await issueNow(nodes));
  const browser = new TestBrowser(nodes);
  const start = await browser.follow('/activate');
  const thief = await browser.copy();
  const next = await browser.send(start, { userId: person.idNumber, password: person.temporaryPassword });
  expect(next.page).toBe('activate-key');
  expect((await thief.follow('/activate')).page).toBe('activate');
});

test.each(['4.9.1.2.0.6.0.5.2', '491‐206‐052', '٤٩١٢٠٦٠٥٢', '4912\u200b06052'])(
  '%s can be no one’s user ID',
  (typed) => {
    expect(checkUserId(typed)).toBe('like_a_number');
  },
);

test('a user ID with what cannot be seen is the one without it', () => {
  expect(foldName('anna\u200b-andersen')).toBe(foldName('Anna-Andersen'));
  expect(checkUserId('\u200b\u200b\u200b\u200b\u200b')).toBe('too_short');
});
