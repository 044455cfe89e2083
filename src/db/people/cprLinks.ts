/**
 * Corrections of links between CPR numbers: links that are suspended or removed, and numbers that belong to
 * different people.
 */
import { sql, type Queryable } from '../database.ts';
import { CHAIN_FROM } from './formerCprs.ts';

const RECORD_DISTINCT = sql`
  INSERT INTO apart_cprs (one, other, told_at)
  SELECT least(number, $2::bytea), greatest(number, $2::bytea), $3 FROM unnest($1::bytea[]) AS number
  WHERE number <> $2
  ON CONFLICT DO NOTHING`;

/**
 * Records that each of these numbers and the wrong one belong to different people: a later report that they
 * are one person's has to be checked by an officer.
 */
export async function recordDistinctNumbers(
  db: Queryable,
  numbers: readonly Buffer[],
  { wrong, at }: { readonly wrong: Buffer; readonly at: Date },
): Promise<void> {
  await db.query(RECORD_DISTINCT, [numbers, wrong, at]);
}

const MARK_FOLLOWED = sql`
  WITH ${CHAIN_FROM}
  UPDATE former_cprs f SET followed_by = $2 FROM chain c WHERE f.former = c.number`;

/** Records that the identity, which had the former number, has taken over the number that replaced it. */
export async function markLinksFollowed(db: Queryable, former: Buffer, identityId: string): Promise<void> {
  await db.query(MARK_FOLLOWED, [former, identityId]);
}

const FIND_UNFOLLOWED = sql`
  SELECT DISTINCT f.current FROM former_cprs f
  WHERE f.current = ANY($1::bytea[]) AND f.told_by = 'register' AND f.followed_by IS NULL`;

/** The numbers whose former numbers the register reported and no ID has followed. */
export async function findUnfollowedNumbers(db: Queryable, lookups: readonly Buffer[]): Promise<Buffer[]> {
  return (await db.query<{ current: Buffer }>(FIND_UNFOLLOWED, [lookups])).rows.map(({ current }) => current);
}

const FIND_UNFOLLOWED_FORMER = sql`
  SELECT f.former FROM former_cprs f
  WHERE f.former = ANY($1::bytea[]) AND f.told_by = 'register' AND f.followed_by IS NULL`;

/** The numbers that the register reported as replaced, where no ID has followed. */
export async function findUnfollowedFormerNumbers(
  db: Queryable,
  lookups: readonly Buffer[],
): Promise<Buffer[]> {
  const { rows } = await db.query<{ former: Buffer }>(FIND_UNFOLLOWED_FORMER, [lookups]);
  return rows.map(({ former }) => former);
}

const REMOVE_UNFOLLOWED = sql`
  DELETE FROM former_cprs
  WHERE current = $1 AND former <> ALL($2::bytea[]) AND told_by = 'register' AND followed_by IS NULL`;

/**
 * Removes the links that the register's row of this number no longer names. A link that an ID has followed
 * stays: correcting it takes two officers.
 */
export async function removeUnfollowedLinks(
  db: Queryable,
  current: Buffer,
  former: readonly Buffer[],
): Promise<void> {
  await db.query(REMOVE_UNFOLLOWED, [current, former]);
}

export interface CprLink {
  readonly former: Buffer;
  readonly current: Buffer;
  readonly followedBy: string | null;
  readonly by: 'register' | 'staff';
  readonly at: Date;
}

interface CprLinkRow {
  former: Buffer;
  current: Buffer;
  followed_by: string | null;
  told_by: 'register' | 'staff';
  told_at: Date;
}

function readCprLinkRow(row: CprLinkRow): CprLink {
  const { former, current, followed_by: followedBy, told_by: by, told_at: at } = row;
  return { former, current, followedBy, by, at };
}

const SUSPEND = sql`
  DELETE FROM former_cprs f
  WHERE f.former = ANY($1::bytea[]) AND f.told_by = 'staff' AND NOT EXISTS (

      WITH RECURSIVE chain (number, depth) AS (
        SELECT f.current, 0 UNION ALL
        SELECT g.current, c.depth + 1 FROM chain c JOIN former_cprs g ON g.former = c.number WHERE c.depth < 50)
      SELECT FROM chain WHERE number = ANY($2::bytea[]))
  RETURNING f.former, f.current, f.followed_by, f.told_by, f.told_at`;

/**
 * Suspends the links from these numbers that two officers reported and that lead to none of `right`.
 * @returns the suspended links
 */
export async function suspendStaffLinks(
  db: Queryable,
  former: readonly Buffer[],
  right: readonly Buffer[],
): Promise<CprLink[]> {
  return (await db.query<CprLinkRow>(SUSPEND, [former, right])).rows.map(readCprLinkRow);
}

const SUSPEND_UNFOLLOWED = sql`
  DELETE FROM former_cprs WHERE former = $1 AND told_by = 'register' AND followed_by IS NULL
  RETURNING former, current, followed_by, told_by, told_at`;

/**
 * Suspends the link from this number that the register reported, if no ID has followed it.
 * @returns the suspended link; null when there is none
 */
export async function suspendUnfollowedLink(db: Queryable, former: Buffer): Promise<CprLink | null> {
  const [row] = (await db.query<CprLinkRow>(SUSPEND_UNFOLLOWED, [former])).rows;
  return row ? readCprLinkRow(row) : null;
}

const RESTORE = sql`
  INSERT INTO former_cprs (former, current, told_by, told_at, followed_by) VALUES ($1, $2, $5, $3, $4)
  ON CONFLICT (former) DO NOTHING`;

export async function saveLink(db: Queryable, link: CprLink): Promise<void> {
  await db.query(RESTORE, [link.former, link.current, link.at, link.followedBy, link.by]);
}

// The path from the right number to the wrong one. If there is none, the last link by which this ID got the
// wrong number.
const FIND_PATH = sql`
  WITH ${CHAIN_FROM}, path AS (
    SELECT c.number FROM chain c
    WHERE c.number <> $2 AND EXISTS (SELECT FROM chain w WHERE w.number = $2 AND w.depth > c.depth)
  ), own AS (
    SELECT number FROM path
    UNION
    SELECT f.former FROM former_cprs f
    WHERE f.current = $2 AND f.followed_by = $3 AND NOT EXISTS (TABLE path)
  )
  DELETE FROM former_cprs f
  WHERE f.former IN (TABLE own) OR (f.former = $2 AND f.current = $1)
  RETURNING f.former`;

/**
 * Removes a wrong number from a person whose it never was; what led to it leads to the right number instead.
 * All other numbers linked to the wrong one are another person's, and stay. Within a transaction that has
 * locked all of them.
 */
export async function correctCprNumber(
  db: Queryable,
  {
    identityId,
    wrong,
    right,
    at,
  }: { readonly identityId: string; readonly wrong: Buffer; readonly right: Buffer; readonly at: Date },
): Promise<void> {
  const { rows } = await db.query<{ former: Buffer }>(FIND_PATH, [right, wrong, identityId]);
  const own = rows.map(({ former }) => former).filter((one) => !one.equals(wrong));
  for (const former of own) {
    if (!former.equals(right))
      await saveLink(db, { former, current: right, followedBy: identityId, by: 'staff', at });
  }
  await recordDistinctNumbers(db, [right, ...own], { wrong, at });
}
