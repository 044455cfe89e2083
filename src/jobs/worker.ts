/**
 * The worker of a node: graphile-worker runs the tasks, so that what waits in the queue survives every node. What is
 * looked at every few seconds is put into the queue under its name: of many nodes one does it. A worker whose database is
 * lost ends and is started again with connections of its own, for as long as the node lives.
 */
import { setTimeout } from 'node:timers/promises';
import { Logger, run, type Runner, type TaskList } from 'graphile-worker';
import type { Log } from '../platform/log.ts';
import { OutageLog } from '../platform/outageLog.ts';
import { isReadOnlyError, explainUnavailability } from '../db/connection/databaseErrors.ts';
import { openWorkerPool } from '../db/connection/workerPool.ts';
import { SCHEDULE_SECONDS, SELF_CONCURRENT, type JobTasks } from './tasks.ts';

export interface JobWorker {
  /** What runs is finished, or given up after a while; another node does it then. */
  stop(): Promise<void>;
}

/** Doubled at each start that fails. */
const RESTART_MS = { first: 250, most: 5_000 };
/** Connections on which nothing could be queued for so long lead nowhere, whatever they say. */
const SILENT_MS = 15_000;
const STOP_MS = 8_000;

/**
 * Without a delay of its own graphile-worker finishes a job in a call that it does not wait for: a connection that is lost
 * then is a rejection that no one handles. With one, even of nothing, it ends its runner and says why.
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
  let closed: Promise<unknown> = Promise.resolve();

  /** @returns when it has ended, for whatever reason. */
  const runOnce = async () => {
    const pool = openWorkerPool(databaseUrl, (error) => lost.report(error));
    const givenUp = new Promise<never>((_, reject) => (giveUp = reject));
    // Also where nothing waits for it any more.
    givenUp.catch(() => undefined);
    try {
      const options = { concurrency: 4, pollInterval: 1_000, noHandleSignals: true, crontab: '' };
      runner = await run({ ...options, pgPool: pool, taskList, logger, preset: PRESET });
      queuedAt = performance.now();
      // Asked to stop while it started: nobody had anything to stop then.
      if (stopping.signal.aborted) await runner.stop();
      await Promise.race([runner.promise, givenUp]);
    } finally {
      runner?.promise.catch(() => undefined);
      runner?.stop().catch(() => undefined);
      runner = null;
      // Not waited for before the next one begins: a connection that hangs is no reason not to work.
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
      queuedAt = performance.now();
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
    stop: async () => {
      stopping.abort();
      for (const timer of timers) clearInterval(timer);
      const stopped = runner?.stop().catch(() => undefined);
      const put = Promise.all([stopped, running]).then(() => closed);
      await Promise.race([put, setTimeout(STOP_MS, undefined, { ref: false })]);
    },
  };
}

function describeJobError(error: unknown): string {
  const reason = explainUnavailability(error);
  const message = error instanceof Error ? error.message : String(error);
  return reason === null || reason === message ? message : `${reason}: ${message}`;
}

/**
 * What is looked at every few seconds runs once at a time in a node, so that one that takes long (a print house that
 * hangs) leaves room for the others. Not by a queue of graphile-worker's: one whose worker was killed stays shut there.
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

/** graphile-worker says much; what it calls an error is a task that will be tried again. */
function createWorkerLogger(log: Log, failed: OutageLog): Logger {
  return new Logger(() => (level, message, meta) => {
    const error: unknown = meta?.['error'];
    if (level === 'error' && explainUnavailability(error) !== null) failed.report(error);
    else if (level === 'error') log.warn({ worker: message }, 'a task failed');
    else if (level === 'warning') log.warn({ worker: message }, 'the worker');
    else log.debug({ worker: message }, 'the worker');
  });
}
