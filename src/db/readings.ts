/**
 * What operators watch in the database, in one statement for each reading. It goes by the partial indexes of
 * the outboxes and stops after 10,000 rows of each, so that it costs the same when a million letters wait.
 */
import { sql, type Queryable } from './database.ts';

/** An outbox: letters, notices, or log-out notifications to relying parties. */
export interface OutboxReading {
  readonly outbox: 'letters' | 'notices' | 'logouts';
  /** 10,000 for that many or more. */
  readonly waiting: number;
  /** The age of the oldest one that waits; 0 when none does. */
  readonly oldestSeconds: number;
  /** For how long the next attempt of one has been due; 0 when none is. */
  readonly overdueSeconds: number;
  /** The most failed attempts of one that waits. */
  readonly failures: number;
  /** Those that are not tried any longer: set aside, or given up within a day. */
  readonly setAside: number;
}

export interface SigningKeyReading {
  readonly alg: string;
  readonly state: 'current' | 'next' | 'retired';
  readonly ageSeconds: number;
}

export interface DatabaseReading {
  /** The time of the database. */
  readonly at: Date;
  readonly outboxes: readonly OutboxReading[];
  /** The youngest key of each algorithm and state. */
  readonly signingKeys: readonly SigningKeyReading[];
  /** For how long the oldest record of the provider should have been swept; 0 when none is due. */
  readonly sweepLagSeconds: number;
}

const READ = sql`
  WITH waiting AS (
    SELECT * FROM (SELECT 'letters' AS outbox, ordered_at AS at, try_at, tries FROM letters
      WHERE state = 'waiting' ORDER BY try_at LIMIT 10000) AS l
    UNION ALL
    SELECT * FROM (SELECT 'notices', at, try_at, tries FROM notices
      WHERE state = 'waiting' ORDER BY try_at LIMIT 10000) AS n
    UNION ALL
    SELECT * FROM (SELECT 'logouts', at, try_at, tries FROM logouts
      WHERE state = 'waiting' ORDER BY try_at LIMIT 10000) AS o),
  aside (outbox, many) AS (
    SELECT 'letters', count(*) FROM (SELECT FROM letters WHERE state = 'set_aside' LIMIT 10000) AS l
    UNION ALL
    SELECT 'notices', count(*) FROM (SELECT FROM notices WHERE state = 'set_aside' LIMIT 10000) AS n
    UNION ALL
    SELECT 'logouts', count(*) FROM (SELECT FROM logouts
      WHERE state <> 'waiting' AND try_at > now() - interval '1 day' AND state = 'given_up' LIMIT 10000) AS o),
  outboxes AS (
    SELECT a.outbox, a.many::int AS "setAside", count(w.at)::int AS waiting,
      greatest(0, coalesce(extract(epoch FROM clock_timestamp() - min(w.at)), 0))::float8 AS "oldestSeconds",
      greatest(0, coalesce(extract(epoch FROM clock_timestamp() - min(w.try_at)), 0))::float8 AS "overdueSeconds",
      coalesce(max(w.tries), 0)::int AS failures
    FROM aside a LEFT JOIN waiting w USING (outbox) GROUP BY a.outbox, a.many),
  keys AS (
    SELECT alg, state, extract(epoch FROM clock_timestamp() - max(since))::float8 AS "ageSeconds"
    FROM signing_keys GROUP BY alg, state)
  SELECT clock_timestamp() AS at,
    (SELECT jsonb_agg(o) FROM outboxes o) AS outboxes,
    (SELECT coalesce(jsonb_agg(k), '[]') FROM keys k) AS signing_keys,
    greatest(0, coalesce(extract(epoch FROM clock_timestamp() - interval '1 day'
      - (SELECT min(expires_at) FROM oidc_records)), 0))::float8 AS sweep_lag_seconds`;

/** @throws DatabaseUnavailable */
export async function readForOperators(db: Queryable): Promise<DatabaseReading> {
  type ReadingRow = {
    at: Date;
    outboxes: OutboxReading[];
    signing_keys: SigningKeyReading[];
    sweep_lag_seconds: number;
  };
  const [row] = (await db.query<ReadingRow>(READ)).rows;
  if (!row) throw new Error('the reading has no row');
  return {
    at: row.at,
    outboxes: row.outboxes,
    signingKeys: row.signing_keys,
    sweepLagSeconds: row.sweep_lag_seconds,
  };
}
