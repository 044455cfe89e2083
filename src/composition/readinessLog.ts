/** Logs when a check of the node begins to fail, and when it is right again: one line each. */
import type { ReadinessReport } from '../http/health.ts';
import type { Log } from '../platform/log.ts';
import { describeClockDifference, NOTABLE_CLOCK_DIFFERENCE_MS } from './clockCheck.ts';

export interface ReadinessDetails {
  /** How far this node is ahead of the database; null when it is not known. */
  readonly clockDifferenceMs: number | null;
  readonly cause: string | null;
  readonly fault: string | null;
  readonly auditFault: string | null;
}

type Check = 'database' | 'schema' | 'clock' | 'audit' | 'worker';
const CHECKS: readonly Check[] = ['database', 'schema', 'clock', 'audit', 'worker'];

/** A warning is given once until the difference is well below the limit again. */
const SETTLED_MS = NOTABLE_CLOCK_DIFFERENCE_MS / 2;

export class ReadinessLog {
  readonly #log: Log;
  readonly #failing = new Map<Check, string>();
  #isDrifting = false;

  constructor(log: Log) {
    this.#log = log;
  }

  write(checks: ReadinessReport['checks'], details: ReadinessDetails): void {
    for (const check of CHECKS) {
      const now = checks[check];
      // What could not be read keeps its last state.
      if (now === 'unknown' || now === (this.#failing.get(check) ?? 'ok')) continue;
      if (now === 'ok') {
        this.#failing.delete(check);
        this.#log.info({ check }, 'a check of this node is right again');
      } else {
        this.#failing.set(check, now);
        // Requests that meet an unavailable database are logged as errors already.
        const level = check === 'database' && now !== 'not_permitted' ? 'warn' : 'error';
        this.#log[level]({ check, is: now, cause: describeCause(check, details) }, 'this node is not ready');
      }
    }
    this.#warnOfDrift(details.clockDifferenceMs);
  }

  #warnOfDrift(differenceMs: number | null): void {
    if (differenceMs === null || this.#failing.has('clock')) return;
    const size = Math.abs(differenceMs);
    if (!this.#isDrifting && size > NOTABLE_CLOCK_DIFFERENCE_MS) {
      this.#isDrifting = true;
      this.#log.warn({ cause: describeClockDifference(differenceMs) }, 'the clocks drift apart');
    } else if (size < SETTLED_MS) this.#isDrifting = false;
  }
}

function describeCause(
  check: Check,
  { clockDifferenceMs, cause, fault, auditFault }: ReadinessDetails,
): string {
  switch (check) {
    case 'clock':
      return describeClockDifference(clockDifferenceMs ?? 0);
    case 'audit':
      return auditFault ?? 'the audit sink does not follow this database';
    case 'worker':
      return fault ?? 'the worker has neither queued nor taken a job for a minute';
    case 'schema':
      return cause ?? 'a migration of this version has not run, or there is no key to sign with: run migrate';
    case 'database':
      return cause ?? 'the server takes no writes';
    default:
      return check satisfies never;
  }
}
