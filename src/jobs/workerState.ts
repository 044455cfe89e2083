/**
 * What a node knows about its worker: when it last queued and took jobs, and what the database does not
 * permit it. The readiness check reads it; a missing right is logged as an error immediately.
 */
import type { Log } from '../platform/log.ts';
import { describeErrorChain } from '../platform/errorLines.ts';
import { isPermissionError } from '../db/connection/databaseErrors.ts';
import { SCHEDULE_SECONDS } from './tasks.ts';

/** The log repeats a missing right in this interval. */
const REPEAT_MS = 60_000;
/** A right that no run has missed for this long, or for two intervals of its task, counts as granted. */
const FORGET_MS = 60_000;

interface MissingRight {
  readonly message: string;
  missedAt: number;
  loggedAt: number;
}

export class WorkerState {
  readonly #log: Log;
  readonly #missing = new Map<string, MissingRight>();
  #queuedAt: number | null = null;
  #takenAt: number | null = null;

  constructor(log: Log) {
    this.#log = log;
  }

  /** A task was queued. */
  readonly noteQueued = (): void => {
    this.#queuedAt = performance.now();
    this.#missing.delete(QUEUE);
  };

  /** The queue was asked for a job, and answered. */
  readonly noteTaken = (): void => {
    this.#takenAt = performance.now();
    this.#missing.delete(TAKE);
  };

  noteSuccess(task: string): void {
    this.#missing.delete(task);
  }

  /** Only a missing right counts; every other error passes by itself, or is logged elsewhere. */
  noteError(what: string, error: unknown): void {
    if (!isPermissionError(error)) return;
    const now = performance.now();
    const message = `${what}: ${describeErrorChain(error)}`;
    const known = this.#missing.get(what);
    const isNew = known?.message !== message || now - known.loggedAt > REPEAT_MS;
    this.#missing.set(what, { message, missedAt: now, loggedAt: isNew ? now : known.loggedAt });
    if (isNew) this.#log.error({ cause: message }, MISSING_RIGHT);
  }

  get fault(): string | null {
    const now = performance.now();
    for (const [what, { missedAt }] of this.#missing) {
      const intervalMs = (SCHEDULE_SECONDS[what] ?? 0) * 1_000;
      if (now - missedAt > Math.max(FORGET_MS, 2 * intervalMs)) this.#missing.delete(what);
    }
    const [first] = this.#missing.values();
    return first?.message ?? null;
  }

  /** @param isBusy true while every slot of the worker runs a job, so that it asks for no other */
  lastRunAt(isBusy: boolean): number | null {
    const takenAt = isBusy ? performance.now() : this.#takenAt;
    return this.#queuedAt === null || takenAt === null ? null : Math.min(this.#queuedAt, takenAt);
  }
}

/** What the worker does apart from its tasks. */
export const START = 'start the worker';
export const QUEUE = 'queue a job';
export const TAKE = 'take a job';

const MISSING_RIGHT =
  'the worker cannot do its work: its role lacks a right, which the owner has to grant (NOEGLE_DIRECT_DATABASE_URL, or DATABASE_URL where that is not set)';
