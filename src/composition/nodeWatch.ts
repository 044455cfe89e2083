/**
 * What operators see of a node: its metrics, its security events, and whether it is ready. A node is watched
 * from before its database is opened until its end.
 */
import type Router from '@koa/router';
import type { Middleware } from 'koa';
import type { AuditEvent } from '../domain/auditEvent.ts';
import { listSecurityEventsOf } from '../domain/auditedSecurityEvents.ts';
import type { ReportEvent } from '../domain/securityEvent.ts';
import type { AuditStatus } from '../features/auditLog/index.ts';
import type { AppContext } from '../features/appContext.ts';
import type { JobWorker } from '../jobs/worker.ts';
import type { Log } from '../platform/log.ts';
import type { NodeMetrics } from '../platform/metrics/nodeMetrics.ts';
import { OutageLog } from '../platform/outageLog.ts';
import { HttpError } from '../ui/httpError.ts';
import { createHealth, type Health } from './health.ts';
import { createNodeMetrics, watchAuditLog, watchContext, watchReadiness } from './metrics.ts';
import { createEventReporter } from './securityEvents.ts';

export class NodeWatch {
  readonly metrics: NodeMetrics = createNodeMetrics();
  readonly report: ReportEvent;
  readonly #log: Log;
  readonly #lost: OutageLog;
  #health: Health | null = null;

  constructor(log: Log) {
    this.#log = log;
    this.#lost = new OutageLog(log, 'warn', 'a database connection was lost');
    this.report = createEventReporter(log, this.metrics.countEvent);
  }

  /** A connection was lost: the next health check asks the database. */
  readonly onLost = (error: Error): void => {
    this.#lost.report(error);
    this.#health?.readiness.expire();
  };

  readonly onAudited = (event: AuditEvent): void => listSecurityEventsOf(event).forEach(this.report);

  /** @returns the routes of the health checks */
  async watchContext(context: AppContext, audit: AuditStatus): Promise<Router> {
    const { database, clock } = context;
    watchContext(this.metrics, context);
    this.#health = await createHealth({ database, clock, audit, log: this.#log });
    watchAuditLog(this.metrics, audit);
    watchReadiness(this.metrics, this.#health.readiness);
    return this.#health.router;
  }

  /**
   * What is answered by a clock that is wrong would be wrong itself: another node is asked at the next try.
   */
  readonly refuseAtWrongClock: Middleware = async (_ctx, next) => {
    if (this.#health?.readiness.isClockWrong()) throw new HttpError(503, 'busy');
    await next();
  };

  readonly watchWorker = (worker: JobWorker): void => {
    this.metrics.worker = worker;
    this.#health?.readiness.watchWorker(worker);
  };

  /** From now on the node is also checked at times when no one asks. */
  follow({ background }: AppContext): void {
    this.#health?.follow(background);
  }

  leave(): void {
    if (this.#health) this.#health.readiness.isLeaving = true;
  }
}
