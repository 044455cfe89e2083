/**
 * The worker of a node: graphile-worker runs the tasks, so that queued jobs survive every node. Scheduled
 * tasks are queued with their name as the job key, so that one of many nodes runs them. A worker whose
 * database connection is lost ends, and is started again with new connections for as long as the node runs.
 */
import { setTimeout } from 'node:timers/promises';
import { Logger, run, type Runner, type TaskList } from 'graphile-worker';
import type { Log } from '../platform/log.ts';
import { OutageLog } from '../platform/outageLog.ts';
import { isReadOnlyError, explainUnavailability } from '../db/connection/databaseErrors.ts';
import { readPoolState, type PoolState } from '../db/connection/pool.ts';
import { openWorkerPool } from '../db/connection/workerPool.ts';
import { SCHEDULE_SECONDS, SELF_CONCURRENT, type JobTasks } from './tasks.ts';

export interface JobWorker {
  /** The connections of the worker; null while it is being started again. */
  readonly poolState: PoolState | null;
  /** How long ago a task could last be queued. */
  readonly silentMs: number;
  /** Finishes what runs, or gives up after a while; another node then does it. */
  stop(): Promise<void>;
}

/** Doubled after each failed start. */
const RESTART_MS = { first: 250, most: 5_000 };
/** When nothing could be queued for this long, the connections are considered lost. */
const SILENT_MS = 15_000;
const STOP_MS = 8_000;

/**
 * Without a delay graphile-worker completes a job in a call that it does not await: a connection that is lost
 * then is an unhandled rejection. With a delay, even of 0, it ends its runner with the error.
 */
const PRESET = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } };

export function startWorker(databaseUrl: string, tasks: JobTasks, log: Log): JobWorker {
  const stopping = new AbortController();
  const taskList = runOneAtATime(tasks, stopping.signal);
  const lost = new OutageLog(log, 'warn', 'a connection of the worker was lost');
  const failed = new OutageLog(log, 'warn', 'a task failed: the database is away');
  const logger = createWorkerLogger(log, failed);
  let runner: Runner | null = null;
  let giveUp: (why: Error) => void = () => undefined;
  let queuedAt = 0;
  // The watch of a worker that never gets that far counts from here.
  let heardAt = performance.now();
  let openPool: ReturnType<typeof openWorkerPool> | null = null;
  let closed: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects when the runner has ended, for any reason. */
  const runOnce = async () => {
    const pool = openWorkerPool(databaseUrl, (error) => lost.report(error));
    openPool = pool;
    const givenUp = new Promise<never>((_, reject) => (giveUp = reject));
    // Prevents an unhandled rejection when no one awaits it any longer.
    givenUp.catch(() => undefined);
    try {
      const options = { concurrency: 4, pollInterval: 1_000, noHandleSignals: true, crontab: '' };
      runner = await run({ ...options, pgPool: pool, taskList, logger, preset: PRESET });
      queuedAt = performance.now();
      // Stopped while it started, when there was no runner to stop yet.
      if (stopping.signal.aborted) await runner.stop();
      await Promise.race([runner.promise, givenUp]);
    } finally {
      runner?.promise.catch(() => undefined);
      runner?.stop().catch(() => undefined);
      runner = null;
      openPool = null;
      // Not awaited before the next one starts: a hanging connection must not delay the work.
      closed = pool.end().catch((error: unknown) => log.debug({ err: error }, 'a pool was not closed'));
    }
  };

  const keepRunning = async () => {
    let waitMs = RESTART_MS.first;
    while (!stopping.signal.aborted) {
      const startedAt = performance.now();
      const cause = await runOnce().then(() => 'it ended', describeJobError);
      if (stopping.signal.aborted) return;
      if (performance.now() - startedAt > SILENT_MS) waitMs = RESTART_MS.first;
      log.warn({ cause, waitMs }, 'the worker stopped; it is started again');
      await setTimeout(waitMs, undefined, { ref: false });
      waitMs = Math.min(waitMs * 2, RESTART_MS.most);
    }
  };

  const queue = async (task: string) => {
    try {
      if (!runner) return;
      await runner.addJob(task, {}, { jobKey: task, maxAttempts: 1 });
      queuedAt = heardAt = performance.now();
    } catch (error) {
      log.debug({ err: error, task }, 'a task was not queued');
      if (isReadOnlyError(error)) giveUp(error as Error);
      else if (performance.now() - queuedAt > SILENT_MS) giveUp(new Error(`no answer for ${SILENT_MS} ms`));
    }
  };
  const timers = Object.entries(SCHEDULE_SECONDS).map(([task, seconds]) =>
    setInterval(() => void queue(task), seconds * 1_000).unref(),
  );
  const running = keepRunning();

  return {
    get poolState() {
      return openPool && readPoolState(openPool);
    },
    get silentMs() {
      return performance.now() - heardAt;
    },
    stop: async () => {
      stopping.abort();
      for (const timer of timers) clearInterval(timer);
      const stopped = runner?.stop().catch(() => undefined);
      const ended = Promise.all([stopped, running]).then(() => closed);
      await Promise.race([ended, setTimeout(STOP_MS, undefined, { ref: false })]);
    },
  };
}

function describeJobError(error: unknown): string {
  const reason = explainUnavailability(error);
  const message = error instanceof Error ? error.message : String(error);
  return reason === null || reason === message ? message : `${reason}: ${message}`;
}

/**
 * Runs each scheduled task once at a time on a node, so that a slow one (a print house that hangs) leaves
 * room for the others. graphile-worker's named queues are not used: a queue whose worker was killed stays
 * locked.
 */
function runOneAtATime(tasks: JobTasks, signal: AbortSignal): TaskList {
  const running = new Set<string>();
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      async (payload: unknown) => {
        if (!(name in SCHEDULE_SECONDS) || SELF_CONCURRENT.has(name)) return await task(payload, signal);
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

/** graphile-worker logs much; what it calls an error is a task that will be retried. */
function createWorkerLogger(log: Log, failed: OutageLog): Logger {
  return new Logger(() => (level, message, meta) => {
    const error: unknown = meta?.['error'];
    if (level === 'error' && explainUnavailability(error) !== null) failed.report(error);
    // Its further lines are the stack.
    else if (level === 'error') log.warn({ worker: message.split('\n', 1)[0], err: error }, 'a task failed');
    else if (level === 'warning') log.warn({ worker: message }, 'the worker');
    else log.debug({ worker: message }, 'the worker');
  });
}
