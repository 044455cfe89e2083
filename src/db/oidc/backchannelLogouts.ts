/**
 * The outbox of log-out notifications to relying parties. A transaction that ends a session or grant also
 * writes their rows. It finds the relying parties by the grants, each of which knows its session: the
 * provider's list in the session loses an entry when two tabs save concurrently. The statement that writes
 * rows also enqueues the job that sends them, which starts after the commit.
 */
import type { AuditEvent } from '../../domain/auditEvent.ts';
import type { RelyingPartyKind } from '../../domain/relyingParty/relyingParty.ts';
import { sql, sqlFragment, type Queryable } from '../database.ts';
import type { UnitOfWork } from '../unitOfWork.ts';

/** The task that sends the notifications of the outbox. */
export const SEND_LOGOUT_NOTIFICATIONS = 'tellLogouts';

/**
 * The jobs that nodes of an earlier version enqueue: one for each relying party, with the payload `{
 * accountId, clientId }`. Jobs that are left when the last of these nodes stops are still to be run.
 */
export const BACKCHANNEL_LOGOUT = 'backchannelLogout';

/**
 * The `sid` in the notification to the relying party `p`, from the grant `g`; null for all sessions that it
 * has of this person.
 */
export const NOTIFIED_SID_SQL = sqlFragment`
  CASE WHEN p.metadata ->> 'backchannel_logout_session_required' = 'false' THEN NULL ELSE g.sid END`;

/**
 * True when something was issued under the grant `g`. Otherwise the sign-in was not completed: that relying
 * party does not know this person, and a log-out token would name them.
 */
export const CLIENT_WAS_USED_SQL = sqlFragment`
  EXISTS (SELECT FROM oidc_records r WHERE r.grant_id = g.id AND r.model <> 'Interaction')`;

/**
 * The job has no key: with one, all transactions that log out would wait for each other at its row until they
 * commit.
 */
export const ENQUEUE_SQL = sqlFragment`
  SELECT enqueue_logout_notifications() FROM (SELECT FROM told LIMIT 1) AS any_told`;

const QUEUE = sql`
  WITH told AS (
    INSERT INTO logouts (identity_id, client_id, sid)
    SELECT DISTINCT g.account_id, g.client_id,
      ${NOTIFIED_SID_SQL}
    FROM oidc_records g JOIN relying_parties p ON p.client_id = g.client_id JOIN identities i ON i.id = g.account_id
    WHERE g.account_id = $1 AND g.model = 'Grant' AND g.ended_at IS NULL AND g.expires_at + interval '0' > now()
      AND g.login_at <= greatest(i.ended_at, CASE WHEN p.kind = 'public' THEN i.public_ended_at END)
      AND p.metadata ? 'backchannel_logout_uri' AND ($2::text IS NULL OR p.kind = $2)
      AND ${CLIENT_WAS_USED_SQL}
      AND NOT EXISTS (SELECT FROM logouts l WHERE l.identity_id = $1 AND l.client_id = g.client_id
        AND (l.sid IS NULL OR l.sid = g.sid) AND l.at > g.login_at AND l.at > now() - $3 * interval '1 second')
    RETURNING id)
  ${ENQUEUE_SQL}`;

/**
 * Enqueues a notification for every session that relying parties, or those of one kind, have of this identity
 * and that ended with it.
 */
export async function enqueueBackchannelLogouts(
  db: Queryable,
  identityId: string,
  kind: RelyingPartyKind | null = null,
): Promise<void> {
  await db.query(QUEUE, [identityId, kind, 0]);
}

const RECENT_SECONDS = 10;

/**
 * Enqueues what the first run missed, right after its commit: a code that was issued and redeemed while the
 * transaction ran is visible now. A code that is redeemed later is not valid. Relying parties for which a
 * notification was enqueued within `RECENT_SECONDS` are left out, and so are those at which the person has
 * signed in again since.
 */
export async function enqueueMissedLogouts(
  db: Queryable,
  identityId: string,
  kind: RelyingPartyKind | null = null,
): Promise<void> {
  await db.query(QUEUE, [identityId, kind, RECENT_SECONDS]);
}

const QUEUE_ONE = sql`
  WITH told AS (
    INSERT INTO logouts (identity_id, client_id, sid)
    SELECT $1, p.client_id,
      CASE WHEN p.metadata ->> 'backchannel_logout_session_required' = 'false' THEN NULL ELSE $3 END
    FROM relying_parties p WHERE p.client_id = $2
    RETURNING id)
  SELECT enqueue_logout_notifications() FROM told`;

export interface LogoutNotification {
  readonly identityId: string;
  readonly clientId: string;
  /** Null for every session that the relying party has of this person. */
  readonly sid: string | null;
}

