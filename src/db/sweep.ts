/**
 * Removes expired rows, a few thousand at a time, so that no sweep blocks a request. Audit events, cards and
 * letters stay. A record of the provider, except a pushed request, stays a day past its end: a request in
 * progress may still save it, and must find the tombstone.
 */
import { RETENTION_DAYS, type RetentionKind } from '../domain/retention.ts';
import { sql, type Queryable, type SqlFragment, type Statement } from './database.ts';

const LIMIT = 2_000;

/** The interval for which a kind of data is kept. */
const retention = (kind: RetentionKind): SqlFragment => ({ part: `interval '${RETENTION_DAYS[kind]} days'` });

/** $1 is the time of the rules' clock, $2 the maximum of rows. */
const SWEEPS_BY_RULES: readonly Statement[] = [
  sql`DELETE FROM sign_ins WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM sign_ins WHERE expires_at < $1::timestamptz - ${retention('requests')} LIMIT $2))`,
  sql`DELETE FROM activations WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM activations WHERE expires_at < $1::timestamptz - interval '1 hour' LIMIT $2))`,
  sql`DELETE FROM attempts WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM attempts WHERE expires_at < $1::timestamptz - ${retention('requests')}
      AND (in_a_row = 0 OR expires_at < $1::timestamptz - ${retention('wrongInARow')}) LIMIT $2))`,
  // Batched writers lock these rows in another order: locked rows are left for the next sweep.
  sql`DELETE FROM network_tries WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM network_tries WHERE at < $1::timestamptz - ${retention('requests')} LIMIT $2
    FOR UPDATE SKIP LOCKED))`,
  sql`DELETE FROM known_browsers WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM known_browsers WHERE since < $1::timestamptz - ${retention('browsers')} LIMIT $2))`,
  sql`DELETE FROM known_networks WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM known_networks WHERE seen_at < $1::timestamptz - ${retention('knownNetworks')} LIMIT $2))`,
  // As long as a known browser: its owner may come without a notice, and still makes it one of several
  // people.
  sql`DELETE FROM notice_browsers WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM notice_browsers WHERE seen_at < $1::timestamptz - ${retention('browsers')} LIMIT $2))`,
  // Kept for a while after they expire: the latest one decides whether another may be ordered.
  sql`DELETE FROM door_codes WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM door_codes WHERE valid_until < $1::timestamptz - ${retention('signInCodes')} LIMIT $2))`,
  sql`DELETE FROM new_passwords WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM new_passwords WHERE ordered_at < $1::timestamptz - ${retention('newPasswords')} LIMIT $2))`,
  sql`DELETE FROM notices WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM notices WHERE state = 'sent' AND at < $1::timestamptz - ${retention('notices')} LIMIT $2))`,
  sql`DELETE FROM confirmations WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM confirmations WHERE expires_at < $1::timestamptz - interval '1 hour' LIMIT $2))`,
  // An e-mail address that another has replaced.
  sql`UPDATE people SET email_sealed = next_email_sealed, next_email_sealed = NULL, next_email_from = NULL,
    email_confirmed = CASE WHEN next_email_sealed IS NOT NULL THEN coalesce(next_email_confirmed, email_confirmed) END,
    next_email_confirmed = NULL
    WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM people WHERE next_email_from < $1::timestamptz - ${retention('replacedEmail')} LIMIT $2))
      AND next_email_from < $1::timestamptz - ${retention('replacedEmail')}`,
  sql`DELETE FROM security_keys WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM security_keys WHERE ended_at < $1::timestamptz - ${retention('endedSecurityKeys')} LIMIT $2))`,
  // The first refusal of each kind stays as an event.
  sql`DELETE FROM desk_refusals WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM desk_refusals WHERE last_at < $1::timestamptz - ${retention('deskRefusals')} LIMIT $2))`,
  // A change whose code no one entered, and the address of an application.
  sql`DELETE FROM email_requests WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM email_requests
    WHERE given_at < $1::timestamptz
      - CASE kind WHEN 'given' THEN ${retention('applicationEmail')} ELSE ${retention('unconfirmedEmail')} END
    LIMIT $2))`,
  sql`DELETE FROM own_sessions WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM own_sessions WHERE seen_at < $1::timestamptz - interval '1 day' LIMIT $2))`,
];

/** Swept by real time, which the provider and relying parties use. */
const SWEEPS_BY_CLOCK: readonly Statement[] = [
  // A pushed request may be large, and is saved once, so that no request has to find its tombstone. The index
  // by time gives what expired in the last hour; rows that were not reached are removed with the other
  // records.
  sql`DELETE FROM oidc_records WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM oidc_records WHERE model = 'PushedAuthorizationRequest'
      AND expires_at < now() AND expires_at > now() - interval '1 hour' LIMIT $1))`,
  sql`DELETE FROM oidc_records WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM oidc_records WHERE expires_at < now() - interval '1 day' LIMIT $1))`,
  sql`DELETE FROM posted_requests WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM posted_requests WHERE expires_at < now() LIMIT $1))`,
  // The places stay.
  sql`UPDATE waiting_pushes SET id = NULL, request_sealed = NULL, network = NULL WHERE place = ANY(ARRAY(
    SELECT place FROM waiting_pushes WHERE id IS NOT NULL AND expires_at < now() LIMIT $1
    FOR UPDATE SKIP LOCKED))`,
  sql`DELETE FROM replay_ids WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM replay_ids WHERE expires_at < now() - interval '1 day' LIMIT $1))`,
  sql`DELETE FROM initial_access_tokens WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM initial_access_tokens WHERE expires_at < now() - interval '1 day' LIMIT $1))`,
  sql`DELETE FROM logouts WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM logouts WHERE state <> 'waiting' AND try_at < now() - interval '1 day' LIMIT $1))`,
];

const NOW = sql`SELECT clock_timestamp() + $1::float8 * interval '1 ms' AS now`;

/**
 * Sweeps one round. A table that takes too long does not delay the others. The time is the database's: a node
 * whose clock is ahead removes nothing that is still valid.
 * @param offsetMs by how much the rules' clock is ahead of real time
 * @returns true when there may be more
 */
export async function sweepExpiredRows(
  db: Queryable,
  offsetMs: number,
  onFault: (error: unknown) => void,
): Promise<boolean> {
  const now = (await db.query<{ now: Date }>(NOW, [offsetMs])).rows[0]?.now;
  let isFull = false;
  const count = async (statement: Statement, values: readonly unknown[]) => {
    try {
      return (await db.query(statement, values)).rowCount;
    } catch (error) {
      onFault(error);
      return 0;
    }
  };
  for (const statement of SWEEPS_BY_RULES) {
    isFull = (await count(statement, [now, LIMIT])) === LIMIT || isFull;
  }
  for (const statement of SWEEPS_BY_CLOCK) {
    isFull = (await count(statement, [LIMIT])) === LIMIT || isFull;
  }
  return isFull;
}
