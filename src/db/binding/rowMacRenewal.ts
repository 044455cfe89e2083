/**
 * Makes the MACs of rows under the current key, while people sign in. A MAC is verified under its own key
 * first: a row that is not as it was written is reported and keeps its MAC, whatever the mode is.
 */
import { readHeadKid } from '../../domain/boxHead.ts';
import type { Database, Queryable } from '../database.ts';
import { listBoundRows, type BoundTable, type ListedRow, type RowKey } from './boundTables.ts';

const PAGE_SIZE = 1_000;
/** How many rows are locked at a time: for some milliseconds. */
const LOCKED_AT_ONCE = 20;

export interface MacRenewal {
  readonly renewed: number;
  /** Rows whose MAC is not valid under its own key; their keys. */
  readonly wrong: readonly string[];
}

/**
 * @param onRenewed called with the number of rows that were renewed
 * @throws DatabaseUnavailable
 */
export async function renewRowMacs(
  database: Database,
  table: BoundTable,
  currentKid: string,
  onRenewed: (many: number) => Promise<void>,
): Promise<MacRenewal> {
  const isOutdated = ({ head }: ListedRow) => head !== null && readHeadKid(head) !== currentKid;
  const wrong: string[] = [];
  let renewed = 0;
  for (let after = table.start; ; ) {
    const rows = await listBoundRows(database, table.list, after, PAGE_SIZE);
    // The locked list begins after the row before an outdated one, and goes over the next ones.
    let done = -1;
    for (const [index, row] of rows.entries()) {
      if (index <= done || !isOutdated(row)) continue;
      const before = rows[index - 1]?.key ?? after;
      const many = await database.transaction(async (db) => {
        const locked = await listBoundRows(db, table.lock, before, LOCKED_AT_ONCE);
        const outdated = locked.filter(isOutdated);
        const results: boolean[] = [];
        for (const { key } of outdated) {
          const isRenewed = await renewRow(db, table, key);
          if (!isRenewed) wrong.push(key.join(' '));
          results.push(isRenewed);
        }
        return results.filter(Boolean).length;
      });
      done = index + LOCKED_AT_ONCE - 1;
      renewed += many;
      await onRenewed(many);
    }
    const last = rows.at(-1);
    if (!last) return { renewed, wrong: [...new Set(wrong)] };
    after = last.key;
  }
}

/** @returns false when the MAC of the row is not valid */
async function renewRow(db: Queryable, table: BoundTable, key: RowKey): Promise<boolean> {
  const rowMac = await table.read(db, key);
  if (!rowMac?.mac) return true;
  if (!db.rowAuthenticator.isValid(table.row, rowMac)) return false;
  await db.query(table.write, [...key, db.rowAuthenticator.make(table.row, rowMac.facts)]);
  return true;
}
