/** The hashes of passwords, and their replacement by hashes with other settings. */
import { changeIdentity, runInTransaction } from '../../db/binding/identityMac.ts';
import { sql, type Queryable } from '../../db/database.ts';

const REPLACE = sql`UPDATE identities SET password_hash = $3 WHERE id = $1 AND password_hash = $2`;

/**
 * Replaces the hash of an unchanged password; no session ends.
 * @returns false when a concurrent request changed the password or rehashed it
 */
export async function replacePasswordHash(
  db: Queryable,
  identityId: string,
  { from, to }: { from: string; to: string },
): Promise<boolean> {
  if (db.rowAuthenticator.mode === 'read')
    return (await db.query(REPLACE, [identityId, from, to])).rowCount === 1;
  const replaced = await runInTransaction(db, (inner) =>
    changeIdentity(inner, identityId, { passwordHash: to }, () =>
      inner.query(REPLACE, [identityId, from, to]),
    ),
  );
  return replaced.rowCount === 1;
}

// Ids are random: the first thousand are a random sample, and the same one on every node.
const COUNT_SETTINGS = sql`
  SELECT split_part(password_hash, '$', 4) AS parameters, count(*)::int AS many
  FROM (SELECT password_hash FROM identities WHERE password_hash IS NOT NULL ORDER BY id LIMIT 1000) AS sample
  GROUP BY 1`;

/**
 * Estimates from a thousand persons which settings the stored hashes have.
 * @returns Argon2 parameters -> share of all hashes, 0 to 1
 */
export async function findHashSettingShares(db: Queryable): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.query<{ parameters: string; many: number }>(COUNT_SETTINGS);
  const all = rows.reduce((sum, { many }) => sum + many, 0);
  return new Map(rows.map(({ parameters, many }) => [parameters, many / all]));
}
