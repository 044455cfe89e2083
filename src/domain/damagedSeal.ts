/** A sealed value of the database does not open. Only what needs this value fails. */
import { TamperedRow, type TamperedRowAbout } from './tamperedRow.ts';

/** As in `address ID`, or a signing key. A row of the register is named by a keyed hash, which is no id. */
const ID_AT_END = /([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=^signing key )\S+)$/;

/**
 * The row was damaged or mixed with another one, or its key is no longer in the ring. The message is for
 * operators: it names the ring and the row, never a part of the value.
 */
export class DamagedSeal extends TamperedRow {
  readonly about: TamperedRowAbout;
  constructor(ring: string, row: string | null, cause: unknown) {
    const reason = cause instanceof MissingRingKey ? cause.message : 'its bytes are not as they were sealed';
    super(
      `a value sealed by the ring "${ring}"${row === null ? '' : ` (${row})`} does not open: ${reason}; ` +
        'docs/how-to/running.md says what to do',
      { cause },
    );
    const rowId = ID_AT_END.exec(row ?? '')?.[0] ?? null;
    this.about = { reason: cause instanceof MissingRingKey ? 'no_key' : 'seal', row: 'sealed value', rowId };
  }
}

export class MissingRingKey extends Error {
  constructor(ring: string, kid: string) {
    super(`the key ring for ${ring} has no key ${kid}`);
  }
}

/** @returns null for a value that is damaged, where the work goes on without it */
export function openIfIntact<T>(open: () => T): T | null {
  try {
    return open();
  } catch (error) {
    if (error instanceof DamagedSeal) return null;
    throw error;
  }
}
