/** What the composition and the command line use of the audit log. */
export {
  AuditFollower,
  PASS_MS,
  type AuditFollowerDeps,
  type AuditStatus,
} from './auditFollower.ts';
export {
  AfterRestoreRefusal,
  replayRestored,
  runExclusively,
  type AfterRestoreReport,
  type AfterRestoreSource,
} from './afterRestore.ts';
export { beginEpoch } from './beginEpoch.ts';
export { orderAfterRestore } from './orderAfterRestore.ts';
export { checkReplayed } from './checkReplayed.ts';
export { NotFollowedDatabase } from './notFollowedDatabase.ts';
export { readSegment, readSinkState } from './readSink.ts';
export {
  confirmErasure,
  proposeErasure,
  type ErasureOutcome,
  type ErasureRefusal,
} from './erasePerson.ts';
export { exportEvents, type ExportedEvent } from './exportEvents.ts';
export { proveEvent, type InclusionProof } from './proveInclusion.ts';
export { sealEvents, type SealingPass } from './sealEvents.ts';
export { AuditSinkFault, HEAD, readHeadObject } from './sinkObjects.ts';
export { describeFinding } from './verify/auditFinding.rules.ts';
export type { AuditVerification } from './verify/auditVerification.ts';
export { verifyAuditLog } from './verify/verifyAuditLog.ts';
