/** People. CPR number, address and e-mail are sealed under the person's id; the first is found by its keyed hash. */
import type { Language, Person } from '../core/person.ts';
import { sql, type Queryable } from './database.ts';

export interface PersonRow {
  id: string;
  given_name: string;
  family_name: string;
  birthdate: string;
  language: Language;
  pid: string;
  cpr_sealed: Buffer | null;
}

export function personFromRow(row: PersonRow): Person {
  return {
    id: row.id,
    givenName: row.given_name,
    familyName: row.family_name,
    birthdate: row.birthdate,
    language: row.language,
    pid: row.pid,
  };
}

const COMPLETE = sql`
  UPDATE people SET address_sealed = coalesce(address_sealed, $2), email_sealed = coalesce(email_sealed, $3)
  WHERE id = $1 AND (address_sealed IS NULL OR email_sealed IS NULL)`;

/** Fills in what is not known; what is known stays. */
export async function completeContactOf(
  db: Queryable,
  personId: string,
  { addressSealed, emailSealed }: { addressSealed: Buffer | null; emailSealed: Buffer | null },
): Promise<void> {
  await db.query(COMPLETE, [personId, addressSealed, emailSealed]);
}

const INSERT = sql`
  INSERT INTO people
    (id, given_name, family_name, birthdate, language, pid, cpr_sealed, cpr_lookup, address_sealed, email_sealed)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;

export async function insertPerson(
  db: Queryable,
  person: Person,
  {
    cpr,
    addressSealed,
    emailSealed,
  }: {
    cpr: { sealed: Buffer; lookup: Buffer } | null;
    addressSealed: Buffer | null;
    emailSealed: Buffer | null;
  },
): Promise<void> {
  await db.query(INSERT, [
    person.id,
    person.givenName,
    person.familyName,
    person.birthdate,
    person.language,
    person.pid,
    cpr?.sealed ?? null,
    cpr?.lookup ?? null,
    addressSealed,
    emailSealed,
  ]);
}
