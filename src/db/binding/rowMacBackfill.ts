/**
 * Gives legacy rows their MAC in batches, while people sign in; a locked row is left for the next round. In
 * mode `require` no row gets its first MAC here: a row without one was changed without the keys.
 */
import type { BoundRowKind } from '../../domain/rowMac.ts';
import type { Database, Queryable, Statement } from '../database.ts';
import { BOUND_TABLES, listBoundRows, type BoundTable, type RowKey } from './boundTables.ts';

export interface MacBackfillReport {
  readonly row: BoundRowKind;
  readonly seen: number;
  /** Rows that got a MAC, or one under the newest key. */
  readonly bound: number;
  /** Rows that still have no valid MAC, and the keys of the first of them. */
  readonly wrong: number;
  readonly examples: readonly string[];
}

const BATCH_SIZE = 50;
const MAX_EXAMPLES = 20;
/** Limits the rounds: rows that are locked in one round are left for the next. */
const MAX_ROUNDS = 20;

/**
 * Gives rows their MAC, table by table.
 * @param options.onlyLook reports without writing
 * @param options.pause waits between two rounds
 */
export async function backfillRowMacs(
  database: Database,
  { onlyLook, pause }: { onlyLook: boolean; pause: () => Promise<void> },
): Promise<MacBackfillReport[]> {
  const reports: MacBackfillReport[] = [];
  for (const table of BOUND_TABLES) {
    let bound = 0;
    let report = await scanTable(database, table);
    const rounds = onlyLook ? 0 : MAX_ROUNDS;
    for (let round = 0; round < rounds && hasRowsLeft(report); round += 1) {
      if (round > 0) await pause();
      bound += await bindTable(database, table);
      report = await scanTable(database, table);
    }
    const { seen, wrong, examples } = report;
    reports.push({ row: table.row, seen, bound, wrong, examples });
  }
  return reports;
}

interface TableScan {
  readonly seen: number;
  readonly wrong: number;
  readonly outdated: number;
  readonly examples: readonly string[];
  readonly mayBind: boolean;
}

function hasRowsLeft({ wrong, outdated, mayBind }: TableScan): boolean {
  return outdated > 0 || (wrong > 0 && mayBind);
}

async function scanTable(database: Database, table: BoundTable): Promise<TableScan> {
  const { rowAuthenticator } = database;
  const examples: string[] = [];
  let [seen, wrong, outdated] = [0, 0, 0];
  for (let after = table.start; ; ) {
    const keys = await listKeysAfter(database, table.list, after);
    for (const key of keys) {
      const rowMac = await table.read(database, key);
      if (!rowMac) continue;
      seen += 1;
      if (!rowAuthenticator.isValid(table.row, rowMac)) {
        wrong += 1;
        if (examples.length < MAX_EXAMPLES) examples.push(key.join(' '));
      } else if (rowMac.mac && !rowAuthenticator.isCurrent(rowMac.mac)) outdated += 1;
    }
    const last = keys.at(-1);
    if (!last) return { seen, wrong, outdated, examples, mayBind: rowAuthenticator.mode === 'write' };
    after = last;
  }
}

/** Runs one round over a table. @returns the number of rows that got a MAC */
async function bindTable(database: Database, table: BoundTable): Promise<number> {
  let bound = 0;
  for (let after = table.start; ; ) {
    const last = await database.transaction(async (db) => {
      const keys = await listKeysAfter(db, table.lock, after);
      for (const key of keys) bound += await bindNextRow(db, table, key);
      return keys.at(-1);
    });
    if (!last) return bound;
    after = last;
  }
}

async function bindNextRow(db: Queryable, table: BoundTable, key: RowKey): Promise<number> {
  const { rowAuthenticator } = db;
  const rowMac = await table.read(db, key);
  if (!rowMac) return 0;
  const fits = rowAuthenticator.isValid(table.row, rowMac);
  if (fits ? rowMac.mac && rowAuthenticator.isCurrent(rowMac.mac) : rowAuthenticator.mode !== 'write')
    return 0;
  await db.query(table.write, [...key, rowAuthenticator.make(table.row, rowMac.facts)]);
  return 1;
}

async function listKeysAfter(db: Queryable, statement: Statement, after: RowKey): Promise<readonly RowKey[]> {
  return (await listBoundRows(db, statement, after, BATCH_SIZE)).map(({ key }) => key);
}

/**
 * Gives an identity that an operator has checked a valid MAC as it is.
 * @returns false when it does not exist
 */
export async function acceptIdentityRow(database: Database, identityId: string): Promise<boolean> {
  const table = BOUND_TABLES.find(({ row }) => row === 'identity');
  if (!table) throw new Error('there is no row MAC for identities');
  return await database.transaction(async (db) => {
    const rowMac = await table.read(db, [identityId]);
    if (!rowMac) return false;
    await db.query(table.write, [identityId, db.rowAuthenticator.make('identity', rowMac.facts)]);
    return true;
  });
}
