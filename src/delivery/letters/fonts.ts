/**
 * The face of the letters: IBM Plex Sans, which the pages of Nøgle are set in too. It is embedded, because a print
 * house prints what it is given and because PDF's own fonts know Western European letters alone: a citizen named
 * Łukasz Nguyễn is to be called so on the envelope. The files come with `dkfds` (OFL 1.1).
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { create, type Font } from 'fontkit';
import { findBaseLetter, hasGlyph } from '../../domain/person/printable.ts';

export type FontWeight = 'regular' | 'bold';

function loadFont(file: string): Font {
  // The exports map of dkfds has only `.`, so the other files are found from there.
  const dist = path.resolve(path.dirname(createRequire(import.meta.url).resolve('dkfds')), '..');
  return create(readFileSync(`${dist}/fonts/IBMPlexSans/complete/ttf/${file}`)) as Font;
}

/**
 * Read with this file, which the jobs do when they start: a missing font is told at once. Parsed once and shared
 * by all letters, which more than halves what one costs (50 ms to 22 ms); each embeds its own subset.
 */
export const FONTS: Readonly<Record<FontWeight, Font>> = {
  regular: loadFont('IBMPlexSans-Regular.ttf'),
  bold: loadFont('IBMPlexSans-SemiBold.ttf'),
};

/**
 * The text in letters that the fonts have. What is lost: marks on a letter that the fonts do not have with them
 * (`ḥ` becomes `h`), and whole scripts (`李` becomes `?`): the Danish registers write names in Latin letters.
 * Control characters and invisible ones become nothing, tabs and the like a space; line breaks stay.
 */
export function replaceMissingGlyphs(text: string): string {
  const spaced = text.normalize('NFC').replace(/[^\S\n]/gu, ' ');
  return spaced.replace(/[^\n]/gu, (character) => {
    if (hasGlyph(character)) return character;
    if (/[\p{C}\p{M}]/u.test(character)) return '';
    return findBaseLetter(character) ?? '?';
  });
}
