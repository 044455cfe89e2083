/**
 * The sandbox's key rings: created with the data, and never created again next to data that they cannot open.
 */
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { completeKeyring, ConfigError, parseKeyring } from '../config/config.ts';
import { Keyring, type KeyringFile } from '../platform/keyring.ts';

/** @throws ConfigError when the keys are missing next to existing data, or are not key rings. */
export async function readOrMakeKeys(dataDir: string): Promise<KeyringFile> {
  const file = path.join(dataDir, 'keys.json');
  if (existsSync(file)) {
    const text = await readFile(file, 'utf8');
    const parsed = parseKeyring(text);
    if (typeof parsed !== 'string') return parsed;
    const completed = completeKeyring(text);
    if (!completed) throw new ConfigError([`${file}: ${parsed}`]);
    return await saveKeys(file, completed);
  }
  if (existsSync(path.join(dataDir, 'postgres-password'))) {
    throw new ConfigError([
      `${file} is missing beside existing data, which cannot be read without it; ` +
        `put it back, or remove ${dataDir} to begin anew`,
    ]);
  }
  return await saveKeys(file, Keyring.generate());
}

async function saveKeys(file: string, made: KeyringFile): Promise<KeyringFile> {
  // Written atomically: half a file would be taken for the keys at the next start.
  await writeFile(`${file}.new`, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return made;
}
