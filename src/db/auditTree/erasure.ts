/** Erasing a person from the tree: a new salt, and what stays of the events. */
import type { ErasedEvent } from '../../domain/auditTree/erasure.ts';
import { bytesToFact } from '../../domain/rowMac.ts';
import { changeIdentity } from '../binding/identityMac.ts';
import { sql, type Queryable } from '../database.ts';

/** The person at a terminal, as a command records them. */
export interface RecordedOperator {
  readonly account: string;
  readonly by: string | null;
}

export interface ErasureState {
  readonly isClosed: boolean;
  readonly isErased: boolean;
  /** Who proposed it last, since the ID was closed; null when no one did. */
  readonly proposedBy: RecordedOperator | null;
  readonly proposedAt: Date | null;
}

const FIND = sql`
  SELECT i.closed_at IS NOT NULL AS "isClosed", p.operator AS "proposedBy", p.at AS "proposedAt",
    EXISTS (SELECT FROM audit_erased_events x WHERE x.identity_id = i.id) AS "isErased"
  FROM identities i LEFT JOIN LATERAL (
    SELECT e.at, e.details -> 'operator' AS operator FROM audit_events e
    WHERE e.identity_id = i.id AND e.kind = 'person_erasure_proposed' AND e.at >= i.closed_at
    ORDER BY e.id DESC LIMIT 1) AS p ON true
  WHERE i.id = $1`;

export async function getErasureState(db: Queryable, identityId: string): Promise<ErasureState> {
  const [row] = (await db.query<ErasureState>(FIND, [identityId])).rows;
  if (!row) throw new Error(`there is no ID ${identityId}`);
  return row;
}

const INSERT_EVENTS = sql`
  INSERT INTO audit_erased_events (event_id, identity_id, hash)
  SELECT id, $1, hash FROM unnest($2::bigint[], $3::bytea[]) AS one (id, hash)`;

export async function insertErasedEvents(
  db: Queryable,
  identityId: string,
  events: readonly ErasedEvent[],
): Promise<void> {
  await db.query(INSERT_EVENTS, [identityId, events.map(({ id }) => id), events.map(({ hash }) => hash)]);
}

const REPLACE_SALT = sql`
  UPDATE people SET log_salt = $2 WHERE id = (SELECT person_id FROM identities WHERE id = $1)`;

/** What was sealed with the former salt opens no more. @throws RowMacMismatch */
export async function replaceLogSalt(db: Queryable, identityId: string, salt: Buffer): Promise<void> {
  await changeIdentity(db, identityId, { logSalt: bytesToFact(salt) }, () =>
    db.query(REPLACE_SALT, [identityId, salt]),
  );
}
