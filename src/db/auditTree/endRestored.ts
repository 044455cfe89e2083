/**
 * Ends what a restored database would bring back to life: sessions, temporary passwords, keys that were asked
 * for, and what waits to be sent. Used only by `after-restore`, as the owner of the tables.
 */
import { sql, type Queryable } from '../database.ts';

const BURN_CHALLENGES = sql`
  WITH burnt AS (
    UPDATE key_cards SET spent = set_bit(spent, challenge::int, 1), challenge = NULL
    WHERE state IN ('active', 'sent') AND challenge IS NOT NULL AND get_bit(spent, challenge::int) = 0
    RETURNING identity_id, card_number)
  INSERT INTO audit_events (kind, identity_id, details)
  SELECT 'key_burnt', identity_id, jsonb_build_object('cardNumber', card_number) FROM burnt`;

/**
 * Spends every key that was asked for: the last thing that people may have typed, and no one knows whether
 * they did. @returns how many
 */
export async function burnPendingChallenges(db: Queryable): Promise<number> {
  return (await db.query(BURN_CHALLENGES)).rowCount;
}

// Without a clock a code that was lost with the last seconds would be accepted again; one with a clock has
// moved on.
const SKIP_LOST_CODES = sql`UPDATE code_tokens SET last_step = last_step + 1 WHERE kind = 'hotp' AND state = 'active'`;

/** The next code of a device without a clock is none: no one knows whether it was given. */
export async function skipLostCodes(db: Queryable): Promise<void> {
  await db.query(SKIP_LOST_CODES);
}

/** Sessions, grants, codes, tokens, and whatever a browser could go on with. */
const ENDED_TABLES = [
  'oidc_records',
  'own_sessions',
  'sign_ins',
  'activations',
  'confirmations',
  'door_codes',
  'posted_requests',
  'passwords_without_key',
] as const;

/** @returns how many sessions and refresh tokens there were */
export async function endAllSessions(db: Queryable): Promise<{ sessions: number; refreshTokens: number }> {
  const [counted] = (await db.query<{ sessions: number; refreshTokens: number }>(COUNT_ENDED)).rows;
  for (const table of ENDED_TABLES) await db.query(sql`${{ part: `DELETE FROM ${table}` }}`);
  await db.query(EMPTY_PUSHES);
  await db.query(STOP_EMAIL_CODES);
  return counted ?? { sessions: 0, refreshTokens: 0 };
}

const COUNT_ENDED = sql`
  SELECT count(*) FILTER (WHERE model = 'Session')::int AS sessions,
    count(*) FILTER (WHERE model = 'RefreshToken')::int AS "refreshTokens"
  FROM oidc_records WHERE ended_at IS NULL`;
const EMPTY_PUSHES = sql`UPDATE waiting_pushes SET id = NULL, request_sealed = NULL, network = NULL`;
// A code that was sent already is not sent again; the person asks for another one.
const STOP_EMAIL_CODES = sql`UPDATE email_requests SET send_at = NULL WHERE send_at IS NOT NULL`;

// The mark says whose password is ordered again.
const END_TEMPORARY_PASSWORDS = sql`
  UPDATE letters SET valid_until = now(), fault = 'restored'
  WHERE kind = 'password' AND state = 'sent' AND used_at IS NULL AND valid_until > now()`;
const LIST_ENDED_PASSWORDS = sql`
  SELECT DISTINCT identity_id AS "identityId" FROM letters
  WHERE kind = 'password' AND state = 'sent' AND fault = 'restored' ORDER BY 1`;
const SETTLE_ENDED_PASSWORD = sql`
  UPDATE letters SET fault = NULL WHERE identity_id = $1 AND kind = 'password' AND fault = 'restored'`;

/** No temporary password of a letter that has left opens anything any more. */
export async function endTemporaryPasswords(db: Queryable): Promise<void> {
  await db.query(END_TEMPORARY_PASSWORDS);
}

/** IDs whose temporary password ended, and has not been ordered again. */
export async function listEndedPasswords(db: Queryable): Promise<string[]> {
  return (await db.query<{ identityId: string }>(LIST_ENDED_PASSWORDS)).rows.map(
    ({ identityId }) => identityId,
  );
}

export async function settleEndedPassword(db: Queryable, identityId: string): Promise<void> {
  await db.query(SETTLE_ENDED_PASSWORD, [identityId]);
}

