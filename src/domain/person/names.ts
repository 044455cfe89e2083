/** Names as they are compared: what differs by keyboard, case, accent, hyphen or space alone is the same name. */
import type { Names } from './person.ts';
import { hasCommonSpelling, spellName, dropMissingNameMarkers, type Spelling } from './nameSpelling.ts';

/**
 * Middle names may be left out; the first and the last may not, and nothing may be added or change its place. A person
 * whose name is one word has that.
 */
export function isSameName(typed: string, registered: string): boolean {
  return hasCommonSpelling(spellName(typed), spellName(registered), { allowsMissingMiddle: true });
}

/** One letter alone is an initial. */
export function isPersonName(typed: string): boolean {
  const letters = typed.normalize('NFC').match(/\p{L}/gu) ?? [];
  // A letter without case is a syllable or a word: a whole name may be one.
  return letters.length > 1 || /^\p{Lo}$/u.test(letters[0] ?? '');
}

/** The same first and last name, whichever way round they are given: a person who may be the same. */
export function isSimilarName(one: string, other: string): boolean {
  const [a, b] = [spellName(one), spellName(other)];
  if (
    hasCommonSpelling(a, b, { allowsMissingMiddle: true }) ||
    hasCommonSpelling(b, a, { allowsMissingMiddle: true })
  )
    return true;
  if (a.length < 2 || b.length < 2) return false;
  const [first, last] = [a.slice(0, 1), a.slice(-1)];
  const isFirst = (word: Spelling) => hasCommonSpelling(word, b.slice(0, 1));
  const isLast = (word: Spelling) => hasCommonSpelling(word, b.slice(-1));
  return (isFirst(first) && isLast(last)) || (isFirst(last) && isLast(first));
}

/** One word at least is in both: a family name that stayed while the first name changed. */
export function sharesNameWord(one: string, other: string): boolean {
  const [a, b] = [spellName(one), spellName(other)];
  return a.some((word) => b.some((another) => hasCommonSpelling([word], [another])));
}

const DASHES = /[\p{Pd}\u00AD\u2212]/gu;
const ACCENT_KEYS = /[\u2018\u201B`\u00B4\u2032\u2035\uFF07\uFF40]/gu;
// Joiners stay: they are letters' business in Persian and in Indian scripts.
const INVISIBLE_CHARACTERS = /(?!\p{Join_Control})\p{Cf}/gu;

/** As it is kept and printed: one space between words, hyphens and apostrophes for what was typed in their place. */
export function tidyName(text: string): string {
  return text
    .replace(DASHES, '-')
    .replace(ACCENT_KEYS, "'")
    .replace(INVISIBLE_CHARACTERS, '')
    .normalize('NFC')
    .trim()
    .replace(/\s+/g, ' ');
}

/**
 * A name that comes whole. Of two words the first is the given name. Of one, and of three and more, nobody can tell:
 * Ida de la Cour Holm and Anna von der Heide have longer family names than the last word. Where the register says that
 * there is no surname, or no first name, all of it is the other.
 */
export function readFullName(text: string): Names {
  const { name, missingPart } = dropMissingNameMarkers(tidyName(text));
  if (missingPart)
    return missingPart === 'surname'
      ? { givenName: name, familyName: '' }
      : { givenName: '', familyName: name };
  const [first = '', last = '', ...more] = name.split(' ');
  if (last !== '' && more.length === 0) return { givenName: first, familyName: last };
  return { givenName: name, familyName: '', nameIsWhole: true };
}

/** Names that come apart, each without what says that there is none. */
export function readNames({ givenName, familyName }: Pick<Names, 'givenName' | 'familyName'>): Names {
  return {
    givenName: dropMissingNameMarkers(tidyName(givenName)).name,
    familyName: dropMissingNameMarkers(tidyName(familyName)).name,
  };
}

/**
 * Small letters without accents, one space between words: one text a name, which takes ö and o for the same letter and
 * oe for another one. Never changed: older nodes look people up by a keyed hash of it. Nothing new is compared by it.
 */
export function foldPersonName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('æ', 'ae')
    .replaceAll('ø', 'o')
    .replaceAll('ß', 'ss')
    .replaceAll('aa', 'a')
    .replaceAll('oe', 'o')
    .replace(/['’`.]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** First and last word in the order of the alphabet, by the folding that older nodes know. */
export function foldNameForHash(name: string): string {
  const words = foldPersonName(name).split(' ');
  return [words[0] ?? '', words.at(-1) ?? ''].sort().join(' ');
}
