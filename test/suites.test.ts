/** Conventions of suites: one entry to what they share, and one module that builds their requests. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { request, useServer } from './support/index.ts';

const SUITES = ['test', 'test/proof'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => path.join(folder, name)),
);
const ENTRY = readFileSync('test/support/index.ts', 'utf8');
const SHARED = [...ENTRY.matchAll(/from '\.\/(\w+\.ts)'/g)].map(([, file = '']) => file);

function importsOf(text: string): string[] {
  return [...text.matchAll(/^import [^;]*;/gm)].map(([line]) => line);
}

/** The imports of a suite that bypass the entry. */
function importsPast(text: string): string[] {
  return importsOf(text)
    .map((line) => /'\.{1,2}\/support\/(\w+\.ts)'/.exec(line)?.[1] ?? '')
    .filter((file) => SHARED.includes(file));
}

/**
 * Requests that no library sends: half a body, a client that hangs up, a kept connection, a call of Node's.
 */
const OWN_REQUESTS = [
  'test/badInput.test.ts',
  'test/issuingAttacks.test.ts',
  'test/listener.test.ts',
  'test/proof/attemptRaces.test.ts',
  'test/proof/hashingTurns.test.ts',
  'test/proof/longInputTiming.test.ts',
  'test/publicFetch.test.ts',
];
const BUILDS_ONE = /\brequest\b[^;]*? from 'node:https?'/;

test('suites import what they share from the entry', () => {
  expect(SHARED.length).toBeGreaterThan(20);
  const past = SUITES.flatMap((file) =>
    importsPast(readFileSync(file, 'utf8')).map((one) => `${file}: ${one}`),
  );
  expect(past).toEqual([]);
});

test('a suite builds its own request only where it has to', () => {
  const building = SUITES.filter((file) =>
    importsOf(readFileSync(file, 'utf8')).some((line) => BUILDS_ONE.test(line)),
  );
  expect(building.sort()).toEqual(OWN_REQUESTS);
});

test('control: both are seen', () => {
  expect(importsPast(`import { Browser } from './support/browser.ts';`)).toEqual(['browser.ts']);
  expect(BUILDS_ONE.test(`import {\n  createServer,\n  request as ask,\n} from 'node:http';`)).toBe(true);
  expect(BUILDS_ONE.test(`import { createServer, type Server } from 'node:http';`)).toBe(false);
});

const echo = useServer((req, res) => {
  res.writeHead(req.url === '/away' ? 303 : 500, { location: '/elsewhere', 'set-cookie': 'a=b' });
  res.end(
    JSON.stringify({ path: req.url, headers: Object.keys(req.headers).sort(), host: req.headers.host }),
  );
});

test('a request sends what it is given and no more; a redirect and a failure are answers', async () => {
  const to = { port: Number(new URL(echo.origin).port), issuer: 'https://id.example' };
  const away = await request(to).get('/away').set({ accept: 'text/html' });
  expect([away.status, away.headers['location']]).toEqual([303, '/elsewhere']);
  const again = await request(to).get('/a/../%2e?x=%zz').set({ accept: 'text/html' });
  expect([again.status, JSON.parse(again.text)]).toEqual([
    500,
    { path: '/a/../%2e?x=%zz', headers: ['accept', 'connection', 'host'], host: 'id.example' },
  ]);
  const head = await request(to).head('/');
  expect([head.status, head.text]).toEqual([500, '']);
});

test('an address that would be rewritten on its way is refused', () => {
  for (const odd of ['/a b', '/a"b', '/a?x=<', '/a\\b', '/a#b'])
    expect(() => request({ port: 1 }).get(odd)).toThrow('would be sent as');
});
