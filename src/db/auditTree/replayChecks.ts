/** What in a restored database is open again although the stream shows that it was not. */
import { sql, type Queryable } from '../database.ts';

const LIST_OPEN_AGAIN = sql`
  SELECT c.id::text AS id FROM jsonb_populate_recordset(NULL::key_cards, $1::jsonb) r JOIN key_cards c ON c.id = r.id
  WHERE (c.spent & r.spent) <> r.spent
     OR (r.state IN ('blocked', 'replaced', 'used_up', 'void') AND c.state IN ('ordered', 'sent', 'active'))`;

/** @param cards rows as they were streamed. @returns ids of cards that have a spent key open */
export async function listOpenAgain(db: Queryable, cards: readonly object[]): Promise<string[]> {
  if (cards.length === 0) return [];
  return (await db.query<{ id: string }>(LIST_OPEN_AGAIN, [JSON.stringify(cards)])).rows.map(({ id }) => id);
}

const LIST_TOKENS_OPEN_AGAIN = sql`
  SELECT t.id::text AS id FROM jsonb_populate_recordset(NULL::code_tokens, $1::jsonb) r JOIN code_tokens t ON t.id = r.id
  WHERE t.last_step < r.last_step OR (r.ended_at IS NOT NULL AND t.ended_at IS NULL)`;

/**
 * @param tokens rows as they were streamed. @returns ids of code tokens that accept a code again, or live
 *   again
 */
export async function listTokensOpenAgain(db: Queryable, tokens: readonly object[]): Promise<string[]> {
  if (tokens.length === 0) return [];
  const { rows } = await db.query<{ id: string }>(LIST_TOKENS_OPEN_AGAIN, [JSON.stringify(tokens)]);
  return rows.map(({ id }) => id);
}

const LIST_REOPENED = sql`SELECT id::text AS id FROM identities WHERE id = ANY($1::uuid[]) AND blocked_at IS NULL`;

export async function listReopened(db: Queryable, ids: readonly string[]): Promise<string[]> {
  return (await db.query<{ id: string }>(LIST_REOPENED, [ids])).rows.map(({ id }) => id);
}

const COUNT_LIVE = sql`
  SELECT count(*)::int AS many FROM oidc_records WHERE model IN ('Session', 'RefreshToken') AND ended_at IS NULL`;

export async function countLiveSessions(db: Queryable): Promise<number> {
  return (await db.query<{ many: number }>(COUNT_LIVE)).rows[0]?.many ?? 0;
}
