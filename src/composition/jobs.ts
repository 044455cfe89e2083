/** Starts the jobs that a node runs outside of requests. */
import { watchTasks } from './metrics.ts';
import type { App, AppSettings } from './settings.ts';
import { startWorker, type JobWorker } from '../jobs/worker.ts';

export function startJobs(
  { tasks, log, metrics, watchWorker }: Pick<App, 'tasks' | 'log' | 'metrics' | 'watchWorker'>,
  { databaseUrl, directDatabaseUrl }: Pick<AppSettings, 'databaseUrl' | 'directDatabaseUrl'>,
): JobWorker {
  // A missing font is logged when the node starts, not at the first letter.
  import('../delivery/letters/letterPdf.ts').catch((error: unknown) =>
    log.error({ err: error }, 'letters cannot be drawn'),
  );
  const worker = startWorker(directDatabaseUrl ?? databaseUrl, watchTasks(metrics, tasks), log);
  watchWorker(worker);
  return worker;
}