export async function enqueueLogout(
  db: Queryable,
  { identityId, clientId, sid }: LogoutNotification,
): Promise<void> {
  await db.query(QUEUE_ONE, [identityId, clientId, sid]);
}

/**
 * Authorizations save their session first and the grant after it; locking in the same order avoids a
 * deadlock. An earlier request has committed a grant, and perhaps a new id of the session, which the next
 * statement sees. A later request finds the session ended, under each of its ids.
 */
const LOCK_SESSION = sql`
  SELECT FROM oidc_records
  WHERE (model = 'Session' AND uid = $1) OR (model = 'Grant' AND account_id = $2 AND session_uid = $1)
  ORDER BY model DESC, id FOR UPDATE`;

/**
 * When two requests end one session, only the first enqueues notifications. Grants of an earlier version do
 * not know their session: they are found by the clients of the session.
 */
const QUEUE_OF_SESSION = sql`
  WITH told AS (
    INSERT INTO logouts (identity_id, client_id, sid)
    SELECT DISTINCT g.account_id, g.client_id,
      ${NOTIFIED_SID_SQL}
    FROM oidc_records g JOIN relying_parties p ON p.client_id = g.client_id
    WHERE g.account_id = $2 AND g.model = 'Grant' AND g.ended_at IS NULL AND g.expires_at + interval '0' > now()
      AND (g.session_uid = $1 OR (g.session_uid IS NULL AND g.client_id = ANY($3::text[])))
      AND ($4::text IS NULL OR g.client_id = $4)
      AND p.metadata ? 'backchannel_logout_uri'
      AND ${CLIENT_WAS_USED_SQL}
      AND EXISTS (SELECT FROM oidc_records s WHERE s.uid = $1 AND s.model = 'Session' AND s.ended_at IS NULL)
    RETURNING id)
  ${ENQUEUE_SQL}`;

const RECORD_SIGNED_OUT = sql`
  INSERT INTO audit_events (kind, identity_id, details)
  SELECT $2, $3, $4::jsonb
  WHERE EXISTS (SELECT FROM oidc_records s WHERE s.uid = $1 AND s.model = 'Session' AND s.ended_at IS NULL)`;

/**
 * Ends the grants that offline access does not keep alive. What was issued under them ends with the session
 * anyway.
 */
const END_GRANTS = sql`
  UPDATE oidc_records g SET ended_at = now(), payload = ''
  WHERE g.account_id = $2 AND g.model = 'Grant' AND g.session_uid = $1 AND g.ended_at IS NULL
    AND ($3::text IS NULL OR g.client_id = $3)
    AND NOT EXISTS (SELECT FROM oidc_records r WHERE r.grant_id = g.id AND r.session_uid IS NULL
                      AND r.ended_at IS NULL AND r.expires_at + interval '0' > now())`;

/**
 * Detaches a grant that offline access keeps alive from the session, so that the relying party is not
 * notified again when the session ends.
 */
const DETACH_GRANTS = sql`
  UPDATE oidc_records SET session_uid = NULL
  WHERE account_id = $2 AND model = 'Grant' AND session_uid = $1 AND client_id = $3 AND ended_at IS NULL`;

export interface EndingSession {
  readonly uid: string;
  readonly identityId: string;
  /** The clients that the session itself lists. */
  readonly clientIds: readonly string[];
  /** The client that asked for the end; null when no client did. */
  readonly clientId: string | null;
}

/**
 * Ends a session with its grants, and enqueues the notifications, in the transaction of the request that ends
 * it.
 */
export function endSessionInUnitOfWork(
  unit: UnitOfWork,
  { uid, identityId, clientIds, clientId }: EndingSession,
): void {
  const event = { kind: 'signed_out', identityId, details: { clientId } } satisfies AuditEvent;
  unit.addStatement(LOCK_SESSION, [uid, identityId]);
  unit.addStatement(QUEUE_OF_SESSION, [uid, identityId, clientIds, null]);
  unit.addStatement(RECORD_SIGNED_OUT, [uid, event.kind, identityId, JSON.stringify(event.details)]);
  unit.addStatement(END_GRANTS, [uid, identityId, null]);
  unit.addStatement(END_SESSION, [uid, identityId]);
}

const FIND_LIVE_SESSION = sql`
  SELECT FROM oidc_records WHERE uid = $1 AND account_id = $2 AND model = 'Session' AND ended_at IS NULL`;

/** Ends the row of each id of the session: a sign-in that is about to replace the id finds an ended row. */
const END_SESSION = sql`
  UPDATE oidc_records SET ended_at = coalesce(ended_at, now()), accepted_until = NULL, payload = ''
  WHERE uid = $1 AND account_id = $2 AND model = 'Session'
    AND (ended_at IS NULL OR accepted_until IS NOT NULL)`;

