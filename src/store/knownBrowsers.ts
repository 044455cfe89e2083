/** Browsers that a person called their own after a whole sign-in, under the keyed hash of what their cookie holds. */
import { sql, type Queryable } from './database.ts';

const IS_OF_SOMEBODY = sql`SELECT FROM known_browsers WHERE browser = $1 LIMIT 1`;

export async function isBrowserOfSomebody(db: Queryable, browser: Buffer): Promise<boolean> {
  return (await db.query(IS_OF_SOMEBODY, [browser])).rowCount === 1;
}

const FORGET = sql`DELETE FROM known_browsers WHERE browser = $1 AND identity_id = $2`;

/** One winner: false when it was not known any more. */
export async function forgetBrowser(db: Queryable, browser: Buffer, identityId: string): Promise<boolean> {
  return (await db.query(FORGET, [browser, identityId])).rowCount === 1;
}

const FORGET_ALL = sql`DELETE FROM known_browsers WHERE identity_id = $1`;

/** All browsers of an identity: it was blocked. */
export async function forgetBrowsers(db: Queryable, identityId: string): Promise<void> {
  await db.query(FORGET_ALL, [identityId]);
}
