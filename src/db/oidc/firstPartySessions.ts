/**
 * Sessions at first-party clients. Such a session depends on a sign-in, and on the session of Nøgle in which
 * it was made. Whether it is still valid is decided where it is looked up, so that a block and a log-out take
 * effect at the next request on every node, without any notification.
 */
import { fullName } from '../../domain/person/person.ts';
import { assertBound, timeToFact, bytesToFact, type RowFacts } from '../../domain/rowMac.ts';
import {
  assertRowBound,
  IDENTITY_MAC_COLUMNS_OF_P,
  readVerifiedNames,
  type IdentityMacColumns,
} from '../binding/identityMac.ts';
import { sql, sqlFragment, type Queryable } from '../database.ts';

export interface NewFirstPartySession {
  /** The keyed hash of the cookie's value. */
  readonly id: Buffer;
  readonly clientId: string;
  readonly identityId: string;
  readonly sessionUid: string;
  readonly loginAt: Date;
  /** When the key of the sign-in was given, if it was given for this client; the database's time. */
  readonly keyAt: Date | null;
}

const INSERT = sql`
  INSERT INTO own_sessions (id, client_id, identity_id, session_uid, login_at, started_at, seen_at, key_at, mac)
  VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)`;

export async function insertFirstPartySession(
  db: Queryable,
  session: NewFirstPartySession,
  now: Date,
): Promise<void> {
  const { id, clientId, identityId, sessionUid, loginAt, keyAt } = session;
  const mac =
    db.rowAuthenticator.mode === 'read'
      ? null
      : db.rowAuthenticator.make('own session', listFirstPartySessionFacts(session));
  await db.query(INSERT, [id, clientId, identityId, sessionUid, loginAt, now, keyAt, mac]);
}

/**
 * The facts that the row's MAC covers: the identity, and when its key was given. The other times are not
 * covered, because requests of the session prolong them.
 */
export function listFirstPartySessionFacts({
  id,
  clientId,
  identityId,
  sessionUid,
  keyAt,
}: Omit<NewFirstPartySession, 'loginAt'>): RowFacts {
  return [bytesToFact(id), clientId, identityId, sessionUid, timeToFact(keyAt)];
}

export interface FirstPartySession {
  readonly identityId: string;
  /** The `uid` of the session of Nøgle that this session depends on. */
  readonly sessionUid: string;
  readonly name: string;
  /** A key was given at this client within `proofMinutes`. */
  readonly hasRecentKey: boolean;
}

/** `seen_at` is updated at most once in this interval. */
const LAST_SEEN_INTERVAL_SECONDS = 60;

// A session of Nøgle that was logged out has only ended rows. One that changed its id has an ended and a live
// row. One that was idle for too long has an expired row that is not ended. Rows stay for a day past their
// end, which is longer than this session lives.
const IS_LIVE_SQL = sqlFragment`o.id = $1 AND o.client_id = $2
      AND o.seen_at > $3::timestamptz - $4 * interval '1 minute'
      AND o.started_at > $3::timestamptz - $5 * interval '1 hour'
      AND i.blocked_at IS NULL AND (i.ended_at IS NULL OR o.login_at > i.ended_at)
      AND EXISTS (SELECT FROM oidc_records s WHERE s.uid = o.session_uid AND s.model = 'Session'
        AND s.ended_at IS NULL)`;

const FIND = sql`
  WITH found AS (
    SELECT o.id, o.identity_id, o.session_uid, o.seen_at, o.key_at, o.mac, ${IDENTITY_MAC_COLUMNS_OF_P},
      coalesce(o.key_at > clock_timestamp() - $7 * interval '1 minute'
        AND o.started_at > $3::timestamptz - $7 * interval '1 minute', false) AS proven
    FROM own_sessions o JOIN identities i ON i.id = o.identity_id JOIN people p ON p.id = i.person_id
    WHERE ${IS_LIVE_SQL}
  ), seen AS (
    UPDATE own_sessions o SET seen_at = $3 FROM found f
    WHERE o.id = f.id AND f.seen_at <= $3::timestamptz - $6 * interval '1 second'
  )
  SELECT * FROM found`;

