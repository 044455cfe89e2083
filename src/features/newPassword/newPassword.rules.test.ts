import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { DEFAULT_RULES } from '../../domain/rules.ts';
import {
  chooseKeyPosition,
  findInventedPeriod,
  findLetterRefusal,
  readInventedPosition,
  type BoundHash,
  type LetterFacts,
} from './newPassword.rules.ts';

const DAY_MS = 24 * 3_600_000;
const NOW = new Date('2026-11-24T12:00:00Z');
const hashOf =
  (owner: string): BoundHash =>
  (text) =>
    createHmac('sha256', 'a key').update(`${owner}\n${text}`).digest();
const NONE_SPENT = '0'.repeat(148);

/** For each place, how many of many owners have it; a place is one of 148. */
function countPlaces(find: (owner: string) => number | null): number[] {
  const counts = Array<number>(148).fill(0);
  for (let i = 0; i < 4_440; i += 1) {
    const place = find(`owner ${i}`) ?? -1;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}

test('real and invented keys are anywhere on the card, alike', () => {
  const real = countPlaces((owner) =>
    chooseKeyPosition(hashOf(owner), { spent: NONE_SPENT, challenge: null }),
  );
  const invented = countPlaces((owner) => readInventedPosition(hashOf(owner), 7));
  for (const counts of [real, invented]) {
    expect(counts).toHaveLength(148);
    // Thirty of each are expected; five standard deviations are 27.
    expect(Math.min(...counts)).toBeGreaterThan(3);
    expect(Math.max(...counts)).toBeLessThan(60);
  }
});

test('the key stays the same while others are spent, and is never that of a sign-in', () => {
  const hash = hashOf('anna');
  const first = chooseKeyPosition(hash, { spent: NONE_SPENT, challenge: null }) ?? -1;
  const spent = [...NONE_SPENT];
  for (let position = 0; position < 148; position += 1) if (position !== first) spent[position] = '1';
  expect(chooseKeyPosition(hash, { spent: spent.join(''), challenge: null })).toBe(first);
  expect(chooseKeyPosition(hash, { spent: NONE_SPENT, challenge: first })).not.toBe(first);
  expect(chooseKeyPosition(hash, { spent: spent.join(''), challenge: first })).toBeNull();
  expect(chooseKeyPosition(hash, { spent: '1'.repeat(148), challenge: null })).toBeNull();
  // All keys come in an order in which each is once.
  const order: number[] = [];
  let left = NONE_SPENT;
  for (;;) {
    const position = chooseKeyPosition(hash, { spent: left, challenge: null });
    if (position === null) break;
    order.push(position);
    left = `${left.slice(0, position)}1${left.slice(position + 1)}`;
  }
  expect(new Set(order).size).toBe(148);
});

test('an invented number changes once in sixteen weeks, for each name at another moment', () => {
  const changes = (name: string) => {
    const seen: number[] = [];
    for (let day = 0; day < 560; day += 1)
      seen.push(findInventedPeriod(hashOf(name), new Date(NOW.getTime() + day * DAY_MS)));
    return seen.flatMap((period, day) => (day > 0 && period !== seen[day - 1] ? [day] : []));
  };
  const all = Array.from({ length: 40 }, (_, i) => changes(`name ${i}`));
  for (const days of all) expect([4, 5, 6]).toContain(days.length);
  expect(new Set(all.map(([first]) => first)).size).toBeGreaterThan(25);
});

const GOOD: LetterFacts = {
  isBlocked: false,
  birthdate: '1985-07-01',
  hasAddress: true,
  isOnTheWay: false,
  orderedInAMonth: 2,
};

test.each([
  [{}, null],
  [{ isBlocked: true }, 'id_blocked'],
  [{ isOnTheWay: true }, 'on_the_way'],
  [{ birthdate: '2011-11-25' }, 'under_15'],
  [{ birthdate: '2011-11-24' }, null],
  [{ hasAddress: false }, 'no_address'],
  [{ orderedInAMonth: 3 }, 'too_many'],
] as const)('%o: %s', (facts, refusal) => {
  expect(findLetterRefusal({ ...GOOD, ...facts }, DEFAULT_RULES, NOW)).toBe(refusal);
});
