/**
 * Typed text is read the same from every keyboard: digits of any script, invisible characters, pasted line
 * breaks.
 */
import { describe, expect, test } from '@jest/globals';
import { checkReason } from '../staff/desk.ts';
import { parseCpr } from '../person/cpr.ts';
import { foldDocumentNumber } from '../issuing/identification.ts';
import { parseKey } from '../card/keyCard.ts';
import { foldTemporaryPassword, preparePassword } from '../signIn/password.ts';
import { foldSignVariants, isReadable, readLine, readDay } from './typedText.ts';
import { checkUserId, foldName, isCprLike, containsCpr } from '../person/userId.ts';

/** The same digits in another script. */
function inScript(zero: number, text: string): string {
  return text.replace(/[0-9]/g, (digit) => String.fromCodePoint(zero + Number(digit)));
}

const SCRIPTS: [string, number][] = [
  ['Arabic-Indic', 0x660],
  ['Persian', 0x6f0],
  ['Devanagari', 0x966],
  ['Bengali', 0x9e6],
  ['Thai', 0xe50],
  ['full-width', 0xff10],
  ['mathematical', 0x1d7ce],
];

const MARKS =
  '\u200B\u200C\u200D\u200E\u200F\u202A\u202C\u202E\u2060\u2066\u2069\uFEFF\u00AD\u061C\u3164'.split('');

test('every decimal digit of Unicode folds to its value', () => {
  const digits = Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code))
    .filter((sign) => /\p{Nd}/u.test(sign))
    .map(foldSignVariants)
    .join('');
  expect(digits.length).toBeGreaterThan(600);
  expect(digits).toMatch(/^(0123456789)+$/);
});

describe.each(SCRIPTS)('in %s digits', (_script, zero) => {
  const typed = (text: string) => inScript(zero, text);

  test('a key, a CPR number, an ID number, a day and a document number are read', () => {
    expect(parseKey(typed('123 456'))).toBe('123456');
    expect(parseCpr(typed('010785-1234'))).toMatchObject({ digits: '0107851234', birthdate: '1985-07-01' });
    expect(foldName(typed('123 456 789'))).toBe('123456789');
    expect(readDay(typed('24-11-1985'))).toBe('1985-11-24');
    expect(readDay(typed('1985-11-24'))).toBe('1985-11-24');
    expect(foldDocumentNumber(`p${typed('1234567')}`)).toBe('P1234567');
    expect(foldTemporaryPassword(typed('2345-6789-abcd'))).toBe('23456789abcd');
  });

  test('a CPR number is recognised, also in a reason', () => {
    expect(isCprLike(typed('010785-1234'))).toBe(true);
    expect(checkUserId(typed('0107851234'))).toBe('like_a_number');
    expect(checkUserId(typed('123456789'))).toBe('like_a_number');
    expect(checkReason(`ringede om ${typed('010785-1234')}`)).toBe('reason_number');
  });
});

describe.each(MARKS.map((mark) => [mark.codePointAt(0)?.toString(16) ?? '', mark]))(
  'with U+%s',
  (_code, mark) => {
    const typed = (text: string) => mark + text.slice(0, 3) + mark + text.slice(3) + mark;

    test('numbers and user IDs are read without invisible characters', () => {
      expect(parseKey(typed('123456'))).toBe('123456');
      expect(parseCpr(typed('010785-1234'))).toMatchObject({ digits: '0107851234' });
      expect(foldName(typed('123456789'))).toBe('123456789');
      expect(foldName(typed('anna-andersen'))).toBe('anna-andersen');
      expect(checkUserId(mark.repeat(8))).toBe('too_short');
      expect(isCprLike(typed('0107851234'))).toBe(true);
      expect(readDay(typed('24-11-1985'))).toBe('1985-11-24');
      expect(foldDocumentNumber(typed('P1234567'))).toBe('P1234567');
      expect(foldTemporaryPassword(typed('2345abcdefgh'))).toBe('2345abcdefgh');
    });

    test('a chosen password is never folded', () => {
      expect(preparePassword(typed('hemmelig'))).toBe(typed('hemmelig').normalize('NFC'));
    });
  },
);

test.each([
  '123456',
  ' 123 456 ',
  '123-456',
  '12‑34‑56',
  '123–456',
  '123−456',
  '12.34.56',
  '123/456',
  '123,456',
])('the key %j is read with any separator between its groups', (typed) =>
  expect(parseKey(typed)).toBe('123456'),
);

test.each([
  '#123456',
  '123\u00A0456',
  '123\u2009456',
  '123\u2007456',
  '123\u202F456',
  '１２３ー４５６',
  '123\t456',
])('the key %j is read too', (typed) => expect(parseKey(typed)).toBe('123456'));

test.each(['', '12345', '1234567', '12345a', '12345½', '0087 123456', '123+456', '\uFFFD123456'])(
  '%j is no key',
  (typed) => expect(parseKey(typed)).toBeNull(),
);

test.each(['010785/1234', '01.07.85-1234', '010785 – 1234', '(010785)-1234', '9999999999', '610785-1234'])(
  '%j is taken for a CPR number where a user ID is asked for',
  (typed) => expect(isCprLike(typed)).toBe(true),
);

test.each(['123456789', '123-456-789', 'anna-andersen', 'anna0107851234', '01078512345', '010785-123a', ''])(
  '%j is not',
  (typed) => expect(isCprLike(typed)).toBe(false),
);

test('a CPR number in a hint is recognised', () => {
  for (const text of ['urn:cpr:010785-1234', 'cpr 010785 1234', 'x:۰۱۰۷۸۵-۱۲۳۴'])
    expect(containsCpr(text)).toBe(true);
  for (const text of ['anna1985', '123456789', '010785-12345', 'sag 12345, 67890'])
    expect(containsCpr(text)).toBe(false);
});

test('an emoji in a user ID keeps its variation selector', () => {
  expect(foldName('\u2764\uFE0Fanna')).toBe('\u2764\uFE0Fanna');
});

test('tabs and line breaks are removed at the ends and become a space inside', () => {
  expect(readLine('Anna Andersen\t')).toBe('Anna Andersen');
  expect(readLine('\r\nAnna\tAndersen\r\n')).toBe('Anna Andersen');
  expect(readLine(' Anna ')).toBe(' Anna ');
  expect(readLine('Anna\r\n\tAndersen')).toBe('Anna Andersen');
});

test('a control character becomes visible, and no field accepts it', () => {
  for (const character of ['\0', '\u0001', '\u001B', '\u007F', '\u0085', '\u009F', '\uD800']) {
    const read = readLine(`An${character}na`);
    expect(read).toBe('An\uFFFDna');
    expect(isReadable(read)).toBe(false);
  }
  expect(isReadable('Ærø 👩‍🚀')).toBe(true);
});
