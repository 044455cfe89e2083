/**
 * The outbox of notices, like that of letters: rows are claimed for a lease, and never removed before they
 * are sent.
 */
import type { Notice } from '../../domain/notice.ts';
import { sql, type Queryable } from '../database.ts';

const APPEND = sql`
  INSERT INTO notices (id, identity_id, kind, details, at, to_next_email) VALUES ($1, $2, $3, $4::jsonb, $5, $6)`;

/**
 * Enqueues a notice, in the transaction of the event that it reports.
 * @param options.toNextEmail only to the e-mail address that is about to replace the current one
 */
export async function enqueueNotice(
  db: Queryable,
  { id, identityId, notice }: { id: string; identityId: string; notice: Notice },
  now: Date,
  { toNextEmail = false }: { toNextEmail?: boolean } = {},
): Promise<void> {
  await db.query(APPEND, [id, identityId, notice.kind, JSON.stringify(notice.details), now, toNextEmail]);
}

const APPEND_ONCE_A_DAY = sql`
  INSERT INTO notices (id, identity_id, kind, details, at)
  SELECT $1, $2, $3, $4::jsonb, $5 WHERE NOT EXISTS (
    SELECT FROM notices WHERE identity_id = $2 AND kind = $3 AND at > $5::timestamptz - interval '1 day')`;

/**
 * Enqueues a notice, in a transaction that has locked the identity.
 * @returns false when the person was notified of the same within a day
 */
export async function enqueueNoticeOnceADay(
  db: Queryable,
  { id, identityId, notice }: { id: string; identityId: string; notice: Notice },
  now: Date,
): Promise<boolean> {
  const values = [id, identityId, notice.kind, JSON.stringify(notice.details), now];
  return (await db.query(APPEND_ONCE_A_DAY, values)).rowCount === 1;
}

// The first of a person's due notices is locked, and stands for all of them: of two workers, one gets them
// all. Those that were once claimed together stay together, so that a repeat is the same mail under the same
// id.
const CLAIM = sql`
  WITH firsts AS (
    SELECT n.id, n.identity_id, n.sent_with FROM notices n
    WHERE n.state = 'waiting' AND n.try_at <= now() AND NOT EXISTS (
      SELECT FROM notices e WHERE e.identity_id = n.identity_id AND e.state = 'waiting' AND e.try_at <= now()
        AND (e.at, e.id) < (n.at, n.id))
    ORDER BY n.try_at LIMIT $1 FOR UPDATE OF n SKIP LOCKED
  )
  UPDATE notices n SET try_at = now() + $2 * interval '1 ms', sent_with = coalesce(f.sent_with, f.id)
  FROM firsts f
  WHERE n.identity_id = f.identity_id AND n.state = 'waiting' AND n.try_at <= now()
    AND n.sent_with IS NOT DISTINCT FROM f.sent_with
  RETURNING n.id, n.identity_id, n.kind, n.details, n.at, n.tries, n.to_next_email`;

export interface ClaimedNotice {
  readonly id: string;
  readonly identityId: string;
  readonly notice: Notice;
  /** When the notice was enqueued. */
  readonly at: Date;
  /** The failures so far. */
  readonly tries: number;
  readonly toNextEmail: boolean;
}

/**
 * Claims the waiting notices of at most `limit` people; no other worker claims them for `leaseMs`.
 * @returns those of each person, oldest first
 */
export async function claimNotices(
  db: Queryable,
  { limit, leaseMs }: { limit: number; leaseMs: number },
): Promise<ClaimedNotice[][]> {
  type NoticeRow = {
    id: string;
    identity_id: string;
    kind: string;
    details: unknown;
    at: Date;
    tries: number;
    to_next_email: boolean;
  };
  const { rows } = await db.query<NoticeRow>(CLAIM, [limit, leaseMs]);
  const claimed = rows.map(
    ({ identity_id: identityId, kind, details, to_next_email: toNextEmail, ...rest }) => {
      return { ...rest, identityId, notice: { kind, details } as Notice, toNextEmail };
    },
  );
  const byPerson = Map.groupBy(claimed.toSorted(compareClaimed), ({ identityId }) => identityId);
  return [...byPerson.values()];
}

function compareClaimed(one: ClaimedNotice, other: ClaimedNotice): number {
  return one.at.getTime() - other.at.getTime() || (one.id < other.id ? -1 : 1);
}

const MARK_SENT = sql`
  UPDATE notices SET state = 'sent', fault = NULL WHERE id = ANY ($1::uuid[]) AND state = 'waiting'
  RETURNING id`;

/** For each notice exactly one concurrent caller succeeds. @returns the ids that this caller marked */
export async function markNoticesSent(db: Queryable, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ id: string }>(MARK_SENT, [ids]);
  return new Set(rows.map(({ id }) => id));
}

const NOTE_FAILURE = sql`
  UPDATE notices SET try_at = now() + $2 * interval '1 ms', tries = tries + 1, fault = $3,
    state = CASE WHEN $4 THEN 'set_aside' ELSE state END
  WHERE id = $1 AND state = 'waiting'`;

export async function recordNoticeFailure(
  db: Queryable,
  id: string,
  { afterMs, fault, setAside }: { afterMs: number; fault: string; setAside: boolean },
): Promise<void> {
  await db.query(NOTE_FAILURE, [id, afterMs, fault, setAside]);
}
