/**
 * The names with which a person can sign in: the user ID that they chose, and the ID number from the welcome
 * letter. Never the CPR number: it can be looked up, so anyone could use up a stranger's attempts.
 */
import type { Random } from '../random.ts';
import { dropGrouping, foldSignVariants, isReadable } from '../input/typedText.ts';
import { hasDisallowedSigns, isNumberLike } from './userIdSigns.ts';

/**
 * The form in which names are compared: NFKC, lower case, trimmed; an ID number is its nine digits in any
 * grouping. Invisible characters are dropped, so that two names that look the same are one. Variation
 * selectors stay: keyboards always add the same one after an emoji.
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
 * Whether the text has ten digits, a valid date or not: no user ID and no ID number does, and many people
 * enter their CPR number as their user ID. The page reports it before anything is counted or looked up, so a
 * CPR number has no effect on the person that it belongs to.
 */
export function isCprLike(typed: string): boolean {
  return /^[0-9]{10}$/.test(dropNonDigits(typed));
}

/** Whether a free text contains something like a CPR number. */
export function containsCpr(text: string): boolean {
  return /(?<!\d)\d([\s\p{Pd}\u2212.]*\d){9}(?!\d)/u.test(foldSignVariants(text));
}

/** Faults of any user ID, including those chosen under earlier rules. */
type LegacyUserIdFault = 'too_short' | 'too_long' | 'like_a_number' | 'unreadable';
export type UserIdFault = LegacyUserIdFault | 'other_signs';

/**
 * Validates a new user ID: 5-48 characters, letters of the Latin script, digits and a few other characters,
 * and nothing that could be taken for a CPR number or an ID number. Which ones look alike:
 * domain/person/userIdSigns.ts.
 */
export function checkUserId(typed: string): UserIdFault | null {
  const fault = checkLegacyUserId(typed);
  if (fault) return fault;
  const folded = foldName(typed);
  if (hasDisallowedSigns(folded)) return 'other_signs';
  return isNumberLike(folded) ? 'like_a_number' : null;
}

/** Validates a user ID by all rules that ever applied: a person may have chosen it under earlier ones. */
export function checkLegacyUserId(typed: string): LegacyUserIdFault | null {
  if (!isReadable(typed)) return 'unreadable';
  const folded = foldName(typed);
  if ([...folded].length < 5) return 'too_short';
  if ([...folded].length > 48) return 'too_long';
  return /^[0-9]{9,10}$/.test(dropNonDigits(folded)) ? 'like_a_number' : null;
}

/** Only the letters and digits, without the characters between them. */
function dropNonDigits(typed: string): string {
  return foldSignVariants(typed).replace(/[^\p{L}\p{N}]/gu, '');
}

/** Nine random digits without a leading zero, which a reader might drop. */
export function drawIdNumber(random: Random): string {
  return String(100_000_000 + random.below(900_000_000));
}
