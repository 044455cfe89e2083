/**
 * The provider's records: sessions, interactions, grants, codes, tokens, pushed requests. Stored under the
 * keyed hash of their id, so that a dump reveals no live session or token.
 *
 * Rows are ended, not deleted: the provider saves sessions and grants again at the end of requests, and an
 * ended row is a tombstone that no save revives. `findRecord` also treats a record as absent when the
 * identity was ended at or after the sign-in that the record is based on; when its session or its grant is
 * gone; at public relying parties while the person has switched them off; at relying parties that require
 * more than was shown in the sign-in, or a better proofing than the person has; and at relying parties that
 * are not trusted while the person has not consented: a request that read the consent just before it was
 * withdrawn leaves nothing usable.
 *
 * The former id of a session is such a tombstone too. For a minute it is still found, as long as the session
 * lives on under its newer id, so that a request of another tab that is in progress succeeds.
 */
import { timeToFact, bytesToFact, type RowFacts } from '../../domain/rowMac.ts';
import { LOW } from '../../domain/signIn/levels.ts';
import { sql, type Queryable } from '../database.ts';
import {
  assertOwnerBound,
  OWNER_COLUMNS,
  readOwnerRow,
  type IdentityWithPerson,
  type Nullable,
  type OwnerColumns,
} from '../people/identities.ts';

export interface OidcRecord {
  readonly id: Buffer;
  readonly model: string;
  readonly accountId: string | null;
  readonly clientId: string | null;
  readonly grantId: Buffer | null;
  readonly sessionUid: string | null;
  readonly uid: string | null;
  readonly loginAt: Date | null;
  /** Only of a session: when it began. */
  readonly startedAt: Date | null;
  /** Only of a session: when its password was given. */
  readonly passwordAt: Date | null;
  /**
   * Only of a code or token: the level of what was shown in the sign-in that it is based on. The proofing is
   * not in it: that of the person now is compared.
   */
  readonly acr: string | null;
  /** Only of a grant: the id under which the relying party knows the session `sessionUid`. */
  readonly sid: string | null;
  readonly expiresAt: Date;
  readonly payload: Buffer;
}

/** The grant that a record was issued under, if a request can still find it. */
export interface FoundGrant {
  readonly id: Buffer;
  readonly payload: Buffer;
}

export interface FoundOidcRecord {
  readonly id: Buffer;
  readonly payload: Buffer;
  readonly loginAt: Date | null;
  readonly startedAt: Date | null;
  readonly passwordAt: Date | null;
  readonly consumedAt: Date | null;
  /** Read in the same statement, because the provider looks these up next. */
  readonly grant: FoundGrant | null;
  readonly owner: IdentityWithPerson | null;
  /** The columns next to the payload. */
  readonly facts: RowFacts;
}

/**
 * The columns next to the payload. The payload is sealed under the row's id and holds a hash of them. Left
 * out are whether the record was consumed or ended, and for a grant its session, from which a log-out may
 * detach it.
 */
export function listRecordFacts(record: Omit<OidcRecord, 'id' | 'sid' | 'payload'>): RowFacts {
  const { model, accountId, clientId, grantId, sessionUid, uid, acr } = record;
  const times = [record.loginAt, record.startedAt, record.passwordAt, record.expiresAt].map(timeToFact);
  const session = model === 'Grant' ? null : sessionUid;
  return [model, accountId, clientId, bytesToFact(grantId), session, uid, acr, ...times];
}

type OwnedRecordRow = OidcRecordRow & Nullable<OwnerColumns>;

interface OidcRecordRow extends OidcRecordColumns {
  record_id: Buffer;
  payload: Buffer;
  login_at: Date | null;
  started_at: Date | null;
  password_at: Date | null;
  consumed_at: Date | null;
  under: Buffer | null;
  grant_payload: Buffer | null;
}

interface OidcRecordColumns {
  model: string;
  account_id: string | null;
  client_id: string | null;
  session_uid: string | null;
  uid: string | null;
  acr: string | null;
  expires_at: Date;
}

function readOwnedRecordRow(row: OwnedRecordRow): FoundOidcRecord {
  return { ...readRecordRow(row), owner: readOwnerRow(row) };
}

function readRecordRow(row: OidcRecordRow): Omit<FoundOidcRecord, 'owner'> {
  const { record_id: id, payload, login_at: loginAt, started_at: startedAt, consumed_at: consumedAt } = row;
  const { under, grant_payload: granted, password_at: passwordAt } = row;
  const grant = under && granted && { id: under, payload: granted };
  const { model, account_id: accountId, client_id: clientId, session_uid: sessionUid } = row;
  const { uid, acr, expires_at: expiresAt } = row;
  const columns = { model, accountId, clientId, grantId: under, sessionUid, uid, acr, expiresAt };
  const facts = listRecordFacts({ ...columns, loginAt, startedAt, passwordAt });
  return { id, payload, loginAt, startedAt, passwordAt, consumedAt, grant, facts };
}

