/** The hash of a password, made again by another setting. */
import { changeIdentity, runInTransaction } from '../../db/binding/identityMac.ts';
import { sql, type Queryable } from '../../db/database.ts';

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
  if (db.rowAuthenticator.mode === 'read')
    return (await db.query(REPLACE, [identityId, from, to])).rowCount === 1;
  const replaced = await runInTransaction(db, (inner) =>
    changeIdentity(inner, identityId, { passwordHash: to }, () =>
      inner.query(REPLACE, [identityId, from, to]),
    ),
  );
  return replaced.rowCount === 1;
}

// Ids are random: those that come first are anybody, and the same for every node.
const COUNT_SETTINGS = sql`
  SELECT split_part(password_hash, '$', 4) AS parameters, count(*)::int AS many
  FROM (SELECT password_hash FROM identities WHERE password_hash IS NOT NULL ORDER BY id LIMIT 1000) AS sample
  GROUP BY 1`;

/** By which settings people's hashes were made: a thousand people stand for all. @returns shares of one */
export async function findHashSettingShares(db: Queryable): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.query<{ parameters: string; many: number }>(COUNT_SETTINGS);
  const all = rows.reduce((sum, { many }) => sum + many, 0);
  return new Map(rows.map(({ parameters, many }) => [parameters, many / all]));
}
