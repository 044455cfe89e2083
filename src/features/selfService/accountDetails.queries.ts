/** Everything that a person is shown of their own ID, in one statement; and what they change of it. */
import type { CardFormat } from '../../domain/card/cardFormat.ts';
import type { CardState } from '../../domain/card/cardLife.ts';
import type { Day } from '../../domain/calendar.ts';
import { fullName, type Language, type ProofingLevel } from '../../domain/person/person.ts';
import {
  assertRowBound,
  IDENTITY_MAC_COLUMNS_OF_P,
  changeIdentity,
  readVerifiedNames,
  type IdentityMacColumns,
} from '../../db/binding/identityMac.ts';
import { composeCardFormat, NEXT_CARD_FORMAT } from '../../db/cards/cardFormats.ts';
import { sql, type Queryable } from '../../db/database.ts';
import { EMAIL_IN_USE } from '../../db/people/people.ts';

export interface StoredAccount {
  readonly personId: string;
  readonly name: string;
  readonly birthdate: string;
  readonly language: Language;
  readonly idNumber: string;
  readonly userId: string | null;
  readonly proofing: ProofingLevel;
  readonly hasCpr: boolean;
  readonly publicSites: boolean;
  readonly threshold: number;
  readonly createdAt: Date;
  /** `borgerservice`, `online`, or a bank by its client id; null where it was not recorded. */
  readonly issuedBy: string | null;
  /** The format of the next card. */
  readonly cardFormat: CardFormat;
  readonly addressSealed: Buffer | null;
  readonly addressProtected: boolean;
  /** The address before the latest move. */
  readonly formerAddressSealed: Buffer | null;
  readonly movedAt: Date | null;
  readonly emailSealed: Buffer | null;
  /** The keyed hash of the address that a mail server refused; null where none was. */
  readonly refusedEmail: Buffer | null;
  /** Keyed hashes of the addresses that were confirmed. */
  readonly confirmedEmails: readonly Buffer[];
  /** A new address, or none, that is not in effect yet. */
  readonly nextEmail: { readonly sealed: Buffer | null; readonly from: Date } | null;
  /** The newest first; cards that ended long ago are left out. */
  readonly cards: readonly AccountCard[];
}

export interface AccountCard {
  readonly cardNumber: string;
  readonly state: CardState;
  readonly keysLeft: number;
  readonly orderedAt: Date;
  readonly expected: { readonly from: Day; readonly to: Day } | null;
  readonly activatesAt: Date | null;
  readonly format: CardFormat;
}

const FIND = sql`
  SELECT p.language, p.address_sealed, p.address_protected, p.former_address_sealed, p.moved_at,
    ${EMAIL_IN_USE} AS email_sealed, p.email_confirmed, p.next_email_confirmed, p.email_refused,
    CASE WHEN p.next_email_from > $2 THEN p.next_email_from END AS next_email_from,
    CASE WHEN p.next_email_from > $2 THEN p.next_email_sealed END AS next_email_sealed,
    i.threshold, ${NEXT_CARD_FORMAT} AS card_format, i.created_at,
    (SELECT coalesce(jsonb_agg(c ORDER BY c.ordered_at DESC), '[]') FROM (
      SELECT n.card_number, n.state, 148 - bit_count(n.spent)::int AS keys_left, n.ordered_at, n.expected_from,
        n.expected_to, n.activates_at, ${composeCardFormat('n')} AS format
      FROM key_cards n WHERE n.identity_id = i.id ORDER BY n.ordered_at DESC, n.id DESC LIMIT 5) c) AS cards,
    ${IDENTITY_MAC_COLUMNS_OF_P}
  FROM identities i JOIN people p ON p.id = i.person_id WHERE i.id = $1`;

interface AccountRow extends IdentityMacColumns {
  language: Language;
  address_sealed: Buffer | null;
  address_protected: boolean;
  former_address_sealed: Buffer | null;
  moved_at: Date | null;
  email_sealed: Buffer | null;
  email_confirmed: Buffer | null;
  next_email_confirmed: Buffer | null;
  email_refused: Buffer | null;
  next_email_from: Date | null;
  next_email_sealed: Buffer | null;
  threshold: number;
  card_format: CardFormat;
  created_at: Date;
  cards: {
    card_number: string;
    state: CardState;
    keys_left: number;
    ordered_at: string;
    expected_from: Day | null;
    expected_to: Day | null;
    activates_at: string | null;
    format: CardFormat;
  }[];
}

export async function findAccount(
  db: Queryable,
  identityId: string,
  now: Date,
): Promise<StoredAccount | null> {
  const row = (await db.query<AccountRow>(FIND, [identityId, now])).rows[0];
  if (!row) return null;
  assertRowBound(db, row);
  const { next_email_from: from, next_email_sealed: sealed } = row;
  return {
    personId: row.row_person,
    name: fullName(readVerifiedNames(row)),
    birthdate: row.row_birthdate,
    language: row.language,
    idNumber: row.row_id_number,
    userId: row.row_user_id,
    proofing: row.row_proofing,
    hasCpr: row.row_cpr !== null,
    publicSites: row.row_public,
    threshold: row.threshold,
    createdAt: row.created_at,
    issuedBy: row.row_issued_by,
    cardFormat: row.card_format,
    addressSealed: row.address_sealed,
    addressProtected: row.address_protected,
    formerAddressSealed: row.former_address_sealed,
    movedAt: row.moved_at,
    emailSealed: row.email_sealed,
    refusedEmail: row.email_refused,
    confirmedEmails: [row.email_confirmed, row.next_email_confirmed].filter((one) => one !== null),
    nextEmail: from === null ? null : { sealed, from },
    cards: row.cards.map((card) => ({
      cardNumber: card.card_number,
      state: card.state,
      keysLeft: card.keys_left,
      orderedAt: new Date(card.ordered_at),
      expected:
        card.expected_from && card.expected_to ? { from: card.expected_from, to: card.expected_to } : null,
      activatesAt: card.activates_at === null ? null : new Date(card.activates_at),
      format: card.format,
    })),
  };
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

/** Sets the language of letters and notices. Returns false when it was set already. */
export async function setLanguage(db: Queryable, identityId: string, language: Language): Promise<boolean> {
  return (await db.query(SET_LANGUAGE, [identityId, language])).rowCount === 1;
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
 * Closes the ID permanently: nothing is left to sign in with, and only the notice about it is still sent.
 * That notice goes to the e-mail address, which the sweep then deletes.
 */
export async function closeIdentity(
  db: Queryable,
  identityId: string,
  { now, emailUntil }: { now: Date; emailUntil: Date },
): Promise<boolean> {
  const close = () => db.query(CLOSE, [identityId, now, emailUntil]);
  const intended = { isClosed: true, passwordHash: null, publicSites: false };
  return (await changeIdentity(db, identityId, intended, close)).rowCount === 1;
}
