/**
 * The worker of a node: graphile-worker runs the tasks, so that queued jobs survive every node. Scheduled
 * tasks are queued with their name as the job key, so that one of many nodes runs them. A worker whose
 * database connection is lost ends, and is started again with new connections for as long as the node runs.
 */
import { EventEmitter } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Logger, run, type Runner, type WorkerEvents } from 'graphile-worker';
import type { Log } from '../platform/log.ts';
import { OutageLog } from '../platform/outageLog.ts';
import {
  isPermissionError,
  isReadOnlyError,
  explainUnavailability,
} from '../db/connection/databaseErrors.ts';
import { readPoolState, type PoolState } from '../db/connection/pool.ts';
import { SEND_LOGOUT_NOTIFICATIONS } from '../db/oidc/backchannelLogouts.ts';
import { openWorkerPool } from '../db/connection/workerPool.ts';
import { RunningJobs } from './runningJobs.ts';
import { SCHEDULE_SECONDS, type JobTasks } from './tasks.ts';
import { QUEUE, START, TAKE, WorkerState } from './workerState.ts';

export interface JobWorker {
  /** The connections of the worker; null while it is being started again. */
  readonly poolState: PoolState | null;
  /** How long ago a task could last be queued. */
  readonly silentMs: number;
  /** Finishes what runs, or gives up after a while; another node then does it. */
  stop(): Promise<void>;
  /** What the database does not permit the worker, with the server's message; null when it permits all. */
  readonly fault: string | null;
  /** When it last both queued and took jobs, as `performance.now()`; null before the first time. */
  readonly lastRunAt: number | null;
}

/** Doubled after each failed start. */
const RESTART_MS = { first: 250, most: 5_000 };
/** When nothing could be queued for this long, the connections are considered lost. */
const SILENT_MS = 15_000;
const STOP_MS = 8_000;
/** Queued as soon as the worker runs, so that a right that it lacks is known at the start. */
const FIRST_TASK = SEND_LOGOUT_NOTIFICATIONS;
/** How many jobs run concurrently. */
const SLOTS = 4;

/**
 * Without a delay graphile-worker completes a job in a call that it does not await: a connection that is lost
 * then is an unhandled rejection. With a delay, even of 0, it ends its runner with the error.
 */
const PRESET = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } };

export function startWorker(databaseUrl: string, tasks: JobTasks, log: Log): JobWorker {
  const stopping = new AbortController();
  const state = new WorkerState(log);
  const jobs = new RunningJobs(state);
  const taskList = jobs.runOneAtATime(tasks, stopping.signal);
  const lost = new OutageLog(log, 'warn', 'a connection of the worker was lost');
  const failed = new OutageLog(log, 'warn', 'a task failed: the database is away');
  const logger = createWorkerLogger(log, failed);
  let runner: Runner | null = null;
  let giveUp: (why: Error) => void = () => undefined;
  let queuedAt = 0;
  // The silence of a worker that never gets that far counts from here.
  const watchedFrom = performance.now();
  const findLastRun = () => state.lastRunAt(jobs.count >= SLOTS);
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
      const options = { concurrency: SLOTS, pollInterval: 1_000, noHandleSignals: true, crontab: '' };
      const events = watchQueue(state, giveUp);
      runner = await run({ ...options, pgPool: pool, taskList, logger, events, preset: PRESET }).catch(
        (error: unknown) => {
          state.noteError(START, error);
          throw error;
        },
      );
      queuedAt = performance.now();
      state.noteSuccess(START);
      void queue(FIRST_TASK);
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
      const error = await runOnce().then(
        () => null,
        (reason: unknown) => reason,
      );
      if (stopping.signal.aborted) return;
      if (performance.now() - startedAt > SILENT_MS) waitMs = RESTART_MS.first;
      const cause = error === null ? 'it ended' : describeJobError(error);
      // A missing right is in the log already.
      const level = isPermissionError(error) ? 'debug' : 'warn';
      log[level]({ cause, waitMs }, 'the worker stopped; it is started again');
      await setTimeout(waitMs, undefined, { ref: false });
      waitMs = Math.min(waitMs * 2, RESTART_MS.most);
    }
  };

  const queue = async (task: string) => {
    try {
      if (!runner) return;
      await runner.addJob(task, {}, { jobKey: task, maxAttempts: 1 });
      queuedAt = performance.now();
      state.noteQueued();
    } catch (error) {
      state.noteError(QUEUE, error);
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
    get fault() {
      return state.fault;
    },
    get lastRunAt() {
      return findLastRun();
    },
    get poolState() {
      return openPool && readPoolState(openPool);
    },
    get silentMs() {
      return performance.now() - (findLastRun() ?? watchedFrom);
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
 * Notes when graphile-worker takes jobs from its queue, and when it cannot. It looks up its tasks once, and
 * keeps the error of a look-up that failed for as long as it runs: only a new runner takes jobs again.
 */
function watchQueue(state: WorkerState, giveUp: (why: Error) => void): WorkerEvents {
  const events: WorkerEvents = new EventEmitter();
  let takenAt = performance.now();
  const noteTaken = () => {
    takenAt = performance.now();
    state.noteTaken();
  };
  events.on('worker:getJob:empty', noteTaken);
  events.on('job:start', noteTaken);
  events.on('worker:getJob:error', ({ error }) => {
    state.noteError(TAKE, error);
    if (isPermissionError(error) || performance.now() - takenAt > SILENT_MS) giveUp(error as Error);
  });
  return events;
}

/** graphile-worker logs much; what it calls an error is a task that will be retried. */
function createWorkerLogger(log: Log, failed: OutageLog): Logger {
  return new Logger(() => (level, message, meta) => {
    const error: unknown = meta?.['error'];
    // A missing right is in the log already.
    if (level === 'error' && isPermissionError(error)) return;
    if (level === 'error' && explainUnavailability(error) !== null) failed.report(error);
    // Its further lines are the stack.
    else if (level === 'error') log.warn({ worker: message.split('\n', 1)[0], err: error }, 'a task failed');
    else if (level === 'warning') log.warn({ worker: message }, 'the worker');
    else log.debug({ worker: message }, 'the worker');
  });
}
