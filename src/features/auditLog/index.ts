/** What the composition and the command line use of the audit log. */
export { AuditFollower, NotFollowedDatabase, PASS_MS, type AuditFollowerDeps } from './auditFollower.ts';
export {
  AfterRestoreRefusal,
  beginEpoch,
  orderAfterRestore,
  replayRestored,
  type AfterRestoreReport,
  type AfterRestoreSource,
} from './afterRestore.ts';
export { checkReplayed } from './checkReplayed.ts';
export { readSinkState } from './readSink.ts';
export { sealEvents } from './sealEvents.ts';
export { AuditSinkFault } from './sinkObjects.ts';
