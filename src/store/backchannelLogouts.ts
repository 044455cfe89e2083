/** Whom a log-out has to be told to, into the queue, in the transaction that ends the sessions. */
import { sql, type Queryable } from './database.ts';

/** The task that jobs/ runs; its payload is `{ accountId, clientId }`. */
export const BACKCHANNEL_LOGOUT = 'backchannelLogout';

const QUEUE = sql`
  SELECT graphile_worker.add_job('backchannelLogout',
    json_build_object('accountId', $1::text, 'clientId', client_id), max_attempts => 20)
  FROM (
    SELECT DISTINCT r.client_id FROM oidc_records r JOIN relying_parties p ON p.client_id = r.client_id
    WHERE r.account_id = $1::uuid AND r.ended_at IS NULL AND r.expires_at > now()
      AND p.metadata ? 'backchannel_logout_uri') AS told`;

const QUEUE_ONE = sql`
  SELECT graphile_worker.add_job('backchannelLogout',
    json_build_object('accountId', $1::text, 'clientId', $2::text), max_attempts => 20)`;

/** One relying party, because its session was ended there or elsewhere. */
export async function queueBackchannelLogout(
  db: Queryable,
  identityId: string,
  clientId: string,
): Promise<void> {
  await db.query(QUEUE_ONE, [identityId, clientId]);
}

/** One job for each relying party that holds something of this identity and wants to be told. */
export async function queueBackchannelLogouts(db: Queryable, identityId: string): Promise<void> {
  await db.query(QUEUE, [identityId]);
}
