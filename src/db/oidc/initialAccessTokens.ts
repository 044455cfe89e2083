/** Initial access tokens, with which relying parties register themselves; each is valid once. */
import { policySchema, type ClientPolicy } from '../../domain/relyingParty/policy.ts';
import { sql, type Queryable } from '../database.ts';

const CREATE_TOKEN = sql`
  WITH created AS (
    INSERT INTO initial_access_tokens (id, policy, expires_at)
    VALUES ($1, $2::jsonb, now() + $3 * interval '1 hour') RETURNING expires_at),
  noted AS (
    INSERT INTO audit_events (kind, identity_id, details)
    SELECT 'initial_access_token_created', NULL, jsonb_build_object('policy', $2::jsonb) FROM created)
  SELECT expires_at FROM created`;

/** @param hours how long the token is valid @returns when the token expires */
export async function createInitialAccessToken(
  db: Queryable,
  id: Buffer,
  policy: ClientPolicy,
  hours: number,
): Promise<Date> {
  const { rows } = await db.query<{ expires_at: Date }>(CREATE_TOKEN, [id, JSON.stringify(policy), hours]);
  if (!rows[0]) throw new Error('the token was not saved');
  return rows[0].expires_at;
}

const FIND_TOKEN = sql`
  SELECT policy, expires_at FROM initial_access_tokens WHERE id = $1 AND used_at IS NULL AND expires_at > now()`;

export async function findInitialAccessToken(
  db: Queryable,
  id: Buffer,
): Promise<{ policy: ClientPolicy; expiresAt: Date } | null> {
  const { rows } = await db.query<{ policy: unknown; expires_at: Date }>(FIND_TOKEN, [id]);
  return rows[0] ? { policy: policySchema.parse(rows[0].policy), expiresAt: rows[0].expires_at } : null;
}
