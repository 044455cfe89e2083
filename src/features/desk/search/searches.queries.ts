/**
 * Searches at the desk: who looked for whom, and why. Actions on the person found are performed under the
 * search.
 */
import { sql, type Queryable } from '../../../db/database.ts';

export interface DeskSearch {
  readonly id: string;
  readonly staffId: string;
  /** Null when no one was shown. */
  readonly foundId: string | null;
  readonly reason: string;
  readonly at: Date;
  /** The person was found by a former CPR number. */
  readonly byFormerCpr: boolean;
  /** The application that a search for a case found. */
  readonly applicationId: string | null;
}

const INSERT = sql`
  INSERT INTO desk_searches (id, staff_id, found_id, reason, at, by_former_cpr, application_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (id) DO NOTHING`;

/** Returns false when the same form was sent before. */
export async function insertDeskSearch(db: Queryable, one: DeskSearch): Promise<boolean> {
  const { id, staffId, foundId, reason, at, byFormerCpr, applicationId } = one;
  const values = [id, staffId, foundId, reason, at, byFormerCpr, applicationId];
  return (await db.query(INSERT, values)).rowCount === 1;
}

const FIND = sql`
  SELECT id, staff_id, found_id, reason, at, by_former_cpr, application_id FROM desk_searches
  WHERE id = $1 AND staff_id = $2 AND at > $3`;

/** Finds a search of this member of staff that is not older than `since`. */
export async function findDeskSearch(
  db: Queryable,
  { id, staffId, since }: { id: string; staffId: string; since: Date },
): Promise<DeskSearch | null> {
  type DeskSearchRow = {
    id: string;
    staff_id: string;
    found_id: string | null;
    reason: string;
    at: Date;
    by_former_cpr: boolean;
    application_id: string | null;
  };
  const row = (await db.query<DeskSearchRow>(FIND, [id, staffId, since])).rows[0];
  if (!row) return null;
  return {
    id: row.id,
    staffId: row.staff_id,
    foundId: row.found_id,
    reason: row.reason,
    at: row.at,
    byFormerCpr: row.by_former_cpr,
    applicationId: row.application_id,
  };
}

const IS_LOOK_RECORDED = sql`
  SELECT FROM audit_events WHERE identity_id = $1 AND kind = 'searched_by_staff' AND details->>'look' = $2 LIMIT 1`;

/** Whether this view of the person is recorded already. */
export async function isLookRecorded(db: Queryable, identityId: string, look: string): Promise<boolean> {
  return (await db.query(IS_LOOK_RECORDED, [identityId, look])).rowCount === 1;
}

const IS_CARD_SEARCH = sql`
  SELECT FROM audit_events WHERE identity_id = $1 AND kind = 'searched_by_staff'
    AND details->>'cardSearchId' = $2 LIMIT 1`;

/** Whether the search was one by CPR number and card number. Its record says so. */
export async function isCardSearch(
  db: Queryable,
  { id, foundId }: { readonly id: string; readonly foundId: string },
): Promise<boolean> {
  return (await db.query(IS_CARD_SEARCH, [foundId, id])).rowCount === 1;
}

const IS_VIEW_RECORDED = sql`
  SELECT FROM audit_events WHERE identity_id = $1 AND kind = 'searched_by_staff'
    AND details->>'staffId' = $2 AND details->>'applicationId' = $3 LIMIT 1`;

/** Whether it is recorded that this member of staff saw the person with this application. */
export async function isViewRecorded(
  db: Queryable,
  identityId: string,
  { staffId, applicationId }: { readonly staffId: string; readonly applicationId: string },
): Promise<boolean> {
  return (await db.query(IS_VIEW_RECORDED, [identityId, staffId, applicationId])).rowCount === 1;
}

const IS_OF_ANOTHER = sql`SELECT FROM desk_searches WHERE id = $1 AND staff_id <> $2`;

/** Whether it is a search of another member of staff, of any age. */
export async function isSearchOfAnother(
  db: Queryable,
  { id, staffId }: { id: string; staffId: string },
): Promise<boolean> {
  return (await db.query(IS_OF_ANOTHER, [id, staffId])).rowCount === 1;
}
