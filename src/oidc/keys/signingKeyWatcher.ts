/**
 * Lets every node follow the signing keys without a restart. Once a second it checks whether they are still
 * the keys that the node uses, and hands over the new ones when they are not. While the database is
 * unavailable the node keeps the keys that it has.
 */
import type { Keyring } from '../../platform/keyring.ts';
import type { ReportEvent } from '../../domain/securityEvent.ts';
import type { Log } from '../../platform/log.ts';
import { DatabaseUnavailable, type Database } from '../../db/database.ts';
import { fingerprintSigningKeys } from './signingKeys.queries.ts';
import { readSigningKeys, type SigningKeys } from './signingKeys.ts';

const CHECK_INTERVAL_MS = 1_000;
/**
 * Less than rotation allows for (WATCH_SECONDS in signingKeyRotation.ts), because the response still has to
 * reach the relying party.
 */
const CERTAINTY_MS = 1_500;

export interface SigningKeyWatcherDeps {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly log: Log;
  readonly report: ReportEvent;
  /** The keys that the node started with. */
  readonly keys: SigningKeys;
  /** Puts the new keys into use. */
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
    reportDamagedKeys(deps, deps.keys);
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#checkUnlessChecking(), CHECK_INTERVAL_MS).unref();
    this.#checkUnlessChecking();
  }

  /** Stops checking, and waits for a check that is running. */
  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    await this.#check;
  }

  /**
   * Returns false on a node that follows the keys and has not been able to check lately. Its keys may be old,
   * so relying parties should not cache them for long.
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
        reportDamagedKeys(this.#deps, keys);
      }
      // Certainty counts from when the query was sent: a change after that is not known.
      this.#knownAt = askedAt;
      this.#isFailing = false;
    } catch (error) {
      // Logged once, not every second. Keys that exist and cannot be used need an operator: that is an error.
      const level = this.#isFailing ? 'debug' : error instanceof DatabaseUnavailable ? 'warn' : 'error';
      log[level](
        { err: error },
        'the signing keys cannot be followed; those that were read last stay in use',
      );
      this.#isFailing = true;
    }
  }
}

/** One line for each damaged key. Nøgle signs without it; what it signed, or was to sign, is not verified. */
function reportDamagedKeys(
  { log, report }: Pick<SigningKeyWatcherDeps, 'log' | 'report'>,
  { damaged }: SigningKeys,
): void {
  for (const { message, about } of damaged) {
    log.error({ cause: message }, 'a signing key is damaged and left out');
    report({ kind: 'row_tampered', ...about });
  }
}
