/** The outbox of log-out notifications as operators see it; `backchannelLogouts.ts` writes and sends it. */
import { sql, sqlFragment, type Queryable } from '../database.ts';
import { ENQUEUE_SQL } from './backchannelLogouts.ts';

/** Notifications of one relying party in one state; no person is named. */
export interface LogoutSummary {
  readonly clientId: string;
  readonly state: 'waiting' | 'given_up';
  readonly count: number;
  readonly since: Date;
  /** The failures of the one that failed most often. */
  readonly tries: number;
  /** Of the newest failure; null before the first. */
  readonly fault: string | null;
}

const SUMMARISE = sql`
  SELECT client_id AS "clientId", state, count(*)::int AS count, min(at) AS since, max(tries)::int AS tries,
    (array_agg(fault ORDER BY try_at DESC) FILTER (WHERE fault IS NOT NULL))[1] AS fault
  FROM logouts WHERE state IN ('waiting', 'given_up') GROUP BY client_id, state ORDER BY state, min(at), client_id`;

export async function summariseLogouts(db: Queryable): Promise<LogoutSummary[]> {
  return (await db.query<LogoutSummary>(SUMMARISE)).rows;
}

/** A notification that was given up; the person is not named. */
export interface AbandonedLogout {
  readonly id: string;
  readonly clientId: string;
  readonly at: Date;
  readonly tries: number;
  readonly fault: string | null;
}

const LIST_GIVEN_UP = sql`
  SELECT id, client_id AS "clientId", at, tries::int, fault FROM logouts WHERE state = 'given_up'
  ORDER BY at, id LIMIT $1`;

export async function listAbandonedLogouts(db: Queryable, limit: number): Promise<AbandonedLogout[]> {
  return (await db.query<AbandonedLogout>(LIST_GIVEN_UP, [limit])).rows;
}

// A day of retries begins again, as for a new notification.
const AGAIN = sqlFragment`SET state = 'waiting', at = now(), try_at = now(), tries = 0`;
const RETRY = sql`
  WITH told AS (UPDATE logouts ${AGAIN} WHERE state = 'given_up' AND ($1::uuid IS NULL OR id = $1) RETURNING id),
  queued AS (${ENQUEUE_SQL})
  SELECT (SELECT count(*) FROM told)::int AS count, (SELECT count(*) FROM queued) AS jobs`;

/**
 * Sends notifications again that were given up: one, or all when `id` is null.
 * @returns how many
 */
export async function retryLogouts(db: Queryable, id: string | null): Promise<number> {
  return (await db.query<{ count: number }>(RETRY, [id])).rows[0]?.count ?? 0;
}
