/** What binds an activation that is under way: whose it is, by which letter, and whether a key was given. */
import { assertBound, msOf, textOf, type Bond } from '../../core/binding/rowMac.ts';
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

export function activationBondFromRow(row: ActivationBondColumns): Bond {
  const times = [row.bond_password_at, row.bond_key_given_at].map(msOf);
  return { mac: row.bond_mac, facts: [textOf(row.bond_id), row.bond_identity, row.bond_letter, ...times] };
}

/** Before a right temporary password there is nothing to bind. @throws WrongRow */
export function assertActivationBound(db: Queryable, row: ActivationBondColumns): void {
  if (row.bond_identity !== null) assertBound(db.macs, 'activation', activationBondFromRow(row));
}

const READ = sql`SELECT ${ACTIVATION_BOND} FROM activations a WHERE a.id = $1 FOR UPDATE`;
const BIND = sql`UPDATE activations SET mac = $2 WHERE id = $1`;

async function readBond(db: Queryable, id: Buffer): Promise<ActivationBondColumns | null> {
  return (await db.query<ActivationBondColumns>(READ, [id])).rows[0] ?? null;
}

/** As it stands now, in the transaction that has just written it. */
export async function bindActivation(db: Queryable, id: Buffer): Promise<void> {
  if (db.macs.mode === 'read') return;
  const row = await readBond(db, id);
  if (row) await db.query(BIND, [id, db.macs.make('activation', activationBondFromRow(row).facts)]);
}

/** @param to under which it goes on @throws WrongRow */
export async function changeActivation(
  db: Queryable,
  id: Buffer,
  to: Buffer,
  change: () => Promise<boolean>,
): Promise<boolean> {
  if (db.macs.mode === 'read') return await change();
  const before = await readBond(db, id);
  if (before) assertActivationBound(db, before);
  const isChanged = await change();
  if (isChanged) await bindActivation(db, to);
  return isChanged;
}
