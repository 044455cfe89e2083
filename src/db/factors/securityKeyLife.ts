/**
 * The life of security keys: added, listed, renamed, ended, announced. All but the list run under the lock on
 * their identity.
 */
import type {
  CreatedSecurityKey,
  ListedSecurityKey,
  SecurityKeyEnd,
  SecurityKeyPlace,
} from '../../domain/factors/securityKey.ts';
import { isRowTrusted } from '../../domain/rowMac.ts';
import { sql, sqlFragment, type Queryable } from '../database.ts';
import { listSecurityKeyFacts, type SecurityKeyFacts } from './securityKeys.ts';

export interface NewSecurityKey extends CreatedSecurityKey {
  readonly id: string;
  readonly identityId: string;
  readonly name: string;
  readonly addedAt: Date;
  readonly addedBy: SecurityKeyPlace;
  readonly countsFrom: Date;
  /** When the person was told that it counts; null while it waits. */
  readonly announcedAt: Date | null;
}

// A credential that ended is still known, until the sweep deletes it.
const INSERT = sql`
  INSERT INTO security_keys (id, identity_id, credential_id, public_key, sign_count, transports, aaguid, is_discoverable,
    is_synced, is_backed_up, is_attested, name, added_at, added_by, counts_from, announced_at, mac)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17
  WHERE (SELECT count(*) FROM security_keys WHERE identity_id = $2 AND ended_at IS NULL) < $18
  ON CONFLICT (credential_id) DO NOTHING`;

/**
 * @param most how many of the identity may be there afterwards
 * @returns false when there are as many already, or when the credential is known, of this or another identity
 */
export async function tryInsertSecurityKey(
  db: Queryable,
  key: NewSecurityKey,
  most: number,
): Promise<boolean> {
  const mac =
    db.rowAuthenticator.mode === 'read'
      ? null
      : db.rowAuthenticator.make('security key', listSecurityKeyFacts({ ...key, endedAt: null }));
  const { rowCount } = await db.query(INSERT, [
    key.id,
    key.identityId,
    key.credentialId,
    key.publicKey,
    key.signCount,
    key.transports,
    key.aaguid,
    key.isDiscoverable,
    key.isSynced,
    key.isBackedUp,
    key.isAttested,
    key.name,
    key.addedAt,
    key.addedBy,
    key.countsFrom,
    key.announcedAt,
    mac,
    most,
  ]);
  return rowCount === 1;
}

const LISTED = sqlFragment`
  id, credential_id, transports, aaguid, is_discoverable, is_synced, is_attested, name, added_at, added_by, counts_from,
  last_used_at, ended_at, end_reason`;

const LIST = sql`
  SELECT ${LISTED} FROM security_keys WHERE identity_id = $1 AND ended_at IS NULL ORDER BY added_at, id`;
const LIST_ALL = sql`
  SELECT ${LISTED} FROM security_keys WHERE identity_id = $1 ORDER BY added_at, id`;

interface ListedRow {
  id: string;
  credential_id: Buffer;
  transports: string[];
  aaguid: string;
  is_discoverable: boolean;
  is_synced: boolean;
  is_attested: boolean;
  name: string;
  added_at: Date;
  added_by: SecurityKeyPlace;
  counts_from: Date;
  last_used_at: Date | null;
  ended_at: Date | null;
  end_reason: SecurityKeyEnd | null;
}

/** Lists those of an identity, the first added first. @param withEnded also those that have ended */
export async function listSecurityKeys(
  db: Queryable,
  identityId: string,
  { withEnded = false } = {},
): Promise<ListedSecurityKey[]> {
  const { rows } = await db.query<ListedRow>(withEnded ? LIST_ALL : LIST, [identityId]);
  return rows.map((row) => ({
    id: row.id,
    credentialId: row.credential_id,
    transports: row.transports,
    aaguid: row.aaguid,
    isDiscoverable: row.is_discoverable,
    isSynced: row.is_synced,
    isAttested: row.is_attested,
    name: row.name,
    addedAt: row.added_at,
    addedBy: row.added_by,
    countsFrom: row.counts_from,
    lastUsedAt: row.last_used_at,
    endedAt: row.ended_at,
    endReason: row.end_reason,
  }));
}

const IS_KNOWN = sql`SELECT FROM security_keys WHERE credential_id = $1`;

/** Whether it is registered, for any person, or was until a while ago. */
export async function isCredentialKnown(db: Queryable, credentialId: Buffer): Promise<boolean> {
  return (await db.query(IS_KNOWN, [credentialId])).rowCount > 0;
}

const RENAME = sql`
  UPDATE security_keys SET name = $3 WHERE id = $1 AND identity_id = $2 AND ended_at IS NULL AND name <> $3`;

/** @returns false when it has that name already, has ended, or is not of this identity */
export async function renameSecurityKey(
  db: Queryable,
  { id, identityId, name }: { id: string; identityId: string; name: string },
): Promise<boolean> {
  return (await db.query(RENAME, [id, identityId, name])).rowCount === 1;
}

