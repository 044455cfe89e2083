import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { hmacSha256 } from './hmac.ts';

test('RFC 4231, test cases 1, 2 and 6', () => {
  const cases = [
    [Buffer.alloc(20, 0x0b), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
    [
      Buffer.from('Jefe'),
      'what do ya want for nothing?',
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    [
      Buffer.alloc(131, 0xaa),
      'Test Using Larger Than Block-Size Key - Hash Key First',
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    ],
  ] as const;
  for (const [key, text, expected] of cases) expect(hmacSha256(key, text).toString('hex')).toBe(expected);
});

test('as createHmac, for keys and texts of all lengths', () => {
  for (let length = 0; length < 140; length += 1) {
    const key = Buffer.alloc(length, length);
    const text = 'æ'.repeat(length);
    expect(hmacSha256(key, text)).toEqual(createHmac('sha256', key).update(text).digest());
  }
});
