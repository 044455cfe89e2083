/**
 * Compares the truth with the readiness of the nodes: ten times a second a row is written over the nodes' own
 * path, and each node is asked whether it is ready. They may disagree for a moment, but not for longer.
 */
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';

const EVERY_MS = 100;
const MAX_WAIT_MS = 1_000;

export interface Disagreements {
  /** The longest time, in milliseconds, for which a node reported ready while nothing could be written. */
  readyWithoutWrites: number;
  /** The longest time, in milliseconds, for which it reported not ready while everything could be written. */
  notReadyWithWrites: number;
}

export class ReadinessWatch {
  readonly #url: string;
  readonly #ports: () => readonly number[];
  #isOn = true;
  #isWritable = true;
  readonly #since = new Map<string, number>();
  longest: Disagreements = { readyWithoutWrites: 0, notReadyWithWrites: 0 };
  readonly #running: Promise<unknown>;

  constructor(url: string, ports: () => readonly number[]) {
    this.#url = url;
    this.#ports = ports;
    this.#running = Promise.all([this.#writeOn(), this.#askOn()]);
  }

  get isWritable(): boolean {
    return this.#isWritable;
  }

  /** @returns the observations since the last call */
  take(): Disagreements {
    const { longest } = this;
    this.longest = { readyWithoutWrites: 0, notReadyWithWrites: 0 };
    return longest;
  }

  async stop(): Promise<void> {
    this.#isOn = false;
    await this.#running;
  }

  async #writeOn(): Promise<void> {
    while (this.#isOn) {
      const startedAt = performance.now();
      this.#isWritable = await this.#write();
      await setTimeout(Math.max(0, EVERY_MS - (performance.now() - startedAt)));
    }
  }

  /** Uses a separate connection: a kept one says nothing about the server that is there now. */
  async #write(): Promise<boolean> {
    const client = new pg.Client({
      connectionString: this.#url,
      connectionTimeoutMillis: MAX_WAIT_MS,
      query_timeout: MAX_WAIT_MS,
      application_name: 'failover-watch',
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('UPDATE failover_truth SET at = clock_timestamp()');
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async #askOn(): Promise<void> {
    while (this.#isOn) {
      const startedAt = performance.now();
      await Promise.all(this.#ports().map((port) => this.#ask(port)));
      await setTimeout(Math.max(0, EVERY_MS - (performance.now() - startedAt)));
    }
  }

  async #ask(port: number): Promise<void> {
    const wasWritable = this.#isWritable;
    const signal = AbortSignal.timeout(2_000);
    const isReady = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal }).then(
      (answer) => answer.ok,
      () => false,
    );
    // It may have changed while the node checked.
    const isSame = wasWritable === this.#isWritable;
    this.#note(`${port} ready`, isSame && isReady && !this.#isWritable, 'readyWithoutWrites');
    this.#note(`${port} not`, isSame && !isReady && this.#isWritable, 'notReadyWithWrites');
  }

  #note(what: string, isWrong: boolean, kind: keyof Disagreements): void {
    const now = performance.now();
    const since = this.#since.get(what);
    if (!isWrong) this.#since.delete(what);
    else if (since === undefined) this.#since.set(what, now);
    else this.longest[kind] = Math.max(this.longest[kind], Math.round(now - since));
  }
}
