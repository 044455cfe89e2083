/** The audit log: append-only, written in the transaction of what it records. */
import type { AuditEvent } from '../domain/auditEvent.ts';
import { sql, type Queryable } from './database.ts';
import type { UnitOfWork } from './unitOfWork.ts';

const APPEND = sql`INSERT INTO audit_events (kind, identity_id, details) VALUES ($1, $2, $3::jsonb)`;

export async function appendEvent(db: Queryable, event: AuditEvent): Promise<void> {
  await db.query(APPEND, [event.kind, event.identityId, JSON.stringify(event.details)]);
  db.onAppended?.(event);
}

/** Appends the event with what the provider writes at the end of this request, or not at all. */
export function appendToUnitOfWork(unit: UnitOfWork, event: AuditEvent): void {
  unit.addStatement(APPEND, [event.kind, event.identityId, JSON.stringify(event.details)]);
}

const FIND_LATEST = sql`
  SELECT kind FROM audit_events WHERE identity_id = $1 AND kind = ANY($2) ORDER BY id DESC LIMIT 1`;

/** Finds which of these events of an identity is the latest. @returns null when there is none */
export async function findLatestEvent<Kind extends AuditEvent['kind']>(
  db: Queryable,
  identityId: string,
  kinds: readonly Kind[],
): Promise<Kind | null> {
  const { rows } = await db.query<{ kind: Kind }>(FIND_LATEST, [identityId, kinds]);
  return rows[0]?.kind ?? null;
}
