/**
 * The face of the letters: IBM Plex Sans, which the pages of Nøgle are set in too. It is embedded, because a print
 * house prints what it is given and because PDF's own fonts know Western European letters alone: a citizen named
 * Łukasz Nguyễn is to be called so on the envelope. The files come with `dkfds` (OFL 1.1).
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { create, type Font } from 'fontkit';

export type Weight = 'regular' | 'bold';

function load(file: string): Font {
  // The exports map of dkfds has only `.`, so the other files are found from there.
  const dist = path.resolve(path.dirname(createRequire(import.meta.url).resolve('dkfds')), '..');
  return create(readFileSync(`${dist}/fonts/IBMPlexSans/complete/ttf/${file}`)) as Font;
}

/**
 * Read with this file, which the jobs do when they start: a missing font is told at once. Parsed once and shared
 * by all letters, which more than halves what one costs (50 ms to 22 ms); each embeds its own subset.
 */
export const FONTS: Readonly<Record<Weight, Font>> = {
  regular: load('IBMPlexSans-Regular.ttf'),
  bold: load('IBMPlexSans-SemiBold.ttf'),
};

/** The letters and marks that both fonts have, in ranges: Latin, Vietnamese, Greek and Cyrillic. */
export const SHOWN_RANGES: readonly (readonly [number, number])[] = [
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

function isShown(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return SHOWN_RANGES.some(([from, to]) => code >= from && code <= to);
}

/**
 * The text in letters that the fonts have. What is lost: marks on a letter that the fonts do not have with them
 * (`ḥ` becomes `h`), and whole scripts (`李` becomes `?`): the Danish registers write names in Latin letters.
 * Control characters and invisible ones become nothing, tabs and the like a space; line breaks stay.
 */
export function showable(text: string): string {
  const spaced = text.normalize('NFC').replace(/[^\S\n]/gu, ' ');
  return spaced.replace(/[^\n]/gu, (character) => {
    if (isShown(character)) return character;
    if (/[\p{C}\p{M}]/u.test(character)) return '';
    const base = character.normalize('NFKD').replace(/\p{M}/gu, '');
    return base !== '' && [...base].every(isShown) ? base : '?';
  });
}
