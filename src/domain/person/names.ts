/** Comparison of names: a difference only in keyboard, case, accent, hyphen or space is the same name. */
import type { Names } from './person.ts';
import { hasCommonSpelling, spellName, dropMissingNameMarkers, type Spelling } from './nameSpelling.ts';

/**
 * Whether two names are the same. Middle names may be left out; the first and the last may not, and no word
 * may be added or change its place. A person whose name is one word must give that word.
 */
export function isSameName(typed: string, registered: string): boolean {
  return hasCommonSpelling(spellName(typed), spellName(registered), { allowsMissingMiddle: true });
}

/** Whether the text can be a name: a single letter is only an initial. */
export function isPersonName(typed: string): boolean {
  const letters = typed.normalize('NFC').match(/\p{L}/gu) ?? [];
  // A letter of a script without case is a syllable or a word: a whole name may be one.
  return letters.length > 1 || /^\p{Lo}$/u.test(letters[0] ?? '');
}

/** Whether first and last name are the same, in either order: possibly the same person. */
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

/** Whether the names share a word: a family name that stayed while the first name changed. */
export function sharesNameWord(one: string, other: string): boolean {
  const [a, b] = [spellName(one), spellName(other)];
  return a.some((word) => b.some((another) => hasCommonSpelling([word], [another])));
}

const DASHES = /[\p{Pd}\u00AD\u2212]/gu;
const ACCENT_KEYS = /[\u2018\u201B`\u00B4\u2032\u2035\uFF07\uFF40]/gu;
// Joiners stay: Persian and Indian scripts need them.
const INVISIBLE_CHARACTERS = /(?!\p{Join_Control})\p{Cf}/gu;

/**
 * The stored and printed form: one space between words, and plain hyphens and apostrophes in place of their
 * variants.
 */
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
 * Splits a full name. Of two words the first is the given name. One word, or three and more, cannot be split
 * with certainty: Ida de la Cour Holm and Anna von der Heide have family names of several words. When the
 * register states that there is no surname, or no first name, the whole name is the other part.
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

/** Cleans names that come in parts, and removes the markers for a missing part. */
export function readNames({ givenName, familyName }: Pick<Names, 'givenName' | 'familyName'>): Names {
  return {
    givenName: dropMissingNameMarkers(tidyName(givenName)).name,
    familyName: dropMissingNameMarkers(tidyName(familyName)).name,
  };
}

/**
 * The legacy folding: lower case without accents, one space between words. It takes ö for o and oe for
 * another spelling. It must not change, because older nodes look people up by a keyed hash of it. New
 * comparisons do not use it.
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

/**
 * First and last word in alphabetical order, in the legacy folding, for the keyed hash that older nodes know.
 */
export function foldNameForHash(name: string): string {
  const words = foldPersonName(name).split(' ');
  return [words[0] ?? '', words.at(-1) ?? ''].sort().join(' ');
}
