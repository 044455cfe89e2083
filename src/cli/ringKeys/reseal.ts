/**
 * Renews everything that is sealed or authenticated under an older key of the rings `seal` and `tokens`, in
 * batches, while people sign in. It can be stopped at any moment and started again: it takes the rows whose
 * values name another key than the current one.
 */
import { DamagedSeal } from '../../domain/damagedSeal.ts';
import { BOUND_TABLES } from '../../db/binding/boundTables.ts';
import { renewRowMacs } from '../../db/binding/rowMacRenewal.ts';
import type { Database } from '../../db/database.ts';
import { replaceSealedCpr } from '../../db/ringKeys/cprNumbers.ts';
import {
  countKeyedPasswords,
  countResealedRows,
  countsMacs,
  type RowsOfKey,
} from '../../db/ringKeys/keyCounts.ts';
import {
  listSealedRows,
  replaceSealedValues,
  SEALED_VALUE_COLUMNS,
  type ReplacedValue,
  type SealedColumn,
} from '../../db/ringKeys/sealedColumns.ts';
import type { Keyring } from '../../platform/keyring.ts';
import { readJsonKids, resealRow } from './resealValues.ts';

export interface ResealDeps {
  readonly database: Database;
  readonly keyring: Keyring;
}

/** Fewer rows than this that name a key which is not there were damaged, as at a start. */
const ROWS_OF_A_LOST_KEY = 3;
const PAGE_SIZE = 500;
const BATCH_SIZE = 50;
/** A round takes what was locked or changed during the one before. */
const MAX_ROUNDS = 10;

export interface FaultyRow {
  /** `table.column`. */
  readonly column: string;
  readonly key: string;
  readonly fault: 'damaged' | 'no_key' | 'not_as_written';
}

export interface ResealReport {
  /** Values and MACs that were renewed. */
  readonly resealed: number;
  readonly faults: readonly FaultyRow[];
  /** All rows by the key that they need, counted after the last round. */
  readonly rows: readonly RowsOfKey[];
  /** Those of them that need another key than the current one. */
  readonly left: readonly RowsOfKey[];
}

/** Keys that rows need and the ring has not. Thrown before anything is written. */
export class MissingKeysError extends Error {}

/**
 * Counts the rows, and verifies that their keys are there.
 * @throws MissingKeysError, DatabaseUnavailable
 */
export async function planReseal({
  database,
  keyring,
}: ResealDeps): Promise<{ rows: RowsOfKey[]; total: number }> {
  const rows = await countResealedRows(database, readJsonKids);
  const isMissing = ({ ring, kid }: RowsOfKey) => kid !== null && !keyring.hasKey(ring, kid);
  const passwords = await countKeyedPasswords(database);
  const withoutPasswordKey = passwords.filter(({ kid }) => kid !== null && !keyring.derivePasswordKey(kid));
  const missing = [...rows.filter(isMissing), ...withoutPasswordKey];
  const byKid = Map.groupBy(missing, ({ ring, kid }) => `${ring} ${kid}`);
  const lost = [...byKid].filter(([, some]) => sumRows(some) >= ROWS_OF_A_LOST_KEY);
  if (lost.length > 0) {
    const lines = lost.map(
      ([kid, some]) => `${kid}: ${some.map(({ column, rows: many }) => `${many} of ${column}`).join(', ')}`,
    );
    throw new MissingKeysError(
      `rows need keys that the ring has not, and nothing was written. ${lines.join('; ')}. ` +
        `The file has ${listKidsOf(
          keyring,
          lost.flatMap(([, some]) => some),
        )}: put the others back, from a copy of the file`,
    );
  }
  return { rows, total: sumRows(listLeft(rows, keyring)) };
}

/**
 * @param options.onProgress called with the number of rows done, of `total` of the plan
 * @param options.pause called after each batch, and before a round that follows another
 * @throws DatabaseUnavailable
 */
export async function resealRows(
  deps: ResealDeps,
  { onProgress, pause }: { onProgress: (done: number) => void; pause: () => Promise<void> },
): Promise<ResealReport> {
  const { database, keyring } = deps;
  const faults = new Map<string, FaultyRow>();
  const report = (fault: FaultyRow) => void faults.set(`${fault.column} ${fault.key}`, fault);
  let resealed = 0;
  let sincePause = 0;
  const onDone = async (many: number) => {
    resealed += many;
    sincePause += Math.max(many, 1);
    onProgress(resealed);
    if (sincePause < BATCH_SIZE) return;
    sincePause = 0;
    await pause();
  };
  for (let round = 0; ; round += 1) {
    faults.clear();
    const before = resealed;
    for (const column of SEALED_VALUE_COLUMNS) await resealColumn(deps, column, report, onDone);
    for (const table of countsMacs(database.rowAuthenticator.mode) ? BOUND_TABLES : []) {
      const { wrong } = await renewRowMacs(database, table, keyring.currentKid('seal'), onDone);
      for (const key of wrong) report({ column: `${table.table}.mac`, key, fault: 'not_as_written' });
    }
    const rows = await countResealedRows(database, readJsonKids);
    const left = listLeft(rows, keyring);
    const isStuck = round > 0 && resealed === before;
    if (sumRows(left) <= faults.size || isStuck || round + 1 === MAX_ROUNDS)
      return { resealed, faults: [...faults.values()], rows, left };
    await pause();
  }
}

async function resealColumn(
  { database, keyring }: ResealDeps,
  column: SealedColumn,
  report: (fault: FaultyRow) => void,
  onDone: (many: number) => Promise<void>,
): Promise<void> {
  const options = { limit: PAGE_SIZE, notUnder: keyring.currentKid(column.ring) };
  for (let after = column.start; ; ) {
    const rows = await listSealedRows(database, column, after, options);
    const values: ReplacedValue[] = [];
    for (const row of rows) {
      try {
        const value = resealRow(keyring, column.name, row);
        if (value) values.push(value);
      } catch (error) {
        if (!(error instanceof DamagedSeal)) throw error;
        const fault = error.about.reason === 'no_key' ? 'no_key' : 'damaged';
        report({ column: column.name, key: row.key, fault });
      }
    }
    if (column.name === 'people.cpr_sealed') await replaceCprs(database, values, report, onDone);
    else {
      for (let i = 0; i < values.length; i += BATCH_SIZE)
        await onDone(await replaceSealedValues(database, column, values.slice(i, i + BATCH_SIZE)));
    }
    const last = rows.at(-1);
    if (!last) return;
    after = last.key;
  }
}

async function replaceCprs(
  database: Database,
  values: readonly ReplacedValue[],
  report: (fault: FaultyRow) => void,
  onDone: (many: number) => Promise<void>,
): Promise<void> {
  for (const value of values) {
    const replacement = await replaceSealedCpr(database, value as ReplacedValue<Buffer>);
    if (replacement === 'not_as_written')
      report({ column: 'people.cpr_sealed', key: value.key, fault: 'not_as_written' });
    else await onDone(replacement === 'replaced' ? 1 : 0);
  }
}

export function listLeft(rows: readonly RowsOfKey[], keyring: Keyring): RowsOfKey[] {
  return rows.filter(({ ring, kid }) => kid !== keyring.currentKid(ring));
}

function listKidsOf(keyring: Keyring, rows: readonly RowsOfKey[]): string {
  return [...new Set(rows.map(({ ring }) => ring))]
    .map((ring) => keyring.listKids(ring).join(', '))
    .join('; ');
}

export function sumRows(rows: readonly RowsOfKey[]): number {
  return rows.reduce((sum, { rows: many }) => sum + many, 0);
}
