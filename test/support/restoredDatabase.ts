/** A dump of a database, and its restore in place or into another one, as an operator does both. */
import pg from 'pg';
import type { TestDatabase } from './testDatabase.ts';

/** Table -> its rows as JSON. */
export interface DatabaseDump {
  readonly tables: ReadonlyMap<string, string>;
  readonly lastEvent: string;
}

async function withClient<T>({ url }: TestDatabase, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** In one snapshot, while nodes go on. */
export async function dumpDatabase(database: TestDatabase): Promise<DatabaseDump> {
  return await withClient(database, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const tables = new Map<string, string>();
    const { rows } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    for (const { name } of rows) {
      const [row] = (
        await client.query<{ all: string }>(
          `SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]')::text AS all FROM ${name} t`,
        )
      ).rows;
      tables.set(name, row?.all ?? '[]');
    }
    const [last] = (
      await client.query<{ value: string }>('SELECT last_value::text AS value FROM audit_events_id_seq')
    ).rows;
    await client.query('COMMIT');
    return { tables, lastEvent: last?.value ?? '1' };
  });
}

/** Replaces all that the database holds, as a superuser; nodes may be connected. */
export async function restoreDatabase(
  database: TestDatabase,
  { tables, lastEvent }: DatabaseDump,
): Promise<void> {
  await withClient(database, async (client) => {
    await client.query('BEGIN');
    // Triggers and references do not hold during a restore.
    await client.query('SET LOCAL session_replication_role = replica');
    await client.query(`TRUNCATE ${[...tables.keys()].join(', ')}`);
    for (const [name, rows] of tables) {
      await client.query(
        `INSERT INTO ${name} OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_recordset(NULL::${name}, $1::jsonb)`,
        [rows],
      );
    }
    await client.query(`SELECT setval('audit_events_id_seq', $1::bigint)`, [lastEvent]);
    await client.query('COMMIT');
  });
}
