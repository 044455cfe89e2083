/**
 * The scheduled tasks of the worker: how they ended, and how long ago each last succeeded on this node. Any
 * node may run a task, so an alert takes the youngest of all nodes.
 */
import { Counter, type Registry } from 'prom-client';
import { addGauge } from './gauge.ts';

type Task = (payload: unknown, signal?: AbortSignal) => Promise<void>;

/**
 * @param scheduled the tasks that run at intervals; the age of others says nothing
 * @returns the same tasks, which are counted
 */
export function watchTasks<Tasks extends Readonly<Record<string, Task>>>(
  registry: Registry,
  tasks: Tasks,
  scheduled: readonly string[],
): Tasks {
  const runs = new Counter({
    name: 'noegle_task_runs_total',
    help: 'Runs of background tasks, by outcome.',
    labelNames: ['task', 'outcome'],
    registers: [registry],
  });
  // The start counts as a run: a task that never runs is old after a while, too.
  const startedAt = performance.now();
  const succeededAt = new Map(scheduled.map((task) => [task, startedAt]));
  addGauge(registry, {
    name: 'task_age_seconds',
    help: 'Seconds since a background task last succeeded on this node, or since the node started.',
    labelNames: ['task'],
    read: () => [...succeededAt].map(([task, at]) => [[task], (performance.now() - at) / 1_000]),
  });
  const watched = Object.entries(tasks).map(([task, run]) => {
    for (const outcome of ['succeeded', 'failed']) runs.inc({ task, outcome }, 0);
    const counted: Task = async (payload, signal) => {
      try {
        await run(payload, signal);
        if (succeededAt.has(task)) succeededAt.set(task, performance.now());
        runs.inc({ task, outcome: 'succeeded' });
      } catch (error) {
        runs.inc({ task, outcome: 'failed' });
        throw error;
      }
    };
    return [task, counted];
  });
  return Object.fromEntries(watched) as Tasks;
}
