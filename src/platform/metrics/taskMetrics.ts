/**
 * The worker of a node: whether it queues tasks, how tasks ended, and how long ago each last succeeded on
 * this node. Any node may run a task, so an alert takes the youngest of all nodes.
 */
import { Counter, type Registry } from 'prom-client';
import { addGauge, single } from './gauge.ts';

type Task = (payload: unknown, signal?: AbortSignal) => Promise<void>;

export class TaskMetrics {
  readonly #runs: Counter;
  readonly #succeededAt = new Map<string, number>();

  /** @param findSilentMs how long ago the worker could last queue a task; null without one */
  constructor(registry: Registry, findSilentMs: () => number | null) {
    this.#runs = new Counter({
      name: 'noegle_task_runs_total',
      help: 'Runs of background tasks, by outcome.',
      labelNames: ['task', 'outcome'],
      registers: [registry],
    });
    addGauge(registry, {
      name: 'task_age_seconds',
      help: 'Seconds since a background task last succeeded on this node, or since its worker started.',
      labelNames: ['task'],
      read: () => [...this.#succeededAt].map(([task, at]) => [[task], (performance.now() - at) / 1_000]),
    });
    addGauge(registry, {
      name: 'worker_silent_seconds',
      help: 'Seconds since the worker of this node could last queue a task.',
      read: () => {
        const silentMs = findSilentMs();
        return single(silentMs === null ? null : silentMs / 1_000);
      },
    });
  }

  /**
   * @param scheduled the tasks that run at intervals; the age of others means nothing
   * @returns the same tasks, which are counted
   */
  watch<Tasks extends Readonly<Record<string, Task>>>(tasks: Tasks, scheduled: readonly string[]): Tasks {
    // The start counts as a run: a task that never runs is old after a while, too.
    for (const task of scheduled) this.#succeededAt.set(task, performance.now());
    return Object.fromEntries(
      Object.entries(tasks).map(([task, run]) => [task, this.#count(task, run)]),
    ) as Tasks;
  }

  #count(task: string, run: Task): Task {
    for (const outcome of ['succeeded', 'failed']) this.#runs.inc({ task, outcome }, 0);
    return async (payload, signal) => {
      try {
        await run(payload, signal);
        if (this.#succeededAt.has(task)) this.#succeededAt.set(task, performance.now());
        this.#runs.inc({ task, outcome: 'succeeded' });
      } catch (error) {
        this.#runs.inc({ task, outcome: 'failed' });
        throw error;
      }
    };
  }
}
