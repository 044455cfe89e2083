/** The live sessions of a person, each with the relying parties that got something in it. */
import type { Localized } from '../../domain/language/language.ts';
import { LATER_TIME, restrictIdentity } from '../binding/identityMac.ts';
import { localizedSql } from '../connection/localizedSql.ts';
import { sql, type Queryable } from '../database.ts';

export interface ListedSession {
  readonly uid: string;
  readonly startedAt: Date;
  readonly sites: readonly Localized[];
}

export interface StoredListedSession extends ListedSession {
  /** The row, for its latest use. */
  readonly id: Buffer;
  readonly payload: Buffer;
  /** The latest request at a first-party client, in the time of the rules; null where there was none. */
  readonly usedHereAt: Date | null;
}

// Live by the conditions of db/oidc/oidcRecords.ts. A grant under which nothing was issued belongs to a
// request that was denied.
const LIST = sql`
  SELECT s.uid, s.started_at,
    (array_agg(s.id ORDER BY s.expires_at DESC))[1] AS id,
    (array_agg(s.payload ORDER BY s.expires_at DESC))[1] AS payload,
    (SELECT max(o.seen_at) FROM own_sessions o WHERE o.identity_id = $1 AND o.session_uid = s.uid) AS seen_at,
    array_agg(DISTINCT ${localizedSql('p.metadata', 'name')})
    FILTER (WHERE p.client_id IS NOT NULL) AS sites
  FROM oidc_records s JOIN identities i ON i.id = s.account_id
  LEFT JOIN oidc_records g ON g.account_id = s.account_id AND g.model = 'Grant' AND g.session_uid = s.uid
    AND g.ended_at IS NULL AND g.expires_at + interval '0' > now() AND (i.ended_at IS NULL OR g.login_at > i.ended_at)
    AND EXISTS (SELECT FROM oidc_records r WHERE r.grant_id = g.id AND r.model <> 'Interaction')
  LEFT JOIN relying_parties p ON p.client_id = g.client_id
    AND (p.kind <> 'public'
         OR (i.public_sites AND (i.public_ended_at IS NULL OR g.login_at > i.public_ended_at)))
  WHERE s.account_id = $1 AND s.model = 'Session' AND s.ended_at IS NULL AND s.expires_at + interval '0' > now()
    AND (i.ended_at IS NULL OR s.login_at > i.ended_at)
  GROUP BY s.uid, s.started_at ORDER BY s.started_at DESC`;

/** Lists the sessions, the newest first. */
export async function listSessions(db: Queryable, identityId: string): Promise<StoredListedSession[]> {
  type SessionListRow = {
    uid: string;
    started_at: Date;
    id: Buffer;
    payload: Buffer;
    seen_at: Date | null;
    sites: Localized[] | null;
  };
  const { rows } = await db.query<SessionListRow>(LIST, [identityId]);
  return rows.map(({ uid, started_at: startedAt, id, payload, seen_at: usedHereAt, sites }) => {
    return { uid, startedAt, id, payload, usedHereAt, sites: sites ?? [] };
  });
}

/**
 * An ID token names its session by `sid` if the registration requires one. A token without `sid` is of this
 * session if the person had no other session with this relying party when it was issued. `iat` has a
 * resolution of seconds, so that another session that ended within that second is not counted; and clocks
 * differ a little.
 */
const IS_TOKEN_OF = sql`
  SELECT CASE WHEN $4::text IS NOT NULL
    THEN EXISTS (SELECT FROM oidc_records g WHERE g.account_id = $2 AND g.model = 'Grant' AND g.client_id = $3
      AND g.session_uid = $1 AND g.sid = $4 AND g.ended_at IS NULL)
    ELSE EXISTS (SELECT FROM oidc_records g
      JOIN oidc_records s ON s.uid = g.session_uid AND s.model = 'Session'
      WHERE g.account_id = $2 AND g.model = 'Grant' AND g.client_id = $3 AND g.session_uid = $1
        AND g.ended_at IS NULL AND s.ended_at IS NULL
        AND s.started_at < $5::timestamptz + interval '1 minute')
    AND NOT EXISTS (SELECT FROM oidc_records g
      JOIN oidc_records s ON s.uid = g.session_uid AND s.model = 'Session'
      JOIN identities i ON i.id = s.account_id
      WHERE g.account_id = $2 AND g.model = 'Grant' AND g.client_id = $3 AND g.session_uid <> $1
        AND g.login_at < $5::timestamptz + interval '1 second'
        AND least(g.ended_at, s.ended_at, s.expires_at,
          CASE WHEN s.login_at <= i.ended_at THEN i.ended_at END) > $5::timestamptz + interval '1 second')
    END AS is_token_of`;

/** Decides whether an ID token of a relying party was issued in this session, which is alive. */
export async function isTokenFromSession(
  db: Queryable,
  { uid, identityId }: { uid: string; identityId: string },
  { clientId, sid, issuedAt }: { clientId: string; sid: string | null; issuedAt: Date },
): Promise<boolean> {
  const values = [uid, identityId, clientId, sid, issuedAt];
  const { rows } = await db.query<{ is_token_of: boolean }>(IS_TOKEN_OF, values);
  return rows[0]?.is_token_of === true;
}

const END_ALL = sql`
  UPDATE identities i SET ended_at = date_trunc('milliseconds', clock_timestamp())
  WHERE i.id = $1 AND EXISTS (
    SELECT FROM oidc_records s WHERE s.uid = $2 AND s.model = 'Session' AND s.account_id = i.id
      AND (i.ended_at IS NULL OR s.login_at > i.ended_at))`;

/**
 * Ends every session, grant and token of the identity from this commit on, as `endIdentity` does
 * (db/cards/cardSets.ts), on request of one of its sessions.
 * @returns false when this session was ended before: a second click that arrives late does not end later
 *   sign-ins
 */
export async function revokeAllSessions(
  db: Queryable,
  { identityId, uid }: { identityId: string; uid: string },
): Promise<boolean> {
  const end = () => db.query(END_ALL, [identityId, uid]);
  const ended = await restrictIdentity(db, identityId, { endedAt: LATER_TIME }, end);
  return ended.rowCount === 1;
}
