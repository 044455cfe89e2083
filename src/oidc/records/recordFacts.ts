/**
 * A record's payload is sealed under its id, and holds a hash of what its row says of whose it is and how long
 * it is good: who writes in the row alone has changed nothing. The provider never sees that part.
 */
import { createHash } from 'node:crypto';
import type { AdapterPayload } from 'oidc-provider';
import { RowMacMismatch, type RowFacts, type RowAuthenticator } from '../../domain/rowMac.ts';
import type { Keyring } from '../../platform/keyring.ts';

const FACTS_FIELD = 'noegle_row';
/** 128 bits: nobody finds other facts of this hash, which nobody outside sees either. */
const HASH_LENGTH = 22;

export interface OpenedRecord {
  readonly payload: AdapterPayload;
  /** Of the facts; null in one that was saved before rows were bound. */
  readonly factsHash: string | null;
}

export function openRecord(keyring: Keyring, sealed: Buffer, id: Buffer): OpenedRecord {
  const opened = JSON.parse(keyring.open('records', sealed, id)) as AdapterPayload & {
    [FACTS_FIELD]?: string;
  };
  const { [FACTS_FIELD]: factsHash = null, ...payload } = opened;
  return { payload, factsHash };
}

/** @param facts null while no row is bound */
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
