/** The member of staff as the cause of an action. */
import type { AuditActor } from '../../../domain/auditEvent.ts';

export type ByStaffMember = AuditActor & { by: 'staff' };

/** With the id of the form, which is executed once. */
export type ByStaffForm = ByStaffMember & { readonly deed: string };
