/** The recipients of letters and notices, and where they are reached. */
import type { CardFormat } from '../../domain/card/cardFormat.ts';
import { fullName, type Language } from '../../domain/person/person.ts';
import {
  assertRowBound,
  IDENTITY_MAC_COLUMNS_OF_P,
  readVerifiedNames,
  type IdentityMacColumns,
} from '../binding/identityMac.ts';
import { NEXT_CARD_FORMAT } from '../cards/cardFormats.ts';
import { sql, type Queryable } from '../database.ts';
import { EMAIL_IN_USE } from './people.ts';

export interface Recipient {
  readonly personId: string;
  readonly name: string;
  readonly language: Language;
  /** The format of the next card, and of all letters. */
  readonly cardFormat: CardFormat;
  readonly idNumber: string;
  /** Under which the browser and network of an event are sealed. */
  readonly logSalt: Buffer;
  readonly addressSealed: Buffer | null;
  /** The address where they lived before. */
  readonly formerAddressSealed: Buffer | null;
  readonly emailSealed: Buffer | null;
  /** The keyed hashes of the confirmed addresses. */
  readonly confirmedEmails: readonly Buffer[];
  /** The keyed hash of the address that a mail server refused; null where none was. */
  readonly refusedEmail: Buffer | null;
  /** The address that replaces, or has replaced, the current one. */
  readonly nextEmailSealed: Buffer | null;
}

const FIND_RECIPIENT = sql`
  SELECT p.language, ${NEXT_CARD_FORMAT} AS card_format,
    p.address_sealed, p.former_address_sealed, p.next_email_sealed,
    p.email_confirmed, p.next_email_confirmed, p.email_refused,
    ${EMAIL_IN_USE} AS email_sealed, ${IDENTITY_MAC_COLUMNS_OF_P}
  FROM identities i JOIN people p ON p.id = i.person_id WHERE i.id = $1`;

/**
 * Finds the recipient, with the contact details at the time of sending. They are sealed under the person's
 * id.
 * @throws RowMacMismatch
 */
export async function findRecipient(db: Queryable, identityId: string, now: Date): Promise<Recipient | null> {
  type Row = IdentityMacColumns & {
    language: Language;
    card_format: CardFormat;
    address_sealed: Buffer | null;
    former_address_sealed: Buffer | null;
    email_sealed: Buffer | null;
    email_confirmed: Buffer | null;
    next_email_confirmed: Buffer | null;
    email_refused: Buffer | null;
    next_email_sealed: Buffer | null;
  };
  const row = (await db.query<Row>(FIND_RECIPIENT, [identityId, now])).rows[0];
  if (!row) return null;
  assertRowBound(db, row);
  const { row_person: personId, row_id_number: idNumber, row_log_salt: logSalt } = row;
  const { language, card_format: cardFormat } = row;
  return {
    personId,
    name: fullName(readVerifiedNames(row)),
    language,
    cardFormat,
    idNumber,
    logSalt,
    addressSealed: row.address_sealed,
    formerAddressSealed: row.former_address_sealed,
    emailSealed: row.email_sealed,
    confirmedEmails: [row.email_confirmed, row.next_email_confirmed].filter((one) => one !== null),
    refusedEmail: row.email_refused,
    nextEmailSealed: row.next_email_sealed,
  };
}
