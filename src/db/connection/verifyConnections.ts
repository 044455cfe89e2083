/**
 * Verifies at the start of a node that its connections keep what it relies on: their settings and their
 * prepared statements. A pooler may lose either without reporting it. Then no timeout would limit a
 * statement, or statements would fail as soon as the pooler has to share its sessions.
 */
import pg from 'pg';
import { listConnectionSettings, listMissingSettings, type Pooler } from './connectionSettings.ts';
import { DatabaseUnavailable, toDatabaseUnavailable, UnfitConnectionError } from './databaseErrors.ts';

/** Rounds in which a pooler may give a connection another session than before. */
const ROUNDS = 4;

interface VerifyOptions {
  readonly timeoutMs: number;
  readonly pooler: Pooler;
  /** How many connections there are to verify; two show whether sessions are shared. */
  readonly poolSize: number;
}

/** @throws DatabaseUnavailable, with an UnfitConnectionError as its cause when waiting does not help */
export async function verifyConnections(
  pool: pg.Pool,
  { timeoutMs, pooler, poolSize }: VerifyOptions,
): Promise<void> {
  const clients: pg.PoolClient[] = [];
  let isSound = false;
  try {
    while (clients.length < Math.min(2, poolSize)) clients.push(await pool.connect());
    for (let round = 0; round < ROUNDS; round += 1) {
      // All are in a transaction at the same time, so that each has a session of its own.
      for (const client of clients) await client.query('BEGIN');
      for (const [i, client] of clients.entries()) {
        const missing = listMissingSettings(await readSettings(client, i, timeoutMs), timeoutMs);
        if (missing.length > 0) throw new UnfitConnectionError(explainMissingSettings(missing, pooler));
      }
      // Poolers hand out the session that was returned last, or the one that was returned first.
      const order = round % 2 === 0 ? clients : clients.toReversed();
      for (const client of order) await client.query('COMMIT');
    }
    isSound = true;
  } catch (error) {
    throw error instanceof UnfitConnectionError
      ? new DatabaseUnavailable(UNFIT, { cause: error })
      : toDatabaseUnavailable(error);
  } finally {
    for (const client of clients) client.release(!isSound);
  }
}

const UNFIT = 'the connection is not fit for a node';

/**
 * Each connection has a statement of its own. A session in which it was not prepared has none of that name,
 * even if the other connection had the session before.
 */
async function readSettings(
  client: pg.ClientBase,
  connection: number,
  timeoutMs: number,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ name: string; setting: string }>({
    name: `noegle_settings_${connection}`,
    text: `SELECT name, setting FROM pg_settings WHERE name = ANY($1::text[]) -- ${connection}`,
    values: [listConnectionSettings(timeoutMs).map(([name]) => name)],
  });
  return new Map(rows.map(({ name, setting }) => [name, setting]));
}

function explainMissingSettings(missing: readonly string[], pooler: Pooler): string {
  const lost = missing.join(', ');
  return pooler === null
    ? `${lost} is lost on the way, as with ignore_startup_parameters. A pooler is in front: ${PAST_POOLER}`
    : `the role has to have the settings that a node cannot pass through a pooler, and lacks ${lost}. ` +
        'Run "database settings" for the role of DATABASE_URL, then let the pooler open new connections ' +
        '(RECONNECT in the console of PgBouncer)';
}

const PAST_POOLER = 'let DATABASE_URL lead to PostgreSQL, past the pooler, or set NOEGLE_POOLER=transaction';

/** For a server that does not respond. */
const DIRECT_TIMEOUT_MS = 5_000;
/** An arbitrary value that no one else sets. */
const MARK_MS = 4_999;

const IDENTIFY = `
  SELECT (SELECT system_identifier::text FROM pg_control_system())
    || '/' || (SELECT oid FROM pg_database WHERE datname = current_database()) AS id`;

/**
 * Verifies that the worker's URL leads past every pooler, and to the same database as the other one. A worker
 * listens; behind a pooler it would hear nothing, and report nothing.
 * @throws DatabaseUnavailable
 */
export async function verifyDirectConnection(directUrl: string, databaseUrl: string): Promise<void> {
  try {
    const [direct, other] = await Promise.all([identify(directUrl, MARK_MS), identify(databaseUrl)]);
    if (direct.timeout !== String(MARK_MS)) throw new UnfitConnectionError(SHARES_SESSIONS);
    if (direct.id !== other.id) throw new UnfitConnectionError(ANOTHER_DATABASE);
  } catch (error) {
    const unavailable =
      error instanceof UnfitConnectionError
        ? new DatabaseUnavailable(UNFIT, { cause: error })
        : toDatabaseUnavailable(error);
    if (unavailable instanceof DatabaseUnavailable) unavailable.setting = 'NOEGLE_DIRECT_DATABASE_URL';
    throw unavailable;
  }
}

const SHARES_SESSIONS =
  'a pooler is in front, which loses settings; the worker listens, and needs connections that are its own: ' +
  'let NOEGLE_DIRECT_DATABASE_URL lead to PostgreSQL itself';
const ANOTHER_DATABASE =
  'it leads to another database than DATABASE_URL; the worker would send the letters of that one';

async function identify(url: string, markMs?: number): Promise<{ id: string; timeout: string }> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'noegle-start',
    connectionTimeoutMillis: DIRECT_TIMEOUT_MS,
    query_timeout: DIRECT_TIMEOUT_MS,
    ...(markMs === undefined ? {} : { statement_timeout: markMs }),
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string; timeout: string }>(
      `SELECT setting AS timeout, s.id FROM pg_settings, (${IDENTIFY}) s WHERE name = 'statement_timeout'`,
    );
    return rows[0] ?? { id: '', timeout: '' };
  } finally {
    await client.end().catch(() => undefined);
  }
}
