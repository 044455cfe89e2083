/**
 * The population register as it was last imported, and the people that its rows change. Entries are sealed
 * under their lookup hash.
 */
import { openIfIntact } from '../../domain/damagedSeal.ts';
import {
  cleanRegisterName,
  type PopulationRegister,
  type PopulationRegisterEntry,
} from '../../domain/issuing/populationRegister.ts';
import type { Names } from '../../domain/person/person.ts';
import { changePersonOfIdentity } from '../binding/identityMac.ts';
import { sql, type Queryable } from '../database.ts';
import { readNamesRow } from './people.ts';
import { CHAIN_FROM } from './formerCprs.ts';

interface RegisterKeyring {
  hmac(use: 'cprLookup', text: string): Buffer;
  open(use: 'seal', sealed: Buffer, context: string): string;
}

// For a number that was replaced, the entry of the last number in its chain that the register has.
const FIND = sql`
  WITH ${CHAIN_FROM}
  SELECT e.cpr_lookup, e.entry_sealed FROM chain c JOIN register_entries e ON e.cpr_lookup = c.number
  ORDER BY c.depth DESC LIMIT 1`;
type SealedEntryRow = { cpr_lookup: Buffer; entry_sealed: Buffer };

/** The default implementation of the port: the table that `noegle register import` fills. */
export function createDatabaseRegister(db: Queryable, keyring: RegisterKeyring): PopulationRegister {
  return {
    find: async (cpr) => {
      const { rows } = await db.query<SealedEntryRow>(FIND, [keyring.hmac('cprLookup', cpr)]);
      return rows[0] ? openEntry(keyring, rows[0].cpr_lookup, rows[0].entry_sealed) : null;
    },
  };
}

const FIND_AND_LOCK = sql`
  WITH ${CHAIN_FROM}
  SELECT e.cpr_lookup, e.entry_sealed FROM chain c JOIN register_entries e ON e.cpr_lookup = c.number
  ORDER BY c.depth DESC LIMIT 1 FOR SHARE OF e`;

/**
 * Reads the entry and locks it until the transaction ends: an import that changes it comes before or after.
 */
export async function lockEntry(
  db: Queryable,
  keyring: RegisterKeyring,
  cpr: string,
): Promise<PopulationRegisterEntry | null> {
  return await lockEntryOfLookup(db, keyring, keyring.hmac('cprLookup', cpr));
}

/** The same, by the keyed hash of the number. */
export async function lockEntryOfLookup(
  db: Queryable,
  keyring: RegisterKeyring,
  lookup: Buffer,
): Promise<PopulationRegisterEntry | null> {
  const { rows } = await db.query<SealedEntryRow>(FIND_AND_LOCK, [lookup]);
  return rows[0] ? openEntry(keyring, rows[0].cpr_lookup, rows[0].entry_sealed) : null;
}

const FIND_OF_IDENTITY = sql`
  SELECT e.cpr_lookup, e.entry_sealed
  FROM identities i JOIN people p ON p.id = i.person_id JOIN register_entries e ON e.cpr_lookup = p.cpr_lookup
  WHERE i.id = $1`;

/**
 * Finds the entry of a person who has an ID. Within a transaction that has locked the identity it stays
 * valid: an import that changes the person locks the identity too, and comes before or after.
 */
export async function findEntryOfIdentity(
  db: Queryable,
  keyring: RegisterKeyring,
  identityId: string,
): Promise<PopulationRegisterEntry | null> {
  const row = (await db.query<SealedEntryRow>(FIND_OF_IDENTITY, [identityId])).rows[0];
  return row ? openEntry(keyring, row.cpr_lookup, row.entry_sealed) : null;
}

/** The context that an entry is sealed under. */
export function composeEntryContext(lookup: Buffer): string {
  return lookup.toString('hex');
}

export function openEntry(
  keyring: Pick<RegisterKeyring, 'open'>,
  lookup: Buffer,
  sealed: Buffer,
): PopulationRegisterEntry {
  return cleanRegisterName(
    JSON.parse(keyring.open('seal', sealed, composeEntryContext(lookup))) as PopulationRegisterEntry,
  );
}

