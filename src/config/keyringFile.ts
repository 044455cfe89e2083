/** The key rings of a node, read from NOEGLE_KEYS_FILE. */
import { existsSync, readFileSync } from 'node:fs';
import { RING_KEY_USES, Keyring, keyringSchema, type KeyringFile } from '../platform/keyring.ts';

/** Faults are appended to `faults`; the rings are empty then. */
export function readKeyring(file: string | undefined, faults: string[]): KeyringFile {
  if (!file || !existsSync(file)) {
    const why = file ? `${file} is not there` : 'it is not set';
    faults.push(
      `NOEGLE_KEYS_FILE is required (${why}): the key rings; docs/how-to/running.md says how they are made`,
    );
    return {} as KeyringFile;
  }
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    faults.push(`NOEGLE_KEYS_FILE cannot be read: ${(error as Error).message}`);
    return {} as KeyringFile;
  }
  const parsed = parseKeyring(text);
  if (typeof parsed === 'string') faults.push(`NOEGLE_KEYS_FILE: ${parsed}`);
  return typeof parsed === 'string' ? ({} as KeyringFile) : parsed;
}

/** @returns the key rings, or a description of what is wrong; never a part of the text, which is secret */
export function parseKeyring(text: string): KeyringFile | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'not JSON';
  }
  const parsed = keyringSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const missing = RING_KEY_USES.filter((use) => !(use in Object(json)));
  if (missing.length > 0 && completeKeyring(text)) {
    return `no ring for ${missing.join(', ')}; this version needs it: node dist/cli.js keys complete FILE`;
  }
  return parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
}

/**
 * Completes the key rings of an earlier version with those that this version needs as well.
 * @returns null when the rings are otherwise not valid
 */
export function completeKeyring(text: string): KeyringFile | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const completed = json !== null && typeof json === 'object' ? Keyring.complete({ ...json }) : null;
  const parsed = keyringSchema.safeParse(completed);
  return parsed.success ? parsed.data : null;
}
