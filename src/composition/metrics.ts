/** The metrics of a node, and what of it they follow. */
import { readFileSync } from 'node:fs';
import { NodeMetrics } from '../platform/metrics/nodeMetrics.ts';
import { single } from '../platform/metrics/gauge.ts';
import { WORKER_POOL_SIZE } from '../db/connection/workerPool.ts';
import type { AppContext } from '../features/appContext.ts';
import type { AuditStatus } from '../features/auditLog/index.ts';
import { SCHEDULE_SECONDS, type JobTasks } from '../jobs/tasks.ts';
import { addDatabaseGauges } from './databaseMetrics.ts';
import type { Readiness } from './readiness.ts';

/** Two levels above both `src/composition` and `dist/composition`. */
const PACKAGE = new URL('../../package.json', import.meta.url);

export function createNodeMetrics(): NodeMetrics {
  const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };
  return new NodeMetrics({ version });
}

export function watchContext(metrics: NodeMetrics, { hasher, database, rules }: AppContext): void {
  metrics.watchHasher(hasher);
  metrics.watchPools({
    node: { size: database.poolSize, read: () => database.poolState },
    worker: { size: WORKER_POOL_SIZE, read: () => metrics.worker?.poolState ?? null },
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
  addDatabaseGauges(metrics, database, rules.signingKeys.cachedSeconds);
}

/** From the node's own checks: no request from outside changes it, and it is there when no proxy asks. */
export function watchReadiness(metrics: NodeMetrics, readiness: Pick<Readiness, 'isReady'>): void {
  metrics.addGauge({
    name: 'ready',
    help: 'Whether the node may get traffic, as of its own last check.',
    read: () => single(readiness.isReady === null ? null : Number(readiness.isReady)),
  });
}

export function watchAuditLog(metrics: NodeMetrics, audit: AuditStatus): void {
  metrics.addGauge({
    name: 'audit_sink_lag_seconds',
    help: 'For how long it has not been certain that every audit event is in the sink, or else in its tree.',
    read: () => single(audit.lagSeconds),
  });
}

export function watchTasks(metrics: NodeMetrics, tasks: JobTasks): JobTasks {
  return metrics.watchTasks(tasks, Object.keys(SCHEDULE_SECONDS));
}
