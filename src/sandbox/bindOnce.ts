/**
 * Data that a version before has made is bound once, as it stands. That it was is marked in the folder: a
 * writer in the database alone cannot have it done again.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AppSettings } from '../app.ts';
import { fillRecords } from '../oidc/records/fillRecords.ts';
import { KeyedRowMacs } from '../platform/binding/rowMacs.ts';
import { Keyring } from '../platform/keyring.ts';
import { fillRows } from '../store/binding/fillRows.ts';
import { Database } from '../store/database.ts';

export async function bindOnce(
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
  const macs = new KeyedRowMacs(keyring, 'write');
  const database = new Database(databaseUrl, { poolSize: 2, timeoutMs, onLost: () => undefined, macs });
  try {
    await fillRows(database, { onlyLook: false, pause: () => Promise.resolve() });
    await fillRecords({ database, keyring }, { onlyLook: false });
  } finally {
    await database.end();
  }
  await writeFile(mark, '', { mode: 0o600 });
}
