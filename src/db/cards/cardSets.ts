/**
 * A person's card set, which domain/card/cardLife.ts decides about as a whole, and the moves that result. The
 * set is read under a lock on its identity: spending, blocking, ordering and activation of one person are
 * serialized.
 */
import { readCardMove, type CardMove, type CardState, type CardSet } from '../../domain/card/cardLife.ts';
import type { Day } from '../../domain/calendar.ts';
import {
  assertIdentityBound,
  LATER_TIME,
  restrictIdentity,
  type IntendedIdentityFacts,
} from '../binding/identityMac.ts';
import { sql, type Queryable } from '../database.ts';

interface CardOwnerRow {
  blocked: boolean;
  threshold: number;
  has_address: boolean;
}

interface CardStatusRow {
  id: string;
  card_number: string;
  state: CardState;
  keys_left: number;
  replaces_lost: boolean;
  activates_at: Date | null;
}

/** The card set, with the card numbers that people see. */
export interface StoredCardSet extends CardSet {
  readonly cardNumbers: ReadonlyMap<string, string>;
}

const LOCK_OWNER = sql`
  SELECT i.blocked_at IS NOT NULL AS blocked, i.threshold, p.address_sealed IS NOT NULL AS has_address
  FROM identities i JOIN people p ON p.id = i.person_id
  WHERE i.id = $1 FOR NO KEY UPDATE OF i`;
const FIND_CARDS = sql`
  SELECT id, card_number, state, 148 - bit_count(spent)::int AS keys_left, replaces_lost, activates_at
  FROM key_cards WHERE identity_id = $1 ORDER BY ordered_at, id`;

/**
 * Locks the identity: within a transaction no one else moves these cards until it ends.
 * @returns false when there is no such identity
 * @throws RowMacMismatch when the row's MAC is wrong
 */
export async function lockIdentity(db: Queryable, identityId: string): Promise<boolean> {
  if ((await db.query(LOCK_OWNER, [identityId])).rowCount !== 1) return false;
  await assertIdentityBound(db, identityId);
  return true;
}

/** Takes the same lock without verifying the MAC, and reads the card set: a block must work on every row. */
export async function lockCardSet(db: Queryable, identityId: string): Promise<StoredCardSet | null> {
  const owner = (await db.query<CardOwnerRow>(LOCK_OWNER, [identityId])).rows[0];
  if (!owner) return null;
  const { rows } = await db.query<CardStatusRow>(FIND_CARDS, [identityId]);
  return {
    isBlocked: owner.blocked,
    threshold: owner.threshold,
    hasAddress: owner.has_address,
    cards: rows.map((row) => ({
      id: row.id,
      state: row.state,
      keysLeft: row.keys_left,
      replacesLost: row.replaces_lost,
      activatesAt: row.activates_at,
    })),
    cardNumbers: new Map(rows.map((row) => [row.id, row.card_number])),
  };
}

// A card in use waits no more, also where a key of the old one or the desk ended its wait early.
const MOVE_CARD = sql`
  UPDATE key_cards SET state = $3, challenge = NULL, activates_at = CASE WHEN $3 <> 'active' THEN activates_at END
  WHERE id = $1 AND state = ANY($2::text[])`;

/**
 * Exactly one concurrent caller succeeds.
 * @returns false when the card is in no state from which this move is possible
 */
export async function moveCard(db: Queryable, cardId: string, move: CardMove): Promise<boolean> {
  const { from, to } = readCardMove(move);
  return (await db.query(MOVE_CARD, [cardId, from, to])).rowCount === 1;
}

const MARK_SENT = sql`
  UPDATE key_cards SET state = $3, expected_from = $4, expected_to = $5
  WHERE id = $1 AND state = ANY($2::text[])`;

/** The move `send`, with the days on which the card is expected. */
export async function markCardSent(
  db: Queryable,
  cardId: string,
  expected: { from: Day; to: Day },
): Promise<boolean> {
  const { from, to } = readCardMove('send');
  return (await db.query(MARK_SENT, [cardId, from, to, expected.from, expected.to])).rowCount === 1;
}

const START_WAIT = sql`
  UPDATE key_cards SET activates_at = $2 WHERE id = $1 AND state = 'sent' AND activates_at IS NULL`;

export async function startCardWait(db: Queryable, cardId: string, opensAt: Date): Promise<boolean> {
  return (await db.query(START_WAIT, [cardId, opensAt])).rowCount === 1;
}

const SET_THRESHOLD = sql`UPDATE identities SET threshold = $2 WHERE id = $1 AND threshold <> $2`;

/** @returns false when the threshold was that already */
export async function setThreshold(db: Queryable, identityId: string, threshold: number): Promise<boolean> {
  return (await db.query(SET_THRESHOLD, [identityId, threshold])).rowCount === 1;
}

const END_IDENTITY = sql`
  UPDATE identities SET ended_at = date_trunc('milliseconds', clock_timestamp()),
    blocked_at = CASE WHEN $2 THEN coalesce(blocked_at, $3) ELSE blocked_at END
  WHERE id = $1`;

/**
 * Ends every session, grant and token of the identity from this commit on, also those that a request in
 * progress saves later: db/oidc/oidcRecords.ts compares them with the time of their sign-in.
 * @param block also blocks the identity: no password is accepted any longer
 */
export async function endIdentity(
  db: Queryable,
  identityId: string,
  { block, now }: { block: boolean; now: Date },
): Promise<void> {
  const intended: IntendedIdentityFacts = block
    ? { endedAt: LATER_TIME, isBlocked: true }
    : { endedAt: LATER_TIME };
  await restrictIdentity(db, identityId, intended, () => db.query(END_IDENTITY, [identityId, block, now]));
}

const FIND_DUE = sql`
  SELECT identity_id, true AS waited FROM (
    SELECT identity_id FROM key_cards WHERE state = 'sent' AND activates_at IS NOT NULL AND activates_at <= $1
    ORDER BY activates_at LIMIT $3) AS over
  UNION ALL
  SELECT identity_id, false FROM (
    SELECT identity_id FROM key_cards WHERE state = 'sent' AND expected_to < $2 AND activates_at IS NULL
    ORDER BY expected_to LIMIT $3) AS late`;

/**
 * Finds identities whose card has waited long enough, or should have arrived before `lateBefore`; at most
 * `limit` of each.
 */
export async function findDueCards(
  db: Queryable,
  { now, lateBefore, limit }: { now: Date; lateBefore: Day; limit: number },
): Promise<{ identityId: string; waited: boolean }[]> {
  const { rows } = await db.query<{ identity_id: string; waited: boolean }>(FIND_DUE, [
    now,
    lateBefore,
    limit,
  ]);
  return rows.map((row) => ({ identityId: row.identity_id, waited: row.waited }));
}
