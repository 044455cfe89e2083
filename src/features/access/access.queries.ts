/** Which relying parties have access to a person, by consent or by a live grant, and how that access ends. */
import type { Localized } from '../../domain/language/language.ts';
import { OFFLINE_DAYS, SESSION_HOURS } from '../../domain/relyingParty/accessLifetimes.ts';
import { CLIENT_WAS_USED_SQL, NOTIFIED_SID_SQL, ENQUEUE_SQL } from '../../db/oidc/backchannelLogouts.ts';
import { localizedSql } from '../../db/connection/localizedSql.ts';
import { withdrawConsent } from '../../db/oidc/consents.ts';
import { sql, type Queryable } from '../../db/database.ts';

export interface ClientAccess {
  readonly clientId: string;
  readonly name: Localized;
  /** The scopes that the person agreed to. */
  readonly scopes: readonly string[];
  /** Null when no consent was needed. */
  readonly agreedAt: Date | null;
  /**
   * Until when the relying party can get information without the person being signed in; null when it cannot.
   */
  readonly offlineUntil: Date | null;
}

// A session can obtain the first token of a family for as long as it lasts. Tokens of a previous version
// state a later expiry, which is not honoured (oidc/tokens/refreshFamily.ts). A grant counts as live by the
// rules of db/oidc/oidcRecords.ts: while public sites are off, the grants of public sites are not valid.
const LIST = sql`
  WITH live AS (
    SELECT g.client_id, max((SELECT max(least(r.expires_at, r.login_at + $2 * interval '1 hour'))
      FROM oidc_records r WHERE r.grant_id = g.id AND r.session_uid IS NULL
        AND r.model = 'RefreshToken' AND r.ended_at IS NULL AND r.expires_at + interval '0' > now()
          AND r.login_at + $2 * interval '1 hour' > now())) AS offline_until
    FROM oidc_records g JOIN identities i ON i.id = g.account_id JOIN relying_parties p ON p.client_id = g.client_id
    WHERE g.account_id = $1 AND g.model = 'Grant' AND g.ended_at IS NULL AND g.expires_at + interval '0' > now()
      AND (i.ended_at IS NULL OR g.login_at > i.ended_at)
      AND (p.kind <> 'public' OR (i.public_sites AND (i.public_ended_at IS NULL OR g.login_at > i.public_ended_at)))
      AND (p.metadata ->> 'trusted' = 'true' OR EXISTS (SELECT FROM consents c
        WHERE c.identity_id = $1 AND c.client_id = g.client_id AND 'openid' = ANY (c.scopes)))
      AND EXISTS (SELECT FROM oidc_records r WHERE r.grant_id = g.id AND r.model <> 'Interaction'
        AND r.ended_at IS NULL AND r.expires_at + interval '0' > now())
    GROUP BY g.client_id
  ), agreed AS (
    SELECT client_id, scopes, given_at FROM consents WHERE identity_id = $1 AND scopes <> '{}'
  )
  SELECT client_id, ${localizedSql('p.metadata', 'name')} AS name,
    a.scopes, a.given_at, l.offline_until
  FROM live l FULL JOIN agreed a USING (client_id) JOIN relying_parties p USING (client_id)
  WHERE p.kind <> 'internal' AND p.state <> 'removed'`;

export async function listClientAccess(db: Queryable, identityId: string): Promise<ClientAccess[]> {
  type ClientAccessRow = {
    client_id: string;
    name: Localized;
    scopes: string[] | null;
    given_at: Date | null;
    offline_until: Date | null;
  };
  const { rows } = await db.query<ClientAccessRow>(LIST, [identityId, OFFLINE_DAYS * 24 + SESSION_HOURS]);
  return rows.map((row) => ({
    clientId: row.client_id,
    name: row.name,
    scopes: row.scopes ?? [],
    agreedAt: row.given_at,
    offlineUntil: row.offline_until,
  }));
}

/** Locks the grants, so that the next statement also sees what a concurrent sign-in writes with its grant. */
const LOCK_GRANTS = sql`
  SELECT FROM oidc_records WHERE account_id = $1 AND model = 'Grant' AND client_id = $2 FOR UPDATE`;

// As at every other end: a relying party that never received anything does not know this person, and is not
// notified. The notification covers exactly what ended: a grant that is created concurrently is neither ended
// nor notified.
const END_GRANTS = sql`
  WITH ended AS (
    UPDATE oidc_records SET ended_at = now(), payload = ''
    WHERE account_id = $1 AND model = 'Grant' AND client_id = $2 AND ended_at IS NULL
    RETURNING id, sid, expires_at),
  told AS (
    INSERT INTO logouts (identity_id, client_id, sid)
    SELECT DISTINCT $1::uuid, p.client_id,
      ${NOTIFIED_SID_SQL}
    FROM ended g JOIN relying_parties p ON p.client_id = $2
    WHERE g.expires_at + interval '0' > now() AND p.metadata ? 'backchannel_logout_uri'
      AND ${CLIENT_WAS_USED_SQL}
    RETURNING id),
  woken AS (
    ${ENQUEUE_SQL})
  SELECT (SELECT count(*)::int FROM ended) AS ended, (SELECT count(*) FROM woken) AS woken`;

const DELETE_CONSENT = sql`DELETE FROM consents WHERE identity_id = $1 AND client_id = $2`;

/**
 * Ends the grants with all that was issued under them, and deletes the consent; the relying party is notified
 * that the person is logged out there. Within a transaction.
 * @returns false when there was nothing to end
 */
export async function endClientAccess(db: Queryable, identityId: string, clientId: string): Promise<boolean> {
  const values = [identityId, clientId];
  await db.query(LOCK_GRANTS, values);
  const { rows } = await db.query<{ ended: number }>(END_GRANTS, values);
  const forgotten = await db.query(DELETE_CONSENT, values);
  return (rows[0]?.ended ?? 0) + forgotten.rowCount > 0;
}

/**
 * Withdraws scopes that were agreed to before, and ends the grants and all that was issued under them. Within
 * a transaction.
 * @returns false when none of the scopes had been agreed to; then nothing ends
 */
export async function withdrawScopes(
  db: Queryable,
  refused: { identityId: string; clientId: string; scopes: readonly string[] },
): Promise<boolean> {
  const values = [refused.identityId, refused.clientId];
  await db.query(LOCK_GRANTS, values);
  if (!(await withdrawConsent(db, refused))) return false;
  await db.query(END_GRANTS, values);
  return true;
}
