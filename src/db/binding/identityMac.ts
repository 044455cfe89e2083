/**
 * The row MAC of an identity: one MAC over the identity and its person, renewed in the transaction of every
 * change. A row that was moved, copied or changed by anyone without the keys no longer matches its MAC.
 */
import {
  assertBound,
  isRowTrusted,
  timeToFact,
  bytesToFact,
  RowMacMismatch,
  type RowMac,
} from '../../domain/rowMac.ts';
import { pickNames, type Names, type ProofingLevel } from '../../domain/person/person.ts';
import { sql, type Database, type Queryable, type SqlFragment } from '../database.ts';

/**
 * The columns that the MAC covers, of the identity `i` with its person. They are selected in the statement
 * whose row is used: a second read could return another row.
 */
function composeIdentityMacColumns(person: 'o' | 'p'): SqlFragment {
  return {
    part: `
    i.mac AS row_mac, i.id AS row_id, ${person}.id AS row_person, i.id_number AS row_id_number, i.user_id AS row_user_id,
    i.password_hash AS row_password, i.public_sites AS row_public, i.public_ended_at AS row_public_ended,
    i.proofing AS row_proofing, i.blocked_at IS NOT NULL AS row_blocked, i.closed_at IS NOT NULL AS row_closed,
    i.ended_at AS row_ended, i.issued_by AS row_issued_by,
    ${person}.given_name AS row_given, ${person}.family_name AS row_family, ${person}.name_is_whole AS row_whole,
    ${person}.birthdate::text AS row_birthdate, ${person}.pid AS row_pid, ${person}.cpr_sealed AS row_cpr,
    ${person}.cpr_lookup AS row_lookup, ${person}.log_salt AS row_log_salt`,
  };
}

/** The columns with the person as `o`. */
export const IDENTITY_MAC_COLUMNS = composeIdentityMacColumns('o');
/** The columns with the person as `p`. */
export const IDENTITY_MAC_COLUMNS_OF_P = composeIdentityMacColumns('p');

export interface IdentityMacColumns {
  row_mac: Buffer | null;
  row_id: string;
  row_person: string;
  row_id_number: string;
  row_user_id: string | null;
  row_password: string | null;
  row_public: boolean;
  row_public_ended: Date | null;
  row_proofing: ProofingLevel;
  row_blocked: boolean;
  row_closed: boolean;
  row_ended: Date | null;
  row_issued_by: string | null;
  row_given: string;
  row_family: string;
  row_whole: boolean;
  row_birthdate: string;
  row_pid: string;
  row_cpr: Buffer | null;
  row_lookup: Buffer | null;
  row_log_salt: Buffer;
}

/** The facts, in the order in which the MAC is computed over them. */
function readIdentityFacts(row: IdentityMacColumns) {
  return {
    identityId: row.row_id,
    personId: row.row_person,
    idNumber: row.row_id_number,
    userId: row.row_user_id,
    passwordHash: row.row_password,
    publicSites: row.row_public,
    publicEndedAt: timeToFact(row.row_public_ended),
    proofing: row.row_proofing,
    isBlocked: row.row_blocked,
    isClosed: row.row_closed,
    endedAt: timeToFact(row.row_ended),
    issuedBy: row.row_issued_by,
    givenName: row.row_given,
    familyName: row.row_family,
    nameIsWhole: row.row_whole,
    birthdate: row.row_birthdate,
    pid: row.row_pid,
    cprSealed: bytesToFact(row.row_cpr),
    cprLookup: bytesToFact(row.row_lookup),
    logSalt: bytesToFact(row.row_log_salt),
  };
}

export type IdentityFacts = Readonly<ReturnType<typeof readIdentityFacts>>;

export function readIdentityMac(row: IdentityMacColumns): RowMac {
  return { mac: row.row_mac, facts: Object.values(readIdentityFacts(row)) };
}

