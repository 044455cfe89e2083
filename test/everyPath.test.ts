/**
 * Every path to an ID, each through its own entry: without valid identification or accepted terms none yields
 * one, no person gets a second one, and no one under 15 gets public sites.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createCommandRecorder } from '../src/cli/operator.ts';
import { issueFromFile } from '../src/cli/issue.ts';
import type { PopulationRegisterEntry } from '../src/domain/issuing/populationRegister.ts';
import { choosePublicSites } from '../src/features/identity/choosePublicSites.ts';
import { settlePendingApplication } from '../src/features/issuing/submitApplication.ts';
import {
  aRegistered,
  type CounterSession,
  openCounterSession,
  openDesk,
  PATIENT,
  postOrder,
  useNodes,
  createSiteClient,
} from './support/index.ts';

const order = { perCpr: 100, perNetwork: 10_000 };
const nodes = useNodes({ count: 2, proxyHops: 1, rules: { ...PATIENT, order } });
let officer: CounterSession;
let clerk: CounterSession;
beforeAll(async () => {
  const { bank, operators } = await openDesk(nodes);
  officer = await openCounterSession(nodes, operators, 'officer');
  clerk = await openCounterSession(nodes, operators, 'bank_clerk', bank);
});

/** As it could be printed on a document. */
const NAME = { givenName: 'Søren Aage', familyName: 'Ågård' };

type PathFormFields = Record<string, string>;

/** A complete form, in the words of the desk's form. */
function filledIn({ cpr, givenName, familyName, passport }: PopulationRegisterEntry): PathFormFields {
  const boxes = { valid: 'yes', theirs: 'yes', understands: 'yes', alone: 'yes', terms: 'yes' };
  const shown = { idKind: 'passport', idNumber: passport ?? '', idExpires: '2031-11-24' };
  return { cpr, givenName, familyName, ...shown, ...boxes, language: 'da', publicSites: 'yes' };
}

async function atDesk(
  who: CounterSession,
  entry: PopulationRegisterEntry,
  fields: PathFormFields,
): Promise<void> {
  const form = await who.browser.follow('/desk/issue');
  const check = await who.post(
    '/desk/issue',
    { reason: 'Vil have et ID', ...filledIn(entry), ...fields },
    form,
  );
  if (check.page === 'desk-issue-check')
    await who.follow(await who.post('/desk/issue', { step: 'send' }, check));
}

async function online(entry: PopulationRegisterEntry, fields: PathFormFields): Promise<void> {
  const { idKind, idNumber, understands, alone, terms } = { ...filledIn(entry), ...fields };
  await postOrder(createSiteClient(nodes), entry, {
    documentKind: idKind ?? '',
    documentNumber: idNumber ?? '',
    withoutInterpreter: understands || null,
    operatesAlone: alone || null,
    terms: terms || null,
  });
}

let files = 0;
const RECORD = createCommandRecorder({ account: 'root', by: null }, 'issue');

async function byCommand(entry: PopulationRegisterEntry, fields: PathFormFields): Promise<void> {
  files += 1;
  const file = path.join(nodes.folder, `form-${files}.json`);
  writeFileSync(file, JSON.stringify({ ...filledIn(entry), ...fields }));
  await issueFromFile(nodes.node(0).app, file, RECORD).catch((error: unknown) => {
    // The error does not repeat what was typed.
    expect(String(error)).not.toContain(entry.cpr);
  });
}

const PATHS: readonly (readonly [
  string,
  (entry: PopulationRegisterEntry, fields: PathFormFields) => Promise<void>,
])[] = [
  ['desk', (entry, fields) => atDesk(officer, entry, fields)],
  ['bank', (entry, fields) => atDesk(clerk, entry, fields)],
  ['online', online],
  ['command', byCommand],
];

async function identitiesOf({ cpr }: PopulationRegisterEntry) {
  return await nodes.database.query<{ id: string; public_sites: boolean }>(
    `SELECT i.id, i.public_sites FROM identities i JOIN people p ON p.id = i.person_id WHERE p.cpr_lookup = $1`,
    [nodes.context.keyring.hmac('cprLookup', cpr)],
  );
}

