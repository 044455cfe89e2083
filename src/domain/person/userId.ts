/**
 * The names a person can sign in with: the user ID they chose and the ID number from the welcome letter.
 * Never the CPR number: it can be looked up, so anyone could burn a stranger's tries.
 */
import type { Random } from '../random.ts';
import { dropGrouping, foldSignVariants, isReadable } from '../input/typedText.ts';
import { hasDisallowedSigns, isNumberLike } from './userIdSigns.ts';

/**
 * The form in which names are compared: NFKC, small letters, no space around; an ID number as its nine
 * digits, however it was typed. What cannot be seen is left out: two names that look alike to everybody are
 * one. Variation selectors stay: keyboards put them behind a picture, each time alike.
 */
export function foldName(typed: string): string {
  const digits = dropGrouping(typed);
  if (/^[0-9]{9}$/.test(digits)) return digits;
  return typed
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cc}\p{Co}\p{Cn}]|(?!\p{Variation_Selector})\p{Default_Ignorable_Code_Point}/gu, '')
    .trim()
    .toLowerCase();
}

/**
 * Ten digits, with a date or not: no user ID and no ID number looks like that, and many people take their
 * CPR number for one. It is said before anything is counted or looked up: a CPR number triggers nothing at
 * the person whose it is.
 */
export function isCprLike(typed: string): boolean {
  return /^[0-9]{10}$/.test(dropNonDigits(typed));
}

/** A text that somebody handed over, with something like a CPR number in it. */
export function containsCpr(text: string): boolean {
  return /(?<!\d)\d([\s\p{Pd}\u2212.]*\d){9}(?!\d)/u.test(foldSignVariants(text));
}

/** Of any user ID, also one from before. */
type LegacyUserIdFault = 'too_short' | 'too_long' | 'like_a_number' | 'unreadable';
export type UserIdFault = LegacyUserIdFault | 'other_signs';

/**
 * A new user ID: 5-48 characters, letters of the Latin script, digits and a few signs, and nothing that could
 * be taken for a CPR or an ID number. Which ones look alike: domain/person/userIdSigns.ts.
 */
export function checkUserId(typed: string): UserIdFault | null {
  const fault = checkLegacyUserId(typed);
  if (fault) return fault;
  const folded = foldName(typed);
  if (hasDisallowedSigns(folded)) return 'other_signs';
  return isNumberLike(folded) ? 'like_a_number' : null;
}

/** What somebody could have chosen at some time. */
export function checkLegacyUserId(typed: string): LegacyUserIdFault | null {
  if (!isReadable(typed)) return 'unreadable';
  const folded = foldName(typed);
  if ([...folded].length < 5) return 'too_short';
  if ([...folded].length > 48) return 'too_long';
  return /^[0-9]{9,10}$/.test(dropNonDigits(folded)) ? 'like_a_number' : null;
}

/** Letters and digits alone, whatever stands between them. */
function dropNonDigits(typed: string): string {
  return foldSignVariants(typed).replace(/[^\p{L}\p{N}]/gu, '');
}

/** Nine digits, none of them a leading zero that a reader might drop. */
export function drawIdNumber(random: Random): string {
  return String(100_000_000 + random.below(900_000_000));
}
