import { isCommonPassword } from './commonPasswords.ts';
import { dropGrouping, hasControlCharacter } from '../input/typedText.ts';
import { foldName } from '../person/userId.ts';

/** Unambiguous letters and digits: no 0 and o, no 1, i and l. */
const READABLE_ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';
const TEMPORARY_PASSWORD_LENGTH = 12;

/**
 * Derives a temporary password of 12 characters from a stream of bytes, which is derived from a key and the
 * letter's id: a reprint is identical. Bytes from the largest multiple of 31 on are rejected, so that the
 * draw is uniform.
 * @param bytes returns the `block`th 32 bytes of the stream
 */
export function composeTemporaryPassword(bytes: (block: number) => Buffer): string {
  return drawReadable(bytes, TEMPORARY_PASSWORD_LENGTH);
}

/** Derives `length` unambiguous characters from a stream of bytes. */
export function drawReadable(bytes: (block: number) => Buffer, length: number): string {
  const limit = Math.floor(256 / READABLE_ALPHABET.length) * READABLE_ALPHABET.length;
  let drawn = '';
  for (let block = 0; drawn.length < length; block += 1) {
    for (const byte of bytes(block)) {
      if (byte < limit && drawn.length < length) drawn += READABLE_ALPHABET[byte % READABLE_ALPHABET.length];
    }
  }
  return drawn;
}

/** The form that is hashed and compared: NFC, nothing trimmed, case kept (NIST SP 800-63B-4). */
export function preparePassword(typed: string): string {
  return typed.normalize('NFC');
}

/**
 * A temporary password as typed from a letter, without spaces, hyphens, capitals and differences between
 * keyboards.
 */
export function foldTemporaryPassword(typed: string): string {
  return dropGrouping(typed).toLowerCase();
}

/** The form of a typed password that is compared with a hash. */
export function cleanTypedPassword(typed: string, isTemporary: boolean): string {
  return isTemporary ? foldTemporaryPassword(typed) : preparePassword(typed);
}

export type PasswordFault = 'unreadable' | 'too_short' | 'too_long' | 'is_name' | 'common' | 'breached';

/** Length in characters, not bytes; there are no rules of composition (NIST SP 800-63B-4, 3.1.1.2). */
export const PASSWORD_LENGTH = { least: 8, most: 128 } as const;

/** @param names the person's user ID and ID number */
export function checkPassword(typed: string, names: readonly string[]): PasswordFault | null {
  const password = preparePassword(typed);
  if (hasControlCharacter(password)) return 'unreadable';
  const { length } = [...password];
  if (length < PASSWORD_LENGTH.least) return 'too_short';
  if (length > PASSWORD_LENGTH.most) return 'too_long';
  if (names.some((name) => foldName(name) === foldName(password))) return 'is_name';
  return isCommonPassword(password) ? 'common' : null;
}
