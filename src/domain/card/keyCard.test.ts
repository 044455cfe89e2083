import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  composeCardSecretInput,
  deriveCardContents,
  drawCardNumber,
  drawChallenge,
  formatCardNumber,
  isRightKey,
  countKeysLeft,
  KEYS_ON_CARD,
  parseKey,
} from './keyCard.ts';
import { realRandom } from '../../platform/random.ts';

interface Vector {
  cardKey: string;
  identityId: string;
  cardId: string;
  salt: string;
  secret: string;
  first: Record<string, string>;
  last: Record<string, string>;
}

const doc = readFileSync('docs/reference/key-card.md', 'utf8');
const vectors = JSON.parse(/```json\n([\s\S]*?)```/.exec(doc)?.[1] ?? '[]') as Vector[];

test.each(vectors)('the vector of card $cardId in the docs', (vector) => {
  const input = composeCardSecretInput(vector.identityId, vector.cardId, Buffer.from(vector.salt, 'hex'));
  const secret = createHmac('sha256', Buffer.from(vector.cardKey, 'hex')).update(input).digest();
  expect(secret.toString('hex')).toBe(vector.secret);
  const { keyNumbers, keys } = deriveCardContents(secret);
  const printed = keyNumbers.map((number, i) => [number, keys[i]]);
  expect(printed.slice(0, 3)).toEqual(Object.entries(vector.first));
  expect(printed.slice(-2)).toEqual(Object.entries(vector.last));
});

test('the docs hold vectors', () => expect(vectors.length).toBeGreaterThan(1));

describe('the contents of 2,000 cards', () => {
  const cards = Array.from({ length: 2_000 }, () => deriveCardContents(randomBytes(32)));

  test('have 148 distinct key numbers in ascending order and 148 keys of six digits', () => {
    for (const { keyNumbers, keys } of cards) {
      expect(new Set(keyNumbers).size).toBe(KEYS_ON_CARD);
      expect([...keyNumbers].sort()).toEqual(keyNumbers);
      expect(keyNumbers.every((number) => /^[0-9]{4}$/.test(number))).toBe(true);
      expect(keys.every((key) => /^[0-9]{6}$/.test(key))).toBe(true);
      expect(keys).toHaveLength(KEYS_ON_CARD);
    }
  });

  /**
   * Deviation of chi-square from uniform counts: with k - 1 degrees of freedom its standard deviation is
   * sqrt(2 (k - 1)).
   */
  function deviations(counts: number[]): number {
    const even = counts.reduce((a, b) => a + b, 0) / counts.length;
    const chi = counts.reduce((sum, one) => sum + (one - even) ** 2 / even, 0);
    return (chi - (counts.length - 1)) / Math.sqrt(2 * (counts.length - 1));
  }

  test.each([0, 1, 2, 3, 4, 5])('keys are even in digit %i', (place) => {
    const counts = Array.from({ length: 10 }, () => 0);
    for (const { keys } of cards) for (const key of keys) counts[Number(key[place])]! += 1;
    expect(deviations(counts)).toBeLessThan(6);
  });

  test('keys are even over 1,000 ranges, key numbers over 100', () => {
    const ofKeys = Array.from({ length: 1_000 }, () => 0);
    const ofNumbers = Array.from({ length: 100 }, () => 0);
    for (const { keys, keyNumbers } of cards) {
      for (const key of keys) ofKeys[Math.floor(Number(key) / 1_000)]! += 1;
      for (const number of keyNumbers) ofNumbers[Math.floor(Number(number) / 100)]! += 1;
    }
    expect(deviations(ofKeys)).toBeLessThan(6);
    expect(deviations(ofNumbers)).toBeLessThan(6);
  });

  test('control: a draw without rejection from 16 bits is found to be biased', () => {
    const counts = Array.from({ length: 100 }, () => 0);
    for (let i = 0; i < 296_000; i += 1)
      counts[Math.floor((randomBytes(2).readUInt16BE() % 10_000) / 100)]! += 1;
    expect(deviations(counts)).toBeGreaterThan(6);
  });
});

describe('the challenge', () => {
  test('is always an unspent key, and null on an empty card', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: KEYS_ON_CARD, maxLength: KEYS_ON_CARD }), (bits) => {
        const spent = bits.map((bit) => (bit ? '1' : '0')).join('');
        const drawn = drawChallenge(spent, realRandom);
        if (countKeysLeft(spent) === 0) expect(drawn).toBeNull();
        else expect(spent[drawn ?? -1]).toBe('0');
      }),
    );
    expect(drawChallenge('1'.repeat(KEYS_ON_CARD), realRandom)).toBeNull();
  });
});

test('a key is read with the spaces and hyphens that people paste', () => {
  for (const typed of ['123456', ' 123 456 ', '123-456', '12‑34‑56', '1 2 3 4 5 6', '123–456']) {
    expect(parseKey(typed)).toBe('123456');
  }
  for (const typed of ['', '12345', '1234567', '12345a']) expect(parseKey(typed)).toBeNull();
});

test('keys are compared whole', () => {
  expect(isRightKey('123456', '123456')).toBe(true);
  expect(isRightKey('123457', '123456')).toBe(false);
  expect(isRightKey('12345', '123456')).toBe(false);
});

test('card numbers are a letter and nine digits, shown in three groups', () => {
  for (let i = 0; i < 100; i += 1) expect(drawCardNumber(realRandom)).toMatch(/^[A-HJ-NPR-Z][0-9]{9}$/);
  expect(formatCardNumber('A123456789')).toBe('A123-456-789');
});
