/** What binds an activation that is under way: whose it is, by which letter, and whether a key was given. */
import { assertBound, msOf, textOf, type Bond, type Facts } from '../../core/binding/rowMac.ts';
import { sql, sqlPart, type Queryable } from '../database.ts';

/** Of the activation `a`. */
export const ACTIVATION_BOND = sqlPart`
    a.id AS bond_id, a.identity_id AS bond_identity, a.letter_id AS bond_letter, a.password_at AS bond_password_at,
    a.key_given_at AS bond_key_given_at, a.mac AS bond_mac`;

export interface ActivationBondColumns {
  bond_id: Buffer;
  bond_identity: string | null;
  bond_letter: string | null;
  bond_password_at: Date | null;
  bond_key_given_at: Date | null;
  bond_mac: Buffer | null;
}

export interface ActivationFacts {
  readonly id: Buffer;
  readonly identityId: string | null;
  readonly letterId: string | null;
  readonly passwordAt: Date | null;
  readonly keyGivenAt: Date | null;
}

function factsOf({ id, identityId, letterId, passwordAt, keyGivenAt }: ActivationFacts): Facts {
  return [textOf(id), identityId, letterId, msOf(passwordAt), msOf(keyGivenAt)];
}

function factsFromRow(row: ActivationBondColumns): ActivationFacts {
  return {
    id: row.bond_id,
    identityId: row.bond_identity,
    letterId: row.bond_letter,
    passwordAt: row.bond_password_at,
    keyGivenAt: row.bond_key_given_at,
  };
}

export function activationBondFromRow(row: ActivationBondColumns): Bond {
  return { mac: row.bond_mac, facts: factsOf(factsFromRow(row)) };
}

/** Before a right temporary password there is nothing to bind. @throws WrongRow */
export function assertActivationBound(db: Queryable, row: ActivationBondColumns): void {
  if (row.bond_identity !== null) assertBound(db.macs, 'activation', activationBondFromRow(row));
}

const READ = sql`SELECT ${ACTIVATION_BOND} FROM activations a WHERE a.id = $1 FOR UPDATE`;
const BIND = sql`UPDATE activations SET mac = $2 WHERE id = $1`;

/** In the transaction that has just written it. @param facts what was meant, whatever stands there by now */
export async function bindActivation(db: Queryable, facts: ActivationFacts): Promise<void> {
  if (db.macs.mode === 'read') return;
  await db.query(BIND, [facts.id, db.macs.make('activation', factsOf(facts))]);
}

/** @param meant what the change makes of it; all else is as it was @throws WrongRow */
export async function changeActivation(
  db: Queryable,
  id: Buffer,
  meant: Pick<ActivationFacts, 'id' | 'keyGivenAt'>,
  change: () => Promise<boolean>,
): Promise<boolean> {
  if (db.macs.mode === 'read') return await change();
  const before = (await db.query<ActivationBondColumns>(READ, [id])).rows[0];
  if (before) assertActivationBound(db, before);
  const isChanged = await change();
  if (isChanged && before) await bindActivation(db, { ...factsFromRow(before), ...meant });
  return isChanged;
}
