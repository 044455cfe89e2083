/**
 * Replaces a sealed CPR number by the same number under another key. It is covered by the MAC of the
 * identity, so both change in one transaction, under the lock that every change of an identity takes first.
 */
import { readIdentityMac, readIdentityMacRow, bindIdentityRow } from '../binding/identityMac.ts';
import { sql, type Database } from '../database.ts';
import type { ReplacedValue } from './sealedColumns.ts';

const FIND = sql`SELECT id FROM identities WHERE person_id = $1`;
const LOCK = sql`SELECT id FROM identities WHERE id = $1 FOR NO KEY UPDATE SKIP LOCKED`;
const REPLACE = sql`
  UPDATE people SET cpr_sealed = $3 WHERE id = (
    SELECT id FROM people WHERE id = $1 AND cpr_sealed = $2 FOR NO KEY UPDATE SKIP LOCKED)`;

/**
 * `not_as_written`: every row must have a MAC, and that of this identity is not valid: it gets no new one.
 * `missed`: someone else changes the row; it is for the next round.
 */
export type CprReplacement = 'replaced' | 'missed' | 'not_as_written';

/** @throws DatabaseUnavailable */
export async function replaceSealedCpr(
  database: Database,
  { key: personId, before, after }: ReplacedValue<Buffer>,
): Promise<CprReplacement> {
  return await database.transaction(async (db) => {
    const [identity] = (await db.query<{ id: string }>(FIND, [personId])).rows;
    const replace = async () => (await db.query(REPLACE, [personId, before, after])).rowCount === 1;
    if (!identity) return (await replace()) ? 'replaced' : 'missed';
    if ((await db.query(LOCK, [identity.id])).rowCount === 0) return 'missed';
    const row = await readIdentityMacRow(db, identity.id);
    if (!row?.row_cpr?.equals(before)) return 'missed';
    const isRight = db.rowAuthenticator.isValid('identity', readIdentityMac(row));
    if (!isRight && db.rowAuthenticator.mode === 'require') return 'not_as_written';
    if (!(await replace())) return 'missed';
    if (isRight) await bindIdentityRow(db, { ...row, row_cpr: after });
    return 'replaced';
  });
}
