/** The hash of a password, made again by another setting. */
import { sql, type Queryable } from '../database.ts';

const REPLACE = sql`UPDATE identities SET password_hash = $3 WHERE id = $1 AND password_hash = $2`;

/**
 * The password stays the same: nothing ends by it. False where another one was chosen meanwhile, or it was
 * rehashed.
 */
export async function replacePasswordHash(
  db: Queryable,
  identityId: string,
  { from, to }: { from: string; to: string },
): Promise<boolean> {
  return (await db.query(REPLACE, [identityId, from, to])).rowCount === 1;
}
