/**
 * A record's payload is sealed under its id and contains a hash of the row's owner and expiry columns.
 * Someone who can only change the row's columns therefore gains nothing. The provider never sees that field.
 */
import { createHash } from 'node:crypto';
import type { AdapterPayload } from 'oidc-provider';
import { RowMacMismatch, type RowFacts, type RowAuthenticator } from '../../domain/rowMac.ts';
import type { Keyring } from '../../platform/keyring.ts';

const FACTS_FIELD = 'noegle_row';
/**
 * 128 bits of the hash: finding other facts with the same hash is infeasible, and the hash itself is sealed.
 */
const HASH_LENGTH = 22;

export interface OpenedRecord {
  readonly payload: AdapterPayload;
  /** The hash of the facts; null in a record that was saved before rows had MACs. */
  readonly factsHash: string | null;
}

export function openRecord(keyring: Keyring, sealed: Buffer, id: Buffer): OpenedRecord {
  const opened = JSON.parse(keyring.open('records', sealed, id)) as AdapterPayload & {
    [FACTS_FIELD]?: string;
  };
  const { [FACTS_FIELD]: factsHash = null, ...payload } = opened;
  return { payload, factsHash };
}

/** @param facts null while rows have no MAC */
export function sealRecord(
  keyring: Keyring,
  { payload, facts }: { readonly payload: AdapterPayload; readonly facts: RowFacts | null },
  id: Buffer,
): Buffer {
  const whole = facts === null ? payload : { ...payload, [FACTS_FIELD]: hashFacts(facts) };
  return keyring.seal('records', JSON.stringify(whole), id);
}

export function hasMatchingFacts({ factsHash }: OpenedRecord, facts: RowFacts): boolean {
  return factsHash === hashFacts(facts);
}

/** @throws RowMacMismatch */
export function assertRecordFacts(
  rowAuthenticator: RowAuthenticator,
  opened: OpenedRecord,
  ofRow: RowFacts,
): void {
  if (rowAuthenticator.mode === 'require' && !hasMatchingFacts(opened, ofRow))
    throw new RowMacMismatch('record', String(ofRow[0]));
}

function hashFacts(facts: RowFacts): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url').slice(0, HASH_LENGTH);
}
