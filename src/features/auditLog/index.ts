/** What other features and the composition use of the audit log. */
export { AuditFollower, NotFollowedDatabase, PASS_MS, type AuditFollowerDeps } from './auditFollower.ts';
export { sealEvents } from './sealEvents.ts';
export { AuditSinkFault } from './sinkObjects.ts';
