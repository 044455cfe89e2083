/**
 * Adds MACs once to the data that a previous version created, unchanged. A file in the folder records that it
 * was done: someone who can only write to the database cannot have it done again.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AppSettings } from '../app.ts';
import { backfillRecordFacts } from '../oidc/records/recordFactsBackfill.ts';
import { KeyedRowAuthenticator } from '../platform/keyedRowAuthenticator.ts';
import { Keyring } from '../platform/keyring.ts';
import { backfillRowMacs } from '../db/binding/rowMacBackfill.ts';
import { Database } from '../db/database.ts';

export async function bindRowsOnce(
  dataDir: string,
  {
    databaseUrl,
    databaseTimeoutMs: timeoutMs,
    keyring: file,
  }: Pick<AppSettings, 'databaseUrl' | 'databaseTimeoutMs' | 'keyring'>,
): Promise<void> {
  const mark = path.join(dataDir, 'rows-bound');
  if (existsSync(mark)) return;
  const keyring = new Keyring(file);
  const rowAuthenticator = new KeyedRowAuthenticator(keyring, 'write');
  const database = new Database(databaseUrl, {
    poolSize: 2,
    timeoutMs,
    onLost: () => undefined,
    rowAuthenticator,
  });
  try {
    await backfillRowMacs(database, { onlyLook: false, pause: () => Promise.resolve() });
    await backfillRecordFacts({ database, keyring }, { onlyLook: false });
  } finally {
    await database.close();
  }
  await writeFile(mark, '', { mode: 0o600 });
}
