/**
 * Passwords found in breaches of other services (ASVS 6.2.12, NIST SP 800-63B-4 3.1.1.2), from a folder that
 * the operator loaded: one file for each five hex digits of the SHA-1, `21BD1.txt`, with lines
 * `SUFFIX:COUNT`, as Pwned Passwords publishes its k-anonymous ranges and its downloader writes them. No
 * other service is contacted.
 */
import { createHash } from 'node:crypto';
import { opendirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from './log.ts';

export interface BreachedPasswords {
  /**
   * @param password the text as it is hashed. Never throws: a broken disk must not keep anyone from choosing
   *   a password.
   */
  has(password: string): Promise<boolean>;
}

/**
 * Used where no set was loaded. The list of common passwords (domain/signIn/commonPasswords.ts) applies in
 * any case.
 */
export const NO_BREACHED_PASSWORDS: BreachedPasswords = { has: async () => false };

const PREFIX_LENGTH = 5;
const RANGE_FILE = /^[0-9A-F]{5}\.txt$/;

export class BreachedPasswordFolder implements BreachedPasswords {
  readonly #folder: string;
  readonly #log: Log;

  constructor(folder: string, log: Log) {
    this.#folder = folder;
    this.#log = log;
  }

  async has(password: string): Promise<boolean> {
    const digest = createHash('sha1').update(password, 'utf8').digest('hex').toUpperCase();
    const file = path.join(this.#folder, `${digest.slice(0, PREFIX_LENGTH)}.txt`);
    try {
      const range = await readFile(file, 'latin1');
      return hasSuffix(range, digest.slice(PREFIX_LENGTH));
    } catch (error) {
      // A partial set has no file for most ranges.
      if (!isMissing(error)) this.#log.error({ err: error }, 'the breached passwords cannot be read');
      return false;
    }
  }
}

export function openBreachedPasswords(folder: string | null, log: Log): BreachedPasswords {
  return folder === null ? NO_BREACHED_PASSWORDS : new BreachedPasswordFolder(folder, log);
}

/** A count of 0 is padding, which the published ranges may contain. */
function hasSuffix(range: string, suffix: string): boolean {
  return range.split('\n').some((line) => {
    const [found, count] = line.trim().split(':');
    return found?.toUpperCase() === suffix && count !== '0';
  });
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/**
 * What is wrong with such a folder, in words for the operator; null when it contains ranges. The first range
 * file is enough.
 */
export function findBreachedPasswordsFault(folder: string): string | null {
  try {
    using entries = opendirSync(folder);
    for (let entry = entries.readSync(); entry; entry = entries.readSync()) {
      if (RANGE_FILE.test(entry.name)) return null;
    }
    return `${folder} holds no ranges: files named by five hex digits in capitals, such as 21BD1.txt`;
  } catch (error) {
    return `${folder} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The operator's setting; null where it is not set. Faults are appended to `faults`. */
export function readBreachedPasswordsDir(folder: string | undefined, faults: string[]): string | null {
  if (!folder) return null;
  const fault = findBreachedPasswordsFault(folder);
  if (fault) faults.push(`NOEGLE_BREACHED_PASSWORDS_DIR: ${fault}`);
  return folder;
}
