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

const TAKE = sql`
  UPDATE notices n SET try_at = now() + $2 * interval '1 ms'
  WHERE n.id = ANY(ARRAY(
    SELECT id FROM notices WHERE state = 'waiting' AND try_at <= now()
    ORDER BY try_at LIMIT $1 FOR UPDATE SKIP LOCKED))
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

/** Claims waiting notices; no other worker claims them for `leaseMs`. */
export async function claimNotices(
  db: Queryable,
  { limit, leaseMs }: { limit: number; leaseMs: number },
): Promise<ClaimedNotice[]> {
  type NoticeRow = {
    id: string;
    identity_id: string;
    kind: string;
    details: unknown;
    at: Date;
    tries: number;
    to_next_email: boolean;
  };
  const { rows } = await db.query<NoticeRow>(TAKE, [limit, leaseMs]);
  return rows.map(({ identity_id: identityId, kind, details, to_next_email: toNextEmail, ...rest }) => {
    return { ...rest, identityId, notice: { kind, details } as Notice, toNextEmail };
  });
}

const MARK_SENT = sql`UPDATE notices SET state = 'sent', fault = NULL WHERE id = $1 AND state = 'waiting'`;

/** Exactly one concurrent caller succeeds. */
export async function markNoticeSent(db: Queryable, id: string): Promise<boolean> {
  return (await db.query(MARK_SENT, [id])).rowCount === 1;
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
