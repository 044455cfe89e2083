/** What an operator has to know now, as numbers: no statement reads what names a person. */
import type { Inspector } from './inspection.ts';
import { listRanMigrations } from './serverFacts.ts';

export interface Outbox {
  readonly waiting: number;
  /** Waiting ones that are due: a letter for another day is not. */
  readonly due: number;
  readonly oldestDue: Date | null;
  /** Set aside, or given up. */
  readonly setAside: number;
}

export interface OperationsStatus {
  readonly server: { readonly version: string; readonly now: Date; readonly isWritable: boolean };
  readonly pending: readonly string[];
  readonly isRehearsal: boolean;
  readonly binding: string | null;
  /** `local` is a socket of the server; null an address that this role may not see. */
  readonly nodes: readonly { readonly address: string | null; readonly connections: number }[];
  readonly letters: Outbox;
  readonly notices: Outbox;
  readonly logouts: Outbox;
  readonly jobs: {
    readonly waiting: number;
    readonly oldestDue: Date | null;
    /** Running for longer than a node keeps its jobs. */
    readonly abandoned: number;
    readonly failed: number;
  } | null;
  readonly locks: { readonly password: number; readonly keys: number };
  readonly signingKeys: readonly { readonly alg: string; readonly state: string; readonly since: Date }[];
  readonly statusLine: {
    readonly texts: Readonly<Record<string, string>>;
    readonly until: Date | null;
  } | null;
}

const SERVER = `
  SELECT current_setting('server_version') AS version, clock_timestamp() AS now,
    NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' AS "isWritable"`;
const INSTALLATION = `SELECT binding, to_jsonb(i) -> 'rehearsal_since' AS rehearsal FROM installation i`;
const NODES = `
  SELECT coalesce(host(client_addr), CASE WHEN backend_type IS NOT NULL THEN 'local' END) AS address,
    count(*)::int AS connections FROM pg_stat_activity
  WHERE datname = current_database() AND application_name IN ('noegle', 'noegle-worker') GROUP BY 1 ORDER BY 1`;
const outbox = (table: string, setAside: string): string => `
  SELECT (count(*) FILTER (WHERE state = 'waiting'))::int AS waiting,
    (count(*) FILTER (WHERE state = 'waiting' AND try_at <= now()))::int AS due,
    min(try_at) FILTER (WHERE state = 'waiting' AND try_at <= now()) AS "oldestDue",
    (count(*) FILTER (WHERE state = '${setAside}'))::int AS "setAside"
  FROM ${table} WHERE state IN ('waiting', '${setAside}')`;
const JOBS = `
  SELECT (count(*) FILTER (WHERE locked_at IS NULL AND attempts < max_attempts))::int AS waiting,
    min(run_at) FILTER (WHERE locked_at IS NULL AND attempts < max_attempts AND run_at <= now()) AS "oldestDue",
    (count(*) FILTER (WHERE locked_at < now() - interval '120 seconds'))::int AS abandoned,
    (count(*) FILTER (WHERE locked_at IS NULL AND attempts >= max_attempts))::int AS failed
  FROM graphile_worker._private_jobs`;
const LOCKS = `
  SELECT (count(*) FILTER (WHERE kind IN ('password_locked', 'current_password_locked')))::int AS password,
    (count(*) FILTER (WHERE kind = 'keys_locked'))::int AS keys
  FROM audit_events WHERE id > (SELECT coalesce(max(id), 0) - $2 FROM audit_events) AND at > now() - $1 * interval '1 hour'`;
const SIGNING_KEYS = `SELECT alg, state, since FROM signing_keys ORDER BY alg, state, since`;
const STATUS_LINE = `SELECT texts, until FROM status_line`;

/** How many of the newest audit events are read for the locks: they have no index by time. */
const EVENTS_READ = 500_000;

/** @param migrations those of this build. @throws Error of the driver or of the server */
export async function readOperationsStatus(
  inspector: Inspector,
  { migrations, lockHours }: { readonly migrations: readonly string[]; readonly lockHours: number },
): Promise<OperationsStatus> {
  const ask = async <Row>(text: string, values?: readonly unknown[]) =>
    await inspector.query<Row>(text, values);
  const only = async <Row>(text: string, values?: readonly unknown[]): Promise<Row> => {
    const [row] = await ask<Row>(text, values);
    if (row === undefined) throw new Error('the installation has no row: the migrations have not run');
    return row;
  };
  const ran = await listRanMigrations(inspector);
  if (ran === null) throw new Error('no migration has run in this database: node dist/cli.js migrate');
  const installation = (await ask<{ binding: string | null; rehearsal: string | null }>(INSTALLATION))[0];
  return {
    server: await only(SERVER),
    pending: migrations.filter((name) => !ran.includes(name)),
    isRehearsal: Boolean(installation?.rehearsal),
    binding: installation?.binding ?? null,
    nodes: await ask(NODES),
    letters: await only(outbox('letters', 'set_aside')),
    notices: await only(outbox('notices', 'set_aside')),
    logouts: await only(outbox('logouts', 'given_up')),
    // A role without the right to read the queue still gets all else.
    jobs: await readJobQueue(inspector).catch(() => null),
    locks: await only(LOCKS, [lockHours, EVENTS_READ]),
    signingKeys: await ask(SIGNING_KEYS),
    statusLine: (await ask<NonNullable<OperationsStatus['statusLine']>>(STATUS_LINE))[0] ?? null,
  };
}

/** @throws Error as a role that may not read the queue */
export async function readJobQueue(inspector: Inspector): Promise<OperationsStatus['jobs']> {
  const [jobs] = await inspector.query<NonNullable<OperationsStatus['jobs']>>(JOBS);
  return jobs ?? null;
}
