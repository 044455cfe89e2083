/** The metrics of a node, and what of it they follow. */
import { readFileSync } from 'node:fs';
import { NodeMetrics } from '../platform/metrics/nodeMetrics.ts';
import { single } from '../platform/metrics/gauge.ts';
import type { PoolState } from '../db/connection/pool.ts';
import { WORKER_POOL_SIZE } from '../db/connection/workerPool.ts';
import type { AppContext } from '../features/appContext.ts';
import { SCHEDULE_SECONDS, type JobTasks } from '../jobs/tasks.ts';
import type { JobWorker } from '../jobs/worker.ts';
import { addDatabaseGauges } from './databaseMetrics.ts';

/** Two levels above both `src/composition` and `dist/composition`. */
const PACKAGE = new URL('../../package.json', import.meta.url);

export function createNodeMetrics(): NodeMetrics {
  const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };
  return new NodeMetrics({ version });
}

/** @param worker null while there is none, as before the start has ended */
export function watchNode(
  metrics: NodeMetrics,
  { hasher, database, rules }: AppContext,
  worker: () => JobWorker | null,
): void {
  metrics.watchHasher(hasher);
  addPoolGauges(metrics, { node: () => database.poolState, worker: () => worker()?.poolState ?? null });
  metrics.addGauge({
    name: 'database_pool_size',
    help: 'The most connections that a pool opens.',
    labelNames: ['pool'],
    read: () => [
      [['node'], database.poolSize],
      [['worker'], WORKER_POOL_SIZE],
    ],
  });
  metrics.addCounter({
    name: 'database_statements_total',
    help: 'Statements of the node that the database answered.',
    read: () => database.cost.statements,
  });
  metrics.addCounter({
    name: 'database_pool_waits_total',
    help: 'Statements and transactions of the node that found every connection in use.',
    read: () => database.waits,
  });
  metrics.addGauge({
    name: 'worker_silent_seconds',
    help: 'Seconds since the worker of this node could last queue a task.',
    read: () => {
      const running = worker();
      return single(running && running.silentMs / 1_000);
    },
  });
  addDatabaseGauges(metrics, database, rules.signingKeys.cachedSeconds);
}

export function watchTasks(metrics: NodeMetrics, tasks: JobTasks): JobTasks {
  return metrics.watchTasks(tasks, Object.keys(SCHEDULE_SECONDS));
}

type PoolReader = () => PoolState | null;

function addPoolGauges(metrics: NodeMetrics, pools: Readonly<Record<string, PoolReader>>): void {
  const add = (name: string, help: string, find: (state: PoolState) => number) =>
    metrics.addGauge({
      name: `database_pool_${name}`,
      help,
      labelNames: ['pool'],
      read: () =>
        Object.entries(pools).map(([pool, read]) => {
          const state = read();
          return [[pool], state && find(state)];
        }),
    });
  add('connections', 'Open connections of a pool.', ({ total }) => total);
  add('idle', 'Open connections of a pool that are not in use.', ({ idle }) => idle);
  add('waiting', 'Statements that wait for a connection of a pool.', ({ waiting }) => waiting);
}
