/**
 * A record's payload is sealed under its id and contains a hash of the row's owner and expiry columns.
 * Someone who can only change the row's columns therefore gains nothing. In a session's payload is its latest
 * use too. The provider never sees these fields.
 */
import { createHash } from 'node:crypto';
import type { AdapterPayload } from 'oidc-provider';
import type { SessionUse } from '../../domain/sessionUse.ts';
import { RowMacMismatch, type RowFacts, type RowAuthenticator } from '../../domain/rowMac.ts';
import type { Keyring } from '../../platform/keyring.ts';

const FACTS_FIELD = 'noegle_row';
const USE_FIELD = 'noegle_use';
/**
 * 128 bits of the hash: finding other facts with the same hash is infeasible, and the hash itself is sealed.
 */
const HASH_LENGTH = 22;

export interface OpenedRecord {
  readonly payload: AdapterPayload;
  /** The hash of the facts; null in a record that was saved before rows had MACs. */
  readonly factsHash: string | null;
  /** Only of a session; null in one that the previous version saved. */
  readonly use: SessionUse | null;
}

type StoredUse = Omit<SessionUse, 'at'> & { readonly at: number };

export function openRecord(keyring: Keyring, sealed: Buffer, id: Buffer): OpenedRecord {
  const opened = JSON.parse(keyring.open('records', sealed, id)) as AdapterPayload & {
    [FACTS_FIELD]?: string;
    [USE_FIELD]?: StoredUse;
  };
  const { [FACTS_FIELD]: factsHash = null, [USE_FIELD]: use, ...payload } = opened;
  return { payload, factsHash, use: use ? { ...use, at: new Date(use.at) } : null };
}

interface RecordToSeal extends Pick<OpenedRecord, 'payload' | 'use'> {
  /** Null while rows have no MAC. */
  readonly facts: RowFacts | null;
}

export function sealRecord(keyring: Keyring, { payload, facts, use }: RecordToSeal, id: Buffer): Buffer {
  const ofRow = facts === null ? {} : { [FACTS_FIELD]: hashFacts(facts) };
  const ofUse = use === null ? {} : { [USE_FIELD]: { ...use, at: use.at.getTime() } satisfies StoredUse };
  const whole = { ...payload, ...ofRow, ...ofUse };
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
    throw new RowMacMismatch('record', `${String(ofRow[0])} of ${String(ofRow[1])}`);
}

function hashFacts(facts: RowFacts): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url').slice(0, HASH_LENGTH);
}
