/**
 * The metrics of one node, for Prometheus. An app has one object of these, made when the app is and passed to
 * what it follows: there is no registry of the module. Counting takes less than a microsecond and no
 * statement; what costs more (timers, observers, statements) begins with the port (metricsListener.ts).
 */
import { Gauge, Registry } from 'prom-client';
import type { ReportEvent } from '../../domain/securityEvent.ts';
import type { PasswordHasher } from '../hashing/passwordHasher.ts';
import type { Listener } from '../listener.ts';
import type { Log } from '../log.ts';
import { createEventCounters } from './eventCounters.ts';
import { addGauge, addReadCounter, type GaugeOptions, type ReadCounterOptions } from './gauge.ts';
import { addHashQueueGauges, createHashingObserver } from './hashMetrics.ts';
import { listenForScrapes, type MetricsAddress } from './metricsListener.ts';
import { addPoolGauges, type PoolFigures, type WatchedPool } from './poolMetrics.ts';
import { createRequestObserver, type ObserveRequest } from './requestMetrics.ts';
import { TaskMetrics } from './taskMetrics.ts';

/** What metrics follow of a worker. */
export interface WorkerFigures {
  readonly poolState: PoolFigures | null;
  /** How long ago a task could last be queued. */
  readonly silentMs: number;
}

export class NodeMetrics {
  readonly #registry = new Registry();
  readonly #clockOffset: Gauge;
  readonly #tasks = new TaskMetrics(this.#registry, () => this.worker?.silentMs ?? null);
  /** The worker of the node, once it was started. */
  worker: WorkerFigures | null = null;
  readonly #refreshes: (() => Promise<void>)[] = [];
  /** Counts a security event. */
  readonly countEvent: ReportEvent = createEventCounters(this.#registry);
  readonly observeRequest: ObserveRequest = createRequestObserver(this.#registry);

  /** @param build.version of Nøgle */
  constructor({ version }: { readonly version: string }) {
    new Gauge({
      name: 'noegle_build_info',
      help: 'Always 1: the version of Nøgle and of Node.',
      labelNames: ['version', 'node'],
      registers: [this.#registry],
    }).set({ version, node: process.version }, 1);
    this.#clockOffset = new Gauge({
      name: 'noegle_clock_offset_seconds',
      help: "By how much the node's clock is ahead of the database's.",
      registers: [this.#registry],
    });
    // Until it was measured it is not known.
    this.#clockOffset.remove();
  }

  /** @param seconds null when it is not known any longer */
  setClockOffset(seconds: number | null): void {
    if (seconds === null) this.#clockOffset.remove();
    else this.#clockOffset.set(seconds);
  }

  watchHasher(hasher: PasswordHasher): void {
    hasher.follow(createHashingObserver(this.#registry));
    addHashQueueGauges(this.#registry, hasher);
  }

  watchPools(pools: Readonly<Record<string, WatchedPool>>): void {
    addPoolGauges(this.#registry, pools);
  }

  /** @returns the same tasks, which are counted */
  readonly watchTasks: TaskMetrics['watch'] = (tasks, scheduled) => this.#tasks.watch(tasks, scheduled);

  addGauge(options: GaugeOptions): void {
    addGauge(this.#registry, options);
  }

  addCounter(options: ReadCounterOptions): void {
    addReadCounter(this.#registry, options);
  }

  /** @param refresh called before each scrape: reads what the node does not have in memory. Never rejects. */
  beforeScrape(refresh: () => Promise<void>): void {
    this.#refreshes.push(refresh);
  }

  /** Serves the metrics until the listener is drained. @throws the error of the listener */
  async listen(address: MetricsAddress, log: Log): Promise<Listener> {
    const refresh = async () => void (await Promise.all(this.#refreshes.map((one) => one())));
    return await listenForScrapes({ registry: this.#registry, refresh }, address, log);
  }
}
