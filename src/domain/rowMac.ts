/**
 * What the code relies on in a row, and a writer in the database could change, carries a MAC under a key
 * that is not in the database (docs/decisions/0018-a-writer-in-the-database.md).
 */

/**
 * How far a rollout has come. `read`: rows with a MAC are understood, none is written. `write`: every row
 * that changes gets one; nothing is refused, for a node that only reads may have changed a row since.
 * `require`: a row without the right one is refused.
 */
export const BINDING_MODES = ['read', 'write', 'require'] as const;
export type BindingMode = (typeof BINDING_MODES)[number];

export type BoundRowKind =
  | 'identity'
  | 'letter'
  | 'activation'
  | 'application'
  | 'own session'
  | 'confirmation'
  | 'consent'
  | 'relying party'
  | 'record';

export type RowFacts = readonly (string | number | boolean | null)[];

/** The facts of a row, and the MAC that the row has for them. */
export interface RowMac {
  readonly facts: RowFacts;
  readonly mac: Buffer | null;
}

export interface RowAuthenticator {
  readonly mode: BindingMode;
  /** Under the current key. */
  make(row: BoundRowKind, facts: RowFacts): Buffer;
  /** Made for these facts, under whichever key of the ring. */
  isValid(row: BoundRowKind, rowMac: RowMac): boolean;
  /** Made under the current key. */
  isCurrent(mac: Buffer): boolean;
}

/** Without key rings nothing is written with a MAC, and nothing is verified. */
export const NO_AUTHENTICATOR: RowAuthenticator = {
  mode: 'read',
  make: () => {
    throw new Error('a row is bound with the key rings');
  },
  isValid: () => true,
  isCurrent: () => true,
};

/** A row is not as Nøgle wrote it. Somebody has to look at it now; nobody is let in by it meanwhile. */
export class RowMacMismatch extends Error {
  /** @param which by its id, or what else it is known by; no secret */
  constructor(row: BoundRowKind, which: string) {
    super(
      `ALARM: the row of this ${row} is not as it was written (${which}); docs/how-to/running.md says what to do`,
    );
  }
}

/** @throws RowMacMismatch where every row has to have the right MAC, and this one has not. */
export function assertBound(rowAuthenticator: RowAuthenticator, row: BoundRowKind, rowMac: RowMac): void {
  if (!isRowTrusted(rowAuthenticator, row, rowMac)) throw new RowMacMismatch(row, String(rowMac.facts[0]));
}

export function isRowTrusted(rowAuthenticator: RowAuthenticator, row: BoundRowKind, rowMac: RowMac): boolean {
  return rowAuthenticator.mode !== 'require' || rowAuthenticator.isValid(row, rowMac);
}

/** Times as facts. */
export function timeToFact(time: Date | null): number | null {
  return time?.getTime() ?? null;
}

/** Bytes as facts. */
export function bytesToFact(bytes: Buffer | null): string | null {
  return bytes?.toString('base64url') ?? null;
}
