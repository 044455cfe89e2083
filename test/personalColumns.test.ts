/**
 * Every column with personal data is in the person's file, or is listed with the reason why not. The list is
 * compared with the catalogue, with the file of a person who has everything, and with what deletes rows.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { submitEmail } from '../src/features/contact/submitEmail.ts';
import { aCodeToken } from './support/codeTokens.ts';
import { columnFaults, exportedColumns, removalFaults, type Column } from './support/personalColumns.ts';
import {
  aKnownBrowser,
  composeApplication,
  aPerson,
  aRelyingParty,
  TestBrowser,
  issueApplication,
  Nodes,
  signInAt,
  type TestPerson,
  tokensAt,
} from './support/index.ts';

let nodes: Nodes;
beforeAll(async () => {
  nodes = await Nodes.start();
});
afterAll(() => nodes.close({ withoutErrors: true }));

/** Columns of Nøgle's tables; those of libraries (knex, graphile-worker) have only jobs and versions. */
async function readCatalogue(): Promise<Column[]> {
  return await nodes.database.query<Column>(`
    SELECT c.table_name AS table, c.column_name AS name,
      c.column_name IN ('identity_id', 'person_id', 'account_id') OR EXISTS (
        SELECT FROM information_schema.key_column_usage k
        JOIN information_schema.referential_constraints r USING (constraint_schema, constraint_name)
        JOIN information_schema.table_constraints t ON t.constraint_schema = r.unique_constraint_schema
          AND t.constraint_name = r.unique_constraint_name
        WHERE k.table_schema = c.table_schema AND k.table_name = c.table_name AND k.column_name = c.column_name
          AND t.table_name IN ('identities', 'people')) AS "namesPerson"
    FROM information_schema.columns c JOIN information_schema.tables b USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND b.table_type = 'BASE TABLE' AND c.table_name !~ '^knex_'`);
}

test('every column of a table with people in it is in their file, or says why not', async () => {
  expect(columnFaults(await readCatalogue())).toEqual([]);
});

test('control: a new column, a new table and a table that names people are seen, and one that is gone', async () => {
  const catalogue = await readCatalogue();
  await nodes.database.query('ALTER TABLE people ADD COLUMN shoe_size smallint');
  await nodes.database.query('CREATE TABLE shoes (size smallint)');
  await nodes.database.query('ALTER TABLE attempts ADD COLUMN whose uuid REFERENCES identities');
  const faults = columnFaults(await readCatalogue());
  await nodes.database.query('ALTER TABLE people DROP COLUMN shoe_size');
  await nodes.database.query('ALTER TABLE attempts DROP COLUMN whose');
  await nodes.database.query('DROP TABLE shoes');
  expect(faults).toEqual([
    'shoes is a new table: list its columns in test/support/personalColumns.ts, or say there why it is of no person.',
    "people.shoe_size is new in a table with people's data: put it in their file (features/selfService/export/exportData.ts, " +
      'docs/reference/self-service-export.md) and name its member in test/support/personalColumns.ts, or say there why it is ' +
      'not in the file.',
    'attempts.whose names a person: list the columns of attempts in test/support/personalColumns.ts.',
  ]);
  const without = catalogue.filter(({ table, name }) => `${table}.${name}` !== 'people.pid');
  expect(columnFaults(without)).toEqual([
    'people.pid is gone: take it out of test/support/personalColumns.ts.',
  ]);
});

test('what is listed as removed is, and control: of a sweep that forgets a table', () => {
  const textOf = (file: string) => readFileSync(file, 'utf8');
  expect(removalFaults(textOf)).toEqual([]);
  const forgetful = (file: string) => textOf(file).replaceAll('DELETE FROM known_networks', 'SELECT FROM x');
  expect(removalFaults(forgetful)).toEqual([
    'known_networks is said to be swept, and src/db/sweep.ts does not: add it there.',
  ]);
});

