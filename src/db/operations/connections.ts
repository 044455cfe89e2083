/** The connections to the database, as PostgreSQL shows them to this role. */
import type { Inspector } from './inspection.ts';

export interface DatabaseConnection {
  readonly pid: number;
  readonly application: string;
  readonly user: string | null;
  readonly address: string | null;
  readonly state: string | null;
  /** When its transaction began; null without one, or where this role may not see it. */
  readonly transactionSince: Date | null;
  /** The processes that it waits for. */
  readonly blockedBy: readonly number[];
}

const LIST = `
  SELECT pid, application_name AS application, usename AS user, host(client_addr) AS address, state,
    xact_start AS "transactionSince", pg_blocking_pids(pid) AS "blockedBy"
  FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
  ORDER BY xact_start NULLS LAST, pid`;

export async function listConnections(inspector: Inspector): Promise<DatabaseConnection[]> {
  return await inspector.query<DatabaseConnection>(LIST);
}

const END = `
  SELECT pg_terminate_backend(pid, 5000) AS ended FROM pg_stat_activity
  WHERE pid = $1 AND datname = current_database() AND pid <> pg_backend_pid()`;

/** @returns false when it did not end within five seconds; true also when it was gone */
export async function endConnection(inspector: Inspector, pid: number): Promise<boolean> {
  return (await inspector.query<{ ended: boolean }>(END, [pid]))[0]?.ended ?? true;
}
