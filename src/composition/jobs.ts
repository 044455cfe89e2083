/** Starts the jobs that a node runs outside of requests. */
import { watchTasks } from './metrics.ts';
import type { App, AppSettings } from './settings.ts';
import { startWorker, type JobWorker } from '../jobs/worker.ts';

export function startJobs(
  { tasks, log, metrics }: Pick<App, 'tasks' | 'log' | 'metrics'>,
  { databaseUrl }: Pick<AppSettings, 'databaseUrl'>,
): JobWorker {
  // A missing font is logged when the node starts, not at the first letter.
  import('../delivery/letters/letterPdf.ts').catch((error: unknown) =>
    log.error({ err: error }, 'letters cannot be drawn'),
  );
  const worker = startWorker(databaseUrl, watchTasks(metrics, tasks), log);
  metrics.worker = worker;
  return worker;
}
