/** What `audit verify` needs, and what it says. */
import type { Queryable } from '../../../db/database.ts';
import type { AuditSigner } from '../../../platform/auditSigner.ts';
import type { Keyring } from '../../../platform/keyring.ts';
import type { AuditSink } from '../../../platform/outbound/auditSink.ts';
import type { AuditFinding } from './auditFinding.rules.ts';
import type { LateStretch } from './eventComparison.rules.ts';

export interface VerifyAuditDeps {
  readonly db: Queryable;
  /** Runs the work on one state of the database. */
  readonly inSnapshot: <T>(work: (db: Queryable) => Promise<T>) => Promise<T>;
  readonly signer: AuditSigner;
  readonly keyring: Pick<Keyring, 'seal' | 'openBytes'>;
  /** Null where there is none. */
  readonly sink: AuditSink | null;
  readonly now: Date;
  /** Signed notes that a witness stored. */
  readonly checkpoints?: readonly string[];
  /** Called with the share of the work that is done, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

export interface AuditVerification {
  readonly findings: readonly AuditFinding[];
  /** Of findings by their kind, with those that are not named. */
  readonly counts: Readonly<Partial<Record<AuditFinding['kind'], number>>>;
  readonly leaves: number;
  readonly segments: number;
  /** Events that are too young to have a leaf. */
  readonly unsealed: number;
  /** Events of people who were erased. */
  readonly erased: number;
  /**
   * Leaves that were added more than an hour after the time of their events, as all of an older log are: what
   * was altered before that cannot be found.
   */
  readonly sealedLate: readonly Readonly<LateStretch>[];
  /** Null without a sink. */
  readonly sink: {
    readonly name: string;
    readonly firstSegment: number;
    readonly lastSegment: number;
    /** Segments that it has yet to get. */
    readonly behind: number;
  } | null;
}
