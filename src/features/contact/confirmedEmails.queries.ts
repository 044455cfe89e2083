/** The e-mail address in use and the one that takes over: which are confirmed, and what is cancelled. */
import { sql, type Queryable } from '../../db/database.ts';
import { EMAIL_IN_USE } from '../../db/people/people.ts';

export interface EmailsOfPerson {
  readonly personId: string;
  /** The address in use; null when notices go by letter. */
  readonly emailSealed: Buffer | null;
  /** Keyed hashes of the confirmed addresses. */
  readonly confirmedEmails: readonly Buffer[];
}

const FIND = sql`
  SELECT p.id, ${EMAIL_IN_USE} AS email_sealed, p.email_confirmed, p.next_email_confirmed
  FROM identities i JOIN people p ON p.id = i.person_id WHERE i.id = $1 FOR NO KEY UPDATE OF p`;

/** Within a transaction that has locked the owner. */
export async function lockEmailsOfPerson(
  db: Queryable,
  identityId: string,
  now: Date,
): Promise<EmailsOfPerson | null> {
  type EmailsRow = {
    id: string;
    email_sealed: Buffer | null;
    email_confirmed: Buffer | null;
    next_email_confirmed: Buffer | null;
  };
  const row = (await db.query<EmailsRow>(FIND, [identityId, now])).rows[0];
  if (!row) return null;
  const { id: personId, email_sealed: emailSealed } = row;
  const confirmedEmails = [row.email_confirmed, row.next_email_confirmed].filter((one) => one !== null);
  return { personId, emailSealed, confirmedEmails };
}

const SET = sql`
  UPDATE people SET email_sealed = $2, email_confirmed = $3, next_email_sealed = NULL, next_email_from = NULL,
    next_email_confirmed = NULL
  WHERE id = $1`;

/**
 * Puts the address into use immediately.
 * @param confirmed its keyed hash
 */
export async function saveEmail(
  db: Queryable,
  personId: string,
  { sealed, confirmed }: { sealed: Buffer; confirmed: Buffer },
): Promise<void> {
  await db.query(SET, [personId, sealed, confirmed]);
}

const MARK = sql`UPDATE people SET email_confirmed = $2 WHERE id = $1`;

/** Marks the address in use as confirmed. */
export async function markEmailConfirmed(db: Queryable, personId: string, confirmed: Buffer): Promise<void> {
  await db.query(MARK, [personId, confirmed]);
}

const CANCEL_NEXT = sql`
  UPDATE people p SET next_email_sealed = NULL, next_email_from = NULL, next_email_confirmed = NULL
  FROM identities i WHERE i.id = $1 AND p.id = i.person_id AND p.next_email_from > $2`;

/**
 * Cancels an address that has not taken over yet.
 * @returns false when none waited
 */
export async function cancelNextEmail(db: Queryable, identityId: string, now: Date): Promise<boolean> {
  return (await db.query(CANCEL_NEXT, [identityId, now])).rowCount === 1;
}

// An address that has taken over is the one in use; one that still waits is replaced by the newer one. The
// sweep of the previous version clears the time and leaves the keyed hash, which then also belongs to the
// address in use.
const PLAN_EMAIL = sql`
  UPDATE people p SET
    email_sealed = ${EMAIL_IN_USE},
    email_confirmed = CASE WHEN p.next_email_from > $2 THEN p.email_confirmed
      ELSE coalesce(p.next_email_confirmed, p.email_confirmed) END,
    next_email_sealed = $3, next_email_from = $4, next_email_confirmed = $5
  FROM identities i WHERE i.id = $1 AND p.id = i.person_id`;

/**
 * Plans a new address, sealed under the person's id, or letters (null), from `from` on.
 * @param confirmed the keyed hash of the address, which is confirmed; null for letters
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
