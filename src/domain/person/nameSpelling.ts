/**
 * The spellings of a name on any keyboard, as letters that can be compared. A letter that people type in two
 * ways has an optional second part: ä is `a(e)`, so it matches `ae` and `a`, which do not match each other. A
 * single folded text for each name would have to choose one, and would then equate Jol with Joel.
 */
export interface SpellingLetter {
  readonly sign: string;
  /** A match may skip this letter. */
  readonly isOptional: boolean;
}

/** The words of a name in order, each with at least one letter. */
export type Spelling = readonly (readonly SpellingLetter[])[];

/**
 * Every character that serves as an apostrophe on some keyboard: accent keys, quotes, primes, modifier
 * letters.
 */
const APOSTROPHES =
  /['\u2019\u2018\u201B`\u00B4\u2032\u2035\uFF07\uFF40\u02B9-\u02BF\u02C8\u02CA\u02CB\u02EE\uA78B\uA78C\u055A\u05F3\u0384\u1FBD\u1FBF\u1FEF\u1FFD\u1FFE]/gu;

/**
 * Characters without width or with only a direction, the soft hyphen, and the Arabic tatweel, which only
 * stretches a word.
 */
const INVISIBLE_CHARACTERS = /[\p{Cf}\u034F\u0640\p{Variation_Selector}]/gu;

/**
 * Accents of Latin, Greek and Cyrillic, vowel points of Hebrew and Arabic. Other scripts use marks for
 * vowels.
 */
const ACCENTS =
  /[\u0300-\u036F]|[\u0591-\u05C7]|[\u064B-\u065F]|\u0670|[\u1AB0-\u1AFF]|[\u1DC0-\u1DFF]|[\u20D0-\u20FF]|[\uFE20-\uFE2F]/u;

const NAME_WORD = /[\p{L}\p{M}\p{N}]/u;

/** Letters that do not decompose into a plain letter and an accent. After ICAO 9303, part 3, section 6. */
const SPECIAL_SPELLINGS: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ß: 'ss',
  þ: 'th',
  ð: 'd',
  ɖ: 'd',
  ł: 'l',
  ı: 'i',
  ħ: 'h',
  ŧ: 't',
  ŋ: 'n',
  ĸ: 'k',
  ə: 'e',
  ς: 'σ',
  // The same letter on a Persian and on an Arabic keyboard.
  ي: 'ی',
  ك: 'ک',
};

/** Letter and accent -> the letter that may follow the bare letter. */
const OPTIONAL_SECOND_LETTERS: Readonly<Record<string, string>> = {
  'a\u0308': 'e',
  'o\u0308': 'e',
  'u\u0308': 'e',
  'o\u030B': 'e',
  'u\u030B': 'e',
  'a\u030A': 'a',
};

const MISSING_NAME_MARKER = /(^|[^\p{L}])ej[\s.-]+(efternavn|fornavn)(?!\p{L})/giu;

/**
 * Removes "Ej Efternavn" and "Ej Fornavn", by which the register states that a part of the name does not
 * exist.
 */
export function dropMissingNameMarkers(text: string): {
  name: string;
  missingPart: 'surname' | 'first_name' | null;
} {
  let missingPart: 'surname' | 'first_name' | null = null;
  const name = text.replace(MISSING_NAME_MARKER, (_all, before: string, what: string) => {
    missingPart = what.toLowerCase() === 'efternavn' ? 'surname' : 'first_name';
    return before;
  });
  return { name: name.trim().replace(/\s+/g, ' '), missingPart };
}

export function spellName(name: string): Spelling {
  const cleaned = dropMissingNameMarkers(name.normalize('NFC').replace(INVISIBLE_CHARACTERS, '')).name;
  // Removed before the decomposition too, which would turn ´ into a space and an accent.
  const characters = [
    ...cleaned.replace(APOSTROPHES, '').toLowerCase().normalize('NFKD').replace(APOSTROPHES, ''),
  ];
  const words: SpellingLetter[][] = [];
  let word: SpellingLetter[] = [];
  for (const sign of characters) {
    if (!NAME_WORD.test(sign)) {
      if (word.length > 0) words.push(word);
      word = [];
    } else if (ACCENTS.test(sign)) {
      const second = OPTIONAL_SECOND_LETTERS[`${word.at(-1)?.sign ?? ''}${sign}`];
      if (second !== undefined) word.push({ sign: second, isOptional: true });
    } else word.push(...listSpellings(sign));
  }
  return word.length > 0 ? [...words, word] : words;
}

function listSpellings(sign: string): SpellingLetter[] {
  if (sign === 'ø') return [requireLetter('o'), { sign: 'e', isOptional: true }];
  if (sign === 'đ') return [requireLetter('d'), { sign: 'j', isOptional: true }];
  return [...(SPECIAL_SPELLINGS[sign] ?? sign)].map(requireLetter);
}

function requireLetter(sign: string): SpellingLetter {
  return { sign, isOptional: false };
}

/** No name is longer, and a comparison costs the product of both lengths. */
const MAX_NAME_LETTERS = 400;

/**
 * Whether two names have a spelling in common. Spaces and hyphens do not count: Anne-Marie is Annemarie and
 * Anne Marie.
 * @param allowsMissingMiddle whole words of `all` between its first and its last may be missing from `some`
 */
export function hasCommonSpelling(
  some: Spelling,
  all: Spelling,
  { allowsMissingMiddle = false } = {},
): boolean {
  const [a, b] = [some.flat(), all.flat()];
  if (a.length === 0 || b.length === 0 || a.length > MAX_NAME_LETTERS || b.length > MAX_NAME_LETTERS)
    return false;
  const starts = new Set(listWordStarts(some));
  const nextOf = allowsMissingMiddle ? listWordSkips(all) : new Map<number, number>();
  const width = b.length + 1;
  const seen = new Uint8Array((a.length + 1) * width);
  const waiting = [0];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (seen[at]) continue;
    seen[at] = 1;
    const [i, j] = [Math.floor(at / width), at % width];
    const [left, right] = [a[i], b[j]];
    if (!left && !right) return true;
    if (left?.isOptional) waiting.push(at + width);
    if (right?.isOptional) waiting.push(at + 1);
    if (left && left.sign === right?.sign) waiting.push(at + width + 1);
    const next = starts.has(i) ? nextOf.get(j) : undefined;
    if (next !== undefined) waiting.push(at - j + next);
  }
  return false;
}

/** The start of each word, in letters from the start of the name. */
function listWordStarts(spelling: Spelling): number[] {
  let at = 0;
  return spelling.map((word) => (at += word.length) - word.length);
}

/** Start of each word in the middle -> start of the one after it. */
function listWordSkips(spelling: Spelling): Map<number, number> {
  const starts = listWordStarts(spelling);
  return new Map(starts.slice(1, -1).map((start, i) => [start, starts[i + 2] ?? start]));
}
