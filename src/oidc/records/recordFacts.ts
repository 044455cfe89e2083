/**
 * A record's payload is sealed under its id, and holds a hash of what its row says of whose it is and how long
 * it is good: who writes in the row alone has changed nothing. The provider never sees that part.
 */
import { createHash } from 'node:crypto';
import type { AdapterPayload } from 'oidc-provider';
import { WrongRow, type Facts, type RowMacs } from '../../core/binding/rowMac.ts';
import type { Keyring } from '../../platform/keyring.ts';

const ROW = 'noegle_row';
/** 128 bits: nobody finds other facts of this hash, which nobody outside sees either. */
const HASH_SIGNS = 22;

export interface OpenedRecord {
  readonly payload: AdapterPayload;
  /** Of the facts; null in one that was saved before rows were bound. */
  readonly factsHash: string | null;
}

export function openRecord(keyring: Keyring, sealed: Buffer, id: Buffer): OpenedRecord {
  const opened = JSON.parse(keyring.open('records', sealed, id)) as AdapterPayload & { [ROW]?: string };
  const { [ROW]: factsHash = null, ...payload } = opened;
  return { payload, factsHash };
}

/** @param facts null while no row is bound */
export function sealRecord(
  keyring: Keyring,
  { payload, facts }: { readonly payload: AdapterPayload; readonly facts: Facts | null },
  id: Buffer,
): Buffer {
  const whole = facts === null ? payload : { ...payload, [ROW]: hashOf(facts) };
  return keyring.seal('records', JSON.stringify(whole), id);
}

export function areFactsOf({ factsHash }: OpenedRecord, facts: Facts): boolean {
  return factsHash === hashOf(facts);
}

/** @throws WrongRow */
export function assertFacts(macs: RowMacs, opened: OpenedRecord, ofRow: Facts): void {
  if (macs.mode === 'require' && !areFactsOf(opened, ofRow)) throw new WrongRow('record', String(ofRow[0]));
}

function hashOf(facts: Facts): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url').slice(0, HASH_SIGNS);
}
