/** The command `migrate`, and its plan. */
import { readDatabaseUrlSetting } from '../../config/config.ts';
import { migrateDatabase } from '../../db/migrations.ts';
import { runWithPlainDatabase } from './databaseSettings.ts';
import type { CommandOutcome } from '../keys.ts';
import { showMigrationPlan } from './migrationPlan.ts';
import type { RecordCommand } from '../operator.ts';

export async function migrateByCommand(record: RecordCommand): Promise<CommandOutcome> {
  const databaseUrl = readDatabaseUrlSetting(process.env);
  const log = (text: string) => void process.stderr.write(`${text}\n`);
  const files = await migrateDatabase(databaseUrl, { log });
  await recordMigration(databaseUrl, record, files);
  return { text: files.length > 0 ? `ran ${files.join(', ')}` : 'nothing to do', json: { ran: files } };
}

export async function planMigrationsByCommand(): Promise<CommandOutcome> {
  return await showMigrationPlan(readDatabaseUrlSetting(process.env));
}

/** Recorded after the migration, because the first migration creates the table of audit events. */
async function recordMigration(
  databaseUrl: string,
  record: RecordCommand,
  ran: readonly string[],
): Promise<void> {
  await runWithPlainDatabase(databaseUrl, (database) => record(database, { ran }));
}
