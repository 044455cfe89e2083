/**
 * The fields of a row that the code relies on are authenticated by a MAC. Its key is not in the database, so
 * a writer in the database cannot change them unnoticed (docs/decisions/0018-a-writer-in-the-database.md).
 */
import { TamperedRow, type BoundRowKind, type TamperedRowAbout } from './tamperedRow.ts';

export type { BoundRowKind };

/**
 * How far the rollout of row MACs has come. `read`: MACs are understood and none is written. `write`: every
 * changed row gets a MAC, and nothing is refused, because a node that only reads may have changed a row
 * since. `require`: a row without the right MAC is refused.
 */
export const BINDING_MODES = ['read', 'write', 'require'] as const;
export type BindingMode = (typeof BINDING_MODES)[number];

export type RowFacts = readonly (string | number | boolean | null)[];

/** The authenticated fields of a row, and the MAC that the row has for them. */
export interface RowMac {
  readonly facts: RowFacts;
  readonly mac: Buffer | null;
}

export interface RowAuthenticator {
  readonly mode: BindingMode;
  /** The MAC under the current key. */
  make(row: BoundRowKind, facts: RowFacts): Buffer;
  /** Whether the MAC was made for these fields, under any key of the ring. */
  isValid(row: BoundRowKind, rowMac: RowMac): boolean;
  /** Whether the MAC was made under the current key. */
  isCurrent(mac: Buffer): boolean;
}

/** Stands in for an authenticator where there are no key rings: it writes no MAC and verifies none. */
export const NO_AUTHENTICATOR: RowAuthenticator = {
  mode: 'read',
  make: () => {
    throw new Error('a row is bound with the key rings');
  },
  isValid: () => true,
  isCurrent: () => true,
};

/**
 * A row differs from what Nøgle wrote. An operator must look at it now; until then it gives no one access.
 */
export class RowMacMismatch extends TamperedRow {
  readonly about: TamperedRowAbout;
  /** @param which the row's id, or another identifier that is not a secret */
  constructor(row: BoundRowKind, which: string) {
    super(
      `ALARM: the row of this ${row} is not as it was written (${which}); docs/how-to/running.md says what to do`,
    );
    this.about = { reason: 'mac', row, rowId: which };
  }
}

/** @throws RowMacMismatch when every row must have the right MAC (`require`) and this one has not. */
export function assertBound(rowAuthenticator: RowAuthenticator, row: BoundRowKind, rowMac: RowMac): void {
  if (!isRowTrusted(rowAuthenticator, row, rowMac)) throw new RowMacMismatch(row, String(rowMac.facts[0]));
}

export function isRowTrusted(rowAuthenticator: RowAuthenticator, row: BoundRowKind, rowMac: RowMac): boolean {
  return rowAuthenticator.mode !== 'require' || rowAuthenticator.isValid(row, rowMac);
}

/** A time as a field under the MAC: milliseconds since the epoch. */
export function timeToFact(time: Date | null): number | null {
  return time?.getTime() ?? null;
}

/** Bytes as a field under the MAC: base64url. */
export function bytesToFact(bytes: Buffer | null): string | null {
  return bytes?.toString('base64url') ?? null;
}
