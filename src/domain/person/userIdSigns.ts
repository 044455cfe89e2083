/**
 * Of which signs a new user ID is made, and which user IDs look alike. New ones are of one script, the Latin
 * letters of Danish and its neighbours; what looks like the user ID of somebody else is theirs. User IDs from
 * before stay as they are.
 */

/** Letters that no mark is taken off of to leave a plain one. */
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

/** Of other scripts, and of phonetic writing: only user IDs from before have them. */
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
  ].flatMap(([signs = '', plain = '']) => [...signs].map((sign) => [sign, plain] as const)),
);

/** Beside letters and digits. What else there is of dashes and apostrophes looks like one of these. */
const ALLOWED_SIGNS = new Set<string>(` ._-@+'&`);

const DASH = /[\p{Pd}\u02D7\u2043\u2212\u30FC\u4E00]/u;
const APOSTROPHE = /[\u0060\u00B4\u02B9\u02BB\u02BC\u02C8\u2018\u2019\u201A\u201B\u2032\u2035]/u;

/** @param folded as `foldName` makes it. True for a letter or sign that a new user ID cannot have. */
export function hasDisallowedSigns(folded: string): boolean {
  // The small letter of a capital I with a dot has it as a mark of its own.
  return [...folded.replaceAll('i\u0307', 'i')].some((sign) => !isAllowedSign(sign));
}

function isAllowedSign(sign: string): boolean {
  if (/^[a-z0-9]$/.test(sign) || ALLOWED_SIGNS.has(sign) || sign in SPECIAL_LETTERS) return true;
  const [letter = '', ...marks] = sign.normalize('NFD');
  return /^\p{L}$/u.test(sign) && isLatinLetter(letter) && marks.every((mark) => /\p{M}/u.test(mark));
}

function isLatinLetter(letter: string): boolean {
  return /^[a-z]$/.test(letter) || letter in SPECIAL_LETTERS;
}

/**
 * The form in which user IDs are told apart: two of one form look alike. Marks are left out, dashes are one,
 * and so are digits and letters that are hard to tell apart in one font or another.
 * @param folded as `foldName` makes it.
 */
export function foldUserIdForm(folded: string): string {
  const plain = [...folded.normalize('NFKD')].map(foldUserIdSign).join('');
  const signs = plain.replace(/[1i]/g, 'l').replaceAll('0', 'o').replace(/\s+/g, ' ').trim();
  return signs.replaceAll('rn', 'm').replaceAll('vv', 'w');
}

function foldUserIdSign(sign: string): string {
  if (/\p{M}|\p{Default_Ignorable_Code_Point}/u.test(sign)) return '';
  if (DASH.test(sign)) return '-';
  if (APOSTROPHE.test(sign)) return "'";
  return SPECIAL_LETTERS[sign] ?? LOOK_LIKE_LATIN[sign] ?? sign;
}

/** Letters that are read as digits stand among digits: it could be taken for a CPR or an ID number. */
export function isNumberLike(folded: string): boolean {
  const signs = foldUserIdForm(folded).replace(/[^\p{L}\p{N}]/gu, '');
  const digits = folded.replace(/\D/g, '').length;
  return digits >= MIN_NUMBER_DIGITS && /^[lo2-9]{9,10}$/.test(signs);
}

/** With fewer it is a word. */
const MIN_NUMBER_DIGITS = 5;
