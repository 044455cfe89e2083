/** Migrations: numbered SQL files at the top of the project, run by knex, never edited once shipped. */
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { Logger, runMigrations } from 'graphile-worker';
import type { Knex } from 'knex';
import type pg from 'pg';
import { toDatabaseUnavailable } from './connection/databaseErrors.ts';
import { applyGrants, assertMigratesAsOwner } from './roles/grants.ts';
import { OWNER } from './roles/roles.ts';
import {
  CONNECT_MS,
  describeOtherBackends,
  runUnderMigrationLock,
  runWithClient,
  type LockWaitReport,
} from './connection/migrationLock.ts';

const FOLDER = new URL('../../migrations/', import.meta.url);

/** The names of the migrations that this build has, in order. */
export async function listMigrations(): Promise<string[]> {
  return (await readdir(FOLDER)).filter((name) => /^[0-9]{4}_.*\.sql$/.test(name)).sort();
}

/** The text of a migration of this build. */
export async function readMigrationFile(name: string): Promise<string> {
  return await readFile(new URL(name, FOLDER), 'utf8');
}

class SqlMigrationSource implements Knex.MigrationSource<string> {
  getMigrations(): Promise<string[]> {
    return listMigrations();
  }
  getMigrationName(name: string): string {
    return name;
  }
  async getMigration(name: string): Promise<Knex.Migration> {
    const text = await readMigrationFile(name);
    return {
      up: async (db) => {
        await db.raw(RETRYABLE_SQLSTATES);
        await db.raw(text);
      },
      down: () => Promise.reject(new Error('migrations only go forward')),
    };
  }
}

/**
 * A schema change that waits for the readers of a table makes all later readers wait behind it. It waits for
 * less time than a statement of a node may take, so that people do not notice, and is then retried. Timeouts
 * that the role has set for the nodes do not apply.
 */
const RETRYABLE_SQLSTATES = `SET LOCAL lock_timeout = '800ms'; SET LOCAL statement_timeout = 0`;

export interface MigrateOptions {
  /** Logs what the migration waits for, in words for an operator. */
  readonly log?: (text: string) => void;
  /** How long to wait for another migration, or for readers of a table. */
  readonly waitMs?: number;
}

const WAIT_MS = 120_000;
/** The SQLSTATE of a statement that the role may not run. */
const MISSING_RIGHT = '42501';

/**
 * Brings the database up to date. Several nodes may call it concurrently.
 * @returns the files that were run
 */
export async function migrateDatabase(databaseUrl: string, options: MigrateOptions = {}): Promise<string[]> {
  const { log = () => undefined, waitMs = WAIT_MS } = options;
  const end = performance.now() + waitMs;
  const work = runUnderMigrationLock(databaseUrl, { log, end }, async (holder) => {
    await assertMigratesAsOwner(holder);
    return await runWithKnex(databaseUrl, async (db) => {
      const files = await retryWhileUnavailable(holder, { log, end }, async () => {
        // `runUnderMigrationLock` is the lock that counts. knex's own lock is a row in a table, which stays
        // locked permanently when a node dies with it.
        await db.migrate.forceFreeMigrationsLock({ migrationSource: new SqlMigrationSource() });
        return (
          (await db.migrate.latest({ migrationSource: new SqlMigrationSource() })) as [number, string[]]
        )[1];
      });
      // The job queue has a separate schema, and its own migrations.
      await runMigrations({ connectionString: databaseUrl, logger: new Logger(() => () => undefined) });
      await retryWhileUnavailable(holder, { log, end }, () => runWithClient(databaseUrl, applyGrants));
      return files;
    });
  });
  return await work.catch((error: unknown) => {
    const { code, message } = error as { code?: unknown; message?: string };
    if (code !== MISSING_RIGHT) throw error;
    throw new Error(
      `${message}. A migration runs as the owner of the tables: connect as it, ${OWNER} where that exists`,
      { cause: error },
    );
  });
}

/** A migration that ran before the lock timeout stays done; the rest is retried. */
async function retryWhileUnavailable<T>(
  holder: pg.Client,
  { log, end }: LockWaitReport,
  latest: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await latest();
    } catch (error) {
      if ((error as { code?: unknown }).code !== '55P03') throw error;
      const why = `a change of the schema waits for what others do: ${await describeOtherBackends(holder)}`;
      if (performance.now() > end)
        throw new Error(`${why}. Nothing was changed by it; run it again`, { cause: error });
      log(`${why}; it is tried again`);
      await setTimeout(RETRY_MS);
    }
  }
}

const RETRY_MS = 2_000;

/** Creates a database next to the one that `url` names, unless it exists, for a single role. */
export async function createDatabase(url: string, name: string): Promise<void> {
  await runWithClient(url, async (client) => {
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  });
}

/** The migrations of this build that have not run in the database. @throws DatabaseUnavailable */
export async function listPendingMigrations(databaseUrl: string): Promise<string[]> {
  const read = runWithClient(databaseUrl, async (client) => {
    const [table] = (await client.query("SELECT to_regclass('knex_migrations') AS found")).rows;
    if (table.found === null) return new Set<string>();
    const { rows } = await client.query<{ name: string }>('SELECT name FROM knex_migrations');
    return new Set(rows.map(({ name }) => name));
  });
  const ran = await read.catch((error: unknown) => {
    throw toDatabaseUnavailable(error);
  });
  return (await listMigrations()).filter((name) => !ran.has(name));
}

/** knex logs what it also throws; the caller that catches it logs it. */
const SILENT_LOG = {
  warn: () => undefined,
  error: () => undefined,
  deprecate: () => undefined,
  debug: () => undefined,
};

async function runWithKnex<T>(connection: string, work: (db: Knex) => Promise<T>): Promise<T> {
  // Imported only here: a node that serves people starts without it.
  const { default: knex } = await import('knex');
  const db = knex({
    client: 'pg',
    connection,
    pool: { min: 0, max: 1 },
    acquireConnectionTimeout: CONNECT_MS,
    log: SILENT_LOG,
  });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}
