/** What is known of the people of some CPR numbers: their rows of the register, and the data of their IDs. */
import type { Day } from '../../domain/calendar.ts';
import type { PopulationRegisterEntry } from '../../domain/issuing/populationRegister.ts';
import { sql, type Queryable } from '../../db/database.ts';
import { FULL_NAME } from '../../db/people/people.ts';
import { openEntry } from '../../db/people/populationRegister.ts';

type PersonFactsKeyring = Parameters<typeof openEntry>[0];

const FIND_ENTRIES = sql`
  SELECT e.cpr_lookup, e.entry_sealed FROM register_entries e WHERE e.cpr_lookup = ANY($1::bytea[])`;

/** Finds the row of each of these numbers, where one exists. */
export async function findEntriesOfNumbers(
  db: Queryable,
  keyring: PersonFactsKeyring,
  lookups: readonly Buffer[],
): Promise<{ lookup: Buffer; entry: PopulationRegisterEntry }[]> {
  type RegisterEntryRow = { cpr_lookup: Buffer; entry_sealed: Buffer };
  const { rows } = await db.query<RegisterEntryRow>(FIND_ENTRIES, [lookups]);
  return rows.map((row) => {
    return { lookup: row.cpr_lookup, entry: openEntry(keyring, row.cpr_lookup, row.entry_sealed) };
  });
}

const FIND_PEOPLE = sql`
  SELECT p.id, ${FULL_NAME} AS name, p.birthdate::text, p.address_sealed, p.document_lookup
  FROM people p WHERE p.id = ANY($1::uuid[])`;

export interface IdFacts {
  readonly personId: string;
  readonly name: string;
  readonly birthdate: Day;
  readonly addressSealed: Buffer | null;
  readonly document: Buffer | null;
}

export async function findIdFacts(db: Queryable, personIds: readonly string[]): Promise<IdFacts[]> {
  type IdFactsRow = {
    id: string;
    name: string;
    birthdate: string;
    address_sealed: Buffer | null;
    document_lookup: Buffer | null;
  };
  const { rows } = await db.query<IdFactsRow>(FIND_PEOPLE, [personIds]);
  return rows.map((row) => {
    const { id: personId, name, birthdate, address_sealed: addressSealed } = row;
    return { personId, name, birthdate, addressSealed, document: row.document_lookup };
  });
}
