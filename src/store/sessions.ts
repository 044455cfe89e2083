/** Where a person is signed in: their live sessions, each with the relying parties that it gave something to. */
import { sql, type Queryable } from './database.ts';

export interface ListedSession {
  readonly uid: string;
  readonly startedAt: Date;
  readonly sites: readonly { readonly da: string; readonly en: string }[];
}

// Live as store/oidcRecords.ts judges it. A grant under which nothing was issued is of a request that was refused.
const LIST = sql`
  SELECT s.uid, s.started_at, array_agg(DISTINCT jsonb_build_object(
      'da', p.metadata ->> 'name_da', 'en', p.metadata ->> 'name_en')) FILTER (WHERE p.client_id IS NOT NULL) AS sites
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

/** The newest first. */
export async function listSessions(db: Queryable, identityId: string): Promise<ListedSession[]> {
  type Row = { uid: string; started_at: Date; sites: { da: string; en: string }[] | null };
  const { rows } = await db.query<Row>(LIST, [identityId]);
  return rows.map(({ uid, started_at: startedAt, sites }) => ({ uid, startedAt, sites: sites ?? [] }));
}

const END_ALL = sql`
  UPDATE identities i SET ended_at = date_trunc('milliseconds', clock_timestamp())
  WHERE i.id = $1 AND EXISTS (
    SELECT FROM oidc_records s WHERE s.uid = $2 AND s.model = 'Session' AND s.account_id = i.id
      AND (i.ended_at IS NULL OR s.login_at > i.ended_at))`;

/**
 * Ends every session, grant and token of the identity from this commit on, as endIdentity does (store/cardLife.ts), on
 * the word of one of its sessions. False when all that this session could speak for was ended before: a second click
 * that comes late does not end what was signed in meanwhile.
 */
export async function endAllSessions(
  db: Queryable,
  { identityId, uid }: { identityId: string; uid: string },
): Promise<boolean> {
  return (await db.query(END_ALL, [identityId, uid])).rowCount === 1;
}
