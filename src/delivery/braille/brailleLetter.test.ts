/**
 * A card in Braille, read back cell by cell as a finger reads it. The tables here are written from the
 * standards, by dots: digits are the letters a to j after the number sign 3456, and the Danish letters have
 * cells of their own. Nothing of the code that writes them is used.
 */
import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deriveCardContents } from '../../domain/card/keyCard.ts';
import type { Letter, LetterContent } from '../../domain/letter.ts';
import type { ServiceContact } from '../../domain/serviceContact.ts';
import { BRAILLE } from '../words/braille.words.ts';
import { LETTERS } from '../words/letters.words.ts';
import { renderBrailleLetter } from './brailleLetter.ts';
import { translateToBraille } from './translate.ts';

/** @param list of characters, each with the dots of its cell */
const readTable = (list: string) =>
  list
    .trim()
    .split(/\s+/)
    .map((one) => [one.slice(0, 1), one.slice(1)] as const);

/** North American Braille ASCII: the dots of each character of a BRF file that a Danish letter has. */
const DOTS: Readonly<Record<string, string>> = Object.fromEntries(
  readTable(`A1 B12 C14 D145 E15 F124 G1245 H125 I24 J245 K13 L123 M134 N1345 O135 P1234 Q12345 R1235 S234
    T2345 U136 V1236 X1346 Y13456 Z1356 W2456 *16 >345 [246 \\1256 #3456 -36 ,6 '3 12 223 325 526 6235 72356
    8236 0356 /34 "5 @4 ^45`),
);

const byDots = (list: string): Readonly<Record<string, string>> =>
  Object.fromEntries(readTable(list).map(([sign, dots]) => [dots, sign]));
/** The Danish alphabet and punctuation. */
const DANISH =
  byDots(`a1 b12 c14 d145 e15 f124 g1245 h125 i24 j245 k13 l123 m134 n1345 o135 p1234 q12345 r1235
  s234 t2345 u136 v1236 w2456 x1346 y13456 z1356 æ345 ø246 å16 .3 ,2 :25 ;23 ?26 !235 "2356 -36 /34 (236 )356 '4`);
const DIGITS = byDots('11 212 314 4145 515 6124 71245 8125 924 0245');
/** Before a letter with an accent. */
const ACCENT = '5';
/** The first of two cells; the second is that of a letter. */
const COMMERCIAL_AT = ['45', '1'] as const;
const WITHIN_NUMBERS = ['3', '2', '36', '34', '25'];

/** @throws Error at a cell that the tables do not have */
function readCells(text: string): string {
  let isInNumber = false;
  let before = '';
  return [...text]
    .map((character) => {
      if (character === ' ') {
        isInNumber = false;
        return ' ';
      }
      const dots = DOTS[character];
      if (dots === undefined) throw new Error(`no cell: ${character}`);
      if (dots === '3456') {
        isInNumber = true;
        return '';
      }
      const isCommercialAt = before === COMMERCIAL_AT[0] && dots === COMMERCIAL_AT[1];
      before = dots;
      if (isCommercialAt) return '@';
      if (dots === COMMERCIAL_AT[0]) return '';
      if (isInNumber && DIGITS[dots] !== undefined) return DIGITS[dots];
      isInNumber = isInNumber && WITHIN_NUMBERS.includes(dots);
      if (dots === '6' || dots === ACCENT) return '';
      const letter = DANISH[dots];
      if (letter === undefined) throw new Error(`no letter: ${dots}`);
      return letter;
    })
    .join('');
}

function readPages(brf: Buffer): string[][] {
  const pages = brf.toString('latin1').split('\f');
  return pages.map((page) => page.split('\r\n').slice(0, -1));
}

const contact: ServiceContact = {
  issuer: 'https://noegle.example',
  hotline: '70 10 20 30',
  email: 'hjaelp@noegle.example',
  appointmentsUrl: null,
  accessibilityUrl: null,
  operator: { name: 'Nøgle', cvr: '12345678', address: ['Gade 1'], dataProtectionEmail: 'd@noegle.example' },
};
const to = { name: 'Søren Åse Ærø', street: 'Storegade 12', postcode: '8900', city: 'Randers' };

