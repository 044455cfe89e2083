/**
 * Whether this node may get traffic, by component. Proxies ask several times a second, so an answer is kept
 * for about a second, and one statement at a time is on its way.
 *
 * Slowness alone takes no node out: all nodes are slow together. While a statement is on its way, the answer
 * is the last known one. A statement that reaches its timeout means that the database is unavailable.
 */
import { setTimeout } from 'node:timers/promises';
import type { Database } from '../db/database.ts';
import { isPermissionError, isReadOnlyError } from '../db/connection/databaseErrors.ts';
import { readDatabaseState, type NeededSchema } from '../db/installation.ts';
import { DatabaseUnavailable } from '../db/database.ts';
import type { ReadinessReport } from '../http/health.ts';
import type { JobWorker } from '../jobs/worker.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { describeErrorChain } from '../platform/errorLines.ts';
import { MAX_CLOCK_DIFFERENCE_MS, measureClockDifference, readClockOffset } from './clockCheck.ts';
import type { AuditStatus } from '../features/auditLog/index.ts';
import { ReadinessLog } from './readinessLog.ts';

/** How long an answer is kept. A node comes back soon after its database, so bad news is kept shorter. */
const FRESH_MS = { available: 1_000, unavailable: 250 };
/** How long a request waits for a statement that is on its way, when an earlier answer is known. */
const WAIT_MS = 200;
/** A worker that has neither failed nor worked for this long does not work. */
const WORKER_SILENT_MS = 60_000;

export type WorkerStatus = Pick<JobWorker, 'fault' | 'lastRunAt'>;
type DatabaseChecks = Pick<ReadinessReport['checks'], 'database' | 'schema' | 'clock'>;

interface Known extends DatabaseChecks {
  readonly clockDifferenceMs: number | null;
  /** The error of the statement, in words for the log. */
  readonly cause: string | null;
}

interface ReadinessDeps {
  readonly database: Database;
  readonly needed: NeededSchema;
  readonly clock: Clock;
  /** Whether the audit sink follows this database. */
  readonly audit: AuditStatus;
  readonly log: Log;
}

export class Readiness {
  readonly #deps: ReadinessDeps;
  readonly #log: ReadinessLog;
  #known: Known | null = null;
  #checkedAt = -Infinity;
  #running: Promise<void> | null = null;
  /** The node's clock less the time since its start, as of the last comparison; null before the first one. */
  #clockOffsetMs: number | null = null;
  /** Since when the database has been available without a break. */
  #availableSince = performance.now();
  #worker: WorkerStatus | null = null;
  isLeaving = false;

  constructor(deps: ReadinessDeps) {
    this.#deps = deps;
    this.#log = new ReadinessLog(deps.log);
  }

  /** From now on the worker is part of the answer. */
  watchWorker(worker: WorkerStatus): void {
    this.#worker = worker;
  }

  /** A connection was lost: the next request checks, whatever is known. */
  readonly expire = (): void => {
    this.#checkedAt = -Infinity;
  };

  /** As of the last check, which asks the database itself at times; null before the first one has ended. */
  get isReady(): boolean | null {
    return this.#known === null && !this.isLeaving ? null : this.#compose().isReady;
  }

  /**
   * Whether the clock of this node is wrong as of the last comparison, or has jumped since. A node learns
   * only by its next check that it is wrong, and proxies by theirs: until then it would issue codes that have
   * expired, and end no session at a log-out. Costs no statement.
   */
  isClockWrong(): boolean {
    if (this.#known?.clock === 'differs') return true;
    if (this.#clockOffsetMs === null) return false;
    const jump = Math.abs(readClockOffset(this.#deps.clock) - this.#clockOffsetMs);
    if (jump <= MAX_CLOCK_DIFFERENCE_MS) return false;
    // It may be right now, and have been wrong before: the database knows.
    this.expire();
    this.#running ??= this.#check().finally(() => (this.#running = null));
    return true;
  }

  async read(): Promise<ReadinessReport> {
    if (!this.isLeaving) await this.#refresh();
    return this.#compose();
  }

  async #refresh(): Promise<void> {
    const freshMs = this.#known?.database === 'ok' ? FRESH_MS.available : FRESH_MS.unavailable;
    if (performance.now() - this.#checkedAt < freshMs) return;
    this.#running ??= this.#check().finally(() => (this.#running = null));
    // The first answer has nothing to go by; the timeouts of the connection limit it.
    if (this.#known === null) await this.#running;
    else await Promise.race([this.#running, setTimeout(WAIT_MS, undefined, { ref: false })]);
  }

  async #check(): Promise<void> {
    const known = await this.#readDatabase();
    if (known.database === 'ok' && this.#known?.database !== 'ok') this.#availableSince = performance.now();
    this.#known = known;
    this.#checkedAt = performance.now();
    this.#log.write(this.#compose().checks, {
      clockDifferenceMs: known.clockDifferenceMs,
      cause: known.cause,
      fault: this.#worker?.fault ?? null,
      auditFault: this.#deps.audit.fault,
    });
  }

  async #readDatabase(): Promise<Known> {
    const { database, needed, clock } = this.#deps;
    const startedAt = performance.now();
    try {
      const { isWritable, isInstalled, time } = await readDatabaseState(database, needed);
      const difference = measureClockDifference(clock, time, startedAt);
      this.#clockOffsetMs = readClockOffset(clock);
      return {
        database: isWritable ? 'ok' : 'read_only',
        schema: isInstalled ? 'ok' : 'incomplete',
        clock: Math.abs(difference) > MAX_CLOCK_DIFFERENCE_MS ? 'differs' : 'ok',
        clockDifferenceMs: Math.round(difference),
        cause: null,
      };
    } catch (error) {
      return {
        database: nameDatabaseFault(error),
        // A table that the statement reads is missing.
        schema: error instanceof DatabaseUnavailable ? 'unknown' : 'incomplete',
        clock: 'unknown',
        clockDifferenceMs: null,
        cause: describeErrorChain(error),
      };
    }
  }

  #compose(): ReadinessReport {
    const { database = 'unknown', schema = 'unknown', clock = 'unknown' } = this.#known ?? {};
    const leaving = this.isLeaving ? 'yes' : 'no';
    const audit = this.#deps.audit.mayServe ? 'ok' : 'not_followed';
    const checks = { database, schema, clock, audit, worker: this.#checkWorker(), leaving } as const;
    const isRight = [database, schema, clock, audit, checks.worker].every((one) => one === 'ok');
    return { isReady: isRight && !this.isLeaving, checks };
  }

  /** While the database is away the worker cannot run: its silence counts from when it came back. */
  #checkWorker(): ReadinessReport['checks']['worker'] {
    if (this.#worker === null) return 'ok';
    if (this.#worker.fault !== null) return 'not_permitted';
    const silentSince = Math.max(this.#worker.lastRunAt ?? -Infinity, this.#availableSince);
    return performance.now() - silentSince > WORKER_SILENT_MS ? 'not_running' : 'ok';
  }
}

function nameDatabaseFault(error: unknown): DatabaseChecks['database'] {
  if (isReadOnlyError(error)) return 'read_only';
  if (isPermissionError(error)) return 'not_permitted';
  return error instanceof DatabaseUnavailable ? 'unavailable' : 'ok';
}
