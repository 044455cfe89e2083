/** Finds an identity by its ID number, for an operator who knows nothing else of the person. */
import { sql, type Queryable } from '../database.ts';

const FIND = sql`SELECT id FROM identities WHERE id_number = $1`;

/** @param idNumber digits only */
export async function findIdentityByIdNumber(db: Queryable, idNumber: string): Promise<string | null> {
  return (await db.query<{ id: string }>(FIND, [idNumber])).rows[0]?.id ?? null;
}
