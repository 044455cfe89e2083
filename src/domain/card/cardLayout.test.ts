import { expect, test } from '@jest/globals';
import { arrangeKeys, CARD_LAYOUTS, findColumnPart, locateKey } from './cardLayout.ts';
import { KEYS_ON_CARD } from './keyCard.ts';

test.each([
  [0, 1, 1, 1, 'top'],
  [9, 1, 1, 10, 'middle'],
  [18, 1, 1, 19, 'bottom'],
  [19, 1, 2, 1, 'top'],
  [73, 1, 4, 18, 'bottom'],
  [74, 2, 1, 1, 'top'],
  [147, 2, 4, 18, 'bottom'],
] as const)(
  'position %i of a small card: side %i, column %i, row %i',
  (position, side, column, row, part) => {
    const place = locateKey(position, 'standard');
    expect(place).toEqual({ side, column, row, rows: [19, 19, 18, 18] });
    expect(place && findColumnPart(place)).toBe(part);
  },
);

test('large print has three columns', () => {
  expect(locateKey(74 + 25, 'large_print')).toEqual({ side: 2, column: 2, row: 1, rows: [25, 25, 24] });
});

test('no place is named in Braille, for an unknown format, and beyond the card', () => {
  expect(locateKey(0, 'braille')).toBeNull();
  expect(locateKey(0, undefined)).toBeNull();
  expect(locateKey(KEYS_ON_CARD, 'standard')).toBeNull();
});

test.each([0, 1, 7, 147, 148, 149])('%i keys are each arranged once, in their order', (many) => {
  const keys = [...Array(many).keys()];
  for (const layout of [CARD_LAYOUTS.standard, CARD_LAYOUTS.large_print]) {
    expect(arrangeKeys(keys, layout).flat(2)).toEqual(keys);
  }
});