/** A person who moved, changes their e-mail address with another one waiting, and has a card on the way. */
async function aPersonWithEverything(): Promise<TestPerson> {
  const { database, context } = nodes;
  const person = await aPerson(nodes, { issuedBy: 'borgerservice' });
  const { identityId } = person;
  const [owner] = await database.query<{ id: string }>(
    'SELECT person_id AS id FROM identities WHERE id = $1',
    [identityId],
  );
  const next = context.keyring.seal('seal', 'next@mail.example', `email ${owner?.id}`);
  await database.query(
    `UPDATE people SET next_email_sealed = $2, next_email_from = now() + interval '1 day',
       former_address_sealed = address_sealed, moved_at = now() WHERE id = $1`,
    [owner?.id, next],
  );
  await submitEmail(context, context.database, identityId, { email: 'waits@mail.example', kind: 'change' });
  // Only its form identifies them: an application of another person is theirs from here on.
  const other = await issueApplication(nodes, composeApplication());
  await database.query('UPDATE applications SET identity_id = $1 WHERE identity_id = $2', [
    identityId,
    other,
  ]);
  await database.query(
    `INSERT INTO letters (id, kind, identity_id, notice, ordered_at, post_on)
     VALUES (gen_random_uuid(), 'notice', $1, '{}', now(), '2026-11-25')`,
    [identityId],
  );
  await database.query(
    `INSERT INTO security_keys (id, identity_id, credential_id, public_key, transports, aaguid, is_discoverable,
       is_synced, is_backed_up, is_attested, name, added_at, added_by, counts_from, last_used_at, ended_at, end_reason)
     VALUES (gen_random_uuid(), $1, $2, $2, '{usb}', gen_random_uuid(), false, false, false, false, 'Min telefon', now(),
       'desk', now(), now(), now(), 'removed')`,
    [identityId, Buffer.alloc(16, 1)],
  );
  await database.query(
    `UPDATE key_cards SET expected_from = '2026-12-01', expected_to = '2026-12-08', activates_at = now()
     WHERE identity_id = $1`,
    [identityId],
  );
  await aCodeToken(nodes, person);
  await database.query(
    `UPDATE code_tokens SET expected_from = '2026-12-01', expected_to = '2026-12-08', activates_at = now(),
       last_used_at = now(), state = 'replaced', ended_at = now() WHERE identity_id = $1`,
    [identityId],
  );
  return person;
}

async function fileOf(person: TestPerson): Promise<Record<string, unknown>> {
  const rp = await aRelyingParty(nodes, { trusted: false });
  const browser = new TestBrowser(nodes);
  await signInAt(browser, person, '/self-service');
  await tokensAt(nodes, browser, person, rp, {
    scope: 'openid profile offline_access',
    prompt: 'consent',
  });
  await aKnownBrowser(nodes, person, await aRelyingParty(nodes));
  return JSON.parse((await browser.post(await browser.follow('/self-service/data'), {})).text) as Record<
    string,
    unknown
  >;
}

/** All values at this path: in a list, those of each entry. */
function valuesAt(file: unknown, member: string): unknown[] {
  const within = (value: unknown, name: string): unknown[] =>
    [value].flat().map((one) => (one as Record<string, unknown> | null)?.[name]);
  return member
    .split('.')
    .reduce<unknown[]>((values, name) => values.flatMap((value) => within(value, name)), [file])
    .filter((value) => value !== null && value !== undefined);
}

test('each column that is listed as in the file is there, of a person who has everything', async () => {
  const file = await fileOf(await aPersonWithEverything());
  const missing = exportedColumns().filter(({ member }) => valuesAt(file, member).length === 0);
  expect(missing).toEqual([]);
  expect(file).toMatchObject({
    person: { formerAddress: { city: 'Randers C' }, movedAt: expect.any(String), addressProtected: false },
    id: { cardFormat: 'standard', issuedBy: expect.any(String) },
  });
});
