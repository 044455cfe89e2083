/** The audit log: append-only, written in the transaction of what it records. */
import type { AuditEvent } from '../core/auditEvent.ts';
import { sql, type Queryable } from './database.ts';

const APPEND = sql`INSERT INTO audit_events (kind, identity_id, details) VALUES ($1, $2, $3::jsonb)`;

export async function appendEvent(db: Queryable, event: AuditEvent): Promise<void> {
  await db.query(APPEND, [event.kind, event.identityId, JSON.stringify(event.details)]);
}
