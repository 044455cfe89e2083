/**
 * The worker of a node: graphile-worker runs the tasks, so that what waits in the queue survives every node. What is
 * looked at every few seconds is put into the queue under its name: of many nodes one does it.
 */
import { setTimeout } from 'node:timers/promises';
import { Logger, run, type Runner, type TaskList } from 'graphile-worker';
import type { Log } from '../platform/log.ts';
import { openWorkerPool } from '../store/workerPool.ts';
import { EVERY, MINDS_ITSELF, type Tasks } from './tasks.ts';

export interface Worker {
  /** What runs is finished, or given up after a while; another node does it then. */
  stop(): Promise<void>;
}

const RESTART_MS = 2_000;
const STOP_MS = 8_000;

export function startWorker(databaseUrl: string, tasks: Tasks, log: Log): Worker {
  const stopping = new AbortController();
  let runner: Runner | null = null;
  let closed: Promise<unknown> = Promise.resolve();
  const timers: NodeJS.Timeout[] = [];

  const keepRunning = async () => {
    while (!stopping.signal.aborted) {
      const pool = openWorkerPool(databaseUrl, (error) =>
        log.warn({ err: error }, 'a connection of the worker broke'),
      );
      try {
        runner = await run({
          pgPool: pool,
          taskList: onceAtATime(tasks, stopping.signal),
          concurrency: 4,
          pollInterval: 1_000,
          noHandleSignals: true,
          crontab: '',
          logger: loggerFor(log),
        });
        // Asked to stop while it started: nobody had anything to stop then.
        if (stopping.signal.aborted) await runner.stop();
        await runner.promise;
      } catch (error) {
        log.warn({ err: error }, 'the worker stopped; it is started again');
      }
      runner = null;
      // Not waited for before the next one begins: a connection that hangs is no reason not to work.
      closed = pool.end().catch((error: unknown) => log.debug({ err: error }, 'a pool was not closed'));
      if (!stopping.signal.aborted) await setTimeout(RESTART_MS, undefined, { ref: false });
    }
  };

  const queue = (task: string) => {
    runner
      ?.addJob(task, {}, { jobKey: task, maxAttempts: 1 })
      .catch((error: unknown) => log.debug({ err: error, task }, 'a task was not queued'));
  };
  for (const [task, seconds] of Object.entries(EVERY)) {
    timers.push(setInterval(() => queue(task), seconds * 1_000).unref());
  }
  const running = keepRunning();

  return {
    stop: async () => {
      stopping.abort();
      for (const timer of timers) clearInterval(timer);
      const stopped = runner?.stop().catch(() => undefined);
      const put = Promise.all([stopped, running]).then(() => closed);
      await Promise.race([put, setTimeout(STOP_MS, undefined, { ref: false })]);
    },
  };
}

/**
 * What is looked at every few seconds runs once at a time in a node, so that one that takes long (a print house that
 * hangs) leaves room for the others. Not by a queue of graphile-worker's: one whose worker was killed stays shut there.
 */
function onceAtATime(tasks: Tasks, signal: AbortSignal): TaskList {
  const running = new Set<string>();
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      async (payload: unknown) => {
        if (!(name in EVERY) || MINDS_ITSELF.has(name)) return await task(payload, signal);
        if (running.has(name)) return;
        running.add(name);
        try {
          await task(payload, signal);
        } finally {
          running.delete(name);
        }
      },
    ]),
  );
}

/** graphile-worker says much; what it calls an error is a task that will be tried again. */
function loggerFor(log: Log): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error') log.warn({ worker: message }, 'a task failed');
    else if (level === 'warning') log.warn({ worker: message }, 'the worker');
    else log.debug({ worker: message }, 'the worker');
  });
}
