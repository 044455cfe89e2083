/** URLs in a registration: only those that every parser reads in one way. */
import { expect, test } from '@jest/globals';
import { findRedirectFault, findWebAddressFault } from './addresses.ts';

const PRODUCTION = { issuer: 'https://log-ind.example.dk', loopback: false };
const SANDBOX = { issuer: 'http://localhost:3000', loopback: true };

test.each([
  ['https://site.example/cb#', 'fragment'],
  ['https://site.example/cb#part', 'fragment'],
  ['https://site.example\\@other.example/', 'backslash'],
  ['https://site.example/a\\b', 'backslash'],
  ['https://anna@site.example/cb', 'user name'],
  ['https://:secret@site.example/cb', 'user name'],
  ['https://site.example/%2e%2e/cb', 'hides'],
  ['https://site.example/a%2Fb', 'hides'],
  ['https://site.example/a%5cb', 'hides'],
  ['https://site.example/a%0d', 'hides'],
  ['https://Site.example/cb', 'spelled'],
  ['HTTPS://site.example/cb', 'spelled'],
  ['https://site.example:443/cb', 'spelled'],
  ['https://site.example/a/../cb', 'spelled'],
  ['https:site.example/cb', 'spelled'],
  ['https:///site.example/cb', 'spelled'],
  ['https://127.1/cb', 'spelled'],
  ['https://2130706433/', 'spelled'],
  ['https://site.example/c b', 'signs'],
  ['https://site.example/æ', 'signs'],
  ['https://site.example/\u0000', 'signs'],
  [`https://site.example/${'a'.repeat(2_000)}`, 'longer'],
  ['//site.example/cb', 'no address'],
  ['', 'signs'],
  ['http://site.example/cb', 'https://'],
  ['http://127.0.0.1:4000/cb', 'https://'],
  ['javascript:alert(1)', 'https://'],
  ['https://127.0.0.1/cb', 'DNS name'],
  ['https://[::1]/cb', 'DNS name'],
  ['https://intranet/cb', 'DNS name'],
  ['https://log-ind.example.dk/cb', 'Nøgle itself'],
])('%j is refused', (uri, why) => {
  expect(findRedirectFault(uri, 'web', PRODUCTION)).toContain(why);
  expect(findWebAddressFault(uri, PRODUCTION)).toContain(why);
});

test.each(['https://site.example', 'https://site.example/', 'https://site.example:8443/cb?a=b&c=%20'])(
  '%s is accepted',
  (uri) => {
    expect([findRedirectFault(uri, 'web', PRODUCTION), findWebAddressFault(uri, PRODUCTION)]).toEqual([
      null,
      null,
    ]);
  },
);

test('native applications have a private scheme, or the loopback by its IP address', () => {
  const fault = (uri: string) => findRedirectFault(uri, 'native', PRODUCTION);
  for (const uri of [
    'dk.example.app:/cb',
    'http://127.0.0.1/cb',
    'http://[::1]/cb',
    'https://app.example/cb',
  ])
    expect([uri, fault(uri)]).toEqual([uri, null]);
  expect(fault('http://localhost/cb')).toContain('127.0.0.1');
  for (const uri of ['app:/cb', 'javascript:alert(1)', 'data:text/html,a'])
    expect(fault(uri)).toContain('dot');
});

test('the loopback without TLS is for a developer’s machine, and needs a port', () => {
  expect(findRedirectFault('http://localhost:4000/cb', 'web', SANDBOX)).toBeNull();
  expect(findRedirectFault('http://localhost/cb', 'web', SANDBOX)).toContain('port');
  expect(findRedirectFault('http://localhost:3000/cb', 'web', SANDBOX)).toContain('Nøgle itself');
});
