/**
 * A record's payload is sealed under its id, and repeats what its row says of whose it is and how long it
 * is good: who writes in the row alone has changed nothing. The provider never sees that part.
 */
import type { AdapterPayload } from 'oidc-provider';
import { WrongRow, type Facts, type RowMacs } from '../../core/binding/rowMac.ts';
import type { Keyring } from '../../platform/keyring.ts';

const ROW = 'noegle_row';

export interface OpenedRecord {
  readonly payload: AdapterPayload;
  /** Null in one that was saved before rows were bound. */
  readonly facts: Facts | null;
}

export function openRecord(keyring: Keyring, sealed: Buffer, id: Buffer): OpenedRecord {
  const opened = JSON.parse(keyring.open('records', sealed, id)) as AdapterPayload & { [ROW]?: Facts };
  const { [ROW]: facts = null, ...payload } = opened;
  return { payload, facts };
}

/** @param facts null while no row is bound */
export function sealRecord(keyring: Keyring, { payload, facts }: OpenedRecord, id: Buffer): Buffer {
  const whole = facts === null ? payload : { ...payload, [ROW]: facts };
  return keyring.seal('records', JSON.stringify(whole), id);
}

export function areSameFacts(one: Facts | null, other: Facts): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** @throws WrongRow */
export function assertFacts(macs: RowMacs, { facts }: OpenedRecord, ofRow: Facts): void {
  if (macs.mode === 'require' && !areSameFacts(facts, ofRow)) throw new WrongRow('record', String(ofRow[0]));
}
