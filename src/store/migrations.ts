/** Migrations: numbered SQL text at the top of the project, run by knex, never edited once shipped. */
import { readdir, readFile } from 'node:fs/promises';
import { Logger, runMigrations } from 'graphile-worker';
import type { Knex } from 'knex';
import pg from 'pg';

const FOLDER = new URL('../../migrations/', import.meta.url);

/** The names of the migrations that this build has, in order. */
export async function listMigrations(): Promise<string[]> {
  return (await readdir(FOLDER)).filter((name) => /^[0-9]{4}_.*\.sql$/.test(name)).sort();
}

class SqlFiles implements Knex.MigrationSource<string> {
  getMigrations(): Promise<string[]> {
    return listMigrations();
  }
  getMigrationName(name: string): string {
    return name;
  }
  async getMigration(name: string): Promise<Knex.Migration> {
    const text = await readFile(new URL(name, FOLDER), 'utf8');
    return { up: (db) => db.raw(text), down: () => Promise.reject(new Error('migrations only go forward')) };
  }
}

/** Brings the database up to date. Safe to call from several nodes at once. @returns the files that were run. */
export async function migrate(databaseUrl: string): Promise<string[]> {
  return await underLock(databaseUrl, () =>
    withKnex(databaseUrl, async (db) => {
      // Ours is the lock: knex's own, a row in a table, stays shut for good when a node dies with it.
      await db.migrate.forceFreeMigrationsLock({ migrationSource: new SqlFiles() });
      const [, files] = (await db.migrate.latest({ migrationSource: new SqlFiles() })) as [number, string[]];
      // The job queue has a schema of its own, and brings its migrations along.
      await runMigrations({ connectionString: databaseUrl, logger: new Logger(() => () => undefined) });
      return files;
    }),
  );
}

/** Any number, the same in every version. */
const MIGRATION_LOCK = 4_206_148;

/** An advisory lock of a session: PostgreSQL lets go of it when the node dies. */
async function underLock<T>(databaseUrl: string, work: () => Promise<T>): Promise<T> {
  return await withClient(databaseUrl, async (holder) => {
    await holder.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return await work();
  });
}

/** Makes a database beside the maintenance database that `url` names, unless it is there. */
export async function createDatabase(url: string, name: string): Promise<void> {
  await withClient(url, async (client) => {
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  });
}

/** The migrations that this build has and the database has not. */
export async function pendingMigrations(databaseUrl: string): Promise<string[]> {
  const ran = await withClient(databaseUrl, async (client) => {
    const [table] = (await client.query("SELECT to_regclass('knex_migrations') AS found")).rows;
    if (table.found === null) return new Set<string>();
    const { rows } = await client.query<{ name: string }>('SELECT name FROM knex_migrations');
    return new Set(rows.map(({ name }) => name));
  });
  return (await listMigrations()).filter((name) => !ran.has(name));
}

async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_MS });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const CONNECT_MS = 5_000;

/** knex prints what it also throws; whoever catches it has the word. */
const SILENT = {
  warn: () => undefined,
  error: () => undefined,
  deprecate: () => undefined,
  debug: () => undefined,
};

async function withKnex<T>(connection: string, work: (db: Knex) => Promise<T>): Promise<T> {
  // Here alone: a node that serves people starts without it.
  const { default: knex } = await import('knex');
  const db = knex({
    client: 'pg',
    connection,
    pool: { min: 0, max: 1 },
    acquireConnectionTimeout: CONNECT_MS,
    log: SILENT,
  });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}
