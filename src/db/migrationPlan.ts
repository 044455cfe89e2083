/** What `migrate` would do, read from the files and the database. Changes nothing. */
import { listMigrations, readMigrationFile } from './migrations.ts';
import { runWithClient } from './connection/migrationLock.ts';
import { toDatabaseUnavailable } from './connection/databaseErrors.ts';
import { readMigration, type MigrationLock, type MigrationReading } from './migrationReading.rules.ts';

export interface PlannedLock extends MigrationLock {
  /** Who waits while the lock is held. */
  readonly blocks: string;
  /** The server's estimate; null for a table that is not there yet, or was not counted. */
  readonly rows: number | null;
}

export interface PlannedMigration extends Omit<MigrationReading, 'locks'> {
  readonly name: string;
  readonly locks: readonly PlannedLock[];
}

export interface MigrationPlan {
  readonly pending: readonly PlannedMigration[];
  /** Migrations that a newer version has run. */
  readonly unknown: readonly string[];
}

const BLOCKED: Readonly<Record<MigrationLock['mode'], string>> = {
  'ACCESS EXCLUSIVE': 'readers and writers wait',
  'SHARE ROW EXCLUSIVE': 'writers wait',
  SHARE: 'writers wait',
  'SHARE UPDATE EXCLUSIVE': 'no one waits',
  'ROW EXCLUSIVE': 'writers of the same rows wait',
};

/** @throws DatabaseUnavailable */
export async function planMigrations(databaseUrl: string): Promise<MigrationPlan> {
  const names = await listMigrations();
  const { ran, rows } = await readDatabase(databaseUrl).catch((error: unknown) => {
    throw toDatabaseUnavailable(error);
  });
  const pending = names.filter((name) => !ran.has(name));
  return {
    pending: await Promise.all(
      pending.map(async (name) => {
        const { locks, ...reading } = readMigration(await readMigrationFile(name));
        const planned = locks.map((lock) => ({
          ...lock,
          blocks: BLOCKED[lock.mode],
          rows: rows.get(lock.table) ?? null,
        }));
        return { name, ...reading, locks: planned };
      }),
    ),
    unknown: [...ran].filter((name) => !names.includes(name)).sort(),
  };
}

interface DatabaseState {
  readonly ran: ReadonlySet<string>;
  /** Table -> the estimated number of its rows. */
  readonly rows: ReadonlyMap<string, number>;
}

async function readDatabase(databaseUrl: string): Promise<DatabaseState> {
  return await runWithClient(databaseUrl, async (client) => {
    await client.query('BEGIN READ ONLY');
    const [table] = (await client.query("SELECT to_regclass('knex_migrations') AS found")).rows;
    const ran =
      table.found === null
        ? []
        : (await client.query<{ name: string }>('SELECT name FROM knex_migrations')).rows;
    const sizes = await client.query<{ name: string; many: number }>(
      `SELECT relname AS name, reltuples::float8 AS many FROM pg_class
       WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND reltuples >= 0`,
    );
    await client.query('COMMIT');
    return {
      ran: new Set(ran.map(({ name }) => name)),
      rows: new Map(sizes.rows.map(({ name, many }) => [name, many])),
    };
  });
}
