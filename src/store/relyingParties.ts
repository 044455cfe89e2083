/** Relying parties as registered. Read often, changed rarely: see oidc/clients.ts for the cache. */
import { relyingPartySchema, type RelyingParty } from '../core/relyingParty.ts';
import { sql, type Queryable } from './database.ts';

const FIND = sql`SELECT metadata FROM relying_parties WHERE client_id = $1`;

export async function findRelyingParty(db: Queryable, clientId: string): Promise<RelyingParty | null> {
  const { rows } = await db.query<{ metadata: unknown }>(FIND, [clientId]);
  return rows[0] ? relyingPartySchema.parse(rows[0].metadata) : null;
}

const SAVE = sql`
  INSERT INTO relying_parties (client_id, kind, metadata) VALUES ($1, $2, $3::jsonb)
  ON CONFLICT (client_id) DO UPDATE SET kind = excluded.kind, metadata = excluded.metadata`;

export async function saveRelyingParty(db: Queryable, rp: RelyingParty): Promise<void> {
  await db.query(SAVE, [rp.client_id, rp.kind, JSON.stringify(rp)]);
}

const FIND_NAMES = sql`
  SELECT metadata ->> 'name_da' AS da, metadata ->> 'name_en' AS en FROM relying_parties WHERE client_id = $1`;

/** What people call it. */
export async function findRelyingPartyNames(
  db: Queryable,
  clientId: string,
): Promise<{ da: string; en: string } | null> {
  const { rows } = await db.query<{ da: string; en: string }>(FIND_NAMES, [clientId]);
  return rows[0] ?? null;
}
