import { describe, expect, test } from '@jest/globals';
import { AddressList, parseAddressRange } from './addressList.ts';

const list = new AddressList(['10.0.0.5', '192.0.2.0/24', '2001:db8::/64', '::ffff:198.51.100.0/120', '::1']);

describe('an address of a list', () => {
  test.each([
    '10.0.0.5',
    '::ffff:10.0.0.5',
    '::FFFF:192.0.2.255',
    '192.0.2.0',
    '2001:db8::9',
    '198.51.100.7',
    '::1',
  ])('%s is one', (address) => expect(list.has(address)).toBe(true));
  test.each([
    '10.0.0.6',
    '192.0.3.0',
    '2001:db8:0:1::',
    '::ffff:10.0.0.6',
    '',
    'proxy',
    '10.0.0.5, 10.0.0.6',
    '::2',
  ])('%p is none', (address) => expect(list.has(address)).toBe(false));
});

test.each([
  '',
  '10.0.0',
  '10.0.0.5/33',
  '10.0.0.5/',
  '10.0.0.5/8/8',
  '0.0.0.0/0',
  '::/0',
  '::1/129',
  'fe80::1%eth0',
  'a.b',
])('%p is no range', (entry) => expect(parseAddressRange(entry)).toBeNull());