/** @returns null also when the entry is damaged: the new one replaces it */
export function openEntryIfIntact(
  keyring: Pick<RegisterKeyring, 'open'>,
  lookup: Buffer,
  sealed: Buffer | null,
): PopulationRegisterEntry | null {
  return sealed && openIfIntact(() => openEntry(keyring, lookup, sealed));
}

export interface RegisterEntryContent {
  readonly lookup: Buffer;
  readonly sealed: Buffer;
  /** The keyed hash of the row. */
  readonly content: Buffer;
}

const FIND_CONTENTS = sql`
  SELECT e.cpr_lookup, e.content FROM register_entries e WHERE e.cpr_lookup = ANY($1::bytea[])`;

/** @returns lookup in hex -> content, of the entries that exist */
export async function findEntryContents(
  db: Queryable,
  lookups: readonly Buffer[],
): Promise<ReadonlyMap<string, Buffer>> {
  const { rows } = await db.query<{ cpr_lookup: Buffer; content: Buffer }>(FIND_CONTENTS, [lookups]);
  return new Map(rows.map((row) => [composeEntryContext(row.cpr_lookup), row.content]));
}

// A row that this statement inserted has xmax 0. In the order of the lookups, so that two imports cannot
// deadlock.
const SAVE_UNCLAIMED = sql`
  INSERT INTO register_entries AS e (cpr_lookup, entry_sealed, content, imported_at)
  SELECT n.lookup, n.sealed, n.content, $4
  FROM unnest($1::bytea[], $2::bytea[], $3::bytea[]) AS n (lookup, sealed, content)
  WHERE NOT EXISTS (SELECT FROM people p WHERE p.cpr_lookup = n.lookup)
  ORDER BY n.lookup
  ON CONFLICT (cpr_lookup) DO UPDATE
    SET entry_sealed = excluded.entry_sealed, content = excluded.content, imported_at = excluded.imported_at
    WHERE e.content <> excluded.content
  RETURNING e.cpr_lookup, e.xmax = 0 AS added`;

/**
 * Saves the entries of people without an ID, in one statement.
 * @returns lookup in hex -> whether it is new, of the entries that were written; the others are a person's
 *   with an ID, or are unchanged
 */
export async function saveUnclaimedEntries(
  db: Queryable,
  rows: readonly RegisterEntryContent[],
  now: Date,
): Promise<ReadonlyMap<string, boolean>> {
  const columns = [
    rows.map((row) => row.lookup),
    rows.map((row) => row.sealed),
    rows.map((row) => row.content),
  ];
  type SavedEntryRow = { cpr_lookup: Buffer; added: boolean };
  const saved = await db.query<SavedEntryRow>(SAVE_UNCLAIMED, [...columns, now]);
  return new Map(saved.rows.map((row) => [composeEntryContext(row.cpr_lookup), row.added]));
}

const LOCK_ENTRY = sql`SELECT entry_sealed FROM register_entries WHERE cpr_lookup = $1 FOR UPDATE`;
const SAVE = sql`
  INSERT INTO register_entries AS e (cpr_lookup, entry_sealed, content, imported_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (cpr_lookup) DO UPDATE
    SET entry_sealed = excluded.entry_sealed, content = excluded.content, imported_at = excluded.imported_at
    WHERE e.content <> excluded.content`;

/**
 * Saves one entry, in the transaction of what it changes.
 * @returns `saved` is false when the entry was there already: a concurrent import has saved it, with all that
 *   follows. `before` is the previous entry; null when there was none.
 */
export async function saveEntry(
  db: Queryable,
  { lookup, sealed, content }: RegisterEntryContent,
  now: Date,
): Promise<{ saved: boolean; before: Buffer | null }> {
  const { rows } = await db.query<{ entry_sealed: Buffer }>(LOCK_ENTRY, [lookup]);
  const { rowCount } = await db.query(SAVE, [lookup, sealed, content, now]);
  return { saved: rowCount === 1, before: rows[0]?.entry_sealed ?? null };
}

const FIND_OWNER = sql`
  SELECT p.id AS person_id, i.id AS identity_id FROM people p JOIN identities i ON i.person_id = p.id
  WHERE p.cpr_lookup = $1`;