function aLetter(content: LetterContent, letter: Partial<Letter> = {}): Letter {
  const usableUntil = content.kind === 'password' ? '2027-01-05' : null;
  const sent = { postOn: '2026-11-24', batch: '2026-11-24-09', usableUntil };
  return { id: 'letter-1', content, language: 'da', format: 'braille', ...sent, ...letter };
}

const cardNumbers = fc
  .tuple(fc.constantFrom(...'ABCDEFGHJKLMNPRSTUVWXYZ'), fc.stringMatching(/^[0-9]{9}$/))
  .map(([letter, digits]) => `${letter}${digits.slice(0, 3)}-${digits.slice(3, 6)}-${digits.slice(6)}`);
const cards = fc.record({
  secret: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  cardNumber: cardNumbers,
  kind: fc.constantFrom('card' as const, 'welcome' as const),
  language: fc.constantFrom('da' as const, 'en' as const),
});

function printedKeys(seed: Uint8Array) {
  const { keyNumbers, keys } = deriveCardContents(createHash('sha256').update(seed).digest());
  return Object.fromEntries(keyNumbers.map((number, i) => [number, keys[i] ?? '']));
}

describe('the file of a card', () => {
  test('is pages that an embosser takes, and reads back as its 148 keys', () => {
    fc.assert(
      fc.property(cards, ({ secret, cardNumber, kind, language }) => {
        const keys = printedKeys(secret);
        const content = { kind, to, idNumber: '274013951', cardNumber, keys } as LetterContent;
        const brf = renderBrailleLetter(aLetter(content, { language }), contact);
        expect(brf.every((byte) => byte < 0x60)).toBe(true);
        expect(brf.toString('latin1').replaceAll('\r\n', '')).not.toMatch(/[\r\n\t]/);
        const pages = readPages(brf);
        for (const page of pages) {
          expect(page.length).toBeLessThanOrEqual(28);
          for (const line of page) expect(line.length).toBeLessThanOrEqual(40);
        }
        const isKeyLine = (line: string) => /^#[A-J]{4} {2}#[A-J]{6}$/.test(line);
        const onCard = pages.filter((page) => page.some(isKeyLine));
        // On sheets of its own, also where both sides are embossed.
        expect(pages.indexOf(onCard[0] ?? []) % 2).toBe(0);
        expect(pages.slice(-onCard.length)).toEqual(onCard);
        const pairs = onCard.flatMap((page) =>
          page.filter(isKeyLine).map((line) => readCells(line).split('  ')),
        );
        expect(pairs).toEqual(Object.entries(keys).sort(([a], [b]) => a.localeCompare(b)));
        expect(pairs).toHaveLength(148);
        for (const [i, page] of onCard.entries()) {
          const read = page.map(readCells);
          const numbers = page.filter(isKeyLine).map((line) => readCells(line).slice(0, 4));
          const [range, of] = language === 'da' ? ['til', 'af'] : ['to', 'of'];
          expect(read[0]?.trim()).toMatch(
            new RegExp(`^${numbers[0]} ${range} ${numbers.at(-1)} +\\w+ ${i + 1} ${of} 6$`),
          );
          if (language === 'da') expect(read[1]?.trim()).toBe(`kort ${cardNumber.toLowerCase()}`);
          expect(read[2]?.trim()).toBe('hotline 70 10 20 30');
        }
      }),
      { numRuns: 25 },
    );
  });

  test('is the same bytes for the same letter', () => {
    const letter = aLetter({
      kind: 'card',
      to,
      cardNumber: 'A123-456-789',
      keys: printedKeys(new Uint8Array(32)),
    });
    expect(renderBrailleLetter(letter, contact).equals(renderBrailleLetter(letter, contact))).toBe(true);
  });
});

