/** What PostgreSQL did between two moments: statements, commits, bytes of its log. */
import type pg from 'pg';

export interface CostSnapshot {
  readonly at: number;
  readonly statements: number;
  /** All transactions, those that only read included. */
  readonly transactions: number;
  readonly wal: string;
}

export interface DatabaseCosts {
  readonly seconds: number;
  readonly statements: number;
  readonly transactions: number;
  /** Transactions that wrote: each is a flush of the log. */
  readonly commits: number;
  readonly walBytes: number;
}

/**
 * The bench's own statements are recognised by this comment: the server keeps the text of a statement, not
 * the application_name.
 */
const OWN_CONNECTIONS = '/* bench */';

export async function takeSnapshot(database: pg.Pool): Promise<CostSnapshot> {
  const { rows } = await database.query<Omit<CostSnapshot, 'at'>>(
    `${OWN_CONNECTIONS} SELECT
       (SELECT coalesce(sum(calls), 0)::float8 FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
        WHERE d.datname = current_database() AND query NOT LIKE '%bench%'
          AND query !~* '^(BEGIN|COMMIT|ROLLBACK)') AS statements,
       (SELECT xact_commit::float8 FROM pg_stat_database WHERE datname = current_database()) AS transactions,
       pg_current_wal_insert_lsn()::text AS wal`,
  );
  return { at: performance.now(), ...(rows[0] as Omit<CostSnapshot, 'at'>) };
}

export async function compareSnapshots(
  database: pg.Pool,
  before: CostSnapshot,
  after: CostSnapshot,
): Promise<DatabaseCosts> {
  const { rows } = await database.query<{ commits: number; bytes: number }>(
    `${OWN_CONNECTIONS} SELECT pg_wal_lsn_diff($2, $1)::float8 AS bytes,
       (SELECT coalesce(sum(count), 0)::float8 FROM pg_get_wal_stats($1, $2, true)
        WHERE "resource_manager/record_type" = 'Transaction/COMMIT') AS commits`,
    [before.wal, after.wal],
  );
  return {
    seconds: (after.at - before.at) / 1000,
    statements: after.statements - before.statements,
    transactions: after.transactions - before.transactions,
    commits: rows[0]?.commits ?? 0,
    walBytes: rows[0]?.bytes ?? 0,
  };
}
