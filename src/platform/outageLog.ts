/**
 * Logs an outage as one event, regardless of how many requests meet it: one line immediately, then one a
 * second with the number of requests, and without the stack, which would be the same each time.
 */
import { types } from 'node:util';
import type { Log } from './log.ts';

const QUIET_MS = 1_000;

export class OutageLog {
  readonly #log: Log;
  readonly #level: 'warn' | 'error';
  readonly #text: string;
  #isQuiet = false;
  #last: Record<string, unknown> | null = null;
  #many = 0;

  constructor(log: Log, level: 'warn' | 'error', text: string) {
    this.#log = log;
    this.#level = level;
    this.#text = text;
  }

  /** An arrow function, so that it can be passed as a callback. */
  readonly report = (error: unknown, about: Record<string, unknown> = {}): void => {
    this.#many += 1;
    this.#last = { cause: describeErrorChain(error), ...about };
    if (!this.#isQuiet) this.#write();
  };

  #write(): void {
    if (this.#last === null) return;
    this.#log[this.#level]({ ...this.#last, many: this.#many }, this.#text);
    this.#last = null;
    this.#many = 0;
    this.#isQuiet = true;
    setTimeout(() => {
      this.#isQuiet = false;
      this.#write();
    }, QUIET_MS).unref();
  }
}

/** Messages from the outermost to the innermost cause, without stacks. */
export function describeErrorChain(error: unknown): string {
  if (!types.isNativeError(error)) return typeof error;
  const { code } = error as { code?: unknown };
  const own = typeof code === 'string' ? `${error.message} (${code})` : error.message;
  return error.cause === undefined ? own : `${own}: ${describeErrorChain(error.cause)}`;
}

/**
 * Errors of a client that disconnects before its response is complete, which is normal: a closed tab, a
 * proxy's timeout.
 */
const HUNG_UP: ReadonlySet<string> = new Set([
  'ECONNABORTED',
  'ECONNRESET',
  'EPIPE',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ETIMEDOUT',
]);

export function createUnsentLogger(log: Log): (error: unknown) => void {
  return (error) => {
    const code = (error as { code?: unknown } | null | undefined)?.code;
    const isHangUp = typeof code === 'string' && HUNG_UP.has(code);
    log[isHangUp ? 'debug' : 'error']({ err: error }, 'a response could not be sent');
  };
}
