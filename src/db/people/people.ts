/**
 * People. CPR number, address and e-mail are sealed under the person's id; a CPR number is found by its keyed
 * hash.
 */
import { bytesToFact } from '../../domain/rowMac.ts';
import type { Day } from '../../domain/calendar.ts';
import { pickNames, type Language, type Names, type Person } from '../../domain/person/person.ts';
import { changePersonOfIdentity } from '../binding/identityMac.ts';
import { sql, sqlFragment, type Queryable } from '../database.ts';

export interface PersonRow {
  id: string;
  given_name: string;
  family_name: string;
  name_is_whole: boolean;
  birthdate: string;
  language: Language;
  pid: string;
  cpr_sealed: Buffer | null;
}

type NameColumns = Pick<PersonRow, 'given_name' | 'family_name' | 'name_is_whole'>;

export function readNamesRow({ given_name: givenName, family_name: familyName, ...row }: NameColumns): Names {
  return pickNames({ givenName, familyName, nameIsWhole: row.name_is_whole });
}

/** The full name of the person `p`; a single name has no space next to it. */
export const FULL_NAME = sqlFragment`btrim(p.given_name || ' ' || p.family_name)`;

export function readPersonRow(row: PersonRow): Person {
  return {
    id: row.id,
    ...readNamesRow(row),
    birthdate: row.birthdate,
    language: row.language,
    pid: row.pid,
  };
}

/** The e-mail address of the person `p` that is in use at the time $2; null when notices go by letter. */
export const EMAIL_IN_USE = sqlFragment`
  CASE WHEN p.next_email_from <= $2 THEN p.next_email_sealed ELSE p.email_sealed END`;

const COMPLETE_CONTACT = sql`
  UPDATE people SET address_sealed = coalesce(address_sealed, $2), email_sealed = coalesce(email_sealed, $3),
    email_confirmed = CASE WHEN email_sealed IS NULL THEN $4 ELSE email_confirmed END
  WHERE id = $1 AND (address_sealed IS NULL OR email_sealed IS NULL)`;

/** Fills in contact details that are missing; those that are there stay. */
export async function completeContact(
  db: Queryable,
  personId: string,
  {
    addressSealed,
    emailSealed,
    emailConfirmed,
  }: { addressSealed: Buffer | null; emailSealed: Buffer | null; emailConfirmed: Buffer | null },
): Promise<void> {
  await db.query(COMPLETE_CONTACT, [personId, addressSealed, emailSealed, emailConfirmed]);
}

const INSERT = sql`
  INSERT INTO people
    (id, given_name, family_name, birthdate, language, pid, cpr_sealed, cpr_lookup, address_sealed, email_sealed,
     likeness, document_lookup, address_protected, name_is_whole, email_confirmed)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
  ON CONFLICT DO NOTHING`;

/**
 * The fingerprints that identify a person: keyed hashes of numbers, and name and birth date in plain text.
 */
export interface IdentityFingerprints {
  readonly name: string;
  readonly birthdate: Day;
  /** The keyed hash of the CPR number. */
  readonly cpr: Buffer | null;
  /**
   * The keyed hash of the folded name and the birth date. Folds as earlier versions did, whose nodes find
   * people only by it.
   */
  readonly nameBirthdateHash: Buffer;
  /** The keyed hash of the kind and number of the identification document. */
  readonly document: Buffer | null;
}

/**
 * @param emailConfirmed the keyed hash of the e-mail address if it is confirmed
 * @returns false when there already is a person with this CPR number, or one without a CPR number with this
 *   document
 */
