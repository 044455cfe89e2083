/** What the server says of itself, its settings and its standbys, for `doctor`. */
import type { Inspector } from './inspection.ts';

export interface ServerFacts {
  readonly version: string;
  readonly versionNumber: number;
  readonly now: Date;
  readonly isStandby: boolean;
  readonly isReadOnly: boolean;
  readonly synchronousCommit: string;
  readonly synchronousStandbys: string;
  readonly fsync: string;
  readonly fullPageWrites: string;
  readonly timeZone: string;
  readonly maxConnections: number;
  readonly reserved: number;
  readonly connections: number;
  readonly encoding: string;
  /** Null when the role may not read the time zones. */
  readonly isTls: boolean;
  readonly isLocal: boolean;
}

const FACTS = `
  SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS "versionNumber",
    clock_timestamp() AS now, pg_is_in_recovery() AS "isStandby",
    current_setting('transaction_read_only') = 'on' AS "isReadOnly",
    current_setting('synchronous_commit') AS "synchronousCommit",
    current_setting('synchronous_standby_names') AS "synchronousStandbys",
    current_setting('fsync') AS fsync, current_setting('full_page_writes') AS "fullPageWrites",
    current_setting('TimeZone') AS "timeZone", current_setting('max_connections')::int AS "maxConnections",
    current_setting('superuser_reserved_connections')::int AS reserved,
    -- The type of another role's process is null for a role that is no member of pg_monitor.
    (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend'
      OR (backend_type IS NULL AND datid IS NOT NULL AND usesysid IS NOT NULL)) AS connections,
    current_setting('server_encoding') AS encoding,
    coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS "isTls",
    inet_client_addr() IS NULL OR inet_client_addr() <<= '127.0.0.0/8' OR inet_client_addr() = '::1' AS "isLocal"`;

export async function readServerFacts(inspector: Inspector): Promise<ServerFacts> {
  const [facts] = await inspector.query<ServerFacts>(FACTS);
  if (!facts) throw new Error('the server did not answer');
  return facts;
}

const STANDBYS = `
  SELECT application_name AS name, sync_state AS "syncState", state FROM pg_stat_replication ORDER BY 1`;

export interface Standby {
  readonly name: string;
  /** Null where the role may not see it: it is no member of pg_monitor. */
  readonly syncState: string | null;
  readonly state: string | null;
}

export async function listStandbys(inspector: Inspector): Promise<Standby[]> {
  return await inspector.query<Standby>(STANDBYS);
}

const OWN_PID = `SELECT pg_backend_pid() AS pid`;

/**
 * Whether a pooler is in between: it introduces itself with a number of its own, in any of its modes. A proxy
 * that only passes bytes on does not.
 */
export async function detectsPooler(inspector: Inspector): Promise<boolean> {
  const [row] = await inspector.query<{ pid: number }>(OWN_PID);
  return row?.pid !== inspector.announcedPid;
}

const RAN_MIGRATIONS = `SELECT name FROM knex_migrations ORDER BY name`;
const HAS_MIGRATIONS = `SELECT to_regclass('knex_migrations') IS NOT NULL AS found`;

/** @returns null when no migration ever ran */
export async function listRanMigrations(inspector: Inspector): Promise<string[] | null> {
  const [table] = await inspector.query<{ found: boolean }>(HAS_MIGRATIONS);
  if (!table?.found) return null;
  return (await inspector.query<{ name: string }>(RAN_MIGRATIONS)).map(({ name }) => name);
}
