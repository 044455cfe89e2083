/** As in production: https outside, a proxy in between. */
import { expect, test } from '@jest/globals';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  DeskBrowser,
  keyFor,
  redeemCode,
  request,
  readReturnedCode,
  signInAt,
  toKeyPage,
  useNodes,
} from './support/index.ts';

const nodes = useNodes({ count: 2, issuer: 'https://id.example', proxyHops: 1 });

test('cookies are bound to the host, secure, hidden from scripts and end with the browser', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes);
  const browser = new TestBrowser(nodes);
  const login = authRequest(rp);
  const first = await browser.request(login.path);
  const interaction = first.headers['set-cookie'] ?? [];
  expect(interaction.filter((line) => line.startsWith('__Secure-noegle-interaction=')).length).toBe(1);
  const isVisitor = (line: string) => line.startsWith('__Host-noegle-visitor');
  for (const line of interaction.filter((one) => !isVisitor(one)))
    expect(line).toMatch(/; path=\/(login|auth)\/.*; samesite=lax; secure; httponly/i);
  const [browserIdCookie = '', ...more] = interaction.filter(isVisitor);
  expect(browserIdCookie).toMatch(/^[^=]+=[A-Za-z0-9_-]{43}; path=\/; samesite=lax; secure; httponly$/i);
  expect(more).toEqual([]);

  const page = await toKeyPage(browser, person, login);
  const answer = await browser.post(page, { key: keyFor(person, page) });
  const session = (answer.headers['set-cookie'] ?? []).filter((line) =>
    line.startsWith('__Host-noegle-session'),
  );
  expect(session.length).toBeGreaterThan(0);
  for (const line of session) {
    expect(line).toMatch(/; path=\/; samesite=lax; secure; httponly$/i);
    expect(line).not.toMatch(/expires|max-age|domain/i);
  }
  const code = readReturnedCode(answer).get('code') ?? '';
  expect((await redeemCode(nodes, rp, code, login.verifier, 1)).status).toBe(200);

  // A browser replaces such a cookie only when all attributes match.
  const out = await browser.post(await browser.follow('/session'), { end: 'here' });
  const gone = out.headers['set-cookie'] ?? [];
  expect(gone.map((line) => line.split('=')[0])).toEqual(['__Host-noegle-session']);
  for (const line of gone)
    expect(line).toMatch(/; path=\/; expires=Thu, 01 Jan 1970.*; samesite=lax; secure; httponly$/i);
  expect((await browser.follow('/session')).page).toBe('no-session');
});

test('a first-party client signs in behind the proxy too, asking only this node, with cookies that take TLS', async () => {
  const person = await aPerson(nodes);
  const browser = new DeskBrowser(nodes, 0, '203.0.113.9');
  const page = await signInAt(browser, person);
  expect([page.status, page.page, page.formUrl]).toEqual([403, 'no-role', 'https://id.example/desk']);
  expect(browser.lines.length).toBeGreaterThan(2);
  for (const line of browser.lines) {
    expect(line).toMatch(/^__Secure-noegle-desk[.=]/);
    expect(line).toMatch(/; path=\/desk;.* samesite=lax; secure; httponly$/i);
  }
  const session = browser.lines.filter((line) => line.startsWith('__Secure-noegle-desk='));
  expect(session).toHaveLength(1);
  expect(session[0]).not.toMatch(/expires|max-age|domain/i);
});

test('discovery mentions only the issuer, and every page has its headers', async () => {
  const discovery = await request(nodes.node(0))
    .get('/.well-known/openid-configuration')
    .set({ 'x-forwarded-for': '203.0.113.9, 10.0.0.1', 'x-forwarded-host': 'evil.example' });
  const urls = discovery.text.match(/https?:\/\/[^"]+/g) ?? [];
  expect(
    urls.filter((url) => !url.startsWith('https://id.example') && !url.startsWith('https://data.gov.dk/')),
  ).toEqual([]);

  const rp = await aRelyingParty(nodes);
  const page = await new TestBrowser(nodes).follow(authRequest(rp).path);
  expect(page.headers).toMatchObject({
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  expect(page.headers['strict-transport-security']).toContain('max-age=');
  expect(page.headers['content-security-policy']).toBe(
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; font-src 'self'; img-src 'self' data:; " +
      "frame-ancestors 'none'; base-uri 'none'",
  );
});
