/**
 * Refusals at the desk: one row for each day, person, action, reason and subject, so that repeats do not fill
 * the table.
 */
import { sql, type Queryable } from '../../../db/database.ts';
import { FULL_NAME } from '../../../db/people/people.ts';
import { IS_BANK_OPEN } from '../staff/staffRoles.queries.ts';

export interface NewDeskRefusal {
  readonly identityId: string;
  /** Calendar day in Denmark. */
  readonly day: string;
  readonly what: string;
  readonly why: string;
  readonly subject: string;
  readonly role: string | null;
  readonly at: Date;
}

/** Above this number, refusals of one person and day are no longer stored separately by subject. */
const MAX_SUBJECTS = 200;

const COUNT = sql`
  INSERT INTO desk_refusals AS r (identity_id, day, what, why, subject, role, count, first_at, last_at)
  VALUES ($1::uuid, $2::date, $3::text, $4::text,
    CASE WHEN (SELECT count(*) FROM desk_refusals o WHERE o.identity_id = $1 AND o.day = $2 AND o.subject <> '')
      < $8::int THEN $5::text ELSE '' END, $6::text, 1, $7::timestamptz, $7::timestamptz)
  ON CONFLICT (identity_id, day, what, why, subject) DO UPDATE SET count = r.count + 1, last_at = $7
  RETURNING count`;

/** @returns true for the first of its kind on this day. */
export async function countDeskRefusal(db: Queryable, one: NewDeskRefusal): Promise<boolean> {
  const { identityId, day, what, why, subject, role, at } = one;
  const values = [identityId, day, what, why, subject, role, at, MAX_SUBJECTS];
  const { rows } = await db.query<{ count: number }>(COUNT, values);
  return rows[0]?.count === 1;
}

const LIST = sql`
  SELECT r.what, r.why, r.role, r.count, r.first_at AS "firstAt", r.last_at AS "lastAt", r.subject,
    ${FULL_NAME} AS name, i.user_id AS "userId", r.subject = r.identity_id::text AS "isOwn",
    (SELECT btrim(sp.given_name || ' ' || sp.family_name) FROM identities si JOIN people sp ON sp.id = si.person_id
      WHERE si.id::text = r.subject AND EXISTS (SELECT FROM staff s WHERE s.identity_id = si.id)) AS colleague
  FROM desk_refusals r JOIN identities i ON i.id = r.identity_id JOIN people p ON p.id = i.person_id
  WHERE r.last_at > $1 ORDER BY r.last_at DESC LIMIT $2`;

export interface ListedDeskRefusal {
  readonly what: string;
  readonly why: string;
  readonly role: string | null;
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly subject: string;
  readonly name: string;
  readonly userId: string | null;
  readonly isOwn: boolean;
  /** The name of the subject, where the subject is or was a member of staff. */
  readonly colleague: string | null;
}

/** Lists the refusals, the newest first. */
export async function listDeskRefusals(
  db: Queryable,
  since: Date,
  most: number,
): Promise<ListedDeskRefusal[]> {
  return (await db.query<ListedDeskRefusal>(LIST, [since, most])).rows;
}

const FIND_SUBJECT = sql`
  SELECT found_id AS id FROM desk_searches WHERE id = $1
  UNION ALL SELECT identity_id FROM applications WHERE id = $1
  UNION ALL SELECT identity_id FROM cpr_changes WHERE id = $1
  UNION ALL SELECT identity_id FROM colleague_actions WHERE id = $1`;

/** The identity that a search, an application or a proposal is about; null where there is none. */
export async function findRefusalSubject(db: Queryable, id: string): Promise<string | null> {
  const { rows } = await db.query<{ id: string | null }>(FIND_SUBJECT, [id]);
  return rows[0]?.id ?? null;
}

const HAD_ROLE = sql`
  SELECT ended_at IS NULL AND ${IS_BANK_OPEN} AS "isOpen"
  FROM staff s WHERE identity_id = $1 AND approved_at IS NOT NULL ORDER BY ended_at IS NULL DESC LIMIT 1`;

/**
 * `open`: there is a role that is paused, or whose ID is blocked. `ended`: the role ended, or the clerk's
 * bank is closed.
 */
export async function findFormerRole(db: Queryable, identityId: string): Promise<'none' | 'ended' | 'open'> {
  const row = (await db.query<{ isOpen: boolean }>(HAD_ROLE, [identityId])).rows[0];
  if (!row) return 'none';
  return row.isOpen ? 'open' : 'ended';
}
