/**
 * Reads the security keys that a person may sign in with, and defines what the MAC of a row covers. The
 * rest of their life: securityKeyLife.ts.
 */
import type { SecurityKey } from '../../domain/factors/securityKey.ts';
import { assertBound, bytesToFact, type RowFacts } from '../../domain/rowMac.ts';
import { sqlFragment, type Queryable } from '../database.ts';

/**
 * Those of the identity `i` that are accepted now, the last used first, as JSON; null when there are none.
 * They come with the row of the sign-in, so that they take no statement of their own.
 */
export const SECURITY_KEYS_COLUMN = sqlFragment`
  (SELECT jsonb_agg(jsonb_build_object(
      'id', y.id, 'credential_id', encode(y.credential_id, 'hex'), 'public_key', encode(y.public_key, 'hex'),
      'sign_count', y.sign_count, 'transports', y.transports, 'is_synced', y.is_synced,
      'is_attested', y.is_attested, 'counts_from', y.counts_from, 'mac', encode(y.mac, 'hex'))
      ORDER BY y.last_used_at DESC NULLS LAST, y.added_at, y.id)
   FROM security_keys y WHERE y.identity_id = i.id AND y.ended_at IS NULL) AS security_keys`;

interface SecurityKeyJson {
  id: string;
  credential_id: string;
  public_key: string;
  sign_count: number;
  transports: string[];
  is_synced: boolean;
  is_attested: boolean;
  counts_from: string;
  mac: string | null;
}

export type SecurityKeysJson = readonly SecurityKeyJson[] | null;

/** A security key as it was read, with the MAC of its row. */
export interface StoredSecurityKey extends SecurityKey {
  readonly mac: Buffer | null;
}

export function readSecurityKeys(identityId: string | null, json: SecurityKeysJson): StoredSecurityKey[] {
  if (identityId === null) return [];
  return (json ?? []).map((one) => ({
    id: one.id,
    identityId,
    credentialId: Buffer.from(one.credential_id, 'hex'),
    publicKey: Buffer.from(one.public_key, 'hex'),
    signCount: one.sign_count,
    transports: one.transports,
    isSynced: one.is_synced,
    isAttested: one.is_attested,
    countsFrom: new Date(one.counts_from),
    mac: one.mac === null ? null : Buffer.from(one.mac, 'hex'),
  }));
}

/** What the MAC of a row covers. A row that has ended has another one: no one can revive it. */
export interface SecurityKeyFacts extends Omit<SecurityKey, 'signCount' | 'transports'> {
  readonly endedAt: Date | null;
}

export function listSecurityKeyFacts(key: SecurityKeyFacts): RowFacts {
  const { id, identityId, credentialId, publicKey, isSynced, isAttested, countsFrom, endedAt } = key;
  return [
    id,
    identityId,
    bytesToFact(credentialId),
    bytesToFact(publicKey),
    isSynced,
    isAttested,
    countsFrom.getTime(),
    endedAt?.getTime() ?? null,
  ];
}

/** @throws RowMacMismatch */
export function assertSecurityKeyBound(db: Queryable, key: StoredSecurityKey): void {
  const facts = listSecurityKeyFacts({ ...key, endedAt: null });
  assertBound(db.rowAuthenticator, 'security key', { facts, mac: key.mac });
}
