/**
 * Measures what a sign-in leaves permanently: everything is made to expire, the sweep of a node runs, and
 * what is left is weighed.
 */
import type pg from 'pg';
import { Database } from '../src/db/database.ts';
import { sweepExpiredRows } from '../src/db/sweep.ts';

/** The tables in which a sign-in leaves rows that expire. */
const PASSING = ['oidc_records', 'sign_ins', 'passwords_without_key', 'attempts', 'network_tries'] as const;

export interface StorageReport {
  /** Bytes of the audit log with its indexes, per event that a sign-in wrote. */
  readonly bytes: number;
  /** Rows that are left in all the tables that a sign-in passes through. */
  readonly rows: number;
  /** Milliseconds of the longest round of the sweep. */
  readonly longestRoundMs: number;
}

export async function measureStorage(pool: pg.Pool, databaseUrl: string): Promise<StorageReport> {
  // Notices about passwords without a key belong to another job; here each password was followed by a key.
  await pool.query(`/* bench */ UPDATE oidc_records SET expires_at = now() - interval '2 days'`);
  await pool.query(`/* bench */ UPDATE sign_ins SET expires_at = now() - interval '2 days'`);
  await pool.query(`/* bench */ UPDATE attempts SET expires_at = now() - interval '2 days'`);
  await pool.query(`/* bench */ UPDATE network_tries SET at = now() - interval '2 days'`);
  const { longestRoundMs } = await sweepAll(databaseUrl);
  await pool.query('/* bench */ VACUUM audit_events');
  const { rows } = await pool.query<{ bytes: number; left: number }>(
    `/* bench */ SELECT pg_total_relation_size('audit_events')::float8 / greatest(count(*), 1) AS bytes,
       (${PASSING.map((table) => `(SELECT count(*) FROM ${table})`).join(' + ')})::int AS left
     FROM audit_events`,
  );
  return { bytes: rows[0]?.bytes ?? 0, rows: rows[0]?.left ?? 0, longestRoundMs };
}

/** Runs the sweep as a node does, round after round, until nothing is left. */
export async function sweepAll(databaseUrl: string): Promise<{ rounds: number; longestRoundMs: number }> {
  const database = new Database(databaseUrl, { poolSize: 1, timeoutMs: 1_200, onLost: () => undefined });
  let [rounds, longestRoundMs] = [0, 0];
  for (let isFull = true; isFull; rounds += 1) {
    const startedAt = performance.now();
    isFull = await sweepExpiredRows(database, 0, (error) => {
      throw error;
    });
    longestRoundMs = Math.max(longestRoundMs, performance.now() - startedAt);
  }
  await database.close();
  return { rounds, longestRoundMs };
}

const EXPIRED = 1_000_000;

/** Adds a million expired records, as after a day without the job; a tenth of them are also dead rows. */
export async function addExpired(pool: pg.Pool): Promise<void> {
  await pool.query(
    `/* bench */ INSERT INTO oidc_records (id, model, client_id, grant_id, session_uid, uid, login_at, expires_at, payload)
     SELECT sha256(n::text::bytea), 'AccessToken', 'bench-site', sha256((n / 4)::text::bytea), 'uid-' || n, NULL,
       now() - interval '2 days', now() - interval '30 hours', sha512(n::text::bytea)
     FROM generate_series(1, ${EXPIRED}) n`,
  );
  await pool.query(
    `/* bench */ DELETE FROM oidc_records WHERE id IN (
       SELECT sha256(n::text::bytea) FROM generate_series(1, ${EXPIRED / 10}) n)`,
  );
  await pool.query('/* bench */ ANALYZE oidc_records');
}
