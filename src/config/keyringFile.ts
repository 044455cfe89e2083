/** The key rings of a node, read from NOEGLE_KEYS_FILE. */
import { readFileSync } from 'node:fs';
import { findRepeatedName } from './repeatedNames.ts';
import { RING_KEY_USES, Keyring, keyringSchema, type KeyringFile } from '../platform/keyring.ts';

/** Faults are appended to `faults`; the rings are empty then. */
export function readKeyring(file: string | undefined, faults: string[]): KeyringFile {
  const refuse = (why: string): KeyringFile => {
    faults.push(
      `NOEGLE_KEYS_FILE is required (${why}): the key rings; docs/how-to/running.md says how they are made`,
    );
    return {} as KeyringFile;
  };
  if (!file) return refuse('it is not set');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // A folder that may not be entered is not a file that is missing: no one should make new keys for it.
    if (code === 'ENOENT') return refuse(`${file} is not there`);
    faults.push(`NOEGLE_KEYS_FILE cannot be read: ${message}`);
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
  const repeated = findRepeatedName(text);
  if (repeated) return `${describePath(repeated)} is there twice: only one of the two would be used`;
  const parsed = keyringSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const missing = RING_KEY_USES.filter((use) => !(use in Object(json)));
  if (missing.length > 0 && completeKeyring(text)) {
    return `no ring for ${missing.join(', ')}; this version needs it: node dist/cli.js keys complete FILE`;
  }
  return parsed.error.issues
    .map(({ path, message }) => `${describePath(path)}: ${message.replaceAll(LONG_QUOTED, '"…"')}`)
    .join('; ');
}

/** What is longer than an id may be a key that stands in the wrong place. */
const LONG_QUOTED = /"[^"]{17,}"/g;
const MAX_ID_LENGTH = 16;

function describePath(path: readonly PropertyKey[]): string {
  const parts = path.map(String);
  return parts.map((part) => (part.length > MAX_ID_LENGTH ? '…' : part)).join('.') || 'the file';
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
  if (findRepeatedName(text)) return null;
  const completed = json !== null && typeof json === 'object' ? Keyring.complete({ ...json }) : null;
  const parsed = keyringSchema.safeParse(completed);
  return parsed.success ? parsed.data : null;
}
