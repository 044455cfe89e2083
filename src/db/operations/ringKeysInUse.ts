/** Which keys of the rings the rows of the database were made with, and the checks of the rings. */
import type { Inspector } from './inspection.ts';

/**
 * Columns whose boxes live as long as their row. A box begins with the length of its key's id; the id
 * follows.
 */
const SEALED_COLUMNS: readonly (readonly [table: string, column: string])[] = [
  ['people', 'cpr_sealed'],
  ['people', 'address_sealed'],
  ['people', 'email_sealed'],
  ['people', 'former_address_sealed'],
  ['people', 'next_email_sealed'],
  ['register_entries', 'entry_sealed'],
  ['applications', 'form_sealed'],
  ['signing_keys', 'private_jwk_sealed'],
  ['email_requests', 'email_sealed'],
];

export interface RingKeyInUse {
  readonly ring: 'seal' | 'cards';
  readonly kid: string;
  readonly rows: number;
  /** `table.column`. */
  readonly column: string;
}

const sealedSql = (table: string, column: string): string => `
  SELECT 'seal' AS ring, convert_from(substr(${column}, 2, get_byte(${column}, 0) & 127), 'SQL_ASCII') AS kid,
    count(*)::int AS rows, '${table}.${column}' AS column
  FROM ${table} WHERE octet_length(${column}) > 30 GROUP BY 2`;
const CARDS = `
  SELECT 'cards' AS ring, kid, count(*)::int AS rows, 'key_cards.kid' AS column FROM key_cards GROUP BY kid`;

/** @throws Error of the server, also when it takes too long */
export async function listRingKeysInUse(inspector: Inspector): Promise<RingKeyInUse[]> {
  const found: RingKeyInUse[] = [];
  for (const [table, column] of SEALED_COLUMNS)
    found.push(...(await inspector.query<RingKeyInUse>(sealedSql(table, column))));
  return [...found, ...(await inspector.query<RingKeyInUse>(CARDS))];
}

const KEY_CHECKS = `SELECT key_checks AS checks FROM installation`;

/** The check value of each ring that the database was made with; null before the first start. */
export async function findKeyChecks(inspector: Inspector): Promise<Readonly<Record<string, string>> | null> {
  return (await inspector.query<{ checks: Record<string, string> }>(KEY_CHECKS))[0]?.checks ?? null;
}

const SIGNING_KEYS = `
  SELECT kid, alg, state, extract(epoch FROM clock_timestamp() - since)::float8 / 86400 AS days FROM signing_keys`;

export interface SigningKeyAge {
  readonly kid: string;
  readonly alg: string;
  readonly state: string;
  readonly days: number;
}

export async function listSigningKeyAges(inspector: Inspector): Promise<SigningKeyAge[]> {
  return await inspector.query<SigningKeyAge>(SIGNING_KEYS);
}

const ADDRESSES = `
  SELECT client_id AS "clientId", metadata ->> 'jwks_uri' AS jwks,
    metadata ->> 'backchannel_logout_uri' AS logout
  FROM relying_parties
  WHERE state = 'active' AND (metadata ? 'jwks_uri' OR metadata ? 'backchannel_logout_uri') ORDER BY 1 LIMIT $1`;

/** What Nøgle calls at a relying party. */
export interface ClientAddresses {
  readonly clientId: string;
  readonly jwks: string | null;
  readonly logout: string | null;
}

export async function listClientAddresses(inspector: Inspector, limit: number): Promise<ClientAddresses[]> {
  return await inspector.query<ClientAddresses>(ADDRESSES, [limit]);
}
