/**
 * Work that goes on after the answer. Nobody waits for it; what it throws is logged, never thrown. It is
 * bounded: what is too much is left out, so only work that comes again by itself belongs here.
 */
import { setImmediate } from 'node:timers/promises';
import type { Log } from './log.ts';

const MAX_RUNNING = 50;

export class BackgroundTasks {
  readonly #log: Pick<Log, 'warn'>;
  readonly #running = new Set<Promise<void>>();
  readonly #ending = new AbortController();

  constructor(log: Pick<Log, 'warn'>) {
    this.#log = log;
  }

  /**
   * Begins after what the event loop has at hand now, the answer among it.
   * @param fault what the log says where it fails.
   * @param work its signal is aborted when the node ends.
   */
  run(fault: string, work: (signal: AbortSignal) => Promise<void>): void {
    const { signal } = this.#ending;
    if (signal.aborted || this.#running.size >= MAX_RUNNING) return;
    const done = setImmediate()
      .then(async () => await work(signal))
      .catch((error: unknown) => this.#log.warn({ err: error }, fault))
      .finally(() => this.#running.delete(done));
    this.#running.add(done);
  }

  /** The same now and every so often, until the node ends. */
  every(ms: number, fault: string, work: (signal: AbortSignal) => Promise<void>): void {
    this.run(fault, work);
    const timer = setInterval(() => this.run(fault, work), ms).unref();
    this.#ending.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }

  /** All that was begun is done. */
  async settle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Nothing more begins, and what runs is done. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.settle();
  }
}
