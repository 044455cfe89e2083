/** Errors that say that a row is not as Nøgle wrote it. Each names its row; an operator must look at it. */

/** Rows whose fields have a MAC (rowMac.ts). */
export type BoundRowKind =
  | 'identity'
  | 'letter'
  | 'activation'
  | 'application'
  | 'own session'
  | 'confirmation'
  | 'consent'
  | 'relying party'
  | 'security key'
  | 'code token'
  | 'record';

/**
 * `mac`: the fields have another MAC. `seal`: a sealed value does not open; it was changed, or moved here
 * from another row. `no_key`: its key is not in the ring.
 */
export type TamperReason = 'mac' | 'seal' | 'no_key';

export interface TamperedRowAbout {
  readonly reason: TamperReason;
  readonly row: BoundRowKind | 'sealed value';
  /** Null when it is not known, or when what is known is no id. */
  readonly rowId: string | null;
}

export abstract class TamperedRow extends Error {
  abstract readonly about: TamperedRowAbout;
}
