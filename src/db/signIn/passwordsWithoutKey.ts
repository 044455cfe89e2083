/**
 * Right passwords from unknown browsers, until a key of the same person follows in the same sign-in: one row
 * for each person of a sign-in. The first person's row is stored under the interaction, where nodes of the
 * previous version look for it; those of others under the interaction and their identity. No later request
 * replaces a row, and a key deletes only the rows of its own person. The time is that of the first password:
 * giving it again delays nothing. So are the browser and the network.
 */
import { sql, type Queryable } from '../database.ts';

/** The row's key for a person's password where the sign-in already has a row of another person. */
export function composeWithoutKeyRow(interaction: string, identityId: string): string {
  return `${interaction}::bytea || uuid_send(${identityId}::uuid)`;
}

/**
 * Deletes the rows of a person: a key followed, or the password was all that was required, and the person is
 * notified of the sign-in itself.
 */
export function composeProvenFragment(interaction: string, identityId: string): { part: string } {
  return {
    part: `DELETE FROM passwords_without_key
    WHERE interaction IN (${interaction}::bytea, ${composeWithoutKeyRow(interaction, identityId)})
      AND identity_id = ${identityId}`,
  };
}

const PROVE = sql`${composeProvenFragment('$1', '$2')}`;

/** Deletes the rows, because a key has followed. */
export async function markPasswordProven(
  db: Queryable,
  interaction: Buffer,
  identityId: string,
): Promise<void> {
  await db.query(PROVE, [interaction, identityId]);
}

// Left out: a person who was signed in at that time and gave the password again in that sign-in.
const TAKE = sql`
  WITH taken AS (
    DELETE FROM passwords_without_key WHERE interaction IN (
      SELECT interaction FROM passwords_without_key WHERE at <= $1 ORDER BY at LIMIT $2
      FOR UPDATE SKIP LOCKED)
    RETURNING interaction, identity_id, at, context_sealed
  )
  SELECT t.interaction, t.identity_id, t.at, t.context_sealed, p.log_salt, EXISTS (SELECT FROM notices n WHERE n.identity_id = t.identity_id
    AND n.kind = 'password_without_key' AND n.at > $1::timestamptz - interval '1 day') AS told_today
  FROM taken t JOIN identities i ON i.id = t.identity_id JOIN people p ON p.id = i.person_id
  WHERE NOT EXISTS (
    SELECT FROM sign_ins s
    WHERE s.interaction
        IN (t.interaction, substring(t.interaction FOR greatest(octet_length(t.interaction) - 16, 0)))
      AND s.identity_id = t.identity_id AND s.signed_in_at IS NOT NULL)`;

export interface PasswordWithoutKey {
  readonly identityId: string;
  readonly at: Date;
  readonly notifiedToday: boolean;
  /** The interaction in which the password was given. */
  readonly interaction: Buffer;
  /** Sealed browser and network; null in a row of the previous version. */
  readonly contextSealed: Buffer | null;
  readonly logSalt: Buffer;
}

/** The keyed hash of an interaction; the row of a further person has their identity behind it. */
const INTERACTION_BYTES = 32;

/** Claims the rows from `before` or earlier that no key followed; the person is notified of each once. */
export async function claimPasswordsWithoutKey(
  db: Queryable,
  { before, limit }: { before: Date; limit: number },
): Promise<PasswordWithoutKey[]> {
  type PasswordWithoutKeyRow = {
    interaction: Buffer;
    identity_id: string;
    at: Date;
    context_sealed: Buffer | null;
    log_salt: Buffer;
    told_today: boolean;
  };
  const { rows } = await db.query<PasswordWithoutKeyRow>(TAKE, [before, limit]);
  return rows.map((row) => ({
    identityId: row.identity_id,
    at: row.at,
    notifiedToday: row.told_today,
    interaction: row.interaction.subarray(0, INTERACTION_BYTES),
    contextSealed: row.context_sealed,
    logSalt: row.log_salt,
  }));
}
