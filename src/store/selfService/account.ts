/** What a person changes about their own ID, in the transaction of whoever spends a key for it. */
import type { Language } from '../../core/person.ts';
import { changeIdentity } from '../binding/identityBond.ts';
import { sql, type Queryable } from '../database.ts';
import { EMAIL_IN_USE } from '../people.ts';

// What took over already is the one in use; what still waited is given up for the newer one. A sweep of the
// version before takes the time away and leaves the keyed hash: then that is of the one in use too.
const PLAN_EMAIL = sql`
  UPDATE people p SET
    email_sealed = ${EMAIL_IN_USE},
    email_confirmed = CASE WHEN p.next_email_from > $2 THEN p.email_confirmed
      ELSE coalesce(p.next_email_confirmed, p.email_confirmed) END,
    next_email_sealed = $3, next_email_from = $4, next_email_confirmed = $5
  FROM identities i WHERE i.id = $1 AND p.id = i.person_id`;

/**
 * A new address, or none, that takes over at `from`. Sealed under the person's id.
 * @param confirmed the keyed hash of it: it has answered. Null for none.
 */
export async function planEmail(
  db: Queryable,
  identityId: string,
  {
    emailSealed,
    confirmed,
    now,
    from,
  }: { emailSealed: Buffer | null; confirmed: Buffer | null; now: Date; from: Date },
): Promise<void> {
  await db.query(PLAN_EMAIL, [identityId, now, emailSealed, from, confirmed]);
}

const SET_PASSWORD = sql`UPDATE identities SET password_hash = $2 WHERE id = $1`;

export async function setPassword(db: Queryable, identityId: string, passwordHash: string): Promise<void> {
  const set = () => db.query(SET_PASSWORD, [identityId, passwordHash]);
  await changeIdentity(db, identityId, { passwordHash }, set);
}

const FIND_PASSWORD_HASH = sql`SELECT password_hash FROM identities WHERE id = $1`;

export async function findPasswordHash(db: Queryable, identityId: string): Promise<string | null> {
  const { rows } = await db.query<{ password_hash: string | null }>(FIND_PASSWORD_HASH, [identityId]);
  return rows[0]?.password_hash ?? null;
}

const SET_LANGUAGE = sql`
  UPDATE people p SET language = $2 FROM identities i
  WHERE i.id = $1 AND p.id = i.person_id AND p.language <> $2`;

/** Of letters and notices. False when it was that already. */
export async function setLanguage(db: Queryable, identityId: string, language: Language): Promise<boolean> {
  return (await db.query(SET_LANGUAGE, [identityId, language])).rowCount === 1;
}

// Judged as younger than the end that comes with it, and older than any end that comes later.
const KEEP = sql`
  UPDATE own_sessions o SET login_at = i.ended_at + interval '1 millisecond'
  FROM identities i WHERE o.id = $1 AND i.id = $2 AND o.identity_id = i.id`;

/** The one session that goes on when all of an identity has just been ended, in the same transaction. */
export async function keepOwnSession(db: Queryable, session: Buffer, identityId: string): Promise<void> {
  await db.query(KEEP, [session, identityId]);
}

const CLOSE = sql`
  WITH closed AS (
    UPDATE identities SET closed_at = $2, password_hash = NULL, public_sites = false
    WHERE id = $1 AND closed_at IS NULL RETURNING person_id
  ), forgotten AS (
    DELETE FROM consents WHERE identity_id = $1
  ), unanswered AS (
    DELETE FROM email_requests WHERE identity_id = $1
  )
  UPDATE people p SET
    email_sealed = ${EMAIL_IN_USE},
    email_confirmed = CASE WHEN p.next_email_from > $2 THEN p.email_confirmed
      ELSE coalesce(p.next_email_confirmed, p.email_confirmed) END,
    next_email_sealed = NULL, next_email_from = $3, next_email_confirmed = NULL
  FROM closed c WHERE p.id = c.person_id`;

/**
 * Closed for good: nothing is left to sign in with, and nothing is sent any more but the word of it. The e-mail address
 * takes that word, and the sweep takes the address.
 */
export async function closeIdentity(
  db: Queryable,
  identityId: string,
  { now, emailUntil }: { now: Date; emailUntil: Date },
): Promise<boolean> {
  const close = () => db.query(CLOSE, [identityId, now, emailUntil]);
  const meant = { isClosed: true, passwordHash: null, publicSites: false };
  return (await changeIdentity(db, identityId, meant, close)).rowCount === 1;
}
