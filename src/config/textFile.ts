/** A file that a setting names. */
import { existsSync, readFileSync } from 'node:fs';

/** @returns null when it cannot be read */
export function readTextFile(file: string): string | null {
  try {
    return existsSync(file) ? readFileSync(file, 'utf8') : null;
  } catch {
    return null;
  }
}