// In these states nothing is sent any more.
const HOLD_NOTICES = sql`
  UPDATE notices SET state = 'sent', fault = 'restored' WHERE state = 'waiting' AND id <> ALL($1::uuid[])`;
const HOLD_LOGOUTS = sql`
  UPDATE logouts SET state = 'given_up', fault = 'restored' WHERE state = 'waiting' AND id <> ALL($1::uuid[])`;
const ASIDE_NOTICES = sql`UPDATE notices SET state = 'set_aside', fault = 'restored' WHERE state = 'waiting'`;

/**
 * What waits in a restored database was mostly sent by the one before.
 * @param waiting what had not been sent at the end of the stream; null when it is not known
 */
export async function settleOutboxes(
  db: Queryable,
  waiting: { readonly notices: readonly string[] | null; readonly logouts: readonly string[] | null },
): Promise<{ notices: number; logouts: number }> {
  const notices = waiting.notices
    ? await db.query(HOLD_NOTICES, [waiting.notices])
    : await db.query(ASIDE_NOTICES);
  const logouts = await db.query(HOLD_LOGOUTS, [waiting.logouts ?? []]);
  return { notices: notices.rowCount, logouts: logouts.rowCount };
}

const DELETE_JOBS = sql`DELETE FROM graphile_worker._private_jobs`;

/** Repeated tasks are queued again by the nodes; what waits is in the outboxes. */
export async function deleteJobs(db: Queryable): Promise<void> {
  await db.query(DELETE_JOBS);
}

// Of another role only its name is seen.
const HAS_NODES = sql`
  SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
    AND (application_name = 'noegle-worker' OR usename = 'noegle_queue')) AS found`;

/** Whether the worker of a node is connected to this database. */
export async function hasConnectedNodes(db: Queryable): Promise<boolean> {
  return (await db.query<{ found: boolean }>(HAS_NODES)).rows[0]?.found ?? true;
}

/** `covered`: cards were left as they are. `retired`: none works, and new ones are being ordered. */
export type RestoringState = 'covered' | 'retired';

const FIND_RESTORING = sql`SELECT restoring FROM audit_tree`;
const SET_RESTORING = sql`UPDATE audit_tree SET restoring = $1`;

/** What a run that was stopped had done; null when none was. */
export async function findRestoring(db: Queryable): Promise<RestoringState | null> {
  return (await db.query<{ restoring: RestoringState | null }>(FIND_RESTORING)).rows[0]?.restoring ?? null;
}

/** @param state null: nodes may serve */
export async function setRestoring(db: Queryable, state: RestoringState | null): Promise<void> {
  await db.query(SET_RESTORING, [state]);
}

const TRY_LOCK = sql`SELECT pg_try_advisory_xact_lock(hashtext('noegle after-restore')) AS locked`;

/** @returns false while another run holds it; until the end of the transaction */
export async function lockAfterRestore(db: Queryable): Promise<boolean> {
  return (await db.query<{ locked: boolean }>(TRY_LOCK)).rows[0]?.locked ?? false;
}

// A notice says that it was done for this person.
const LIST_RETIRED = sql`
  SELECT i.id AS "identityId", c.card_number AS "cardNumber" FROM identities i, LATERAL (
    SELECT o.card_number, o.state FROM key_cards o WHERE o.identity_id = i.id ORDER BY o.ordered_at DESC, o.id DESC LIMIT 1) c
  WHERE i.id > $1 AND i.blocked_at IS NULL AND i.closed_at IS NULL AND c.state = 'void'
    AND EXISTS (SELECT FROM audit_events e WHERE e.identity_id = i.id AND e.kind = 'card_retire')
    AND NOT EXISTS (SELECT FROM notices n WHERE n.identity_id = i.id AND n.kind = 'card_retired'
      AND replace(n.details ->> 'cardNumber', '-', '') = c.card_number)
  ORDER BY i.id LIMIT $2`;

/** People whose card was retired and who have no other, in the order of their ids. */
export async function listRetired(
  db: Queryable,
  after: string,
  limit: number,
): Promise<{ readonly identityId: string; readonly cardNumber: string }[]> {
  return (await db.query<{ identityId: string; cardNumber: string }>(LIST_RETIRED, [after, limit])).rows;
}
