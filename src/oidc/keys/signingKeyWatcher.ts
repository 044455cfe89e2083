/**
 * Every node follows the signing keys without a restart: once a second it asks whether they are still the ones that
 * it has, and hands over the new ones when they are not. While the database is away it keeps what it has.
 */
import type { Keyring } from '../../platform/keyring.ts';
import type { Log } from '../../platform/log.ts';
import { DatabaseUnavailable, type Database } from '../../db/database.ts';
import { fingerprintSigningKeys } from './signingKeys.queries.ts';
import { readSigningKeys, type SigningKeys } from './signingKeys.ts';

const CHECK_INTERVAL_MS = 1_000;
/** Less than rotation allows for (oidc/keyRotation): the answer still has to reach the relying party. */
const CERTAINTY_MS = 1_500;

export interface SigningKeyWatcherDeps {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly log: Log;
  /** Those that the node began with. */
  readonly keys: SigningKeys;
  /** Takes the new ones into use. */
  readonly onChange: (keys: SigningKeys) => void;
}

export class SigningKeyWatcher {
  readonly #deps: SigningKeyWatcherDeps;
  #fingerprint: string;
  #timer: NodeJS.Timeout | null = null;
  #check: Promise<void> | null = null;
  #knownAt = -Infinity;
  #isFailing = false;

  constructor(deps: SigningKeyWatcherDeps) {
    this.#deps = deps;
    this.#fingerprint = deps.keys.fingerprint;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#checkUnlessChecking(), CHECK_INTERVAL_MS).unref();
    this.#checkUnlessChecking();
  }

  /** What runs is finished. */
  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    await this.#check;
  }

  /**
   * False in a node that follows and has not been able to look lately: its keys may be old, and nobody should rely
   * on them for long.
   */
  isCertain(): boolean {
    return this.#timer === null || performance.now() - this.#knownAt < CERTAINTY_MS;
  }

  #checkUnlessChecking(): void {
    this.#check ??= this.#checkOnce().finally(() => {
      this.#check = null;
    });
  }

  async #checkOnce(): Promise<void> {
    const { database, keyring, log, onChange } = this.#deps;
    const askedAt = performance.now();
    try {
      if ((await fingerprintSigningKeys(database)) !== this.#fingerprint) {
        const keys = await readSigningKeys(database, keyring);
        onChange(keys);
        this.#fingerprint = keys.fingerprint;
        log.info('the signing keys have changed; the new ones are in use');
      }
      // From when it was asked: what was changed after that is not known.
      this.#knownAt = askedAt;
      this.#isFailing = false;
    } catch (error) {
      // Said once, not every second. Keys that are there and cannot be used are for somebody to look at.
      const level = this.#isFailing ? 'debug' : error instanceof DatabaseUnavailable ? 'warn' : 'error';
      log[level](
        { err: error },
        'the signing keys cannot be followed; those that were read last stay in use',
      );
      this.#isFailing = true;
    }
  }
}
