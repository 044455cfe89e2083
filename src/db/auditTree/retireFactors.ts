/**
 * No factor of anyone works any more: what a restored database believes may have ended since. Used only by
 * `after-restore`, as the owner of the tables.
 */
import { HELD_FACTORS, type HeldFactorKind } from '../../domain/factors/heldFactors.ts';
import { sql, type Queryable } from '../database.ts';

const RETIRE_CARDS = sql`
  WITH retired AS (
    UPDATE key_cards SET state = 'void', challenge = NULL WHERE state IN ('ordered', 'sent', 'active')
    RETURNING identity_id, card_number)
  INSERT INTO audit_events (kind, identity_id, details)
  SELECT 'card_retire', identity_id, jsonb_build_object('cardNumber', card_number, 'by', 'system') FROM retired`;

// New ones are ordered, and people told, after the transaction (features/auditLog/orderAfterRestore.ts).
async function retireCards(db: Queryable): Promise<number> {
  return (await db.query(RETIRE_CARDS)).rowCount;
}

const RETIRE_TOKENS = sql`
  WITH retired AS (
    UPDATE code_tokens SET state = 'void', ended_at = now(), activates_at = NULL, mac = NULL
    WHERE state IN ('ordered', 'sent', 'active') RETURNING identity_id, serial_number
  ), written AS (
    INSERT INTO audit_events (kind, identity_id, details)
    SELECT 'code_token_lost', identity_id, jsonb_build_object('serialNumber', serial_number, 'by', 'system') FROM retired)
  INSERT INTO notices (id, identity_id, kind, details, at)
  SELECT gen_random_uuid(), identity_id, 'code_token_retired', '{}', $1::timestamptz FROM retired GROUP BY identity_id`;

async function retireCodeTokens(db: Queryable, now: Date): Promise<number> {
  return (await db.query(RETIRE_TOKENS, [now])).rowCount;
}

// A row that has ended without a MAC is as one that was never written right: nothing revives it.
const RETIRE_SECURITY_KEYS = sql`
  WITH retired AS (
    UPDATE security_keys SET ended_at = now(), end_reason = 'blocked', mac = NULL
    WHERE ended_at IS NULL RETURNING id, identity_id
  ), written AS (
    INSERT INTO audit_events (kind, identity_id, details)
    SELECT 'security_key_ended', identity_id, jsonb_build_object('securityKey', id, 'end', 'blocked', 'by', 'system') FROM retired)
  INSERT INTO notices (id, identity_id, kind, details, at)
  SELECT gen_random_uuid(), identity_id, 'security_key_ended', jsonb_build_object('many', count(*), 'by', 'system', 'at', $1::text),
    $1::timestamptz
  FROM retired GROUP BY identity_id`;

async function retireSecurityKeys(db: Queryable, now: Date): Promise<number> {
  return (await db.query(RETIRE_SECURITY_KEYS, [now.toISOString()])).rowCount;
}

const RETIRE: Readonly<Record<HeldFactorKind, (db: Queryable, now: Date) => Promise<number>>> = {
  card: retireCards,
  security_key: retireSecurityKeys,
  code_token: retireCodeTokens,
};

/** @returns of each kind: cards that worked, or were on their way; people who were told of the others */
export async function retireAllFactors(db: Queryable, now: Date): Promise<Record<HeldFactorKind, number>> {
  const retired = { card: 0, security_key: 0, code_token: 0 };
  for (const kind of HELD_FACTORS) retired[kind] = await RETIRE[kind](db, now);
  return retired;
}
