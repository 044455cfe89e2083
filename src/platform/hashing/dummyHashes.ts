/**
 * The hash with which the password for an unknown name is compared. It has to cost what a person's hash
 * costs, and while hashes of a former setting exist, those costs differ. So unknown names are distributed
 * over the settings in the same shares as persons: by the name, so that one name always costs the same, and
 * as persons move to the current setting, names move with them, each once.
 */
import { createHash } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import type { HashingSetting } from '../../domain/rules.ts';

export const ARGON2ID = 2;

/** The share of each setting among all hashes, by parameters as `composeHashParameters` writes them. */
export type HashSettingShares = ReadonlyMap<string, number>;

/** The number of former settings that are imitated. Each must have made at least one hash in five hundred. */
const MAX_FORMER = 3;
const MIN_SHARE = 0.002;

interface DummyHash {
  readonly parameters: string;
  /** The share of all names. */
  readonly share: number;
  readonly phc: Promise<string>;
}

/** The parameters as they are in a PHC string. */
export function composeHashParameters({ memoryCost, timeCost, parallelism }: HashingSetting): string {
  return `m=${memoryCost},t=${timeCost},p=${parallelism}`;
}

export class DummyHashes {
  readonly #present: string;
  readonly #presentPhc: Promise<string>;
  /**
   * Hashes of former settings. They are at the beginning of the range of names: when a share falls, its last
   * names leave it.
   */
  #former: readonly DummyHash[] = [];

  constructor(setting: HashingSetting) {
    this.#present = composeHashParameters(setting);
    this.#presentPhc = makeDummy(setting);
  }

  /** @param name identifies the name that was typed; null selects the current setting. */
  async find(name: string | null): Promise<string> {
    if (name === null || this.#former.length === 0) return await this.#presentPhc;
    let left = readPlaceOfName(name);
    for (const { share, phc } of this.#former) {
      if (left < share) return await phc;
      left -= share;
    }
    return await this.#presentPhc;
  }

  imitate(shares: HashSettingShares): void {
    const former = [...shares]
      .filter(([parameters, share]) => parameters !== this.#present && share >= MIN_SHARE)
      .sort(([one], [other]) => (one < other ? -1 : 1));
    this.#former = former.slice(0, MAX_FORMER).flatMap(([parameters, share]) => {
      const known = this.#former.find((one) => one.parameters === parameters);
      const setting = parseHashSetting(parameters);
      if (known) return [{ ...known, share }];
      return setting ? [{ parameters, share, phc: makeDummy(setting) }] : [];
    });
  }
}

function makeDummy(setting: HashingSetting): Promise<string> {
  const made = hash('a password that nobody has', { ...setting, algorithm: ARGON2ID });
  // Prevents an unhandled rejection; a caller that awaits the promise still gets the error.
  made.catch(() => undefined);
  return made;
}

function parseHashSetting(parameters: string): HashingSetting | null {
  const [, m, t, p] = /^m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})$/.exec(parameters) ?? [];
  return m && t && p ? { memoryCost: Number(m), timeCost: Number(t), parallelism: Number(p) } : null;
}

/** Maps names uniformly to [0, 1). */
function readPlaceOfName(name: string): number {
  return createHash('sha256').update(name).digest().readUInt32BE(0) / 2 ** 32;
}
