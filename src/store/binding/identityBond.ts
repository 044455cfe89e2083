/**
 * What binds an identity to its person: one MAC over both rows, made again in the transaction of every
 * change. Moved, copied or changed by anybody without the keys, the row is not what was bound.
 */
import { assertBound, isTrusted, msOf, textOf, WrongRow, type Bond } from '../../core/binding/rowMac.ts';
import { namesOf, type Names, type ProofingLevel } from '../../core/person.ts';
import { sql, type Database, type Queryable, type SqlPart } from '../database.ts';

/** Of the identity `i` with its person. They come in the very statement whose row is used: what is read again may be another. */
function bondColumns(person: 'o' | 'p'): SqlPart {
  return {
    part: `
    i.mac AS bond_mac, i.id AS bond_id, ${person}.id AS bond_person, i.id_number AS bond_id_number, i.user_id AS bond_user_id,
    i.password_hash AS bond_password, i.public_sites AS bond_public, i.public_ended_at AS bond_public_ended,
    i.proofing AS bond_proofing, i.blocked_at IS NOT NULL AS bond_blocked, i.closed_at IS NOT NULL AS bond_closed,
    i.ended_at AS bond_ended, i.issued_by AS bond_issued_by,
    ${person}.given_name AS bond_given, ${person}.family_name AS bond_family, ${person}.name_is_whole AS bond_whole,
    ${person}.birthdate::text AS bond_birthdate, ${person}.pid AS bond_pid, ${person}.cpr_sealed AS bond_cpr,
    ${person}.cpr_lookup AS bond_lookup, ${person}.log_salt AS bond_log_salt`,
  };
}

/** Where the person is `o`. */
export const BOND_COLUMNS = bondColumns('o');
/** Where the person is `p`. */
export const BOND_COLUMNS_P = bondColumns('p');

