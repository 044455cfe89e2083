/**
 * One reading of what people type or paste, before any field judges it. Numbers are read whatever the
 * keyboard and the place that they were copied from: digits of every script, dashes of every kind, marks
 * that nobody sees.
 */
import type { Day } from '../calendar.ts';

/**
 * Stands where a form had a character that no text has. No field accepts it, and no NUL gets to the
 * database.
 */
export const UNREADABLE = '\uFFFD';

/**
 * Format characters and what else fonts draw nothing for: zero-width and direction marks, soft hyphens,
 * fillers.
 */
const INVISIBLE_SIGNS = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * What people put between groups of digits: spaces, dashes and minus signs, dots, commas, slashes, a number
 * sign.
 */
const BETWEEN_GROUPS = /[\s\p{Pd}\u02D7\u2043\u2212\u30FC_.,/\\'’·#\u066B\u066C]/gu;

export function dropInvisibleSigns(text: string): string {
  return text.replace(INVISIBLE_SIGNS, '');
}

/**
 * Compatibility forms (NFKC) as plain signs and digits of every script as 0-9, without what cannot be seen.
 * Unicode lists the digits of a script in order, so a digit is worth its distance from the zero of its
 * script.
 */
export function foldSignVariants(typed: string): string {
  return dropInvisibleSigns(typed.normalize('NFKC')).replace(/(?![0-9])\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    let value = 0;
    // The digits of two scripts may stand side by side: then the distance has the tens of the one before.
    while (/\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
    return String(value % 10);
  });
}

/** A number as it is compared: its signs folded, without what stands between its groups. */
export function dropGrouping(typed: string): string {
  return foldSignVariants(typed).replace(BETWEEN_GROUPS, '');
}

/**
 * The value of a field of one line. A tab or a line break comes along from a table: at the ends it goes,
 * inside it is a space. Other control characters and halves of characters become `UNREADABLE`, which the
 * field has an error for.
 */
export function readLine(typed: string): string {
  return trimLineBreaks(typed.toWellFormed())
    .replace(/[\t\n\v\f\r]+/g, ' ')
    .replace(/\p{Cc}/gu, UNREADABLE);
}

/** By position: a pattern for the end is tried again at each break, which takes the square of the time. */
function trimLineBreaks(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && BREAKS.includes(text.charAt(start))) start += 1;
  while (end > start && BREAKS.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

const BREAKS = '\t\n\v\f\r';

/**
 * True for a password that was copied with a tab, a line break or the like: none can be chosen, so none is
 * right.
 */
export function hasControlCharacter(typed: string): boolean {
  return /\p{Cc}/u.test(typed);
}

/** False where a character is in it that no text has; said to the person beside the field. */
export function isReadable(text: string): boolean {
  return !/[\p{Cc}\p{Cs}\uFFFD]/u.test(text);
}

/** "03-11-2027", "3.11.2027", "3/11 2027" or the ISO form, in ISO form; null when it is none. The calendar may not have it. */
export function readDay(typed: string): Day | null {
  const text = foldSignVariants(typed)
    .trim()
    .replace(/[\p{Pd}\u2212]/gu, '-');
  const [, day = '', month = '', year = ''] =
    /^(\d{1,2})[\s.,/-]+(\d{1,2})[\s.,/-]+(\d{4})$/.exec(text) ?? [];
  if (year !== '') return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : null;
}
