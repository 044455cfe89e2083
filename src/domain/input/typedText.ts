/**
 * Reads what people type or paste, before any field validates it. Numbers are read from any keyboard and any
 * source of a copy: digits of every script, dashes of every kind, invisible characters.
 */
import type { Day } from '../calendar.ts';

/** Replaces a character that text cannot contain. No field accepts it, so no NUL reaches the database. */
export const UNREADABLE = '\uFFFD';

/**
 * Characters that fonts draw nothing for: format characters, zero-width and direction marks, soft hyphens,
 * fillers.
 */
const INVISIBLE_CHARACTERS = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Separators between groups of digits: spaces, dashes and minus signs, dots, commas, slashes, a number sign.
 */
const BETWEEN_GROUPS = /[\s\p{Pd}\u02D7\u2043\u2212\u30FC_.,/\\'’·#\u066B\u066C]/gu;

export function dropInvisibleSigns(text: string): string {
  return text.replace(INVISIBLE_CHARACTERS, '');
}

/**
 * Folds compatibility forms (NFKC) and digits of every script to plain characters and 0-9, and drops
 * invisible characters. Unicode lists the digits of a script in order, so a digit's value is its distance
 * from the script's zero.
 */
export function foldSignVariants(typed: string): string {
  return dropInvisibleSigns(typed.normalize('NFKC')).replace(/(?![0-9])\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    let value = 0;
    // The digits of two scripts may be adjacent: the distance then includes the tens of the script before.
    while (/\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
    return String(value % 10);
  });
}

/** A number in the form in which it is compared: folded, without separators between its groups. */
export function dropGrouping(typed: string): string {
  return foldSignVariants(typed).replace(BETWEEN_GROUPS, '');
}

/**
 * Reads a single-line field. Tabs and line breaks, which are copied along from tables, are removed at the
 * ends and become a space inside. Other control characters and lone surrogates become `UNREADABLE`, which the
 * field reports as an error.
 */
export function readLine(typed: string): string {
  return trimLineBreaks(typed.toWellFormed())
    .replace(/[\t\n\v\f\r]+/g, ' ')
    .replace(/\p{Cc}/gu, UNREADABLE);
}

/** By index: a regular expression for the end is retried at each break, which takes quadratic time. */
function trimLineBreaks(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && BREAKS.includes(text.charAt(start))) start += 1;
  while (end > start && BREAKS.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

const BREAKS = '\t\n\v\f\r';

/**
 * Whether the text has a control character. In a password this is a copied tab or line break: no valid
 * password has one.
 */
export function hasControlCharacter(typed: string): boolean {
  return /\p{Cc}/u.test(typed);
}

/**
 * Whether the text has only characters that text can contain; the form reports the fault next to the field.
 */
export function isReadable(text: string): boolean {
  return !/[\p{Cc}\p{Cs}\uFFFD]/u.test(text);
}

/**
 * Reads "03-11-2027", "3.11.2027", "3/11 2027" or the ISO form. Returns the ISO form, or null. The day need
 * not exist in the calendar.
 */
export function readDay(typed: string): Day | null {
  const text = foldSignVariants(typed)
    .trim()
    .replace(/[\p{Pd}\u2212]/gu, '-');
  const [, day = '', month = '', year = ''] =
    /^(\d{1,2})[\s.,/-]+(\d{1,2})[\s.,/-]+(\d{4})$/.exec(text) ?? [];
  if (year !== '') return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : null;
}
