/**
 * What binds an identity to its person: one MAC over both rows, made again in the transaction of every
 * change. Moved, copied or changed by anybody without the keys, the row is not what was bound.
 */
import { assertBound, isTrusted, msOf, textOf, type Bond } from '../../core/binding/rowMac.ts';
import { sql, sqlPart, type Database, type Queryable } from '../database.ts';

/** Of the identity `i` with its person `o`. */
export const BOND_COLUMNS = sqlPart`
    i.mac AS bond_mac, i.id AS bond_id, o.id AS bond_person, i.id_number AS bond_id_number, i.user_id AS bond_user_id,
    i.password_hash AS bond_password, i.public_sites AS bond_public, i.public_ended_at AS bond_public_ended,
    i.proofing AS bond_proofing, i.blocked_at IS NOT NULL AS bond_blocked, i.closed_at IS NOT NULL AS bond_closed,
    i.ended_at AS bond_ended, i.issued_by AS bond_issued_by,
    o.given_name AS bond_given, o.family_name AS bond_family, o.name_is_whole AS bond_whole,
    o.birthdate::text AS bond_birthdate, o.pid AS bond_pid, o.cpr_sealed AS bond_cpr, o.cpr_lookup AS bond_lookup,
    o.log_salt AS bond_log_salt`;

export interface BondColumns {
  bond_mac: Buffer | null;
  bond_id: string;
  bond_person: string;
  bond_id_number: string;
  bond_user_id: string | null;
  bond_password: string | null;
  bond_public: boolean;
  bond_public_ended: Date | null;
  bond_proofing: string;
  bond_blocked: boolean;
  bond_closed: boolean;
  bond_ended: Date | null;
  bond_issued_by: string | null;
  bond_given: string;
  bond_family: string;
  bond_whole: boolean;
  bond_birthdate: string;
  bond_pid: string;
  bond_cpr: Buffer | null;
  bond_lookup: Buffer | null;
  bond_log_salt: Buffer;
}

export function bondFromRow(row: BondColumns): Bond {
  return {
    mac: row.bond_mac,
    facts: [
      row.bond_id,
      row.bond_person,
      row.bond_id_number,
      row.bond_user_id,
      row.bond_password,
      row.bond_public,
      msOf(row.bond_public_ended),
      row.bond_proofing,
      row.bond_blocked,
      row.bond_closed,
      msOf(row.bond_ended),
      row.bond_issued_by,
      row.bond_given,
      row.bond_family,
      row.bond_whole,
      row.bond_birthdate,
      row.bond_pid,
      textOf(row.bond_cpr),
      textOf(row.bond_lookup),
      textOf(row.bond_log_salt),
    ],
  };
}

// In a statement of its own: what waits for the row sees what was committed meanwhile, in both tables.
const LOCK = sql`SELECT FROM identities WHERE id = $1 FOR NO KEY UPDATE`;
const READ = sql`SELECT ${BOND_COLUMNS} FROM identities i JOIN people o ON o.id = i.person_id WHERE i.id = $1`;
const BIND = sql`UPDATE identities SET mac = $2 WHERE id = $1`;

async function readBond(db: Queryable, identityId: string): Promise<Bond | null> {
  const row = (await db.query<BondColumns>(READ, [identityId])).rows[0];
  return row ? bondFromRow(row) : null;
}

/** As it stands now, in the transaction that has just written it. */
export async function bindIdentity(db: Queryable, identityId: string): Promise<void> {
  if (db.macs.mode === 'read') return;
  const bond = await readBond(db, identityId);
  if (bond) await db.query(BIND, [identityId, db.macs.make('identity', bond.facts)]);
}

/** @throws WrongRow */
export async function assertIdentityBound(db: Queryable, identityId: string): Promise<void> {
  if (db.macs.mode !== 'require') return;
  const bond = await readBond(db, identityId);
  if (bond) assertBound(db.macs, 'identity', bond);
}

/**
 * Every change of what is bound goes through here, within a transaction: what stands is verified under the
 * lock of the identity, so that nothing that somebody else has written is bound with it. @throws WrongRow
 */
export async function changeIdentity<T>(
  db: Queryable,
  identityId: string,
  change: () => Promise<T>,
): Promise<T> {
  if (db.macs.mode === 'read') return await change();
  await db.query(LOCK, [identityId]);
  await assertIdentityBound(db, identityId);
  const result = await change();
  await bindIdentity(db, identityId);
  return result;
}

/**
 * The same of what only takes away: an end, a block. It is done to a row that is not as it was written too,
 * which stays unbound then.
 */
export async function restrictIdentity<T>(
  db: Queryable,
  identityId: string,
  change: () => Promise<T>,
): Promise<T> {
  if (db.macs.mode === 'read') return await change();
  await db.query(LOCK, [identityId]);
  const bond = await readBond(db, identityId);
  const result = await change();
  if (bond && isTrusted(db.macs, 'identity', bond)) await bindIdentity(db, identityId);
  return result;
}

const FIND_OF_PERSON = sql`SELECT id FROM identities WHERE person_id = $1`;

/** The same of a change to the person. */
export async function changePersonOfIdentity<T>(
  db: Queryable,
  personId: string,
  change: () => Promise<T>,
): Promise<T> {
  if (db.macs.mode === 'read') return await change();
  const row = (await db.query<{ id: string }>(FIND_OF_PERSON, [personId])).rows[0];
  return row ? await changeIdentity(db, row.id, change) : await change();
}

/** In the transaction of the caller, or in one of its own. */
export async function within<T>(db: Queryable, work: (db: Queryable) => Promise<T>): Promise<T> {
  return isDatabase(db) ? await db.transaction(work) : await work(db);
}

function isDatabase(db: Queryable): db is Database {
  return 'transaction' in db;
}
