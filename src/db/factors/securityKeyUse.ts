/**
 * Accepts an answer of a security key whose signature was verified, once. It locks the key's row, which must
 * be as it was read: of two answers with one counter, one is accepted. An accepted answer is remembered,
 * because a form may be sent again, and not every key counts.
 */
import { sql, type Queryable } from '../database.ts';
import { nameParameters } from '../namedParameters.ts';
import type { StoredSecurityKey } from './securityKeys.ts';

export interface SecurityKeyUse {
  readonly key: StoredSecurityKey;
  readonly signCount: number;
  readonly isBackedUp: boolean;
  /** What it answered, hashed. */
  readonly challenge: Buffer;
}

type UseParameter =
  | 'keyId'
  | 'identityId'
  | 'formerCount'
  | 'signCount'
  | 'isBackedUp'
  | 'countsBy'
  | 'challenge'
  | 'now';
/** As SQL. */
type Parameters = Readonly<Record<UseParameter, string>>;

/** The key `y` can be used, as it was read. */
export const composeAcceptedKey = (
  p: Parameters,
) => `y.id = ${p.keyId}::uuid AND y.identity_id = ${p.identityId}
      AND y.ended_at IS NULL AND y.counts_from <= ${p.countsBy}::timestamptz AND y.sign_count = ${p.formerCount}::bigint`;

export const composeUsedKey = (
  p: Parameters,
) => `sign_count = ${p.signCount}::bigint, is_backed_up = ${p.isBackedUp}::boolean,
      last_used_at = ${p.now}`;

/** `once AS (...)`: the answer, where it was not accepted before. Longer than a sign-in lasts. */
export const composeAnswerOnce = (p: Parameters, from: string) => `once AS (
    INSERT INTO replay_ids (id, expires_at) SELECT ${p.challenge}::bytea, now() + interval '1 day' FROM ${from}
    ON CONFLICT DO NOTHING RETURNING id
  )`;

export const nameKeyUse = ({ key, signCount, isBackedUp, challenge }: SecurityKeyUse) => ({
  keyId: key.id,
  formerCount: key.signCount,
  signCount,
  isBackedUp,
  challenge,
});

const USE = composeUse();

function composeUse() {
  const { p, list } = nameParameters<UseParameter>();
  const part = `
  WITH accepted AS (
    SELECT y.id FROM security_keys y WHERE ${composeAcceptedKey(p)}
    FOR NO KEY UPDATE OF y
  ), ${composeAnswerOnce(p, 'accepted')}
  UPDATE security_keys y SET ${composeUsedKey(p)}
  FROM accepted CROSS JOIN once WHERE y.id = accepted.id`;
  return { statement: sql`${{ part }}`, list };
}

/**
 * In the caller's transaction, which has locked the identity.
 * @returns false when the answer was accepted before, or the key is not as it was read
 */
export async function useSecurityKey(db: Queryable, use: SecurityKeyUse, now: Date): Promise<boolean> {
  const { identityId } = use.key;
  const values = USE.list({ ...nameKeyUse(use), identityId, countsBy: now, now });
  return (await db.query(USE.statement, values)).rowCount === 1;
}
