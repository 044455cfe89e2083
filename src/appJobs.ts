/** What a node does outside of any request. */
import type { AppSettings } from './appSettings.ts';
import type { Tasks } from './jobs/tasks.ts';
import { startWorker, type Worker } from './jobs/worker.ts';
import type { Log } from './platform/log.ts';

export function startJobs(
  { tasks, log }: { readonly tasks: Tasks; readonly log: Log },
  { databaseUrl }: Pick<AppSettings, 'databaseUrl'>,
): Worker {
  // A font that is missing is told when the node starts, not at the first letter.
  import('./post/letterPdf.ts').catch((error: unknown) =>
    log.error({ err: error }, 'letters cannot be drawn'),
  );
  return startWorker(databaseUrl, tasks, log);
}
