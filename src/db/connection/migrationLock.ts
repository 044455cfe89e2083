/**
 * The lock that lets one migration run at a time, also through a pooler. A caller that waits logs who holds
 * it.
 */
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';

export const CONNECT_MS = 5_000;

export interface LockWaitReport {
  readonly log: (text: string) => void;
  /** When to stop waiting, as `performance.now()`. */
  readonly end: number;
}

/** Opens one connection for one piece of work. When it is lost only the next statement fails. */
export async function runWithClient<T>(
  connectionString: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'noegle-migrate',
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** An arbitrary number, the same in every version. */
const MIGRATION_LOCK = 4_206_148;
const RETRY_MS = 1_000;

/**
 * Runs the work while a transaction of another connection holds the lock. PostgreSQL releases the lock when
 * the node dies. A session lock would not survive a pooler that gives every transaction another session.
 * Earlier versions take the same lock for a session.
 */
export async function runUnderMigrationLock<T>(
  databaseUrl: string,
  waiting: LockWaitReport,
  work: (holder: pg.Client) => Promise<T>,
): Promise<T> {
  return await runWithClient(databaseUrl, async (holder) => {
    await holder.query('BEGIN');
    await holder.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    let isLogged = false;
    while (!(await acquireMigrationLock(holder))) {
      const why = `another migration holds the lock: ${await describeLockHolder(holder)}`;
      if (performance.now() > waiting.end) {
        throw new Error(`${why}. If nothing is being migrated: node dist/cli.js connections end PID`);
      }
      if (!isLogged) waiting.log(`${why}; waiting for it`);
      isLogged = true;
      await setTimeout(RETRY_MS);
    }
    return await work(holder);
  });
}

async function acquireMigrationLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS taken', [
    MIGRATION_LOCK,
  ]);
  return rows[0]?.taken ?? false;
}

interface LockHolder {
  readonly pid: number;
  readonly application_name: string;
  readonly address: string | null;
  readonly since: Date | null;
}

async function describeLockHolder(client: pg.Client): Promise<string> {
  const { rows } = await client.query<LockHolder>(
    `SELECT a.pid, a.application_name, host(a.client_addr) AS address, coalesce(a.xact_start, a.backend_start) AS since
     FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND (l.classid::bigint << 32) + l.objid::bigint = $1
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [MIGRATION_LOCK],
  );
  return describeBackends(rows);
}

/**
 * Describes the longest transactions of other connections: one of them holds the lock that a schema change
 * waits for.
 */
export async function describeOtherBackends(client: pg.Client): Promise<string> {
  const { rows } = await client.query<LockHolder>(
    `SELECT a.pid, a.application_name, host(a.client_addr) AS address, a.xact_start AS since
     FROM pg_stat_activity a
     WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.xact_start IS NOT NULL
     ORDER BY a.xact_start LIMIT 3`,
  );
  return describeBackends(rows);
}

function describeBackends(backends: readonly LockHolder[]): string {
  if (backends.length === 0) return 'no visible connection';
  return backends
    .map(({ pid, application_name: name, address, since }) =>
      [`process ${pid}`, name, address && `from ${address}`, since && `since ${since.toISOString()}`]
        .filter(Boolean)
        .join(' '),
    )
    .join(', ');
}