/**
 * Verifies the MAC of the record's owner. The record itself is verified once its payload is open.
 * @throws RowMacMismatch when the MAC of the owner is wrong
 */
function assertRecordOwner(db: Queryable, found: FoundOidcRecord): FoundOidcRecord {
  assertOwnerBound(db, found.owner);
  return found;
}

// Two measures keep each look-up to the one row that it is for, in an empty table as in a full one. `(SELECT
// true … LIMIT 1)` is used instead of EXISTS: for an EXISTS below an OR the planner may read all sessions
// into a hash table. And `expires_at` is compared as an expression: as a column it has an index, which in an
// empty table costs the same as the primary key, and which reads everything that is alive.
const FIND = sql`
  SELECT r.id AS record_id, r.model, r.payload, r.login_at, r.started_at, r.password_at, r.consumed_at,
    r.grant_id AS under, r.account_id, r.client_id, r.session_uid, r.uid, r.acr, r.expires_at,
    CASE WHEN g.expires_at + interval '0' > now() AND (i.ended_at IS NULL OR g.login_at > i.ended_at)
           AND (p.kind IS DISTINCT FROM 'public' OR i.public_ended_at IS NULL OR g.login_at > i.public_ended_at)
         THEN g.payload END AS grant_payload,
    ${OWNER_COLUMNS}
  FROM oidc_records r
  LEFT JOIN identities i ON i.id = r.account_id
  LEFT JOIN people o ON o.id = i.person_id
  LEFT JOIN relying_parties p ON p.client_id = r.client_id
  LEFT JOIN oidc_records g ON g.id = r.grant_id
  WHERE r.id = $1 AND r.model = $2
    AND (r.ended_at IS NULL OR (r.accepted_until > now() AND (
           SELECT true FROM oidc_records l WHERE l.uid = r.uid AND l.model = 'Session'
             AND l.ended_at IS NULL AND l.expires_at + interval '0' > now() LIMIT 1)))
    AND r.expires_at + interval '0' > now()
    AND (r.account_id IS NULL OR (i.id IS NOT NULL AND (i.ended_at IS NULL OR r.login_at > i.ended_at)))
    AND (r.account_id IS NULL OR p.kind IS DISTINCT FROM 'public'
         OR (i.public_sites AND (i.public_ended_at IS NULL OR r.login_at > i.public_ended_at)))
    AND (r.account_id IS NULL OR r.client_id IS NULL OR r.model = 'Interaction'
         OR p.metadata ->> 'trusted' = 'true' OR (
           SELECT true FROM consents c WHERE c.identity_id = r.account_id AND c.client_id = r.client_id
             AND 'openid' = ANY (c.scopes) LIMIT 1))
    AND (r.acr IS DISTINCT FROM $3 OR p.metadata ->> 'min_acr' = $3)
    AND (r.account_id IS NULL OR r.client_id IS NULL OR r.model = 'Interaction' OR i.proofing = 'Substantial'
         OR coalesce(p.metadata ->> 'min_proofing', p.metadata ->> 'min_acr') = $3)
    AND (r.session_uid IS NULL OR r.model = 'Grant' OR (
           SELECT true FROM oidc_records s WHERE s.uid = r.session_uid AND s.model = 'Session'
             AND s.ended_at IS NULL AND s.expires_at + interval '0' > now() LIMIT 1))
    AND (r.grant_id IS NULL OR (g.id IS NOT NULL AND g.ended_at IS NULL))`;

export async function findRecord(db: Queryable, model: string, id: Buffer): Promise<FoundOidcRecord | null> {
  const { rows } = await db.query<OwnedRecordRow>(FIND, [id, model, LOW]);
  return rows[0] ? assertRecordOwner(db, readOwnedRecordRow(rows[0])) : null;
}

const FIND_SESSION_BY_UID = sql`
  SELECT r.id AS record_id, r.model, r.payload, r.login_at, r.started_at, r.password_at, r.consumed_at,
    r.grant_id AS under, r.account_id, r.client_id, r.session_uid, r.uid, r.acr, r.expires_at,
    NULL AS grant_payload, ${OWNER_COLUMNS}
  FROM oidc_records r
  LEFT JOIN identities i ON i.id = r.account_id
  LEFT JOIN people o ON o.id = i.person_id
  WHERE r.uid = $1 AND r.model = 'Session'
    AND r.ended_at IS NULL AND r.expires_at + interval '0' > now()
    AND (r.account_id IS NULL OR (i.id IS NOT NULL AND (i.ended_at IS NULL OR r.login_at > i.ended_at)))
  ORDER BY r.expires_at DESC LIMIT 1`;

