/**
 * The subjects of a person's attempts rows, stored with the identity and its known browsers. They are filled
 * in for rows of an earlier version, which stored none.
 */
import { sql, type Queryable } from '../database.ts';

const FIND_WITHOUT_SUBJECTS = sql`SELECT id FROM identities WHERE password_tries IS NULL LIMIT $1`;

/** Finds people who were registered by a version that stored no subjects. */
export async function findIdentitiesWithoutSubjects(db: Queryable, limit: number): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(FIND_WITHOUT_SUBJECTS, [limit]);
  return rows.map(({ id }) => id);
}

const FILL = sql`
  UPDATE identities i SET password_tries = t.password, key_tries = t.key
  FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS t (id, password, key)
  WHERE i.id = t.id AND i.password_tries IS NULL`;

export async function saveAttemptSubjects(
  db: Queryable,
  people: readonly { readonly id: string; readonly password: Buffer; readonly key: Buffer }[],
): Promise<void> {
  await db.query(FILL, [
    people.map(({ id }) => id),
    people.map(({ password }) => password),
    people.map(({ key }) => key),
  ]);
}

const FILL_BROWSER = sql`
  UPDATE known_browsers SET tries = $3 WHERE browser = $1 AND identity_id = $2 AND tries IS NULL`;

export async function saveBrowserAttemptSubject(
  db: Queryable,
  browser: Buffer,
  identityId: string,
  subject: Buffer,
): Promise<void> {
  await db.query(FILL_BROWSER, [browser, identityId, subject]);
}

export interface BrowserAttemptSubject {
  readonly browser: Buffer;
  readonly identityId: string;
  /** The subject of the browser's attempts; null where an earlier version stored none. */
  readonly tries: Buffer | null;
}

const LIST_BROWSERS = sql`
  SELECT browser, identity_id, tries FROM known_browsers WHERE (browser, identity_id) > ($1, $2::uuid)
  ORDER BY browser, identity_id LIMIT $3`;

/** In the order of browser and identity. @param after the last one of the previous page */
export async function listBrowserAttemptSubjects(
  db: Queryable,
  after: Pick<BrowserAttemptSubject, 'browser' | 'identityId'>,
  limit: number,
): Promise<BrowserAttemptSubject[]> {
  type BrowserAttemptSubjectRow = { browser: Buffer; identity_id: string; tries: Buffer | null };
  const { rows } = await db.query<BrowserAttemptSubjectRow>(LIST_BROWSERS, [
    after.browser,
    after.identityId,
    limit,
  ]);
  return rows.map(({ browser, identity_id: identityId, tries }) => ({ browser, identityId, tries }));
}

const REPLACE_BROWSER = sql`
  UPDATE known_browsers SET tries = $3 WHERE browser = $1 AND identity_id = $2 AND tries IS NOT DISTINCT FROM $4`;

/** @returns false when the row has changed in the meantime */
export async function replaceBrowserAttemptSubject(
  db: Queryable,
  { browser, identityId, tries }: BrowserAttemptSubject,
  subject: Buffer,
): Promise<boolean> {
  return (await db.query(REPLACE_BROWSER, [browser, identityId, subject, tries])).rowCount === 1;
}