/** The names from the columns that the MAC covers. */
export function readVerifiedNames(
  row: Pick<IdentityMacColumns, 'row_given' | 'row_family' | 'row_whole'>,
): Names {
  return pickNames({ givenName: row.row_given, familyName: row.row_family, nameIsWhole: row.row_whole });
}

/** Stands for a time that the database sets: the former value, or a later one. */
export const LATER_TIME = Symbol('later');

/** The facts that a change sets, with their new values. */
export type IntendedIdentityFacts = {
  readonly [Name in keyof IdentityFacts]?: IdentityFacts[Name] | typeof LATER_TIME;
};

/**
 * True when the row is unchanged, or the intended facts have their new values and all others are unchanged. A
 * statement whose condition did not hold changes nothing.
 */
function isIdentityAsIntended(
  before: IdentityFacts,
  intended: IntendedIdentityFacts,
  after: IdentityFacts,
): boolean {
  const names = Object.keys(after) as (keyof IdentityFacts)[];
  const isSame = (name: keyof IdentityFacts) => after[name] === before[name];
  const isMeant = (name: keyof IdentityFacts) => {
    if (!(name in intended)) return isSame(name);
    return intended[name] === LATER_TIME
      ? isSame(name) || isLaterTime(before[name], after[name])
      : after[name] === intended[name];
  };
  return names.every(isSame) || names.every(isMeant);
}

function isLaterTime(before: unknown, after: unknown): boolean {
  return typeof after === 'number' && (before === null || (typeof before === 'number' && after > before));
}

/** Verifies the row's MAC where one is required. @throws RowMacMismatch */
export function assertRowBound(db: Queryable, row: IdentityMacColumns): void {
  if (db.rowAuthenticator.mode === 'require')
    assertBound(db.rowAuthenticator, 'identity', readIdentityMac(row));
}

// A separate statement: the read after it sees what was committed in both tables while it waited for the row.
const LOCK = sql`SELECT FROM identities WHERE id = $1 FOR NO KEY UPDATE`;
const READ = sql`SELECT ${IDENTITY_MAC_COLUMNS} FROM identities i JOIN people o ON o.id = i.person_id WHERE i.id = $1`;
const BIND = sql`UPDATE identities SET mac = $2 WHERE id = $1`;

export async function readIdentityMacRow(
  db: Queryable,
  identityId: string,
): Promise<IdentityMacColumns | null> {
  return (await db.query<IdentityMacColumns>(READ, [identityId])).rows[0] ?? null;
}

/**
 * Verifies the MAC, within a transaction that has locked the identity. The lock must be a separate statement:
 * one that waits for the lock still returns the person as it was before.
 * @throws RowMacMismatch
 */
export async function assertIdentityBound(db: Queryable, identityId: string): Promise<void> {
  if (db.rowAuthenticator.mode !== 'require') return;
  const row = await readIdentityMacRow(db, identityId);
  if (row) assertRowBound(db, row);
}

/**
 * Verifies the MAC, and that the authenticated row holds this password hash.
 * @param passwordHash as another statement has read it
 * @throws RowMacMismatch
 */
export async function assertPasswordBound(
  db: Queryable,
  identityId: string,
  passwordHash: string | null,
): Promise<void> {
  if (db.rowAuthenticator.mode !== 'require') return;
  const row = await readIdentityMacRow(db, identityId);
  if (row) assertRowBound(db, row);
  if (row?.row_password !== passwordHash) throw new RowMacMismatch('identity', identityId);
}

export async function bindIdentityRow(db: Queryable, row: IdentityMacColumns): Promise<void> {
  await db.query(BIND, [row.row_id, db.rowAuthenticator.make('identity', readIdentityMac(row).facts)]);
}

/**
 * In mode `require` every writer with the keys takes the lock, so that an unintended value can only come from
 * a writer without the keys.
 */
