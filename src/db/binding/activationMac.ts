/**
 * The row MAC of an activation that is in progress: it covers the identity, the letter, and whether a key was
 * given.
 */
import { assertBound, timeToFact, bytesToFact, type RowMac, type RowFacts } from '../../domain/rowMac.ts';
import { sql, sqlFragment, type Queryable } from '../database.ts';

/** The columns that the MAC covers, of the activation `a`. */
export const ACTIVATION_MAC_COLUMNS = sqlFragment`
    a.id AS row_id, a.identity_id AS row_identity, a.letter_id AS row_letter, a.password_at AS row_password_at,
    a.key_given_at AS row_key_given_at, a.mac AS row_mac`;

export interface ActivationMacColumns {
  row_id: Buffer;
  row_identity: string | null;
  row_letter: string | null;
  row_password_at: Date | null;
  row_key_given_at: Date | null;
  row_mac: Buffer | null;
}

export interface ActivationFacts {
  readonly id: Buffer;
  readonly identityId: string | null;
  readonly letterId: string | null;
  readonly passwordAt: Date | null;
  readonly keyGivenAt: Date | null;
}

function listActivationFacts({
  id,
  identityId,
  letterId,
  passwordAt,
  keyGivenAt,
}: ActivationFacts): RowFacts {
  return [bytesToFact(id), identityId, letterId, timeToFact(passwordAt), timeToFact(keyGivenAt)];
}

function readActivationFacts(row: ActivationMacColumns): ActivationFacts {
  return {
    id: row.row_id,
    identityId: row.row_identity,
    letterId: row.row_letter,
    passwordAt: row.row_password_at,
    keyGivenAt: row.row_key_given_at,
  };
}

export function readActivationMac(row: ActivationMacColumns): RowMac {
  return { mac: row.row_mac, facts: listActivationFacts(readActivationFacts(row)) };
}

/**
 * Verifies the row's MAC. A row without an identity has none yet: no right temporary password was given.
 * @throws RowMacMismatch
 */
export function assertActivationBound(db: Queryable, row: ActivationMacColumns): void {
  if (row.row_identity !== null) assertBound(db.rowAuthenticator, 'activation', readActivationMac(row));
}

const READ_ACTIVATION_MAC = sql`SELECT ${ACTIVATION_MAC_COLUMNS} FROM activations a WHERE a.id = $1 FOR UPDATE`;
const BIND = sql`UPDATE activations SET mac = $2 WHERE id = $1`;

/**
 * Writes the MAC, in the transaction that has just written the row.
 * @param facts the values that were meant to be written, regardless of what the row holds now
 */
export async function bindActivation(db: Queryable, facts: ActivationFacts): Promise<void> {
  if (db.rowAuthenticator.mode === 'read') return;
  await db.query(BIND, [facts.id, db.rowAuthenticator.make('activation', listActivationFacts(facts))]);
}

/**
 * Verifies the row, runs the change, and writes the new MAC.
 * @param intended the facts that the change sets; all others keep their values
 * @throws RowMacMismatch
 */
export async function changeActivation(
  db: Queryable,
  id: Buffer,
  intended: Pick<ActivationFacts, 'id' | 'keyGivenAt'>,
  change: () => Promise<boolean>,
): Promise<boolean> {
  if (db.rowAuthenticator.mode === 'read') return await change();
  const before = (await db.query<ActivationMacColumns>(READ_ACTIVATION_MAC, [id])).rows[0];
  if (before) assertActivationBound(db, before);
  const isChanged = await change();
  if (isChanged && before) await bindActivation(db, { ...readActivationFacts(before), ...intended });
  return isChanged;
}
