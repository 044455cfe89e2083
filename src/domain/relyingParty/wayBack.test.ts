import { expect, test } from '@jest/globals';
import { findSiteAddress } from './wayBack.ts';

test.each([
  ['https://bank.example/auth/cb?from=noegle', 'https://bank.example/'],
  ['http://localhost:3001/cb', 'http://localhost:3001/'],
  ['http://127.0.0.1/cb', null],
  ['dk.example.app:/cb', null],
])('the way back from %s is %s', (uri, address) => {
  expect(findSiteAddress({ client_id: 'a-client', redirect_uris: [uri] })).toBe(address);
});

test('a first-party client has its own path', () => {
  const uri = 'https://noegle.example/desk/callback';
  expect(findSiteAddress({ client_id: 'noegle-desk', redirect_uris: [uri] })).toBe('/desk');
});
