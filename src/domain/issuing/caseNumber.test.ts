import { expect, test } from '@jest/globals';
import { deriveCaseNumber, drawCaseNumber, parseCaseReference, writeCaseNumber } from './caseNumber.ts';

const ID = 'ec056f71-570f-4629-b6f6-1645e0c190d8';

test('eight signs, each drawn evenly, without look-alikes or vowels', () => {
  const drawn = [0, 1, 2, 3, 16, 17, 18, 19];
  const limits: number[] = [];
  const number = drawCaseNumber({
    below: (limit) => {
      limits.push(limit);
      return drawn[limits.length - 1] ?? 0;
    },
  });
  expect([number, new Set(limits)]).toEqual(['3479TVWX', new Set([20])]);
  for (let i = 0; i < 20; i += 1)
    expect(drawCaseNumber({ below: () => i })).not.toMatch(/[0O1IL2Z5S6B8UAEY]/);
});

test('is read back however it is typed or said', () => {
  const number = { kind: 'number', number: 'K7MP3QXD' };
  for (const typed of [
    'K7MP-3QXD',
    'k7mp 3qxd',
    ' K7MP3QXD ',
    'K7MP–3QXD',
    'k 7 m p . 3 q x d',
    'Ｋ7MP-3QXD',
  ]) {
    expect(parseCaseReference(typed)).toEqual(number);
  }
  expect(writeCaseNumber({ id: ID, caseNumber: 'K7MP3QXD' })).toBe('K7MP-3QXD');
});

test('the same hash has the same number', () => {
  const [hash, other] = [Buffer.alloc(32, 7), Buffer.alloc(32, 8)];
  const number = deriveCaseNumber(hash);
  expect(parseCaseReference(number)).toEqual({ kind: 'number', number });
  expect([deriveCaseNumber(hash), deriveCaseNumber(other)]).toEqual([
    number,
    expect.not.stringMatching(number),
  ]);
});

test('a case from before is called by its id', () => {
  expect(writeCaseNumber({ id: ID, caseNumber: null })).toBe(ID);
  expect(parseCaseReference(ID.toUpperCase())).toEqual({ kind: 'id', id: ID });
});

test.each(['', 'K7MP', 'K7MP-3QXDD', 'K7MP-3QXO', '0101851234', '<b>K7MP</b>'])('%j is none', (typed) => {
  expect(parseCaseReference(typed)).toBeNull();
});
