/** The command `migrate`. */
import { readDatabaseUrlSetting } from '../config/config.ts';
import { Database } from '../db/database.ts';
import { migrateDatabase } from '../db/migrations.ts';
import type { CommandOutcome } from './keys.ts';
import type { RecordCommand } from './operator.ts';

export async function migrateByCommand(record: RecordCommand): Promise<CommandOutcome> {
  const databaseUrl = readDatabaseUrlSetting(process.env);
  const log = (text: string) => void process.stderr.write(`${text}\n`);
  const files = await migrateDatabase(databaseUrl, { log });
  await recordMigration(databaseUrl, record, files);
  return { text: files.length > 0 ? `ran ${files.join(', ')}` : 'nothing to do', json: { ran: files } };
}

/** Longer than the timeout of a node: no page waits for this statement, and the command must be recorded. */
const RECORD_TIMEOUT_MS = 15_000;

/** Recorded after the migration, because the first migration creates the table of audit events. */
async function recordMigration(
  databaseUrl: string,
  record: RecordCommand,
  ran: readonly string[],
): Promise<void> {
  const options = { poolSize: 1, timeoutMs: RECORD_TIMEOUT_MS, onLost: () => undefined };
  const database = new Database(databaseUrl, options);
  try {
    await record(database, { ran });
  } finally {
    await database.close();
  }
}
