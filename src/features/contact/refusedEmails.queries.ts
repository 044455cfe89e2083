/** The e-mail address of a person that a mail server refused for good. */
import { sql, type Queryable } from '../../db/database.ts';

const SAVE_REFUSED = sql`
  UPDATE people SET email_refused = $2 WHERE id = $1 AND email_refused IS DISTINCT FROM $2`;

/** @returns false when it was known already: one concurrent caller gets true */
export async function saveRefusedEmail(db: Queryable, personId: string, email: Buffer): Promise<boolean> {
  return (await db.query(SAVE_REFUSED, [personId, email])).rowCount === 1;
}

const DELETE_REFUSED = sql`UPDATE people SET email_refused = NULL WHERE id = $1 AND email_refused = $2`;

export async function deleteRefusedEmail(db: Queryable, personId: string, email: Buffer): Promise<void> {
  await db.query(DELETE_REFUSED, [personId, email]);
}
