/** People. The CPR number is sealed under the person's id and found by its keyed hash. */
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

const INSERT = sql`
  INSERT INTO people (id, given_name, family_name, birthdate, language, pid, cpr_sealed, cpr_lookup)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;

export async function insertPerson(
  db: Queryable,
  person: Person,
  cpr: { sealed: Buffer; lookup: Buffer } | null,
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
  ]);
}