export interface BondColumns {
  bond_mac: Buffer | null;
  bond_id: string;
  bond_person: string;
  bond_id_number: string;
  bond_user_id: string | null;
  bond_password: string | null;
  bond_public: boolean;
  bond_public_ended: Date | null;
  bond_proofing: ProofingLevel;
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

/** In the order in which the MAC is made of them. */
function factsFromRow(row: BondColumns) {
  return {
    identityId: row.bond_id,
    personId: row.bond_person,
    idNumber: row.bond_id_number,
    userId: row.bond_user_id,
    passwordHash: row.bond_password,
    publicSites: row.bond_public,
    publicEndedAt: msOf(row.bond_public_ended),
    proofing: row.bond_proofing,
    isBlocked: row.bond_blocked,
    isClosed: row.bond_closed,
    endedAt: msOf(row.bond_ended),
    issuedBy: row.bond_issued_by,
    givenName: row.bond_given,
    familyName: row.bond_family,
    nameIsWhole: row.bond_whole,
    birthdate: row.bond_birthdate,
    pid: row.bond_pid,
    cprSealed: textOf(row.bond_cpr),
    cprLookup: textOf(row.bond_lookup),
    logSalt: textOf(row.bond_log_salt),
  };
}

export type IdentityFacts = Readonly<ReturnType<typeof factsFromRow>>;

export function bondFromRow(row: BondColumns): Bond {
  return { mac: row.bond_mac, facts: Object.values(factsFromRow(row)) };
}

/** As they are verified. */
export function namesFromBond(row: Pick<BondColumns, 'bond_given' | 'bond_family' | 'bond_whole'>): Names {
  return namesOf({ givenName: row.bond_given, familyName: row.bond_family, nameIsWhole: row.bond_whole });
}

/** Of a time that the database sets: as it was, or later. */
export const LATER = Symbol('later');

/** What a change makes of the facts that it is about. */
export type MeantFacts = {
  readonly [Name in keyof IdentityFacts]?: IdentityFacts[Name] | typeof LATER;
};

/** All else is as it was. A statement whose condition did not hold has changed nothing. */
function isAsMeant(before: IdentityFacts, meant: MeantFacts, after: IdentityFacts): boolean {
  const names = Object.keys(after) as (keyof IdentityFacts)[];
  const isSame = (name: keyof IdentityFacts) => after[name] === before[name];
  const isMeant = (name: keyof IdentityFacts) => {
    if (!(name in meant)) return isSame(name);
    return meant[name] === LATER
      ? isSame(name) || isLater(before[name], after[name])
      : after[name] === meant[name];
  };
  return names.every(isSame) || names.every(isMeant);
}

function isLater(before: unknown, after: unknown): boolean {
  return typeof after === 'number' && (before === null || (typeof before === 'number' && after > before));
}

/** @throws WrongRow */
export function assertRowBound(db: Queryable, row: BondColumns): void {
  if (db.macs.mode === 'require') assertBound(db.macs, 'identity', bondFromRow(row));
}

// In a statement of its own: what waits for the row sees what was committed meanwhile, in both tables.
const LOCK = sql`SELECT FROM identities WHERE id = $1 FOR NO KEY UPDATE`;
const READ = sql`SELECT ${BOND_COLUMNS} FROM identities i JOIN people o ON o.id = i.person_id WHERE i.id = $1`;
const BIND = sql`UPDATE identities SET mac = $2 WHERE id = $1`;

async function readRow(db: Queryable, identityId: string): Promise<BondColumns | null> {
  return (await db.query<BondColumns>(READ, [identityId])).rows[0] ?? null;
}

/**
 * Within a transaction that has locked the identity: a statement that waits for the lock has the person as it was
 * before. @throws WrongRow
 */
export async function assertIdentityBound(db: Queryable, identityId: string): Promise<void> {
  if (db.macs.mode !== 'require') return;
  const row = await readRow(db, identityId);
  if (row) assertRowBound(db, row);
}

/** @param passwordHash as it was read, in another statement @throws WrongRow where the bound row has another */
export async function assertPasswordBound(
  db: Queryable,
  identityId: string,
  passwordHash: string | null,
): Promise<void> {
  if (db.macs.mode !== 'require') return;
  const row = await readRow(db, identityId);
  if (row) assertRowBound(db, row);
  if (row?.bond_password !== passwordHash) throw new WrongRow('identity', identityId);
}

async function bind(db: Queryable, row: BondColumns): Promise<void> {
  await db.query(BIND, [row.bond_id, db.macs.make('identity', bondFromRow(row).facts)]);
}

/** Where every row has to be bound nobody else changes this one meanwhile, but who writes without the keys. */
function mayBind(db: Queryable, before: BondColumns, meant: MeantFacts, after: BondColumns): boolean {
  return db.macs.mode !== 'require' || isAsMeant(factsFromRow(before), meant, factsFromRow(after));
}

/** In the transaction that has just inserted it. @param meant what was inserted @throws WrongRow */
export async function bindNewIdentity(db: Queryable, identityId: string, meant: MeantFacts): Promise<void> {
  if (db.macs.mode === 'read') return;
  const row = await readRow(db, identityId);
  if (!row) throw new WrongRow('identity', identityId);
  const facts = factsFromRow(row);
  if (!isAsMeant({ ...facts, ...BLANK }, meant, facts)) throw new WrongRow('identity', identityId);
  await bind(db, row);
}

/** What a new one has not, unless it is said. */
const BLANK = { publicEndedAt: null, isBlocked: false, isClosed: false, endedAt: null } as const;

/**
 * Every change of what is bound goes through here, within a transaction. What stands is verified under the lock of
 * the identity, and what is bound is that, with what the change is about: never what stands there afterwards
 * because somebody else wrote it meanwhile, or had the database write it. @throws WrongRow
 */
export async function changeIdentity<T>(
  db: Queryable,
  identityId: string,
  meant: MeantFacts,
  change: () => Promise<T>,
): Promise<T> {
  if (db.macs.mode === 'read') return await change();
  await db.query(LOCK, [identityId]);
  const before = await readRow(db, identityId);
  if (before) assertRowBound(db, before);
  const result = await change();
  const after = before && (await readRow(db, identityId));
  if (!before) return result;
  if (!after || !mayBind(db, before, meant, after)) throw new WrongRow('identity', identityId);
  await bind(db, after);
  return result;
}

/**
 * The same of what only takes away: an end, a block. It is done to a row that is not as it was written too,
 * which stays unbound then.
 */
export async function restrictIdentity<T>(
  db: Queryable,
  identityId: string,
  meant: MeantFacts,
  change: () => Promise<T>,
): Promise<T> {
  if (db.macs.mode === 'read') return await change();
  await db.query(LOCK, [identityId]);
  const before = await readRow(db, identityId);
  const result = await change();
  const after = before && (await readRow(db, identityId));
  const isRight = before && isTrusted(db.macs, 'identity', bondFromRow(before));
  if (isRight && after && mayBind(db, before, meant, after)) await bind(db, after);
  return result;
}

const FIND_OF_PERSON = sql`SELECT id FROM identities WHERE person_id = $1`;

/** The same of a change to the person. */
export async function changePersonOfIdentity<T>(
  db: Queryable,
  personId: string,
  meant: MeantFacts,
  change: () => Promise<T>,
): Promise<T> {
  if (db.macs.mode === 'read') return await change();
  const row = (await db.query<{ id: string }>(FIND_OF_PERSON, [personId])).rows[0];
  return row ? await changeIdentity(db, row.id, meant, change) : await change();
}

/** In the transaction of the caller, or in one of its own. */
export async function within<T>(db: Queryable, work: (db: Queryable) => Promise<T>): Promise<T> {
  return isDatabase(db) ? await db.transaction(work) : await work(db);
}

function isDatabase(db: Queryable): db is Database {
  return 'transaction' in db;
}
