/**
 * Which characters a new user ID may have, and which user IDs look alike. New ones use one script, the Latin
 * letters of Danish and its neighbours. A user ID that looks like another person's counts as taken. Existing
 * user IDs stay valid.
 */

/** Letters that do not decompose into a plain letter and a mark. */
const SPECIAL_LETTERS: Readonly<Record<string, string>> = {
  æ: 'ae',
  ø: 'o',
  œ: 'oe',
  ß: 'ss',
  ð: 'd',
  đ: 'd',
  þ: 'p',
  ħ: 'h',
  ł: 'l',
  ŋ: 'n',
  ŧ: 't',
  ĸ: 'k',
  ı: 'i',
  ə: 'e',
};

/** Characters of other scripts and of phonetic writing: only existing user IDs have them. */
const LOOK_LIKE_LATIN: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['аαɑ', 'a'],
    ['вβʙ', 'b'],
    ['сϲᴄ', 'c'],
    ['ԁɗ', 'd'],
    ['еєεɛᴇ', 'e'],
    ['ƒ', 'f'],
    ['ɡց', 'g'],
    ['нһհʜ', 'h'],
    ['іιɩɪӏ|!ǀǃ', 'l'],
    ['јʝ', 'j'],
    ['кκ', 'k'],
    ['ʟ', 'l'],
    ['мᴍ', 'm'],
    ['пηոɴ', 'n'],
    ['оοσօᴏ', 'o'],
    ['рρ', 'p'],
    ['ԛ', 'q'],
    ['гʀ', 'r'],
    ['ѕꜱ', 's'],
    ['тτᴛ', 't'],
    ['υսμᴜ', 'u'],
    ['νѵᴠ', 'v'],
    ['ԝωᴡ', 'w'],
    ['хχ×', 'x'],
    ['уγўʏ', 'y'],
    ['ᴢζ', 'z'],
  ].flatMap(([characters = '', plain = '']) =>
    [...characters].map((character) => [character, plain] as const),
  ),
);

/** Allowed in addition to letters and digits. Other dashes and apostrophes look like one of these. */
const ALLOWED_CHARACTERS = new Set<string>(` ._-@+'&`);

const DASH = /[\p{Pd}\u02D7\u2043\u2212\u30FC\u4E00]/u;
const APOSTROPHE = /[\u0060\u00B4\u02B9\u02BB\u02BC\u02C8\u2018\u2019\u201A\u201B\u2032\u2035]/u;

/**
 * Whether the user ID has a character that a new one may not have.
 * @param folded in the form of `foldName`
 */
export function hasDisallowedSigns(folded: string): boolean {
  // The lower case of İ is i with a separate combining dot.
  return [...folded.replaceAll('i\u0307', 'i')].some((character) => !isAllowedCharacter(character));
}

function isAllowedCharacter(character: string): boolean {
  if (/^[a-z0-9]$/.test(character) || ALLOWED_CHARACTERS.has(character) || character in SPECIAL_LETTERS)
    return true;
  const [letter = '', ...marks] = character.normalize('NFD');
  return /^\p{L}$/u.test(character) && isLatinLetter(letter) && marks.every((mark) => /\p{M}/u.test(mark));
}

function isLatinLetter(letter: string): boolean {
  return /^[a-z]$/.test(letter) || letter in SPECIAL_LETTERS;
}

/**
 * The form by which look-alikes are found: two user IDs of one form look alike. Marks are dropped, dashes are
 * one character, and so are digits and letters that are hard to distinguish in some font.
 * @param folded in the form of `foldName`
 */
export function foldUserIdForm(folded: string): string {
  const plain = [...folded.normalize('NFKD')].map(foldUserIdCharacter).join('');
  const characters = plain.replace(/[1i]/g, 'l').replaceAll('0', 'o').replace(/\s+/g, ' ').trim();
  return characters.replaceAll('rn', 'm').replaceAll('vv', 'w');
}

function foldUserIdCharacter(character: string): string {
  if (/\p{M}|\p{Default_Ignorable_Code_Point}/u.test(character)) return '';
  if (DASH.test(character)) return '-';
  if (APOSTROPHE.test(character)) return "'";
  return SPECIAL_LETTERS[character] ?? LOOK_LIKE_LATIN[character] ?? character;
}

/**
 * Whether the user ID could be taken for a CPR number or an ID number: it has digits and letters that look
 * like digits.
 */
export function isNumberLike(folded: string): boolean {
  const characters = foldUserIdForm(folded).replace(/[^\p{L}\p{N}]/gu, '');
  const digits = folded.replace(/\D/g, '').length;
  return digits >= MIN_NUMBER_DIGITS && /^[lo2-9]{9,10}$/.test(characters);
}

/** With fewer digits it reads as a word. */
const MIN_NUMBER_DIGITS = 5;
