/**
 * Work that runs after the response. No request waits for it; what it throws is logged, never thrown. The
 * number of running tasks is limited and the rest is dropped, so only work that is triggered again later
 * belongs here.
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
   * Starts the work after what the event loop has queued now, including the response.
   * @param fault the log line when it fails
   * @param work gets a signal that is aborted when the node shuts down
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

  /** Runs the same work now and every `ms` milliseconds until the node shuts down. */
  every(ms: number, fault: string, work: (signal: AbortSignal) => Promise<void>): void {
    this.run(fault, work);
    const timer = setInterval(() => this.run(fault, work), ms).unref();
    this.#ending.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }

  /** Waits until all work that was started is done. */
  async settle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Starts nothing further, and waits until the running work is done. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.settle();
  }
}
