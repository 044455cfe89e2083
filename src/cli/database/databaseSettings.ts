/** The command `database settings`: what a role needs where a pooler is in front of the database. */
import { readDatabaseTimeout, readDatabaseUrlSetting } from '../../config/config.ts';
import { Database } from '../../db/database.ts';
import { saveRoleSettings } from '../../db/roleSettings.ts';
import type { CommandOutcome } from '../keys.ts';
import type { RecordCommand } from '../operator.ts';

/** No page waits for this command. */
const TIMEOUT_MS = 15_000;

/**
 * Opens a database for a command that runs before the settings and the key rings of a node are there: its
 * connections may pass through any pooler.
 */
export async function runWithPlainDatabase<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const database = new Database(url, {
    poolSize: 1,
    timeoutMs: TIMEOUT_MS,
    pooler: 'transaction',
    onLost: () => undefined,
  });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** @throws ConfigError, Error when there is no such role, DatabaseUnavailable */
export async function saveDatabaseSettings(
  role: string | null,
  record: RecordCommand,
): Promise<CommandOutcome> {
  const databaseUrl = readDatabaseUrlSetting(process.env);
  const timeoutMs = readDatabaseTimeout(process.env);
  const saved = await runWithPlainDatabase(databaseUrl, (database) =>
    database.transaction(async (db) => {
      const result = await saveRoleSettings(db, role, timeoutMs);
      if (!result) throw new Error(`there is no role "${role}"`);
      await record(db, { ...result });
      return result;
    }),
  );
  const lines = Object.entries(saved.settings).map(([name, value]) => `  ${name} = ${value}`);
  const text = [
    `the role ${saved.role} has in this database:`,
    ...lines,
    'They apply to new connections: let the pooler open new ones (RECONNECT in the console of PgBouncer).',
  ];
  return { text: text.join('\n'), json: saved };
}