describe.each(PATHS)('by %s', (name, go) => {
  test('all in order: one ID, and a second try makes none', async () => {
    const entry = await aRegistered(nodes, NAME);
    await go(entry, {});
    expect(await identitiesOf(entry)).toHaveLength(1);
    for (const [, again] of PATHS) await again(entry, {});
    expect(await identitiesOf(entry)).toHaveLength(1);
  });

  test.each<[string, PathFormFields]>([
    ['nothing shown', { idKind: 'none', idNumber: '', idExpires: '' }],
    ['a kind that does not count', { idKind: 'library_card' }],
    ['no number', { idNumber: '' }],
    ['it has run out', { idExpires: '2020-01-01', idNumber: '1' }],
    ['it runs for a hundred years', { idExpires: '2126-01-01', idNumber: '1' }],
    ['it is not valid', { valid: '', idNumber: '209999999' }],
    ['it is not theirs', { theirs: '', idNumber: '209999999' }],
    ['with an interpreter', { understands: '' }],
    ['not alone', { alone: '' }],
    ['the terms are not accepted', { terms: '' }],
  ])('%s: no ID, and no letter', async (_what, overrides) => {
    const entry = await aRegistered(nodes, NAME);
    const before = await nodes.database.query('SELECT FROM letters');
    await go(entry, overrides);
    expect(await identitiesOf(entry)).toEqual([]);
    expect(await nodes.database.query('SELECT FROM letters')).toHaveLength(before.length);
  });

  test('under 15: no public sites, whatever is asked for; online no ID', async () => {
    // Born in another month for each path: two people with one name and birth date would be reviewed.
    const month = `0${1 + PATHS.findIndex(([one]) => one === name)}`;
    const cpr = `61${month}15${4000 + Math.floor(Math.random() * 999)}`;
    const entry = await aRegistered(nodes, { ...NAME, cpr, birthdate: `2015-${month}-01` });
    await go(entry, { publicSites: 'yes' });
    expect(await identitiesOf(entry)).toEqual([]);
    await go(entry, { publicSites: 'yes', guardian: 'Karen Prøve' });
    const [identity] = await identitiesOf(entry);
    if (name === 'online') return expect(identity).toBeUndefined();
    expect(identity?.public_sites).toBe(false);
    expect(await choosePublicSites(nodes.context, identity?.id ?? '', true)).toBe('under_15');
  });
});

test('all paths concurrently for one person, on both nodes: one ID', async () => {
  for (let round = 0; round < 5; round += 1) {
    const entry = await aRegistered(nodes, NAME);
    await Promise.all([...PATHS, ...PATHS].map(([, go]) => go(entry, {})));
    expect(await identitiesOf(entry)).toHaveLength(1);
    const letters = await nodes.database.query<{ kind: string }>(
      `SELECT l.kind FROM letters l JOIN identities i ON i.id = l.identity_id JOIN people p ON p.id = i.person_id
       WHERE p.cpr_lookup = $1 AND l.kind <> 'notice' ORDER BY l.kind`,
      [nodes.context.keyring.hmac('cprLookup', entry.cpr)],
    );
    expect(letters.map(({ kind }) => kind)).toEqual(['password', 'welcome']);
  }
});

async function registerSays(
  entry: PopulationRegisterEntry,
  changed: Partial<PopulationRegisterEntry>,
): Promise<void> {
  const { keyring } = nodes.context;
  const lookup = keyring.hmac('cprLookup', entry.cpr);
  const sealed = keyring.seal('seal', JSON.stringify({ ...entry, ...changed }), lookup.toString('hex'));
  await nodes.database.query('UPDATE register_entries SET entry_sealed = $2 WHERE cpr_lookup = $1', [
    lookup,
    sealed,
  ]);
}

/** By another officer than the one who took it in. */
async function settleIt(): Promise<{ readonly kind: string }> {
  const [waiting] = await nodes.database.query<{ id: string }>(
    `SELECT id FROM applications WHERE state = 'waiting'`,
  );
  const checkFirst = async () => 'works_here' as const;
  const second = { officerId: clerk.person.identityId, isRight: true, checkFirst };
  return await settlePendingApplication(nodes.context, waiting?.id ?? '', second);
}

const TYPED = { street: 'Min Vej 7', postcode: '8900', city: 'Randers C' };

test('who dies while a second officer is waited for gets none', async () => {
  const entry = await aRegistered(nodes, { ...NAME, address: null });
  await atDesk(officer, entry, TYPED);
  await registerSays(entry, { status: 'dead' });
  expect(await settleIt()).toEqual({ kind: 'refused', reasons: ['dead'] });
  expect(await identitiesOf(entry)).toEqual([]);
});

test('whose address comes into the register in the meantime, and is protected, has it as in the register', async () => {
  const entry = await aRegistered(nodes, { ...NAME, address: null });
  await atDesk(officer, entry, TYPED);
  const address = { street: 'Hemmelig Sti 1', postcode: '8900', city: 'Randers C' };
  await registerSays(entry, { address, addressProtected: true });
  expect(await settleIt()).toMatchObject({ kind: 'issued' });
  const [person] = await nodes.database.query<{ id: string; sealed: Buffer; protected: boolean }>(
    'SELECT id, address_sealed AS sealed, address_protected AS protected FROM people WHERE cpr_lookup = $1',
    [nodes.context.keyring.hmac('cprLookup', entry.cpr)],
  );
  if (!person) throw new Error('no ID was issued');
  const known = nodes.context.keyring.open('seal', person.sealed, `address ${person.id}`);
  expect([JSON.parse(known), person.protected]).toEqual([address, true]);
});
