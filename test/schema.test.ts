/** The description of the schema that is checked in is the schema that the migrations make. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LETTER_KINDS, LETTERS } from '../src/domain/letter.ts';
import { runWithClient } from '../src/db/connection/migrationLock.ts';
import { setDatabaseClock } from '../src/sandbox/databaseClock.ts';
import { createTestDatabase, type TestDatabase } from './support/index.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const FILE = 'migrations/schema.sql';

async function describeSchema(): Promise<string> {
  const lines = async (query: string) =>
    (await database.query<{ line: string }>(query)).map(({ line }) => line);
  const own = `c.relnamespace = 'public'::regnamespace AND c.relname !~ '^knex_'`;
  const columns = await lines(`
    SELECT format('%s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
      CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
      coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')) AS line
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE ${own} AND c.relkind = 'r' ORDER BY c.relname, a.attnum`);
  const constraints = await lines(`
    SELECT format('%s %s %s', c.relname, k.conname, pg_get_constraintdef(k.oid)) AS line
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE ${own} AND k.contype <> 'n' ORDER BY c.relname, k.conname`);
  const indexes = await lines(`
    SELECT pg_get_indexdef(i.indexrelid) AS line FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    WHERE ${own} ORDER BY c.relname, 1`);
  const triggers = await lines(`
    SELECT pg_get_triggerdef(t.oid) AS line FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE ${own} AND NOT t.tgisinternal ORDER BY 1`);
  const head =
    '-- What the migrations make, read from the catalogue. Written by: UPDATE_SCHEMA=1 npm test -- schema';
  const functions = await lines(`
    SELECT format('%s %s', regexp_replace(pg_get_functiondef(p.oid), E'[\\n ]+', ' ', 'g'),
      'callable by all: ' || has_function_privilege('public', p.oid, 'EXECUTE')) AS line
    FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace ORDER BY p.proname`);
  const parts = { columns, constraints, indexes, triggers, functions };
  return [
    head,
    ...Object.entries(parts).flatMap(([name, described]) => [`-- ${name}`, ...described]),
    '',
  ].join('\n');
}

test('migrations/schema.sql is true', async () => {
  const described = await describeSchema();
  if (process.env['UPDATE_SCHEMA']) writeFileSync(FILE, described);
  expect(described).toBe(readFileSync(FILE, 'utf8'));
});

test('audit events can neither be changed nor removed', async () => {
  await database.query(`INSERT INTO audit_events (kind, details) VALUES ('signed_in', '{}')`);
  await expect(database.query(`UPDATE audit_events SET kind = 'x'`)).rejects.toThrow('never changed');
  await expect(database.query('DELETE FROM audit_events')).rejects.toThrow('never changed');
  await expect(database.query('TRUNCATE audit_events')).rejects.toThrow('never changed');
});

test('events are recorded by the clock of the database, which a sandbox may set ahead', async () => {
  const day = 86_400_000;
  const recordOnce = async () =>
    await runWithClient(database.url, async (client) => {
      const { rows } = await client.query<{ at: Date }>(
        `INSERT INTO audit_events (kind, details) VALUES ('signed_in', '{}') RETURNING at`,
      );
      return Math.abs(Math.round((rows[0]!.at.getTime() - Date.now()) / day));
    });
  expect(await recordOnce()).toBe(0);
  await setDatabaseClock(database.url, 4 * day + 0.5);
  expect(await recordOnce()).toBe(4);
  await setDatabaseClock(database.url, 0);
  expect(await recordOnce()).toBe(0);
});

/** The words in a CHECK of a table whose text matches, sorted. */
async function wordsInCheck(table: string, pattern: string): Promise<string[]> {
  const checks = await database.query<{ definition: string }>(
    `SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint
     WHERE conrelid = $1::regclass AND contype = 'c' AND pg_get_constraintdef(oid) ~ $2`,
    [table, pattern],
  );
  expect([table, pattern, checks.length]).toEqual([table, pattern, 1]);
  return [...(checks[0]?.definition ?? '').matchAll(/'([^']+)'::text/g)].map(([, word = '']) => word).sort();
}

/** The kinds of letter that refer to something, with what has to be done when the database disagrees. */
function kindsAbout(about: string): string[] {
  return LETTER_KINDS.filter((kind) => LETTERS[kind].about === about).sort();
}

const TODO = 'a kind of letter is in domain/letter.ts and in the CHECKs of `letters`: add a migration that';
const COLUMNS = { card: 'card_id', password: 'password_hash', notice: 'notice' } as const;

test('the kinds of letter are those that the database takes', async () => {
  const todo = `${TODO} drops letters_kind_check and adds it with ${LETTER_KINDS.join(', ')}`;
  const taken = await wordsInCheck('letters', '^CHECK \\(\\(kind = ANY');
  expect([todo, taken]).toEqual([todo, [...LETTER_KINDS].sort()]);
});

test.each(Object.entries(COLUMNS))('a letter about a %s has %s in its row', async (about, column) => {
  const kinds = kindsAbout(about);
  const todo = `${TODO} drops the one with ${column} and adds it with ${kinds.join(', ')}`;
  expect([todo, await wordsInCheck('letters', `\\(${column} IS NOT NULL\\)`)]).toEqual([todo, kinds]);
});

test('the secrets of letters are those that a day can be reserved for', async () => {
  const secrets = [...new Set(LETTER_KINDS.map((kind) => LETTERS[kind].secret))].filter(
    (one) => one !== null,
  );
  const todo =
    'a secret of domain/letter.ts is in letter_days_holds_check: add a migration that has it there';
  expect([todo, await wordsInCheck('letter_days', 'holds')]).toEqual([todo, secrets.sort()]);
});