function isBindingAllowed(
  db: Queryable,
  before: IdentityMacColumns,
  intended: IntendedIdentityFacts,
  after: IdentityMacColumns,
): boolean {
  return (
    db.rowAuthenticator.mode !== 'require' ||
    isIdentityAsIntended(readIdentityFacts(before), intended, readIdentityFacts(after))
  );
}

/**
 * Writes the MAC of a new identity, in the transaction that has just inserted it.
 * @param intended the facts that were inserted
 * @throws RowMacMismatch
 */
export async function bindNewIdentity(
  db: Queryable,
  identityId: string,
  intended: IntendedIdentityFacts,
): Promise<void> {
  if (db.rowAuthenticator.mode === 'read') return;
  const row = await readIdentityMacRow(db, identityId);
  if (!row) throw new RowMacMismatch('identity', identityId);
  const facts = readIdentityFacts(row);
  if (!isIdentityAsIntended({ ...facts, ...NEW_IDENTITY_FACTS }, intended, facts))
    throw new RowMacMismatch('identity', identityId);
  await bindIdentityRow(db, row);
}

/** The facts of a new identity, unless `intended` sets them. */
const NEW_IDENTITY_FACTS = { publicEndedAt: null, isBlocked: false, isClosed: false, endedAt: null } as const;

/**
 * Changes facts that the MAC covers; every such change goes through here, within a transaction. The row is
 * verified under the lock of the identity. The new MAC covers the verified facts with the intended changes,
 * so that a value which an attacker wrote in the meantime, or had a trigger write, never gets a valid MAC.
 * @throws RowMacMismatch
 */
export async function changeIdentity<T>(
  db: Queryable,
  identityId: string,
  intended: IntendedIdentityFacts,
  change: () => Promise<T>,
): Promise<T> {
  if (db.rowAuthenticator.mode === 'read') return await change();
  await db.query(LOCK, [identityId]);
  const before = await readIdentityMacRow(db, identityId);
  if (before) assertRowBound(db, before);
  const result = await change();
  const after = before && (await readIdentityMacRow(db, identityId));
  if (!before) return result;
  if (!after || !isBindingAllowed(db, before, intended, after))
    throw new RowMacMismatch('identity', identityId);
  await bindIdentityRow(db, after);
  return result;
}

/**
 * As `changeIdentity`, for a change that only restricts: an end, a block. It also runs on a row whose MAC is
 * wrong; that row then keeps its wrong MAC.
 */
export async function restrictIdentity<T>(
  db: Queryable,
  identityId: string,
  intended: IntendedIdentityFacts,
  change: () => Promise<T>,
): Promise<T> {
  if (db.rowAuthenticator.mode === 'read') return await change();
  await db.query(LOCK, [identityId]);
  const before = await readIdentityMacRow(db, identityId);
  const result = await change();
  const after = before && (await readIdentityMacRow(db, identityId));
  const isRight = before && isRowTrusted(db.rowAuthenticator, 'identity', readIdentityMac(before));
  if (isRight && after && isBindingAllowed(db, before, intended, after)) await bindIdentityRow(db, after);
  return result;
}

const FIND_OF_PERSON = sql`SELECT id FROM identities WHERE person_id = $1`;

/** As `changeIdentity`, for a change to the person. */
export async function changePersonOfIdentity<T>(
  db: Queryable,
  personId: string,
  intended: IntendedIdentityFacts,
  change: () => Promise<T>,
): Promise<T> {
  if (db.rowAuthenticator.mode === 'read') return await change();
  const row = (await db.query<{ id: string }>(FIND_OF_PERSON, [personId])).rows[0];
  return row ? await changeIdentity(db, row.id, intended, change) : await change();
}

/** Runs the work in the caller's transaction, or in its own when `db` is the database itself. */
export async function runInTransaction<T>(db: Queryable, work: (db: Queryable) => Promise<T>): Promise<T> {
  return isDatabase(db) ? await db.transaction(work) : await work(db);
}

function isDatabase(db: Queryable): db is Database {
  return 'transaction' in db;
}
