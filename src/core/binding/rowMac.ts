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

export type BoundRow =
  | 'identity'
  | 'letter'
  | 'activation'
  | 'application'
  | 'own session'
  | 'confirmation'
  | 'consent'
  | 'relying party'
  | 'record';

export type Facts = readonly (string | number | boolean | null)[];

/** The facts of a row, and the MAC that the row has for them. */
export interface Bond {
  readonly facts: Facts;
  readonly mac: Buffer | null;
}

export interface RowMacs {
  readonly mode: BindingMode;
  /** Under the current key. */
  make(row: BoundRow, facts: Facts): Buffer;
  /** Made for these facts, under whichever key of the ring. */
  fits(row: BoundRow, bond: Bond): boolean;
  /** Made under the current key. */
  isCurrent(mac: Buffer): boolean;
}

/** Without key rings nothing is written with a MAC, and nothing is verified. */
export const NO_MACS: RowMacs = {
  mode: 'read',
  make: () => {
    throw new Error('a row is bound with the key rings');
  },
  fits: () => true,
  isCurrent: () => true,
};

/** A row is not as Nøgle wrote it. Somebody has to look at it now; nobody is let in by it meanwhile. */
export class WrongRow extends Error {
  /** @param which by its id, or what else it is known by; no secret */
  constructor(row: BoundRow, which: string) {
    super(
      `ALARM: the row of this ${row} is not as it was written (${which}); docs/how-to/running.md says what to do`,
    );
  }
}

/** @throws WrongRow where every row has to have the right MAC, and this one has not. */
export function assertBound(macs: RowMacs, row: BoundRow, bond: Bond): void {
  if (!isTrusted(macs, row, bond)) throw new WrongRow(row, String(bond.facts[0]));
}

export function isTrusted(macs: RowMacs, row: BoundRow, bond: Bond): boolean {
  return macs.mode !== 'require' || macs.fits(row, bond);
}

/** Times as facts. */
export function msOf(time: Date | null): number | null {
  return time?.getTime() ?? null;
}

/** Bytes as facts. */
export function textOf(bytes: Buffer | null): string | null {
  return bytes?.toString('base64url') ?? null;
}