describe('the text of a letter', () => {
  const read = (content: LetterContent) =>
    readPages(renderBrailleLetter(aLetter(content), contact))
      .flatMap((page) => page.slice(1).map(readCells))
      .join(' ')
      .replace(/\s+/g, ' ');

  test('of welcome: the ID number, the card number, and where to go', () => {
    const keys = { '0087': '123456' };
    const text = read({ kind: 'welcome', to, idNumber: '274013951', cardNumber: 'B987-654-321', keys });
    expect(text).toContain('kære søren åse ærø');
    expect(text).toContain('dit id-nummer: 274 013 951');
    expect(text).toContain('kortnummer: b987-654-321');
    expect(text).toContain('dit nøglekort ligger efter brevet. det er i punktskrift.');
    expect(text).toContain('https://noegle.example');
    expect(text).toContain('nøgles hotline: 70 10 20 30');
    expect(text).not.toContain('spalte');
  });

  test('of a password: its characters one by one, so that no digit is read as a letter', () => {
    const pages = readPages(
      renderBrailleLetter(aLetter({ kind: 'password', to, temporaryPassword: 'mk4w a8rb' }), contact),
    );
    expect(pages.flat().map((line) => line.trim())).toContain('M K #D W A #H R B');
    expect(read({ kind: 'password', to, temporaryPassword: 'mk4w' })).toContain(
      'til og med tirsdag den 5. januar 2027',
    );
  });

  test('has the address of Nøgle on the page of its label, whatever is above it', () => {
    const issuer = 'https://id.noegle.example';
    for (let count = 0; count < 28; count++) {
      const text = Array.from({ length: count }, () => 'ord').join('\n\n');
      const content = { kind: 'notice', to, subject: 'Dit ID', text } as const;
      const pages = readPages(renderBrailleLetter(aLetter(content), { ...contact, issuer }));
      expect(pages.at(-1)?.slice(-2)).toEqual(['N[GLES ADRESSE3', "  HTTPS3//ID'NOEGLE'EXAMPLE"]);
    }
  });

  test('of a notice of any length and with any name stays on its pages', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 2000 }),
        fc.constantFrom('da' as const, 'en' as const),
        (text, language) => {
          const content = {
            kind: 'notice',
            to: { ...to, name: text.slice(0, 90) },
            subject: 'Dit nøglekort',
            text,
          } as const;
          const brf = renderBrailleLetter(aLetter(content, { language }), contact);
          expect(brf.every((byte) => byte < 0x60)).toBe(true);
          for (const page of readPages(brf)) {
            expect(page.length).toBeLessThanOrEqual(28);
            for (const line of page) expect(line.length).toBeLessThanOrEqual(40);
          }
        },
      ),
    );
  });
});

describe('the cells', () => {
  test.each([
    ['da', 'æ ø å', '> [ *'],
    ['da', 'Müller, Żółć', 'M\\LLER1 "Z"O"L"C'],
    ['da', '4a og 5w', '#D,A OG #E,W'],
    ['da', '24. nov. kl. 14.05', "#BD' NOV' KL' #AD'JE"],
    ['da', 'A123-456-789', 'A#ABC-DEF-GHI'],
    ['da', 'anna@mail.dk', "ANNA^AMAIL'DK"],
    ['da', '»Spær«', '7SP>R7'],
    ['en', 'Your ID, 4a or 4w?', ',YOUR ,,ID1 #D;A OR #DW8'],
    ['en', 'Søren’s “key”', ",S@*OREN'S 8KEY0"],
    ['en', 'a/b (c)', 'A_/B "<C">'],
  ] as const)('of %s: %s', (language, text, expected) => {
    expect(translateToBraille(text, language)).toBe(expected);
  });

  test.each(['da', 'en'] as const)('every character of the letters in %s has its cell', (language) => {
    const said = JSON.stringify([BRAILLE[language], LETTERS[language]], (_, value: unknown) =>
      typeof value === 'function' ? String(value(1, 2)) : value,
    );
    const unknown = new Set([...said].filter((one) => /[^\p{L}\s0-9?“]/u.test(one)));
    const fallback = translateToBraille('\u2603', language);
    expect([...unknown].filter((one) => translateToBraille(one, language) === fallback)).toEqual([]);
  });
});
