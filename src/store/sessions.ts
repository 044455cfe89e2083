/** Where a person is signed in: their live sessions, each with the relying parties that it gave something to. */
import { sql, type Queryable } from './database.ts';

export interface ListedSession {
  readonly uid: string;
  readonly startedAt: Date;
  readonly sites: readonly { readonly da: string; readonly en: string }[];
}

// Live as store/oidcRecords.ts judges it.
const LIST = sql`
  SELECT s.uid, s.started_at, array_agg(DISTINCT jsonb_build_object(
      'da', p.metadata ->> 'name_da', 'en', p.metadata ->> 'name_en')) FILTER (WHERE p.client_id IS NOT NULL) AS sites
  FROM oidc_records s JOIN identities i ON i.id = s.account_id
  LEFT JOIN oidc_records g ON g.account_id = s.account_id AND g.model = 'Grant' AND g.session_uid = s.uid
    AND g.ended_at IS NULL AND g.expires_at > now() AND (i.ended_at IS NULL OR g.login_at > i.ended_at)
  LEFT JOIN relying_parties p ON p.client_id = g.client_id
    AND (p.kind <> 'public'
         OR (i.public_sites AND (i.public_ended_at IS NULL OR g.login_at > i.public_ended_at)))
  WHERE s.account_id = $1 AND s.model = 'Session' AND s.ended_at IS NULL AND s.expires_at > now()
    AND (i.ended_at IS NULL OR s.login_at > i.ended_at)
  GROUP BY s.uid, s.started_at ORDER BY s.started_at DESC`;

/** The newest first. */
export async function listSessions(db: Queryable, identityId: string): Promise<ListedSession[]> {
  type Row = { uid: string; started_at: Date; sites: { da: string; en: string }[] | null };
  const { rows } = await db.query<Row>(LIST, [identityId]);
  return rows.map(({ uid, started_at: startedAt, sites }) => ({ uid, startedAt, sites: sites ?? [] }));
}
