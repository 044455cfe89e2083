/**
 * What the fonts of the letters can print (delivery/letters/fonts.ts). Mail to a name or an address in other
 * letters does not arrive.
 */

/** The characters that both fonts have, as code point ranges: Latin, Vietnamese, Greek and Cyrillic. */
export const GLYPH_RANGES: readonly (readonly [number, number])[] = [
  [0x20, 0x7e],
  [0xa0, 0xac],
  [0xae, 0x17f],
  [0x1a0, 0x1a1],
  [0x1af, 0x1b0],
  [0x1cd, 0x1dc],
  [0x1fa, 0x1ff],
  [0x218, 0x21b],
  [0x2bb, 0x2bc],
  [0x386, 0x386],
  [0x388, 0x38a],
  [0x38e, 0x3a1],
  [0x3a3, 0x3ce],
  [0x400, 0x45f],
  [0x1e80, 0x1e85],
  [0x1ea0, 0x1ef9],
  [0x2013, 0x2014],
  [0x2018, 0x201a],
  [0x201c, 0x201e],
  [0x2022, 0x2022],
  [0x2026, 0x2026],
  [0x20ac, 0x20ac],
];

export function hasGlyph(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return GLYPH_RANGES.some(([from, to]) => code >= from && code <= to);
}

/** The letter without the marks that the fonts lack for it; null when the fonts lack the letter too. */
export function findBaseLetter(character: string): string | null {
  const base = character.normalize('NFKD').replace(/\p{M}/gu, '');
  return base !== '' && [...base].every(hasGlyph) ? base : null;
}

/** Fast path for nearly all names and addresses: one match decides. */
const WESTERN_TEXT = /^[\x20-\x7e\xa0-\xac\xae-\u017f]*$/;

/** Whether each letter can be printed, as itself or as its base letter. */
export function isPrintable(text: string): boolean {
  if (WESTERN_TEXT.test(text)) return true;
  const letters = text.normalize('NFC').match(/\p{L}/gu) ?? [];
  return letters.every((letter) => hasGlyph(letter) || findBaseLetter(letter) !== null);
}
