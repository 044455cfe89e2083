/**
 * Browsers that a person declared their own after a full sign-in, each under the keyed hash of a value in its
 * cookie. Each person has a separate value: when two people use one browser, its cookie holds both.
 */
import { sql, type Queryable, type SqlFragment } from '../database.ts';

const IS_ANY_KNOWN = sql`SELECT FROM known_browsers WHERE browser = ANY ($1::bytea[]) LIMIT 1`;

/** @param browsers the hashes of all values in the cookie */
export async function isAnyBrowserKnown(db: Queryable, browsers: readonly Buffer[]): Promise<boolean> {
  return (await db.query(IS_ANY_KNOWN, [browsers])).rowCount === 1;
}

/** An array of hashes as one text, where a statement takes those of many requests: `q.browsers::bytea[]`. */
export function browsersToText(browsers: readonly Buffer[]): string {
  return `{${browsers.map((browser) => `"\\\\x${browser.toString('hex')}"`).join(',')}}`;
}

/**
 * `LEFT JOIN LATERAL (...) b ON true`: the row of the identity `i` for one of these browsers, null when there
 * is none.
 * @param browsers an expression of the type bytea[]
 */
export function composeKnownBrowserJoin(browsers: string): SqlFragment {
  return {
    part: `LEFT JOIN LATERAL (
    SELECT kb.browser, kb.tries FROM known_browsers kb
    WHERE kb.identity_id = i.id AND kb.browser = ANY (${browsers})
    ORDER BY kb.since DESC LIMIT 1
  ) b ON true`,
  };
}

/**
 * The name of a known browser on pages and in the log. It reveals neither the cookie value nor whether
 * another person uses the same browser.
 */
export function composeKnownBrowserName(browser: string, identityId: string): SqlFragment {
  const named = `${browser}::bytea || convert_to(${identityId}::uuid::text, 'UTF8')`;
  return { part: `left(encode(sha256(${named}), 'hex'), 32)` };
}

const FORGET = sql`DELETE FROM known_browsers WHERE browser = $1 AND identity_id = $2`;

/** Exactly one concurrent caller succeeds. @returns false when the browser was not known any longer */
export async function deleteKnownBrowser(
  db: Queryable,
  browser: Buffer,
  identityId: string,
): Promise<boolean> {
  return (await db.query(FORGET, [browser, identityId])).rowCount === 1;
}

// Notices tell of every browser again, too.
const FORGET_ALL = sql`
  WITH of_notices AS (DELETE FROM notice_browsers WHERE identity_id = $1)
  DELETE FROM known_browsers WHERE identity_id = $1`;

/** Deletes all known browsers of an identity, those of notices included. @returns how many there were */
export async function deleteKnownBrowsers(db: Queryable, identityId: string): Promise<number> {
  return (await db.query(FORGET_ALL, [identityId])).rowCount ?? 0;
}

// Which of the browsers that notices know it is cannot be told: they tell of all of them again.
const FORGET_NAMED = sql`
  WITH forgotten AS (
    DELETE FROM known_browsers b
    WHERE b.identity_id = $1 AND ${composeKnownBrowserName('b.browser', 'b.identity_id')} = $2
    RETURNING b.identity_id
  ), of_notices AS (
    DELETE FROM notice_browsers n USING forgotten f WHERE n.identity_id = f.identity_id
  )
  SELECT FROM forgotten`;

/**
 * Exactly one concurrent caller succeeds.
 * @returns false when the browser is not known any longer, or not this person's
 */
export async function deleteNamedBrowser(db: Queryable, identityId: string, name: string): Promise<boolean> {
  return (await db.query(FORGET_NAMED, [identityId, name])).rowCount === 1;
}

// The last use is the last sign-in with a key in the audit log, so that a sign-in writes nothing else.
const LIST = sql`
  SELECT named.name, coalesce(named.first_at, named.since) AS first_at, named.seen, used.at AS last_at
  FROM (
    SELECT ${composeKnownBrowserName('b.browser', 'b.identity_id')} AS name, b.since, b.first_at, b.seen
    FROM known_browsers b WHERE b.identity_id = $1
  ) named LEFT JOIN (
    SELECT e.details ->> 'ownBrowser' AS name, max(e.at) AS at FROM audit_events e
    WHERE e.identity_id = $1 AND e.kind = 'signed_in' AND e.details ? 'ownBrowser' GROUP BY 1
  ) used ON used.name = named.name
  ORDER BY coalesce(used.at, named.since) DESC, named.name`;

export interface StoredKnownBrowser {
  readonly name: string;
  readonly firstAt: Date;
  /** Sealed for the person; null when it was not recorded. */
  readonly seen: string | null;
  /** Null when no sign-in with it was recorded. */
  readonly lastAt: Date | null;
}

/** Lists the known browsers, the last used first. */
export async function listKnownBrowsers(db: Queryable, identityId: string): Promise<StoredKnownBrowser[]> {
  type KnownBrowserRow = { name: string; first_at: Date; seen: string | null; last_at: Date | null };
  const { rows } = await db.query<KnownBrowserRow>(LIST, [identityId]);
  return rows.map(({ first_at: firstAt, last_at: lastAt, ...rest }) => ({ ...rest, firstAt, lastAt }));
}
