/** Which keys a database was made with: a check value of each ring, so that the wrong keys are seen at start. */
import { sql, type Queryable } from './database.ts';

const INSERT = sql`INSERT INTO installation (key_checks) VALUES ($1::jsonb) ON CONFLICT DO NOTHING`;
const GET = sql`SELECT key_checks FROM installation`;

/** Writes the check values if the database is new. @returns those that the database was made with. */
export async function keepKeyChecks(
  db: Queryable,
  checks: Record<string, string>,
): Promise<Record<string, string>> {
  await db.query(INSERT, [JSON.stringify(checks)]);
  const { rows } = await db.query<{ key_checks: Record<string, string> }>(GET);
  if (!rows[0]) throw new Error('the installation row is gone');
  return rows[0].key_checks;
}

const PING = sql`SELECT 1 AS answer`;

/** For the readiness check. @throws DatabaseAway */
export async function ping(db: Queryable): Promise<void> {
  await db.query(PING);
}
