/**
 * Values that must never be found in a database dump or in a log: every secret that these tests send or
 * receive is remembered here, and searched for when a suite ends.
 */
import type { TestDatabase } from './testDatabase.ts';

export class Secrets {
  /** Passwords, CPR numbers, bearer values. */
  readonly values = new Map<string, string>();
  /** Keys of cards: six digits, searched for as whole tokens in string columns. */
  readonly keys = new Set<string>();

  add(value: string | undefined, what: string): void {
    // Short values are found everywhere by chance.
    if (value !== undefined && value.length >= 8) this.values.set(value, what);
  }

  /** @param name of a cookie: a language, a client id and the id of a sign-in are no secrets */
  addCookie(name: string, value: string | undefined): void {
    if (!/^(__Host-|__Secure-)?noegle-(language|site|remember|way)$/.test(name)) this.add(value, 'cookie');
  }
}

/** `table.column: what` for every secret that is found. Empty is right. */
export async function findLeaks(secrets: Secrets, database: TestDatabase, log: string): Promise<string[]> {
  const leaks: string[] = [];
  const needles = new Needles(secrets.values);
  const tables = await database.query<{ name: string }>(
    `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
     WHERE schemaname IN ('public', 'graphile_worker')`,
  );
  for (const { name } of tables) {
    const rows = await database.query<{ dump: string }>(`SELECT t::text AS dump FROM ${name} t`);
    const dump = rows.map((row) => row.dump).join('\n');
    leaks.push(...needles.findIn(dump).map((what) => `${name}: ${what}`));
    leaks.push(...(await keysInStrings(database, name, secrets)));
  }
  leaks.push(...needles.findIn(log).map((what) => `log: ${what}`));
  leaks.push(...keysIn(log, secrets).map(() => 'log: key of a card'));
  return leaks;
}

const HEAD = 8;
const BASE = 257;
const TABLE_BITS = 20;
/** A local name: a global is looked up again at each character by jest's environment. */
const { imul } = Math;

/**
 * All values together, as text and in hex, in one pass over a text: a rolling hash of eight characters says
 * where one may begin (Rabin-Karp). One by one, thousands of values over megabytes of log took a third of a
 * suite's time.
 */
class Needles {
  readonly #mayBegin = new Uint8Array(1 << TABLE_BITS);
  readonly #byHead = new Map<string, { readonly needle: string; readonly what: string }[]>();

  constructor(values: ReadonlyMap<string, string>) {
    for (const [value, what] of values) {
      this.#add(value, what);
      this.#add(Buffer.from(value).toString('hex'), what);
    }
  }

  #add(needle: string, what: string): void {
    const head = needle.slice(0, HEAD);
    let hash = 0;
    for (let i = 0; i < HEAD; i += 1) hash = (imul(hash, BASE) + head.charCodeAt(i)) | 0;
    this.#mayBegin[hash >>> (32 - TABLE_BITS)] = 1;
    this.#byHead.set(head, [...(this.#byHead.get(head) ?? []), { needle, what }]);
  }

  /** The descriptions of those that are in the text. */
  findIn(text: string): string[] {
    const found = new Map<string, string>();
    let leaving = 1;
    for (let i = 0; i < HEAD; i += 1) leaving = imul(leaving, BASE);
    let hash = 0;
    for (let end = 0; end < text.length; end += 1) {
      hash = (imul(hash, BASE) + text.charCodeAt(end)) | 0;
      if (end >= HEAD) hash = (hash - imul(text.charCodeAt(end - HEAD), leaving)) | 0;
      if (end < HEAD - 1 || !this.#mayBegin[hash >>> (32 - TABLE_BITS)]) continue;
      const begin = end - HEAD + 1;
      for (const { needle, what } of this.#byHead.get(text.slice(begin, end + 1)) ?? []) {
        if (text.startsWith(needle, begin)) found.set(needle, what);
      }
    }
    return [...found.values()];
  }
}

/** No column is excepted; numbers and times are not strings, so their digits are not searched. */
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