export async function findSessionByUid(db: Queryable, uid: string): Promise<FoundOidcRecord | null> {
  const { rows } = await db.query<OwnedRecordRow>(FIND_SESSION_BY_UID, [uid]);
  return rows[0] ? assertRecordOwner(db, readOwnedRecordRow(rows[0])) : null;
}

const LIST_LIVE = sql`
  SELECT r.id AS record_id, r.model, r.payload, r.login_at, r.started_at, r.password_at, r.consumed_at,
    r.grant_id AS under, r.account_id, r.client_id, r.session_uid, r.uid, r.acr, r.expires_at, NULL AS grant_payload
  FROM oidc_records r WHERE r.id > $1 AND r.payload <> '' AND r.expires_at + interval '0' > now()
  ORDER BY r.id LIMIT $2`;

/** Lists the records that may still be found, in the order of their ids. */
export async function listLiveRecords(
  db: Queryable,
  after: Buffer,
  limit: number,
): Promise<FoundOidcRecord[]> {
  const { rows } = await db.query<OidcRecordRow>(LIST_LIVE, [after, limit]);
  return rows.map((row) => ({ ...readRecordRow(row), owner: null }));
}

const RESEAL = sql`UPDATE oidc_records SET payload = $3 WHERE id = $1 AND payload = $2`;

/** @returns false when the record was saved or ended in the meantime */
export async function replacePayload(db: Queryable, id: Buffer, from: Buffer, to: Buffer): Promise<boolean> {
  return (await db.query(RESEAL, [id, from, to])).rowCount === 1;
}

const CONSUME = sql`
  UPDATE oidc_records SET consumed_at = now()
  WHERE id = $1 AND consumed_at IS NULL AND ended_at IS NULL`;

/** Single use, decided by the affected rows: exactly one caller on all nodes gets true. */
export async function consumeRecord(db: Queryable, id: Buffer): Promise<boolean> {
  const { rowCount } = await db.query(CONSUME, [id]);
  return rowCount === 1;
}

const WAS_CONSUMED_RECENTLY = sql`
  SELECT consumed_at > now() - $2::interval AS lately FROM oidc_records WHERE id = $1 AND consumed_at IS NOT NULL`;

/**
 * @returns true when the record was consumed within `seconds`: a repeated use then is a retry, not yet a
 *   theft
 */
export async function isConsumedWithin(db: Queryable, id: Buffer, seconds: number): Promise<boolean> {
  const { rows } = await db.query<{ lately: boolean }>(WAS_CONSUMED_RECENTLY, [id, `${seconds} seconds`]);
  return rows[0]?.lately ?? false;
}

const END_GRANT = sql`
  UPDATE oidc_records SET ended_at = now(), payload = ''
  WHERE (id = $1 OR grant_id = $1) AND ended_at IS NULL`;

/** Ends a grant and everything issued under it; a record that is saved under it later is absent too. */
export async function endGrant(db: Queryable, grantId: Buffer): Promise<void> {
  await db.query(END_GRANT, [grantId]);
}

const END_GRANT_OF = sql`
  UPDATE oidc_records SET ended_at = now(), payload = ''
  WHERE ended_at IS NULL
    AND (id = (SELECT grant_id FROM oidc_records WHERE id = $1 AND consumed_at IS NOT NULL)
         OR grant_id = (SELECT grant_id FROM oidc_records WHERE id = $1 AND consumed_at IS NOT NULL))`;

/**
 * Ends the grant that a consumed record was issued under, and everything else issued under it. A record that
 * was ended before it was consumed has issued nothing, and leaves the grant alone.
 */
export async function endGrantOfRecord(db: Queryable, recordId: Buffer): Promise<void> {
  await db.query(END_GRANT_OF, [recordId]);
}

const END_GRANTED = sql`
  UPDATE oidc_records SET ended_at = now(), payload = ''
  WHERE grant_id = $1 AND model = $2 AND ended_at IS NULL`;

/** Ends the records of one model under a grant; the grant itself stays. */
export async function endRecordsOfGrant(db: Queryable, model: string, grantId: Buffer): Promise<void> {
  await db.query(END_GRANTED, [grantId, model]);
}

const INSERT_REPLAY_ID = sql`
  INSERT INTO replay_ids (id, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`;

/** @returns true for the first caller with this id; one INSERT, decided by the affected rows */
export async function saveReplayId(db: Queryable, id: Buffer, expiresAt: Date): Promise<boolean> {
  const { rowCount } = await db.query(INSERT_REPLAY_ID, [id, expiresAt]);
  return rowCount === 1;
}
