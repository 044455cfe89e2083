/** A file that a setting names. */
import { readFileSync } from 'node:fs';

/** @returns a string when the file cannot be read: why not */
export function readTextFile(file: string): { readonly content: string } | string {
  try {
    return { content: readFileSync(file, 'utf8') };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? `${file} is not there` : message;
  }
}
