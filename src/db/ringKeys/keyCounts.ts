/**
 * How many rows of each column need which key of a ring: all of them, page by page, so that no statement
 * takes long and a large table costs time and no lock.
 */
import { HEAD_BYTES, readHeadKid } from '../../domain/boxHead.ts';
import type { BindingMode } from '../../domain/rowMac.ts';
import type { RingKeyUse } from '../../domain/ringKeys.ts';
import { BOUND_TABLES, listBoundRows } from '../binding/boundTables.ts';
import { sql, type Queryable, type Statement } from '../database.ts';
import { listSealedRows, SEALED_VALUE_COLUMNS, type SealedColumn } from './sealedColumns.ts';

const PAGE_SIZE = 2_000;
const MAX_EXAMPLES = 20;

export interface RowsOfKey {
  readonly ring: RingKeyUse;
  /** `table.column`. */
  readonly column: string;
  /** Null where the id cannot be read: the value was damaged. */
  readonly kid: string | null;
  readonly rows: number;
  /** The keys of the first of these rows. */
  readonly examples: readonly string[];
}

class Counter {
  readonly #counts = new Map<string | null, { rows: number; examples: string[] }>();

  add(kid: string | null, key: string): void {
    const count = this.#counts.get(kid) ?? { rows: 0, examples: [] };
    count.rows += 1;
    if (count.examples.length < MAX_EXAMPLES) count.examples.push(key);
    this.#counts.set(kid, count);
  }

