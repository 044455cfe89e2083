/** Which keys of the rings the rows of the database were made with, and the checks of the rings. */
import {
  CARD_KIDS,
  countCardsInUse,
  countPasswords,
  countSeeds,
  HEAD_HAS_KID,
  HEAD_KID,
  KID,
  SEALED_COLUMNS,
  selectHeads,
} from '../keyIds.ts';
import type { Inspector } from './inspection.ts';

/** In addition to what a start compares: these values stay for weeks at most. */
const ALSO_SEALED: readonly (readonly [table: string, column: string])[] = [
  ['people', 'former_address_sealed'],
  ['people', 'next_email_sealed'],
  ['email_requests', 'email_sealed'],
];

/** How many values of each column are read, so that it ends in time with a million people. */
export const RING_KEY_SAMPLE = 20_000;

export interface RingKeyInUse {
  readonly ring: 'seal' | 'cards' | 'tokens';
  readonly kid: string;
  readonly rows: number;
  /** `table.column`. */
  readonly column: string;
  /** A password: a retired key is enough. */
  readonly isPassword?: boolean;
}

const countHeads = (table: string, column: string): string => `
  SELECT 'seal' AS ring, ${HEAD_KID} AS kid, count(*)::int AS rows, '${table}.${column}' AS column
  FROM ${selectHeads(table, column, RING_KEY_SAMPLE)} AS heads WHERE ${HEAD_HAS_KID} GROUP BY 2`;
const CARDS = `
  ${CARD_KIDS}
  SELECT ring, kid, many AS rows, 'key_cards.kid' AS column FROM (${countCardsInUse(RING_KEY_SAMPLE)}) AS counted`;

const SEEDS = `
  SELECT ring, kid, rows, 'code_tokens.seed_sealed' AS column FROM (${countSeeds(RING_KEY_SAMPLE)}) AS counted`;

/** Where no MAC is required, its key may be gone. */
const BINDING = `SELECT binding FROM installation`;
const PASSWORDS = `
  SELECT ring, kid, many AS rows, 'identities.password_hash' AS column, true AS "isPassword"
  FROM (${countPasswords(RING_KEY_SAMPLE)}) AS counted`;

/** @throws Error of the server, also when it takes too long */
export async function listRingKeysInUse(inspector: Inspector): Promise<RingKeyInUse[]> {
  const found: RingKeyInUse[] = [];
  const [installation] = await inspector.query<{ binding: string | null }>(BINDING);
  for (const [table, column] of [...SEALED_COLUMNS, ...ALSO_SEALED]) {
    if (column === 'mac' && installation?.binding !== 'require') continue;
    found.push(...(await inspector.query<RingKeyInUse>(countHeads(table, column))));
  }
  found.push(...(await inspector.query<RingKeyInUse>(CARDS)));
  found.push(...(await inspector.query<RingKeyInUse>(SEEDS)));
  found.push(...(await inspector.query<RingKeyInUse>(PASSWORDS)));
  return found.filter(({ kid, rows }) => KID.test(kid) && rows > 0);
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
