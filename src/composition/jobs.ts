/** Starts the jobs that a node runs outside of requests. */
import type { AppSettings } from './settings.ts';
import type { JobTasks } from '../jobs/tasks.ts';
import { startWorker, type JobWorker } from '../jobs/worker.ts';
import type { Log } from '../platform/log.ts';

export function startJobs(
  { tasks, log }: { readonly tasks: JobTasks; readonly log: Log },
  { databaseUrl, directDatabaseUrl }: Pick<AppSettings, 'databaseUrl' | 'directDatabaseUrl'>,
): JobWorker {
  // A missing font is logged when the node starts, not at the first letter.
  import('../delivery/letters/letterPdf.ts').catch((error: unknown) =>
    log.error({ err: error }, 'letters cannot be drawn'),
  );
  return startWorker(directDatabaseUrl ?? databaseUrl, tasks, log);
}
