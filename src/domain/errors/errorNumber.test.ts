import { expect, test } from '@jest/globals';
import { composeErrorNumber } from './errorNumber.ts';

test('the number of a request is the same each time, and can be said on the phone', () => {
  const number = composeErrorNumber('6f9619ff-8b86-4011-b42d-00c04fc964ff');
  expect(number).toMatch(/^\d{4} \d{4}$/);
  expect(composeErrorNumber('6f9619ff-8b86-4011-b42d-00c04fc964ff')).toBe(number);
  expect(composeErrorNumber('6f9619ff-8b86-4011-b42d-00c04fc964fe')).not.toBe(number);
  expect(composeErrorNumber('00000000-0000-0000-0000-000000000007')).toBe('0000 0007');
  // Ids of a proxy that counts: the sign that differs may be no hex digit, and stand anywhere.
  const counted = ['G', 'H', 'Z'].flatMap((sign) => [`${sign}00000000-proxy-1`, `proxy-1-00000000${sign}`]);
  const numbers = counted.map(composeErrorNumber);
  expect(new Set(numbers).size).toBe(6);
  for (const one of numbers) expect(one).toMatch(/^\d{4} \d{4}$/);
});
