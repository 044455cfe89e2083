/**
 * The names a person can sign in with: the user ID they chose and the ID number from the welcome letter.
 * Never the CPR number: it can be looked up, so anyone could burn a stranger's tries.
 */
import type { Dice } from './dice.ts';

/**
 * The form in which names are compared: NFKC, small letters, no space around, digits of ID numbers ungrouped. What cannot
 * be seen is left out: two names that look alike to everybody are one.
 */
export function foldName(typed: string): string {
  const folded = typed
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cc}\p{Co}\p{Cn}]/gu, '')
    .trim()
    .toLowerCase();
  const digits = folded.replace(/[\s\p{Pd}]/gu, '');
  return /^[0-9]{9}$/.test(digits) ? digits : folded;
}

export type UserIdFault = 'too_short' | 'too_long' | 'like_a_number';

/** A chosen user ID: 5-48 characters, and nothing that could be taken for a CPR or an ID number. */
export function checkUserId(typed: string): UserIdFault | null {
  const folded = foldName(typed);
  if ([...folded].length < 5) return 'too_short';
  if ([...folded].length > 48) return 'too_long';
  return /^\p{Nd}{9,10}$/u.test(folded.replace(/[^\p{L}\p{N}]/gu, '')) ? 'like_a_number' : null;
}

/** Nine digits, none of them a leading zero that a reader might drop. */
export function drawIdNumber(dice: Dice): string {
  return String(100_000_000 + dice.below(900_000_000));
}
