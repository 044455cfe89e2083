/**
 * What must never be found in a database dump or in a log: everything that these tests give or are given as a
 * secret is remembered here, and looked for when a suite ends.
 */
import type { TestDatabase } from './testDatabase.ts';

export class Secrets {
  /** Passwords, CPR numbers, bearer values. */
  readonly values = new Map<string, string>();
  /** Keys of cards: six digits, looked for as whole tokens in string columns. */
  readonly keys = new Set<string>();

  add(value: string | undefined, what: string): void {
    // Short values are found everywhere by chance.
    if (value !== undefined && value.length >= 8) this.values.set(value, what);
  }
}

/** `table.column: what` for every secret that is found. Empty is right. */
export async function findLeaks(secrets: Secrets, database: TestDatabase, log: string): Promise<string[]> {
  const leaks: string[] = [];
  const tables = await database.query<{ name: string }>(
    `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
     WHERE schemaname IN ('public', 'graphile_worker')`,
  );
  for (const { name } of tables) {
    const rows = await database.query<{ dump: string }>(`SELECT t::text AS dump FROM ${name} t`);
    const dump = rows.map((row) => row.dump).join('\n');
    leaks.push(...valuesIn(dump, secrets).map((what) => `${name}: ${what}`));
    leaks.push(...(await keysInStrings(database, name, secrets)));
  }
  leaks.push(...valuesIn(log, secrets).map((what) => `log: ${what}`));
  leaks.push(...keysIn(log, secrets).map(() => 'log: key of a card'));
  return leaks;
}

function valuesIn(text: string, secrets: Secrets): string[] {
  return [...secrets.values].flatMap(([value, what]) => {
    const inHex = Buffer.from(value).toString('hex');
    return text.includes(value) || text.includes(inHex) ? [what] : [];
  });
}

/** No column is excepted; numbers and times are no strings, so their digits are not looked at. */
async function keysInStrings(database: TestDatabase, table: string, secrets: Secrets): Promise<string[]> {
  const columns = await database.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE quote_ident(table_schema) || '.' || quote_ident(table_name) = $1 AND data_type IN ('text', 'jsonb', 'character varying')`,
    [table],
  );
  const leaks: string[] = [];
  for (const { name } of columns) {
    const rows = await database.query<{ value: string | null }>(
      `SELECT "${name}"::text AS value FROM ${table}`,
    );
    for (const { value } of rows) {
      if (value && keysIn(value, secrets).length > 0) leaks.push(`${table}.${name}: key of a card`);
    }
  }
  return leaks;
}

function keysIn(text: string, secrets: Secrets): string[] {
  return [...text.matchAll(/(?<![0-9A-Za-z.])[0-9]{6}(?![0-9A-Za-z])/g)]
    .map(([token]) => token)
    .filter((token) => secrets.keys.has(token));
}