  list(ring: RingKeyUse, column: string): RowsOfKey[] {
    return [...this.#counts].map(([kid, count]) => ({ ring, column, kid, ...count }));
  }
}

/**
 * Rows that are sealed or authenticated under keys of the rings `seal` and `tokens`, and renewed by
 * `keys reseal`.
 * @param readKids the ids of the keys in a value of JSON
 * @throws DatabaseUnavailable
 */
export async function countResealedRows(
  db: Queryable,
  readKids: (json: string) => readonly (string | null)[],
): Promise<RowsOfKey[]> {
  const found: RowsOfKey[] = [];
  for (const column of SEALED_VALUE_COLUMNS) found.push(...(await countSealedColumn(db, column, readKids)));
  for (const table of BOUND_TABLES) {
    // In mode `read` no MAC is required, and rows are changed without renewing theirs.
    if (db.rowAuthenticator.mode === 'read') break;
    const counter = new Counter();
    for (let after = table.start; ; ) {
      const rows = await listBoundRows(db, table.list, after, PAGE_SIZE);
      for (const { key, head } of rows) if (head) counter.add(readHeadKid(head), key.join(' '));
      const last = rows.at(-1);
      if (!last) break;
      after = last.key;
    }
    found.push(...counter.list('seal', `${table.table}.mac`));
  }
  return found;
}

async function countSealedColumn(
  db: Queryable,
  column: SealedColumn,
  readKids: (json: string) => readonly (string | null)[],
): Promise<RowsOfKey[]> {
  const counter = new Counter();
  for (let after = column.start; ; ) {
    const rows = await listSealedRows(db, column, after, { limit: PAGE_SIZE, notUnder: null });
    for (const { key, head, json } of rows) {
      const kids = json === null ? [] : readKids(json);
      for (const kid of head ? [readHeadKid(head)] : kids) counter.add(kid, key);
    }
    const last = rows.at(-1);
    if (!last) return counter.list(column.ring, column.name);
    after = last.key;
  }
}

interface KidPage {
  readonly ring: RingKeyUse;
  readonly column: string;
  readonly start: string;
  readonly list: Statement;
}

const ZERO_UUID = '00000000-0000-0000-0000-000000000000';
const SECRET_KID = (column: string) =>
  `substring(${column} ->> 'client_secret' FROM '^hmac-sha256:([a-z][a-z0-9]*):')`;
const HASH_KID = `substring(password_hash FROM '^keyed:([a-z][a-z0-9]*)[$]')`;

function pageOf(select: string, table: string, key: string): Statement {
  const source = { part: `SELECT ${select} FROM ${table} WHERE ${key} LIMIT $2` };
  return sql`${source}`;
}

const BY_UUID = 'id > $1::uuid ORDER BY id';
const BY_CLIENT = 'client_id > $1 ORDER BY client_id';

const PASSWORDS: readonly KidPage[] = [
  {
    ring: 'seal',
    column: 'identities.password_hash',
    start: ZERO_UUID,
    list: pageOf(`id::text AS key, ${HASH_KID} AS kid, NULL::bytea AS head`, 'identities', BY_UUID),
  },
  {
    ring: 'seal',
    column: 'letters.password_hash',
    start: ZERO_UUID,
    // A letter that was used, has expired or was cancelled opens nothing.
    list: pageOf(
      `id::text AS key, NULL::bytea AS head, CASE WHEN state <> 'cancelled' AND used_at IS NULL
         AND (valid_until IS NULL OR valid_until > now()) THEN ${HASH_KID} END AS kid`,
      'letters',
      BY_UUID,
    ),
  },
];

const OTHERS: readonly KidPage[] = [
  {
    ring: 'cards',
    column: 'key_cards.kid',
    start: ZERO_UUID,
    list: pageOf(
      `id::text AS key, NULL::bytea AS head, CASE WHEN state IN ('ordered', 'sent', 'active') THEN kid END AS kid`,
      'key_cards',
      BY_UUID,
    ),
  },
  {
    ring: 'clientSecrets',
    column: 'relying_parties.metadata',
    start: '',
    list: pageOf(
      `client_id AS key, NULL::bytea AS head, ${SECRET_KID('metadata')} AS kid`,
      'relying_parties',
      BY_CLIENT,
    ),
  },
  {
    ring: 'clientSecrets',
    column: 'relying_parties.proposed',
    start: '',
    list: pageOf(
      `client_id AS key, NULL::bytea AS head, ${SECRET_KID('proposed')} AS kid`,
      'relying_parties',
      BY_CLIENT,
    ),
  },
  {
    ring: 'records',
    column: 'oidc_records.payload',
    start: '',
    list: pageOf(
      `encode(id, 'hex') AS key, NULL::text AS kid,
         CASE WHEN expires_at > now() THEN substring(payload FROM 1 FOR ${HEAD_BYTES}) END AS head`,
      'oidc_records',
      `id > decode($1, 'hex') ORDER BY id`,
    ),
  },
];

async function countPages(db: Queryable, pages: readonly KidPage[]): Promise<RowsOfKey[]> {
  const found: RowsOfKey[] = [];
  for (const { ring, column, start, list } of pages) {
    const counter = new Counter();
    for (let after = start; ; ) {
      type KidRow = { key: string; kid: string | null; head: Buffer | null };
      const { rows } = await db.query<KidRow>(list, [after, PAGE_SIZE]);
      for (const { key, kid, head } of rows) {
        if (head) counter.add(readHeadKid(head), key);
        else if (kid !== null) counter.add(kid, key);
      }
      const last = rows.at(-1);
      if (!last) break;
      after = last.key;
    }
    found.push(...counter.list(ring, column));
  }
  return found;
}

/** Passwords that are keyed under keys of the ring `seal`, until their people sign in. */
export async function countKeyedPasswords(db: Queryable): Promise<RowsOfKey[]> {
  return await countPages(db, PASSWORDS);
}

/** Rows of the rings `cards`, `clientSecrets` and `records`, which end without being renewed. */
export async function countRowsOfOtherRings(db: Queryable): Promise<RowsOfKey[]> {
  return await countPages(db, OTHERS);
}

/** Whether row MACs are renewed in this mode, and counted. */
export function countsMacs(mode: BindingMode): boolean {
  return mode !== 'read';
}