/**
 * Finds a live session and updates `seen_at`, in one statement.
 * @returns null when the session is over or does not exist
 * @throws RowMacMismatch
 */
export async function findFirstPartySession(
  db: Queryable,
  { id, clientId }: { id: Buffer; clientId: string },
  limits: { now: Date; idleMinutes: number; hours: number; proofMinutes: number },
): Promise<FirstPartySession | null> {
  type FirstPartySessionRow = IdentityMacColumns & {
    identity_id: string;
    session_uid: string;
    key_at: Date | null;
    mac: Buffer | null;
    proven: boolean;
  };
  const { now, idleMinutes, hours, proofMinutes } = limits;
  const { rows } = await db.query<FirstPartySessionRow>(FIND, [
    id,
    clientId,
    now,
    idleMinutes,
    hours,
    LAST_SEEN_INTERVAL_SECONDS,
    proofMinutes,
  ]);
  if (!rows[0]) return null;
  const { identity_id: identityId, session_uid: sessionUid, key_at: keyAt, mac, proven } = rows[0];
  const facts = listFirstPartySessionFacts({ id, clientId, identityId, sessionUid, keyAt });
  assertBound(db.rowAuthenticator, 'own session', { mac, facts });
  assertRowBound(db, rows[0]);
  return { identityId, sessionUid, name: fullName(readVerifiedNames(rows[0])), hasRecentKey: proven };
}

const FIND_OWNER = sql`SELECT identity_id, session_uid FROM own_sessions WHERE id = $1 AND client_id = $2`;

/** Finds the identity of a session, also when the session has expired: only signing out deletes its row. */
export async function findFirstPartySessionOwner(
  db: Queryable,
  { id, clientId }: { id: Buffer; clientId: string },
): Promise<Pick<FirstPartySession, 'identityId' | 'sessionUid'> | null> {
  const { rows } = await db.query<{ identity_id: string; session_uid: string }>(FIND_OWNER, [id, clientId]);
  return rows[0] ? { identityId: rows[0].identity_id, sessionUid: rows[0].session_uid } : null;
}

const TIME_LEFT = sql`
  SELECT extract(epoch FROM least(o.seen_at + $4 * interval '1 minute', o.started_at + $5 * interval '1 hour')
    - $3::timestamptz)::float8 AS seconds
  FROM own_sessions o JOIN identities i ON i.id = o.identity_id
  WHERE ${IS_LIVE_SQL}`;

/**
 * @returns the seconds until the session ends without another request; 0 when it is over. The query does not
 *   prolong it.
 */
export async function readSessionSecondsLeft(
  db: Queryable,
  { id, clientId }: { id: Buffer; clientId: string },
  { now, idleMinutes, hours }: { now: Date; idleMinutes: number; hours: number },
): Promise<number> {
  const values = [id, clientId, now, idleMinutes, hours];
  const { rows } = await db.query<{ seconds: number }>(TIME_LEFT, values);
  return Math.max(0, Math.floor(rows[0]?.seconds ?? 0));
}

const DELETE = sql`DELETE FROM own_sessions WHERE id = $1`;

export async function deleteFirstPartySession(db: Queryable, id: Buffer): Promise<void> {
  await db.query(DELETE, [id]);
}

// The new time is later than the end that is written with it, and earlier than any later end.
const KEEP_ONE = sql`
  UPDATE own_sessions o SET login_at = i.ended_at + interval '1 millisecond'
  FROM identities i WHERE o.id = $1 AND i.id = $2 AND o.identity_id = i.id`;

/** Keeps one session alive when everything else of the identity was ended in the same transaction. */
export async function keepOwnSession(db: Queryable, session: Buffer, identityId: string): Promise<void> {
  await db.query(KEEP_ONE, [session, identityId]);
}
