/** The security events that follow from a record in the audit log, whatever page or command wrote it. */
import type { AuditEvent } from './auditEvent.ts';
import type { Actor } from './notice.ts';
import type { CausedBy, SecurityEvent } from './securityEvent.ts';

export function listSecurityEventsOf(event: AuditEvent): SecurityEvent[] {
  const { kind, identityId, details } = event;
  const staffId = findStaffId(details);
  const events: SecurityEvent[] = [];
  // Refusals are reported where they are counted: the audit log has only the first one of a day.
  if (staffId !== null && kind !== 'refused_at_desk') {
    events.push({ kind: 'staff_action', action: kind, staffId, identityId });
  }
  if (identityId !== null) {
    const follows = toEventOfPerson(event, identityId);
    if (follows) events.push(follows);
  }
  return events;
}

function toEventOfPerson(event: AuditEvent, identityId: string): SecurityEvent | null {
  switch (event.kind) {
    case 'identity_blocked':
      return { kind: 'identity_blocked', identityId, by: toCausedBy(event.details.by) };
    case 'card_block':
      return { kind: 'card_blocked', identityId, by: toCausedBy(event.details.by) };
    case 'code_token_blocked':
      return { kind: 'code_token_blocked', identityId, by: toCausedBy(event.details.by) };
    case 'password_chosen':
      return { kind: 'authn_password_change', identityId };
    case 'current_password_locked':
      return { kind: 'authn_login_lock', what: 'current_password', identityId };
    case 'signed_out_everywhere':
      return { kind: 'session_revoked', identityId, by: 'person' };
    case 'signed_out_by_staff':
      return { kind: 'session_revoked', identityId, by: 'staff' };
    default:
      return null;
  }
}

function toCausedBy(by: Actor): CausedBy {
  return by === 'system' ? 'rules' : by;
}

function findStaffId(details: object): string | null {
  const { staffId } = details as { readonly staffId?: unknown };
  return typeof staffId === 'string' ? staffId : null;
}
