/** What a person holds to sign in with, of every kind, in one statement. */
import { HELD_FACTORS, type HeldFactor, type HeldFactorKind } from '../../domain/factors/heldFactors.ts';
import type { StreamedTable } from '../auditTree/segmentRows.ts';
import { sql, sqlFragment, type Queryable, type SqlFragment } from '../database.ts';

/** The table of each kind. A restore brings all of them back (auditTree/replay.ts). */
export const FACTOR_TABLES = {
  card: 'key_cards',
  security_key: 'security_keys',
  code_token: 'code_tokens',
} as const satisfies Record<HeldFactorKind, StreamedTable>;

// $1: the identity; $2: now; $3: also those that have ended. A security key that counted at once does so by
// every clock, from before it was added (readCountsFrom): people see when it was added.
const ROWS: Readonly<Record<HeldFactorKind, SqlFragment>> = {
  card: sqlFragment`
    SELECT 'card' AS kind, c.card_number AS name,
      CASE c.state WHEN 'sent' THEN CASE WHEN c.activates_at IS NULL THEN 'sent' ELSE 'waits' END
        WHEN 'active' THEN 'counts' WHEN 'void' THEN 'lost' ELSE c.state END AS state,
      c.ordered_at AS since, c.activates_at AS counts_from,
      (SELECT max(e.at) FROM audit_events e WHERE e.identity_id = $1 AND e.kind IN ('signed_in', 'deed_confirmed')
        AND e.details ->> 'cardNumber' = c.card_number) AS last_used_at
    FROM key_cards c WHERE c.identity_id = $1 AND ($3 OR c.state IN ('ordered', 'sent', 'active'))`,
  security_key: sqlFragment`
    SELECT 'security_key', y.name,
      CASE WHEN y.ended_at IS NULL THEN CASE WHEN y.counts_from > $2 THEN 'waits' ELSE 'counts' END
        WHEN y.end_reason = 'stopped' THEN 'removed' ELSE y.end_reason END,
      y.added_at, greatest(y.counts_from, y.added_at), y.last_used_at
    FROM security_keys y WHERE y.identity_id = $1 AND ($3 OR y.ended_at IS NULL)`,
  code_token: sqlFragment`
    SELECT 'code_token', k.serial_number,
      CASE k.state WHEN 'sent' THEN CASE WHEN k.activates_at IS NULL THEN 'sent' ELSE 'waits' END
        WHEN 'active' THEN 'counts' WHEN 'void' THEN 'lost' ELSE k.state END,
      k.given_at, k.activates_at, k.last_used_at
    FROM code_tokens k WHERE k.identity_id = $1 AND ($3 OR k.state IN ('ordered', 'sent', 'active'))`,
};

const LIST = sql`
  SELECT kind, name, state, since, counts_from AS "countsFrom", last_used_at AS "lastUsedAt"
  FROM (${{ part: HELD_FACTORS.map((kind) => ROWS[kind].part).join(' UNION ALL ') }}) held
  ORDER BY since, kind, name`;

/**
 * The oldest first, also rows that are not as they were written: what ends them must see them.
 * @param options.withEnded also those that have ended, as long as they are kept
 */
export async function listHeldFactors(
  db: Queryable,
  identityId: string,
  { now, withEnded = false }: { readonly now: Date; readonly withEnded?: boolean },
): Promise<HeldFactor[]> {
  return (await db.query<HeldFactor>(LIST, [identityId, now, withEnded])).rows;
}
