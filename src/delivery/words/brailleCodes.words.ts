/**
 * Uncontracted Braille of six dots in the languages of the letters. Danish: the code of Dansk
 * Punktskriftnævn (2022), which does not mark capital letters; nothing in a letter depends on them. English:
 * Unified English Braille. Compared with the tables `da-dk-g16-lit`, `da-dk-6miscChars` and `en-ueb-chardefs`
 * of liblouis.
 */
import type { Localized } from '../../domain/language/language.ts';
import { cells } from '../../domain/brailleCells.ts';

export interface BrailleCode {
  readonly letters: Readonly<Record<string, string>>;
  readonly signs: Readonly<Record<string, string>>;
  /** The cells before a letter with this combining mark; null for a mark that the code does not have. */
  readonly accent: (mark: string) => string | null;
  /** Signs that may stand within a number, which then goes on without another number sign. */
  readonly withinNumber: string;
  /** Before a letter that follows a digit and would be read as one. */
  readonly letterSign: { readonly sign: string; readonly before: RegExp };
  /** Before one capital letter, and before several; null: capital letters are not marked. */
  readonly capitals: { readonly one: string; readonly several: string } | null;
  /** For a character that the code does not have. */
  readonly unknown: string;
}

export const NUMBER_SIGN = cells('3456');

const DOTS_OF_LATIN =
  'a1 b12 c14 d145 e15 f124 g1245 h125 i24 j245 k13 l123 m134 n1345 o135 p1234 q12345 r1235 s234 t2345 u136 v1236 w2456 x1346 y13456 z1356';

/** @param list of signs with their dots, separated by spaces: `?26 +45-235` */
function readDots(list: string): Record<string, string> {
  return Object.fromEntries(list.split(' ').map((one) => [one.slice(0, 1), cells(one.slice(1))]));
}

const LATIN = readDots(DOTS_OF_LATIN);

/** The digits are the letters a to j, after a number sign. */
export function digitCell(digit: string): string {
  return LATIN['jabcdefghi'.charAt(Number(digit))] ?? '';
}

const DANISH: BrailleCode = {
  letters: {
    ...LATIN,
    ...readDots('å16 æ345 ø246 ä345 ö246 ü1256 ł5-123 đ5-145 ð5-145 þ5-2345 œ135-15 ß234-234'),
  },
  signs: {
    ...readDots('.3 ,2 :25 ;23 ?26 !235 \'4 ’4 ‘4 `4 (236 )356 -36 /34 "2356 »2356 «2356 “2356 ”2356 „2356'),
    ...readDots(
      '–36-36 —36-36 …3-3-3 §346 &12346 *35 +45-235 =45-2356 #45-3456 @45-1 %245-356 _45-36 €45-15',
    ),
    ...readDots('$45-256 <45-134 >45-234 [5-236 ]5-356 \\45-16 ^45-346 {45-246 |45-456 }45-135 ~45-6 ÷256'),
  },
  accent: () => cells('5'),
  withinNumber: '.,-/:',
  letterSign: { sign: cells('6'), before: /./ },
  capitals: null,
  unknown: cells('26'),
};

/** By the combining mark: grave, acute, circumflex, tilde, macron, breve, diaeresis, ring, caron, cedilla. */
const ENGLISH_ACCENTS = readDots(
  '\u030045-16 \u030145-34 \u030245-146 \u030345-12456 \u03044-36 \u03064-346 \u030845-25 \u030a45-1246 \u030c45-346 \u032745-12346',
);

const ENGLISH: BrailleCode = {
  letters: {
    ...LATIN,
    ...readDots('ø4-16-135 æ1-45-235-15 œ135-45-235-15 ł4-16-123 đ4-25-145 ð3456-1246 þ3456-2346 ß46-2346'),
  },
  signs: {
    ...readDots('.256 ,2 :25 ;23 ?236 !235 \'3 ’3 ‘6-236 `46-16 (5-126 )5-345 -36 /456-34 "6-2356 “236 ”356'),
    ...readDots('»456-356 «456-236 –6-36 —6-36 …256-256-256 §45-234 &4-12346 *5-35 +5-235 =5-2356 #456-1456'),
    ...readDots('@4-1 %46-356 _46-36 €4-15 $4-234 <4-126 >4-345 [46-126 ]46-345 \\456-16 ^4-26 {456-126'),
    ...readDots('|456-1256 }456-345 ~4-35 ÷5-34'),
  },
  accent: (mark) => ENGLISH_ACCENTS[mark] ?? null,
  withinNumber: '.,',
  letterSign: { sign: cells('56'), before: /[a-j]/ },
  capitals: { one: cells('6'), several: cells('6-6') },
  unknown: cells('236'),
};

export const BRAILLE_CODES: Localized<BrailleCode> = { da: DANISH, en: ENGLISH };
