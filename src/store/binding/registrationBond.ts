/**
 * What binds a relying party: kind, state, metadata, and what operators allowed. Its JSON is bound as the
 * database writes it, by its digest.
 */
import { createHash } from 'node:crypto';
import { assertBound, textOf, type Bond } from '../../core/binding/rowMac.ts';
import { sql, sqlPart, type Queryable } from '../database.ts';
import { within } from './identityBond.ts';

export const REGISTRATION_BOND = sqlPart`
    client_id AS bond_id, kind AS bond_kind, state AS bond_state, version AS bond_version, mac AS bond_mac,
    encode(sha256(convert_to(metadata::text, 'UTF8')), 'hex') AS bond_metadata,
    encode(sha256(convert_to(policy::text, 'UTF8')), 'hex') AS bond_policy,
    encode(sha256(convert_to(proposed::text, 'UTF8')), 'hex') AS bond_proposed,
    encode(sha256(convert_to(seen_jwks::text, 'UTF8')), 'hex') AS bond_jwks, management AS bond_management`;

export interface RegistrationBondColumns {
  bond_id: string;
  bond_kind: string;
  bond_state: string;
  bond_version: number;
  bond_mac: Buffer | null;
  bond_metadata: string;
  bond_policy: string | null;
  bond_proposed: string | null;
  bond_jwks: string | null;
  bond_management: Buffer | null;
}

export function registrationBondFromRow(row: RegistrationBondColumns): Bond {
  return {
    mac: row.bond_mac,
    facts: [
      row.bond_id,
      row.bond_kind,
      row.bond_state,
      row.bond_version,
      row.bond_metadata,
      row.bond_policy,
      row.bond_proposed,
      row.bond_jwks,
      textOf(row.bond_management),
    ],
  };
}

/** As the database digests it. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** @throws WrongRow */
export function assertRegistrationBound(db: Queryable, row: RegistrationBondColumns): void {
  assertBound(db.macs, 'relying party', registrationBondFromRow(row));
}

const LOCK = sql`SELECT FROM relying_parties WHERE client_id = $1 FOR NO KEY UPDATE`;
const READ = sql`SELECT ${REGISTRATION_BOND} FROM relying_parties WHERE client_id = $1`;
const BIND = sql`UPDATE relying_parties SET mac = $2 WHERE client_id = $1`;

/**
 * Every change of a relying party goes through here, as those of people do (identityBond.ts). @throws
 * WrongRow
 */
export async function changeRegistration<T>(
  db: Queryable,
  clientId: string,
  change: (db: Queryable) => Promise<T>,
): Promise<T> {
  if (db.macs.mode === 'read') return await change(db);
  return await within(db, async (inner) => {
    await inner.query(LOCK, [clientId]);
    const before = (await inner.query<RegistrationBondColumns>(READ, [clientId])).rows[0];
    if (before) assertRegistrationBound(inner, before);
    const result = await change(inner);
    const after = (await inner.query<RegistrationBondColumns>(READ, [clientId])).rows[0];
    if (after) {
      const mac = inner.macs.make('relying party', registrationBondFromRow(after).facts);
      await inner.query(BIND, [clientId, mac]);
    }
    return result;
  });
}
