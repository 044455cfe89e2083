/**
 * Logs an outage as one event, regardless of how many requests meet it: one line immediately, then one a
 * second with the number of requests, and without the stack, which would be the same each time.
 */
import { describeErrorChain } from './errorLines.ts';
import type { Log } from './log.ts';
import { RepeatedLine } from './repeatedLine.ts';

export class OutageLog {
  readonly #line: RepeatedLine<Record<string, unknown>>;

  constructor(log: Log, level: 'warn' | 'error', text: string) {
    this.#line = new RepeatedLine((about) => log[level](about, text));
  }

  /** An arrow function, so that it can be passed as a callback. */
  readonly report = (error: unknown, about: Record<string, unknown> = {}): void => {
    this.#line.report({ cause: describeErrorChain(error), ...about });
  };
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
