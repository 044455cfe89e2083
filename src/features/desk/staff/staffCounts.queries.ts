/**
 * How often one member of staff did one kind of thing lately: one row for each, judged and counted by one
 * statement.
 */
import { sql, type Queryable } from '../../../db/database.ts';

export interface StaffCount {
  readonly staffId: string;
  readonly kind: string;
  /** A form that is sent twice counts once. */
  readonly form: string;
  readonly at: Date;
  /** What was done before it counts no more, and is forgotten. */
  readonly since: Date;
  readonly most: number;
}

// Of statements at once each sees the row as the one before it left it: under the limit or not is judged
// under the lock.
const COUNT = sql`
  INSERT INTO staff_counts AS c (staff_id, kind, times, forms)
  VALUES ($1::uuid, $2::text, ARRAY[$3::timestamptz], ARRAY[$4::uuid])
  ON CONFLICT (staff_id, kind) DO UPDATE SET
    times = ARRAY(SELECT u.at FROM unnest(c.times, c.forms) AS u (at, form) WHERE u.at > $5 ORDER BY u.at, u.form)
      || $3::timestamptz,
    forms = ARRAY(SELECT u.form FROM unnest(c.times, c.forms) AS u (at, form) WHERE u.at > $5 ORDER BY u.at, u.form)
      || $4::uuid
  WHERE NOT EXISTS (SELECT FROM unnest(c.times, c.forms) AS u (at, form) WHERE u.at > $5 AND u.form = $4)
    AND (SELECT count(*) FROM unnest(c.times) AS u (at) WHERE u.at > $5) < $6::int`;

/** False when this form is counted already, or the limit is reached: `readStaffCount` says which. */
export async function countStaffActionOnce(db: Queryable, one: StaffCount): Promise<boolean> {
  const { staffId, kind, at, form, since, most } = one;
  return (await db.query(COUNT, [staffId, kind, at, form, since, most])).rowCount === 1;
}

const FIND = sql`
  SELECT bool_or(u.form = $3) AS "isCounted", min(u.at) AS oldest
  FROM staff_counts c, unnest(c.times, c.forms) AS u (at, form)
  WHERE c.staff_id = $1 AND c.kind = $2 AND u.at > $4`;

export async function readStaffCount(
  db: Queryable,
  { staffId, kind, form, since }: Pick<StaffCount, 'staffId' | 'kind' | 'form' | 'since'>,
): Promise<{ readonly isCounted: boolean; readonly oldest: Date | null }> {
  type StaffCountRow = { isCounted: boolean | null; oldest: Date | null };
  const row = (await db.query<StaffCountRow>(FIND, [staffId, kind, form, since])).rows[0];
  return { isCounted: row?.isCounted ?? false, oldest: row?.oldest ?? null };
}

const REVERT = sql`
  UPDATE staff_counts c SET
    times = ARRAY(SELECT u.at FROM unnest(c.times, c.forms) AS u (at, form) WHERE u.form <> $3 ORDER BY u.at, u.form),
    forms = ARRAY(SELECT u.form FROM unnest(c.times, c.forms) AS u (at, form) WHERE u.form <> $3 ORDER BY u.at, u.form)
  WHERE c.staff_id = $1 AND c.kind = $2`;

/** What was counted and then not done. */
export async function revertStaffCount(
  db: Queryable,
  { staffId, kind, form }: Pick<StaffCount, 'staffId' | 'kind' | 'form'>,
): Promise<void> {
  await db.query(REVERT, [staffId, kind, form]);
}
