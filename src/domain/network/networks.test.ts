/** Which network's budget an address counts against, in every notation of the address. */
import { expect, test } from '@jest/globals';
import {
  findCustomerNetwork,
  isBudgetFull,
  readNetworkBudget,
  findNarrowestNetwork,
  listNetworks,
  findWidestNetwork,
} from './networks.ts';
import { DEFAULT_RULES } from '../rules.ts';

const names = (address: string) => listNetworks(address).map(({ name }) => name);
const widths = (address: string) => listNetworks(address).map(({ width }) => width);

test('an IPv4 address belongs to itself and its /24', () => {
  expect(names('192.0.2.7')).toEqual(['192.0.2.7', '192.0.2.0/24']);
  expect(widths('192.0.2.7')).toEqual(['ipv4', 'ipv4_24']);
  expect(names('192.0.2.255')[1]).toBe(names('192.0.2.1')[1]);
  expect(names('192.0.3.7')[1]).not.toBe(names('192.0.2.7')[1]);
});

test.each([
  '::ffff:192.0.2.7',
  '::FFFF:192.0.2.7',
  '::ffff:c000:207',
  '0:0:0:0:0:ffff:c000:0207',
  '[::ffff:192.0.2.7]',
  ' 192.0.2.7 ',
  '192.0.2.7:40001',
])('an IPv4 address within IPv6 is that IPv4 address: %s', (address) =>
  expect(names(address)).toEqual(names('192.0.2.7')),
);

test('an IPv6 address belongs to its /64, /56 and /48', () => {
  expect(names('2001:db8:1:2ab::1')).toEqual(['2001:db8:1:2ab', '2001:db8:1:200/56', '2001:db8:1/48']);
  expect(widths('2001:db8:1:2ab::1')).toEqual(['ipv6_64', 'ipv6_56', 'ipv6_48']);
});

test.each([
  '2001:0DB8:0000:0002:ABCD:1:2:3',
  '2001:db8:0:2::1',
  '2001:db8::2:0:0:0:1',
  '2001:db8:0:2::192.0.2.7',
  '2001:db8:0:2::1%eth0',
  '[2001:db8:0:2::1]',
  '[2001:db8:0:2::1]:40001',
])('one network has one name in every notation: %s', (address) => {
  expect(names(address)).toEqual(['2001:db8:0:2', '2001:db8:0:0/56', '2001:db8:0/48']);
});

test('omitted zeros are expanded in the right place', () => {
  expect(names('::')).toEqual(['0:0:0:0', '0:0:0:0/56', '0:0:0/48']);
  expect(names('::1')).toEqual(names('::'));
  expect(names('fe80::1%eth0')[0]).toBe('fe80:0:0:0');
  expect(names('1::')[0]).toBe('1:0:0:0');
  expect(names('::1:2:3:4:5:6:7')[0]).toBe('0:1:2:3');
  // Not an IPv4 address: ffff is in another group.
  expect(findNarrowestNetwork('::ffff:0:c000:207')).toBe('0:0:0:0');
});

test('all texts that are no address are one network', () => {
  for (const text of [
    '',
    'unknown',
    '1.2.3',
    '256.1.1.1',
    '1:2:3',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    'x:y::1',
  ]) {
    expect(names(text)).toEqual(['no address']);
  }
});

test('a customer network is an IPv4 address or a /56; the widest is a /24 or a /48', () => {
  expect(findCustomerNetwork('192.0.2.7')).toBe('192.0.2.7');
  expect(findCustomerNetwork('2001:db8:1:2ab::1')).toBe('2001:db8:1:200/56');
  expect(findWidestNetwork('192.0.2.7')).toBe('192.0.2.0/24');
  expect(findWidestNetwork('2001:db8:1:2ab::1')).toBe('2001:db8:1/48');
  expect(findWidestNetwork('unknown')).toBe('no address');
});

test('a wider network has a budget that is larger by its factor', () => {
  const budgetOf = (address: string) =>
    listNetworks(address).map(({ width }) => readNetworkBudget(width, DEFAULT_RULES));
  const minute = (perMs: number) => Math.round(perMs * 60_000);
  expect(budgetOf('192.0.2.7').map(({ burst, perMs }) => [burst, minute(perMs)])).toEqual([
    [30, 6],
    [240, 48],
  ]);
  expect(budgetOf('2001:db8::').map(({ burst, perMs }) => [burst, minute(perMs)])).toEqual([
    [30, 6],
    [60, 12],
    [240, 48],
  ]);
});

test('a bucket is full when one more does not fit, and drains at its rate', () => {
  const budget = readNetworkBudget('ipv4', DEFAULT_RULES);
  expect(isBudgetFull(null, budget)).toBe(false);
  expect(isBudgetFull({ level: 29, ageMs: 0 }, budget)).toBe(false);
  expect(isBudgetFull({ level: 30, ageMs: 0 }, budget)).toBe(true);
  expect(isBudgetFull({ level: 30, ageMs: 9_000 }, budget)).toBe(true);
  expect(isBudgetFull({ level: 30, ageMs: 10_000 }, budget)).toBe(false);
  // A row that a clock slightly ahead wrote.
  expect(isBudgetFull({ level: 29, ageMs: -60_000 }, budget)).toBe(false);
});