const FACTS = sqlFragment`
  id, identity_id, credential_id, public_key, is_synced, is_attested, counts_from, ended_at, mac`;
const LOCK_TO_END = sql`
  SELECT ${FACTS} FROM security_keys
  WHERE identity_id = $1 AND ended_at IS NULL AND ($2::uuid IS NULL OR id = $2) ORDER BY id FOR UPDATE`;
const END = sql`UPDATE security_keys SET ended_at = $2, end_reason = $3, mac = $4 WHERE id = $1 AND ended_at IS NULL`;
const FIND_FACTS = sql`SELECT ${FACTS} FROM security_keys WHERE id = $1`;

interface FactsRow {
  id: string;
  identity_id: string;
  credential_id: Buffer;
  public_key: Buffer;
  is_synced: boolean;
  is_attested: boolean;
  counts_from: Date;
  ended_at: Date | null;
  mac: Buffer | null;
}

function readFacts(row: FactsRow): SecurityKeyFacts {
  return {
    id: row.id,
    identityId: row.identity_id,
    credentialId: row.credential_id,
    publicKey: row.public_key,
    isSynced: row.is_synced,
    isAttested: row.is_attested,
    countsFrom: row.counts_from,
    endedAt: row.ended_at,
  };
}

/** The fields under the MAC, and the MAC, of a row; for the commands that go through all rows. */
export async function readSecurityKeyMac(db: Queryable, [id]: readonly string[]) {
  const row = (await db.query<FactsRow>(FIND_FACTS, [id])).rows[0];
  return row ? { mac: row.mac, facts: listSecurityKeyFacts(readFacts(row)) } : null;
}

/**
 * Ends one of the identity's security keys, or all. A row with a wrong MAC ends as well, and gets none.
 * @param options.id null for all
 * @param options.reason given when it counts
 * @returns what ended, with its reason
 */
export async function endSecurityKeys(
  db: Queryable,
  identityId: string,
  options: { id: string | null; now: Date; reason: (countsFrom: Date) => SecurityKeyEnd },
): Promise<{ readonly id: string; readonly reason: SecurityKeyEnd }[]> {
  const { id, now, reason } = options;
  const { rows } = await db.query<FactsRow>(LOCK_TO_END, [identityId, id]);
  const ended: { id: string; reason: SecurityKeyEnd }[] = [];
  const { rowAuthenticator } = db;
  for (const row of rows) {
    const facts = readFacts(row);
    const isTrusted = isRowTrusted(rowAuthenticator, 'security key', {
      mac: row.mac,
      facts: listSecurityKeyFacts(facts),
    });
    const mac =
      isTrusted && rowAuthenticator.mode !== 'read'
        ? rowAuthenticator.make('security key', listSecurityKeyFacts({ ...facts, endedAt: now }))
        : null;
    const why = reason(row.counts_from);
    await db.query(END, [row.id, now, why, mac]);
    ended.push({ id: row.id, reason: why });
  }
  return ended;
}

// Skips rows that another node announces now. A time goes on as text: a Date has no microseconds.
const LOCK_DUE = sql`
  SELECT ${FACTS}, counts_from::text AS due_at FROM security_keys
  WHERE announced_at IS NULL AND ended_at IS NULL AND counts_from <= $1
    AND ($3::uuid IS NULL OR (counts_from, id) > ($4::timestamptz, $3::uuid))
  ORDER BY counts_from, id LIMIT $2 FOR UPDATE SKIP LOCKED`;
const MARK_ANNOUNCED = sql`UPDATE security_keys SET announced_at = $1 WHERE id = ANY($2::uuid[]) AND announced_at IS NULL`;

export interface DueSecurityKey {
  readonly id: string;
  readonly identityId: string;
  readonly dueAt: string;
  /** Its row is as Nøgle wrote it. */
  readonly isTrusted: boolean;
}

/**
 * Marks those whose wait is over as announced. Each is claimed once, over all nodes; one that is not trusted
 * is not marked, and found again.
 * @param options.after the last of those that were found before
 */
export async function claimCountingSecurityKeys(
  db: Queryable,
  {
    now,
    after,
    limit,
  }: { readonly now: Date; readonly after: DueSecurityKey | null; readonly limit: number },
): Promise<DueSecurityKey[]> {
  type DueRow = FactsRow & { due_at: string };
  const values = [now, limit, after?.id ?? null, after?.dueAt ?? null];
  const { rows } = await db.query<DueRow>(LOCK_DUE, values);
  const due = rows.map((row) => ({
    id: row.id,
    identityId: row.identity_id,
    dueAt: row.due_at,
    isTrusted: isRowTrusted(db.rowAuthenticator, 'security key', {
      mac: row.mac,
      facts: listSecurityKeyFacts(readFacts(row)),
    }),
  }));
  const trusted = due.filter(({ isTrusted }) => isTrusted).map(({ id }) => id);
  if (trusted.length > 0) await db.query(MARK_ANNOUNCED, [now, trusted]);
  return due;
}
