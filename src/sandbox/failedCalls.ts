/**
 * Failed calls to sites on this machine: a logout that was not accepted, keys that could not be read. The
 * developer sees them on the terminal and at `/developers`; a production node logs them.
 */
import type { Clock } from '../platform/clock.ts';

export interface RecordedFailedCall {
  readonly at: Date;
  readonly url: string;
  readonly why: string;
}

const MAX_CALLS = 20;

export class FailedCallLog {
  readonly #clock: Clock;
  readonly #print: (line: string) => void;
  #calls: readonly RecordedFailedCall[] = [];

  constructor(clock: Clock, print: (line: string) => void) {
    this.#clock = clock;
    this.#print = print;
  }

  /** The latest first. */
  get latest(): readonly RecordedFailedCall[] {
    return this.#calls;
  }

  recordFailure({ url, why }: Pick<RecordedFailedCall, 'url' | 'why'>): void {
    const isNew = !this.#calls.some((one) => one.url === url && one.why === why);
    this.#calls = [{ at: this.#clock.now(), url, why }, ...this.#calls].slice(0, MAX_CALLS);
    // Calls are retried, but each failure is printed once.
    if (isNew) this.#print(`Nøgle called ${url} and failed: ${why}`);
  }
}
