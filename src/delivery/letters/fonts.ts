/**
 * The typeface of the letters: IBM Plex Sans, as on Nøgle's pages. It is embedded, because a print house
 * prints only what it receives and because PDF's built-in fonts contain only Western European letters: a
 * citizen named Łukasz Nguyễn must have that name on the envelope. The files come with `dkfds` (OFL 1.1).
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { create, type Font } from 'fontkit';
import { findBaseLetter, hasGlyph } from '../../domain/person/printable.ts';

export type FontWeight = 'regular' | 'bold';

function loadFont(file: string): Font {
  // The exports map of dkfds has only `.`, so the other files are located relative to it.
  const dist = path.resolve(path.dirname(createRequire(import.meta.url).resolve('dkfds')), '..');
  return create(readFileSync(`${dist}/fonts/IBMPlexSans/complete/ttf/${file}`)) as Font;
}

/**
 * Loaded with this module, which the jobs import when they start, so that a missing font fails at start.
 * Parsed once and shared by all letters, which more than halves the cost of one (50 ms to 22 ms); each letter
 * embeds its own subset.
 */
export const FONTS: Readonly<Record<FontWeight, Font>> = {
  regular: loadFont('IBMPlexSans-Regular.ttf'),
  bold: loadFont('IBMPlexSans-SemiBold.ttf'),
};

/**
 * The text in characters that the fonts contain. Lost are diacritics that the fonts do not have on a letter
 * (`ḥ` becomes `h`), and whole scripts (`李` becomes `?`): the Danish registers write names in Latin letters.
 * Control characters and invisible ones are removed, tabs and the like become a space; line breaks stay.
 */
export function replaceMissingGlyphs(text: string): string {
  const spaced = text.normalize('NFC').replace(/[^\S\n]/gu, ' ');
  return spaced.replace(/[^\n]/gu, (character) => {
    if (hasGlyph(character)) return character;
    if (/[\p{C}\p{M}]/u.test(character)) return '';
    return findBaseLetter(character) ?? '?';
  });
}
