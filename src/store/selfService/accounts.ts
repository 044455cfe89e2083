/** All that a person is shown of their own ID, in one statement. */
import type { CardState } from '../../core/cardLife.ts';
import type { Day } from '../../core/calendar.ts';
import { fullName, type Language, type ProofingLevel } from '../../core/person.ts';
import { assertRowBound, BOND_COLUMNS_P, namesFromBond, type BondColumns } from '../binding/identityBond.ts';
import { sql, type Queryable } from '../database.ts';
import { EMAIL_IN_USE } from '../people.ts';

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
  /** `borgerservice`, `online`, or a bank by its client id; null where it was not written down. */
  readonly issuedBy: string | null;
  readonly largePrint: boolean;
  readonly addressSealed: Buffer | null;
  readonly addressProtected: boolean;
  /** Where the person lived before the move. */
  readonly formerAddressSealed: Buffer | null;
  readonly movedAt: Date | null;
  readonly emailSealed: Buffer | null;
  /** Keyed hashes of the addresses that have answered. */
  readonly confirmedEmails: readonly Buffer[];
  /** An address, or none, that has not taken over yet. */
  readonly nextEmail: { readonly sealed: Buffer | null; readonly from: Date } | null;
  /** The newest first; what is long over is left out. */
  readonly cards: readonly StoredCard[];
}

export interface StoredCard {
  readonly cardNumber: string;
  readonly state: CardState;
  readonly keysLeft: number;
  readonly orderedAt: Date;
  readonly expected: { readonly from: Day; readonly to: Day } | null;
  readonly activatesAt: Date | null;
}

const FIND = sql`
  SELECT p.language, p.address_sealed, p.address_protected, p.former_address_sealed, p.moved_at,
    ${EMAIL_IN_USE} AS email_sealed, p.email_confirmed, p.next_email_confirmed,
    CASE WHEN p.next_email_from > $2 THEN p.next_email_from END AS next_email_from,
    CASE WHEN p.next_email_from > $2 THEN p.next_email_sealed END AS next_email_sealed,
    i.threshold, i.large_print, i.created_at,
    (SELECT coalesce(jsonb_agg(c ORDER BY c.ordered_at DESC), '[]') FROM (
      SELECT card_number, state, 148 - bit_count(spent)::int AS keys_left, ordered_at, expected_from, expected_to,
        activates_at
      FROM key_cards WHERE identity_id = i.id ORDER BY ordered_at DESC, id DESC LIMIT 5) c) AS cards,
    ${BOND_COLUMNS_P}
  FROM identities i JOIN people p ON p.id = i.person_id WHERE i.id = $1`;

interface Row extends BondColumns {
  language: Language;
  address_sealed: Buffer | null;
  address_protected: boolean;
  former_address_sealed: Buffer | null;
  moved_at: Date | null;
  email_sealed: Buffer | null;
  email_confirmed: Buffer | null;
  next_email_confirmed: Buffer | null;
  next_email_from: Date | null;
  next_email_sealed: Buffer | null;
  threshold: number;
  large_print: boolean;
  created_at: Date;
  cards: {
    card_number: string;
    state: CardState;
    keys_left: number;
    ordered_at: string;
    expected_from: Day | null;
    expected_to: Day | null;
    activates_at: string | null;
  }[];
}

export async function findAccount(
  db: Queryable,
  identityId: string,
  now: Date,
): Promise<StoredAccount | null> {
  const row = (await db.query<Row>(FIND, [identityId, now])).rows[0];
  if (!row) return null;
  assertRowBound(db, row);
  const { next_email_from: from, next_email_sealed: sealed } = row;
  return {
    personId: row.bond_person,
    name: fullName(namesFromBond(row)),
    birthdate: row.bond_birthdate,
    language: row.language,
    idNumber: row.bond_id_number,
    userId: row.bond_user_id,
    proofing: row.bond_proofing,
    hasCpr: row.bond_cpr !== null,
    publicSites: row.bond_public,
    threshold: row.threshold,
    createdAt: row.created_at,
    issuedBy: row.bond_issued_by,
    largePrint: row.large_print,
    addressSealed: row.address_sealed,
    addressProtected: row.address_protected,
    formerAddressSealed: row.former_address_sealed,
    movedAt: row.moved_at,
    emailSealed: row.email_sealed,
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
    })),
  };
}
