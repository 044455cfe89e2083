/**
 * Networks from which a person signed in with a key in the last 90 days. They have separate password
 * attempts, as known browsers have, so that strangers in other networks do not lock the person out. A network
 * is stored under a keyed hash.
 */
import { RETENTION_DAYS } from '../../domain/retention.ts';
import { sql, type Queryable, type SqlFragment } from '../database.ts';

/** The maximum for a person; the one that was seen longest ago is removed. */
const MAX_KNOWN_NETWORKS = 8;
const KNOWN_NETWORK_DAYS = RETENTION_DAYS.knownNetworks;

/**
 * `LEFT JOIN known_networks k ON ...`, after the identity `i`: `k.tries` is the subject of the network's
 * attempts row, null where the person is not known to have signed in from it.
 * @param network the parameter with the keyed hash; null for none
 * @param now the time by the rules' clock, as SQL
 */
export function composeKnownNetworkJoin(network: string, now: string): SqlFragment {
  return {
    part: `LEFT JOIN known_networks k ON k.identity_id = i.id AND k.network = ${network}::bytea
    AND k.seen_at > ${now} - interval '${KNOWN_NETWORK_DAYS} days'`,
  };
}

/**
 * `known_network AS (...), former_networks AS (...)`, next to the part `spent`, which has a row with
 * `identity_id` when a key was spent, and after the identity was locked. A network that was seen within a day
 * is not updated.
 * @param network, tries, now the parameters; `network` is null for a sign-in that leaves no network
 */
export function composeKnownNetworkUpsert({
  network,
  tries,
  now,
}: {
  network: string;
  tries: string;
  now: string;
}): SqlFragment {
  return {
    part: `known_network AS (
    INSERT INTO known_networks AS n (identity_id, network, tries, seen_at)
    SELECT identity_id, ${network}::bytea, ${tries}::bytea, ${now}::timestamptz FROM spent
    WHERE ${network}::bytea IS NOT NULL
    ON CONFLICT (identity_id, network) DO UPDATE SET seen_at = excluded.seen_at
    WHERE n.seen_at < excluded.seen_at - interval '1 day'
  ), former_networks AS (
    DELETE FROM known_networks WHERE (identity_id, network) IN (
      SELECT f.identity_id, f.network FROM known_networks f
      WHERE f.identity_id = (SELECT identity_id FROM spent) AND f.network <> ${network}::bytea
      ORDER BY f.seen_at DESC OFFSET ${MAX_KNOWN_NETWORKS - 1})
  )`,
  };
}

const DELETE_NETWORK = sql`DELETE FROM known_networks WHERE identity_id = $1 AND network = $2`;

/**
 * Deletes a network from which too many wrong answers in a row came. Exactly one concurrent caller succeeds.
 * @returns false when it was not known any longer
 */
export async function deleteKnownNetwork(
  db: Queryable,
  identityId: string,
  network: Buffer,
): Promise<boolean> {
  return (await db.query(DELETE_NETWORK, [identityId, network])).rowCount === 1;
}

const DELETE_NETWORKS = sql`DELETE FROM known_networks WHERE identity_id = $1`;

/** Deletes all known networks of an identity that was blocked. */
export async function deleteKnownNetworks(db: Queryable, identityId: string): Promise<void> {
  await db.query(DELETE_NETWORKS, [identityId]);
}
