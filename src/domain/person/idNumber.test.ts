import { expect, test } from '@jest/globals';
import { formatIdNumber } from './idNumber.ts';

test('an ID number is grouped by spaces that do not break', () => {
  expect(formatIdNumber('883493594')).toBe('883\u00a0493\u00a0594');
});
