/**
 * Networks from which a person signed in with a key in the last 90 days. They have tries of their own at the
 * password, as known browsers have: strangers elsewhere do not lock their person out. A network is kept under
 * a keyed hash.
 */
import { sql, type Queryable, type SqlFragment } from '../database.ts';

/** How many a person has at most; the one that was seen longest ago goes. */
const MAX_KNOWN_NETWORKS = 8;
const KNOWN_NETWORK_DAYS = 90;

/**
 * `LEFT JOIN known_networks k ON ...`, after the identity `i`: `k.tries` is the subject of the network's row
 * of tries, null where the person is not known to have signed in from there.
 * @param network the parameter with the keyed hash; null for none.
 * @param now the time by the rules' clock, as SQL.
 */
export function composeKnownNetworkJoin(network: string, now: string): SqlFragment {
  return {
    part: `LEFT JOIN known_networks k ON k.identity_id = i.id AND k.network = ${network}::bytea
    AND k.seen_at > ${now} - interval '${KNOWN_NETWORK_DAYS} days'`,
  };
}

/**
 * `known_network AS (...), former_networks AS (...)`, beside the part `spent` that has a row with
 * `identity_id` where a key was spent, and after the identity was locked. A network that was seen within a
 * day is left as it is.
 * @param network, tries, now the parameters; `network` null for a sign-in that leaves no network.
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

/** Too many wrong ones in a row came from there. One winner: false when it was not known any more. */
export async function deleteKnownNetwork(
  db: Queryable,
  identityId: string,
  network: Buffer,
): Promise<boolean> {
  return (await db.query(DELETE_NETWORK, [identityId, network])).rowCount === 1;
}

const DELETE_NETWORKS = sql`DELETE FROM known_networks WHERE identity_id = $1`;

/** All of an identity: it was blocked. */
export async function deleteKnownNetworks(db: Queryable, identityId: string): Promise<void> {
  await db.query(DELETE_NETWORKS, [identityId]);
}