/**
 * Ends a session of the person from another browser, within a transaction.
 * @returns false for a session that is over, or that is another person's
 */
export async function endSessionOf(
  db: Queryable,
  { uid, identityId }: { uid: string; identityId: string },
): Promise<boolean> {
  if ((await db.query(FIND_LIVE_SESSION, [uid, identityId])).rows.length === 0) return false;
  const event = { kind: 'signed_out', identityId, details: { clientId: null } } satisfies AuditEvent;
  await db.query(LOCK_SESSION, [uid, identityId]);
  await db.query(QUEUE_OF_SESSION, [uid, identityId, [], null]);
  await db.query(RECORD_SIGNED_OUT, [uid, event.kind, identityId, JSON.stringify(event.details)]);
  await db.query(END_GRANTS, [uid, identityId, null]);
  return (await db.query(END_SESSION, [uid, identityId])).rowCount > 0;
}

/** Signs out of one relying party; the session continues for the others. */
export function leaveClientInUnitOfWork(
  unit: UnitOfWork,
  { uid, identityId, clientId }: { uid: string; identityId: string; clientId: string },
): void {
  unit.addStatement(LOCK_SESSION, [uid, identityId]);
  unit.addStatement(QUEUE_OF_SESSION, [uid, identityId, [clientId], clientId]);
  unit.addStatement(END_GRANTS, [uid, identityId, clientId]);
  unit.addStatement(DETACH_GRANTS, [uid, identityId, clientId]);
}

export interface ClaimedLogoutNotification extends LogoutNotification {
  readonly id: string;
  /** The failures so far. */
  readonly tries: number;
  readonly ageMs: number;
}

/**
 * Claims a few notifications of each relying party, so that thousands that wait for one that is down do not
 * delay all others. Uses real time, not the rules' clock, because relying parties do.
 */
const TAKE = sql`
  UPDATE logouts l SET try_at = now() + $2 * interval '1 ms'
  WHERE l.id = ANY(ARRAY(
    SELECT id FROM logouts WHERE state = 'waiting' AND try_at <= now() AND id = ANY(ARRAY(
      SELECT id FROM (
        SELECT id, row_number() OVER (PARTITION BY client_id ORDER BY try_at, id) AS place FROM logouts
        WHERE state = 'waiting' AND try_at <= now() AND client_id <> ALL($4::text[])) AS due
      WHERE place <= $3 ORDER BY place LIMIT $1))
    FOR UPDATE SKIP LOCKED))
  RETURNING l.id, l.identity_id, l.client_id, l.sid, l.tries,
    (extract(epoch FROM now() - l.at) * 1000)::float8 AS age_ms`;

export interface LogoutClaimLimits {
  readonly limit: number;
  readonly perClient: number;
  /** Relying parties that have enough to do already. */
  readonly except: readonly string[];
  readonly leaseMs: number;
}

/** Claims notifications that are due; no other worker claims them for `leaseMs`. */
export async function claimLogoutNotifications(
  db: Queryable,
  { limit, perClient, except, leaseMs }: LogoutClaimLimits,
): Promise<ClaimedLogoutNotification[]> {
  type LogoutRow = {
    id: string;
    identity_id: string;
    client_id: string;
    sid: string | null;
    tries: number;
    age_ms: number;
  };
  const { rows } = await db.query<LogoutRow>(TAKE, [limit, leaseMs, perClient, except]);
  return rows.map(({ id, identity_id: identityId, client_id: clientId, sid, tries, age_ms: ageMs }) => {
    return { id, identityId, clientId, sid, tries, ageMs };
  });
}

const MARK_SENT = sql`
  UPDATE logouts SET state = 'sent', fault = NULL, try_at = now() WHERE id = $1 AND state = 'waiting'`;

export async function markLogoutDelivered(db: Queryable, id: string): Promise<void> {
  await db.query(MARK_SENT, [id]);
}

const NOTE_FAILURE = sql`
  UPDATE logouts SET tries = tries + 1, fault = $3,
    state = CASE WHEN $4 THEN 'given_up' ELSE state END,
    try_at = CASE WHEN $4 THEN now() ELSE now() + $2 * interval '1 ms' END
  WHERE id = $1 AND state = 'waiting'`;

export async function recordLogoutFailure(
  db: Queryable,
  id: string,
  { afterMs, fault, abandon }: { afterMs: number; fault: string; abandon: boolean },
): Promise<void> {
  await db.query(NOTE_FAILURE, [id, afterMs, fault, abandon]);
}
