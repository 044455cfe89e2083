/**
 * How often one member of staff did one kind of action recently: one row for each, checked and counted in one
 * statement.
 */
import { sql, type Queryable } from '../../../db/database.ts';

export interface StaffCount {
  readonly staffId: string;
  readonly kind: string;
  /** A form that is sent twice counts once. */
  readonly form: string;
  readonly at: Date;
  /** Actions before this time no longer count, and are deleted. */
  readonly since: Date;
  readonly most: number;
}

// Concurrent statements run one after another under the row lock, and each sees the row as the one before
// left it: the limit is checked under the lock.
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

/** Returns false when this form is counted already, or the limit is reached; `readStaffCount` says which. */
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

/** Removes the count of an action that was then not performed. */
export async function revertStaffCount(
  db: Queryable,
  { staffId, kind, form }: Pick<StaffCount, 'staffId' | 'kind' | 'form'>,
): Promise<void> {
  await db.query(REVERT, [staffId, kind, form]);
}