export async function findEntryOwner(
  db: Queryable,
  lookup: Buffer,
): Promise<{ personId: string; identityId: string } | null> {
  const { rows } = await db.query<{ person_id: string; identity_id: string }>(FIND_OWNER, [lookup]);
  return rows[0] ? { personId: rows[0].person_id, identityId: rows[0].identity_id } : null;
}

export interface RegisteredPerson {
  readonly names: Names;
  readonly addressSealed: Buffer | null;
  readonly addressProtected: boolean;
}

const LOCK_PERSON = sql`
  SELECT given_name, family_name, name_is_whole, address_sealed, address_protected
  FROM people WHERE id = $1 FOR NO KEY UPDATE`;

export async function lockRegisteredPerson(db: Queryable, personId: string): Promise<RegisteredPerson> {
  type RegisteredPersonRow = {
    given_name: string;
    family_name: string;
    name_is_whole: boolean;
    address_sealed: Buffer | null;
    address_protected: boolean;
  };
  const row = (await db.query<RegisteredPersonRow>(LOCK_PERSON, [personId])).rows[0];
  if (!row) throw new Error('the person does not exist');
  return {
    names: readNamesRow(row),
    addressSealed: row.address_sealed,
    addressProtected: row.address_protected,
  };
}

const RENAME = sql`
  UPDATE people SET given_name = $2, family_name = $3, name_is_whole = $5,
    likeness = CASE WHEN likeness IS NULL THEN NULL ELSE $4::bytea END
  WHERE id = $1`;

export async function renamePerson(
  db: Queryable,
  personId: string,
  name: Names & { readonly nameBirthdateHash: Buffer },
): Promise<void> {
  const { givenName, familyName, nameIsWhole = false, nameBirthdateHash } = name;
  const values = [personId, givenName, familyName, nameBirthdateHash, nameIsWhole];
  const intended = { givenName, familyName, nameIsWhole };
  await changePersonOfIdentity(db, personId, intended, () => db.query(RENAME, values));
}

const MOVE = sql`
  UPDATE people SET address_sealed = $2,
    former_address_sealed = CASE WHEN address_sealed IS NULL THEN former_address_sealed ELSE address_sealed END,
    moved_at = CASE WHEN address_sealed IS NULL THEN moved_at ELSE $3::timestamptz END
  WHERE id = $1`;
const REWRITE = sql`UPDATE people SET address_sealed = $2 WHERE id = $1`;
const FORGET_FORMER = sql`UPDATE people SET former_address_sealed = NULL WHERE id = $1`;

/** Sets a new address. The former one is kept, so that notices of orders go there for a while. */
export async function updateAddress(
  db: Queryable,
  personId: string,
  sealed: Buffer,
  now: Date,
): Promise<void> {
  await db.query(MOVE, [personId, sealed, now]);
}

/** Deletes the former address: letters to it are no longer needed, and no others are ordered. */
export async function deleteFormerAddress(db: Queryable, personId: string): Promise<void> {
  await db.query(FORGET_FORMER, [personId]);
}

/** Sets another spelling of the same address. */
export async function rewriteAddress(db: Queryable, personId: string, sealed: Buffer): Promise<void> {
  await db.query(REWRITE, [personId, sealed]);
}

const PROTECT = sql`UPDATE people SET address_protected = $2 WHERE id = $1`;

export async function protectAddress(db: Queryable, personId: string, isProtected: boolean): Promise<void> {
  await db.query(PROTECT, [personId, isProtected]);
}

const FORGET_CONTACT = sql`
  WITH unanswered AS (
    DELETE FROM email_requests r USING identities i WHERE i.person_id = $1 AND r.identity_id = i.id
  )
  UPDATE people SET address_sealed = NULL, email_sealed = NULL, next_email_sealed = NULL, next_email_from = NULL,
    email_confirmed = NULL, next_email_confirmed = NULL, former_address_sealed = NULL, moved_at = NULL
  WHERE id = $1`;

/** Deletes all contact details: nothing is sent to this person any longer. */
export async function deleteContact(db: Queryable, personId: string): Promise<void> {
  await db.query(FORGET_CONTACT, [personId]);
}
