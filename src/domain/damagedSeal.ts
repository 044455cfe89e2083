/** A sealed value of the database does not open. Only what needs this value fails. */

/**
 * The row was damaged or mixed with another one, or its key is no longer in the ring. The message is for
 * operators: it names the ring and the row, never a part of the value.
 */
export class DamagedSeal extends Error {
  constructor(ring: string, row: string | null, cause: unknown) {
    const reason = cause instanceof MissingRingKey ? cause.message : 'its bytes are not as they were sealed';
    super(
      `a value sealed by the ring "${ring}"${row === null ? '' : ` (${row})`} does not open: ${reason}; ` +
        'docs/how-to/running.md says what to do',
      { cause },
    );
  }
}

export class MissingRingKey extends Error {
  constructor(ring: string, kid: string) {
    super(`the key ring for ${ring} has no key ${kid}`);
  }
}
