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
import { createRequestObserver, type ObserveRequest } from './requestMetrics.ts';
import { watchTasks } from './taskMetrics.ts';

export class NodeMetrics {
  readonly #registry = new Registry();
  readonly #clockOffset: Gauge;
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

  setClockOffset(seconds: number): void {
    this.#clockOffset.set(seconds);
  }

  watchHasher(hasher: PasswordHasher): void {
    hasher.follow(createHashingObserver(this.#registry));
    addHashQueueGauges(this.#registry, hasher);
  }

  watchTasks<Tasks extends Parameters<typeof watchTasks>[1]>(
    tasks: Tasks,
    scheduled: readonly string[],
  ): Tasks {
    return watchTasks(this.#registry, tasks, scheduled);
  }

  addGauge(options: GaugeOptions): void {
    addGauge(this.#registry, options);
  }

  addCounter(options: ReadCounterOptions): void {
    addReadCounter(this.#registry, options);
  }

  /** @param refresh called before each scrape: reads what is not in the memory of the node. Must not reject. */
  beforeScrape(refresh: () => Promise<void>): void {
    this.#refreshes.push(refresh);
  }

  /** Serves the metrics until the listener is drained. @throws the error of the listener */
  async listen(address: MetricsAddress, log: Log): Promise<Listener> {
    const refresh = async () => void (await Promise.all(this.#refreshes.map((one) => one())));
    return await listenForScrapes({ registry: this.#registry, refresh }, address, log);
  }
}
