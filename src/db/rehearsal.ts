/**
 * Whether this database is a rehearsal, in which no real person has an ID. A trigger allows the mark only in
 * an empty database, and never removes it.
 */
import { sql, type Queryable } from './database.ts';

const FIND = sql`SELECT rehearsal_since IS NOT NULL AS found FROM installation`;

export async function isRehearsal(db: Queryable): Promise<boolean> {
  return (await db.query<{ found: boolean }>(FIND)).rows[0]?.found ?? false;
}

const MARK = sql`UPDATE installation SET rehearsal_since = coalesce(rehearsal_since, now())`;

/** Raised by the trigger (migrations/0032_rehearsal.sql). */
const RAISED = 'P0001';

/** @returns false when the database is not empty: then nothing was changed, and the transaction has failed */
export async function markRehearsal(db: Queryable): Promise<boolean> {
  try {
    return (await db.query(MARK)).rowCount === 1;
  } catch (error) {
    if ((error as { code?: unknown }).code === RAISED) return false;
    throw error;
  }
}

const FIND_NAME = sql`SELECT current_database() AS name`;

export async function findDatabaseName(db: Queryable): Promise<string> {
  return (await db.query<{ name: string }>(FIND_NAME)).rows[0]?.name ?? '';
}
