/** What a node does outside of any request. */
import type { AppSettings } from './settings.ts';
import type { JobTasks } from '../jobs/tasks.ts';
import { startWorker, type JobWorker } from '../jobs/worker.ts';
import type { Log } from '../platform/log.ts';

export function startJobs(
  { tasks, log }: { readonly tasks: JobTasks; readonly log: Log },
  { databaseUrl }: Pick<AppSettings, 'databaseUrl'>,
): JobWorker {
  // A font that is missing is told when the node starts, not at the first letter.
  import('../delivery/letters/letterPdf.ts').catch((error: unknown) =>
    log.error({ err: error }, 'letters cannot be drawn'),
  );
  return startWorker(databaseUrl, tasks, log);
}