export async function insertPerson(
  db: Queryable,
  person: Person,
  {
    cprSealed,
    fingerprints,
    addressSealed,
    emailSealed,
    emailConfirmed,
    addressProtected = false,
  }: {
    cprSealed: Buffer | null;
    fingerprints: IdentityFingerprints;
    addressSealed: Buffer | null;
    emailSealed: Buffer | null;
    emailConfirmed: Buffer | null;
    addressProtected?: boolean;
  },
): Promise<boolean> {
  const { rowCount } = await db.query(INSERT, [
    person.id,
    person.givenName,
    person.familyName,
    person.birthdate,
    person.language,
    person.pid,
    cprSealed,
    fingerprints.cpr,
    addressSealed,
    emailSealed,
    fingerprints.nameBirthdateHash,
    fingerprints.document,
    addressProtected,
    person.nameIsWhole ?? false,
    emailConfirmed,
  ]);
  return rowCount === 1;
}

const FIND_OF_CPR = sql`
  SELECT i.id FROM people p JOIN identities i ON i.person_id = p.id WHERE p.cpr_lookup = $1`;

/** @returns null when no one with this CPR number has an ID */
export async function findIdentityByCpr(db: Queryable, lookup: Buffer): Promise<string | null> {
  return (await db.query<{ id: string }>(FIND_OF_CPR, [lookup])).rows[0]?.id ?? null;
}

const LOCK_WITH_NUMBERS = sql`
  SELECT p.id, i.id AS identity_id, p.given_name, p.family_name, p.cpr_lookup, i.public_sites
  FROM people p JOIN identities i ON i.person_id = p.id
  WHERE p.cpr_lookup = ANY($1::bytea[]) ORDER BY i.id FOR NO KEY UPDATE OF i, p`;

export interface PersonWithCpr {
  readonly personId: string;
  readonly identityId: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly lookup: Buffer | null;
  readonly publicSites: boolean;
}

type PersonWithCprRow = {
  id: string;
  identity_id: string;
  given_name: string;
  family_name: string;
  cpr_lookup: Buffer | null;
  public_sites: boolean;
};

function readPersonWithCprRow(row: PersonWithCprRow): PersonWithCpr {
  return {
    personId: row.id,
    identityId: row.identity_id,
    givenName: row.given_name,
    familyName: row.family_name,
    lookup: row.cpr_lookup,
    publicSites: row.public_sites,
  };
}

/** Finds the people who have an ID under any of these numbers, and locks them until the transaction ends. */
export async function lockPeopleWithNumbers(
  db: Queryable,
  lookups: readonly Buffer[],
): Promise<PersonWithCpr[]> {
  return (await db.query<PersonWithCprRow>(LOCK_WITH_NUMBERS, [lookups])).rows.map(readPersonWithCprRow);
}

const LOCK_ONE = sql`
  SELECT p.id, i.id AS identity_id, p.given_name, p.family_name, p.cpr_lookup, i.public_sites
  FROM people p JOIN identities i ON i.person_id = p.id WHERE i.id = $1 FOR NO KEY UPDATE OF i, p`;

/** Finds the person of this identity, and locks them until the transaction ends. */
export async function lockPersonOfIdentity(db: Queryable, identityId: string): Promise<PersonWithCpr | null> {
  const row = (await db.query<PersonWithCprRow>(LOCK_ONE, [identityId])).rows[0];
  return row ? readPersonWithCprRow(row) : null;
}

// `likeness` stays null where it is null, as for people of the seed.
const RENUMBER = sql`
  UPDATE people SET cpr_sealed = $2, cpr_lookup = $3, birthdate = $4,
    likeness = CASE WHEN likeness IS NULL THEN NULL ELSE $5::bytea END
  WHERE id = $1`;

/** Sets another CPR number, sealed under the same person's id, and updates the fingerprints. */
export async function changeCprOfPerson(
  db: Queryable,
  personId: string,
  to: { cprSealed: Buffer; lookup: Buffer; birthdate: string; nameBirthdateHash: Buffer },
): Promise<void> {
  const values = [personId, to.cprSealed, to.lookup, to.birthdate, to.nameBirthdateHash];
  const { cprSealed, lookup, birthdate } = to;
  const intended = { cprSealed: bytesToFact(cprSealed), cprLookup: bytesToFact(lookup), birthdate };
  await changePersonOfIdentity(db, personId, intended, () => db.query(RENUMBER, values));
}
