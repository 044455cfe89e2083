/** A posted log-out: the ID token is in no address, and counts as in a link. */
import { expect, test } from '@jest/globals';
import {
  aPerson,
  aRelyingParty,
  TestBrowser,
  encodeForm,
  logOut,
  payloadOf,
  tokensAt,
  useNodes,
  useRelyingParty,
  userinfo,
} from './support/index.ts';

const BACK = 'https://rp.example/logged-out';

const nodes = useNodes({ count: 2, withoutErrors: true });
const rp = useRelyingParty(nodes, { post_logout_redirect_uris: [BACK], scope: 'openid profile ssn' });

/** By a form of another site: Nøgle's cookies are not sent, and those of the answer are kept. */
async function post(browser: TestBrowser, fields: Record<string, string> | string): Promise<string> {
  const body = typeof fields === 'string' ? fields : encodeForm(fields);
  const answer = await new TestBrowser(nodes).request('/session/end', { method: 'POST', body });
  expect([answer.status, answer.text]).toEqual([303, '']);
  for (const line of answer.headers['set-cookie'] ?? []) await browser.setCookie(line);
  return answer.headers.location ?? '';
}

async function signedIn(params: Record<string, string> = {}, at = rp) {
  const browser = new TestBrowser(nodes);
  return { browser, ...(await tokensAt(nodes, browser, await aPerson(nodes), at, params)) };
}

test.each([
  ['as they are', {}],
  ['of 8 kB', { nonce: 'n'.repeat(5_800) }],
])('an ID token %s is no part of the link; the other node knows what it proves', async (_size, params) => {
  const { browser, id_token: hint, access_token } = await signedIn(params);
  const link = await post(browser, { id_token_hint: hint, post_logout_redirect_uri: BACK, state: 'x' });
  expect(link).toMatch(/^\/session\/end\?post_logout_redirect_uri=[^&]+&state=x&posted=[\w-]{11}$/);
  const cookies = (await browser.cookiesFor('/session/end')).filter((one) => one.includes('logout'));
  // Three letters alone may come up in what is sealed.
  expect(cookies.map((one) => one.length < 1_000 && !one.includes(hint.slice(0, 12)))).toEqual([true]);
  expect((await browser.cookiesFor('/login/x')).join()).not.toContain('logout');
  const out = await browser.request(link);
  expect([out.status, out.headers.location]).toEqual([303, `${BACK}?state=x`]);
  expect((await userinfo(nodes, access_token)).status).toBe(401);
});

test('with the address and a part of the token that are posted to: the same', async () => {
  const { browser, id_token: hint } = await signedIn();
  const site = new TestBrowser(nodes);
  const query = encodeForm({ id_token_hint: hint, post_logout_redirect_uri: BACK });
  const answer = await site.request(`/session/end?${query}`, { method: 'POST', body: 'state=y' });
  expect(answer.headers.location).not.toContain(hint.slice(0, 20));
  for (const line of answer.headers['set-cookie'] ?? []) await browser.setCookie(line);
  expect((await browser.request(answer.headers.location ?? '')).headers.location).toBe(`${BACK}?state=y`);
});

test('only the link, in a browser that was not given the cookie: the person is asked', async () => {
  const { browser, id_token: hint, access_token } = await signedIn();
  const link = await post(new TestBrowser(nodes), { id_token_hint: hint, post_logout_redirect_uri: BACK });
  expect((await browser.follow(link)).page).toBe('logout');
  for (const made of ['x', 'A'.repeat(400), hint]) {
    await browser.setCookie(`noegle-logout-AAAAAAAAAAA=${made}; Path=/session/end`);
    expect((await browser.follow('/session/end?posted=AAAAAAAAAAA')).page).toBe('logout');
  }
  expect((await userinfo(nodes, access_token)).status).toBe(200);
});

test('what proves something else: another person, name, site, or time', async () => {
  const { browser, access_token, id_token: hint } = await signedIn();
  const theirs = await signedIn();
  expect((await browser.follow(await post(browser, { id_token_hint: theirs.id_token }))).page).toBe('logout');
  const other = await aRelyingParty(nodes, {});
  const asked = { id_token_hint: hint, client_id: other.clientId, post_logout_redirect_uri: BACK };
  expect((await browser.follow(await post(browser, asked))).page).toBe('logout');
  const [name = '', moved = ''] = [1, 2].map((i) => `${i}`.repeat(11));
  const link = await post(browser, { id_token_hint: hint });
  const cookie = (await browser.readCookies()).find(({ name: one }) => link.endsWith(one.slice(-11)));
  await browser.setCookie(`noegle-logout-${name}=${cookie?.value}; Path=/session/end`);
  expect((await browser.follow(`/session/end?posted=${name}`)).page).toBe('logout');
  expect((await browser.follow(`/session/end?posted=${moved}`)).page).toBe('logout');
  const { keyring } = nodes.context;
  const context = `posted log-out hint v1 ${name}`;
  const proven = { ...payloadOf(hint), clientId: rp.clientId };
  for (const [seconds, page] of [
    [-1, 'logout'],
    [60, 'logged-out'],
  ] as const) {
    const until = Math.floor(Date.now() / 1000) + seconds;
    const sealed = keyring.seal('records', JSON.stringify({ sid: null, ...proven, until }), context);
    await browser.setCookie(`noegle-logout-${name}=${sealed.toString('base64url')}; Path=/session/end`);
    expect((await browser.follow(`/session/end?posted=${name}`)).page).toBe(page);
  }
  expect((await userinfo(nodes, access_token)).status).toBe(401);
});

test('two sites in two tabs: each is redirected back with its own', async () => {
  const BACK_2 = 'https://rp2.example/out';
  const second = await aRelyingParty(nodes, { post_logout_redirect_uris: [BACK_2] });
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  const one = await tokensAt(nodes, browser, person, rp);
  const two = await tokensAt(nodes, browser, person, second);
  const first = await post(browser, { id_token_hint: one.id_token, post_logout_redirect_uri: BACK });
  const last = await post(browser, { id_token_hint: two.id_token, post_logout_redirect_uri: BACK_2 });
  expect((await browser.request(first)).headers.location).toBe(BACK);
  expect((await browser.request(last)).headers.location).toBe(BACK_2);
  await logOut(browser);
});

test('what is not Nøgle’s, or is there twice, goes nowhere, and the log says so', async () => {
  const { browser, id_token: hint, access_token } = await signedIn();
  const [head, body] = hint.split('.');
  for (const fields of [
    { id_token_hint: `${head}.${body}.AAAA`, client_id: rp.clientId, post_logout_redirect_uri: BACK },
    encodeForm({ id_token_hint: hint }) + `&${encodeForm({ id_token_hint: hint })}`,
    { id_token_hint: hint.repeat(10) },
  ]) {
    const link = await post(browser, fields);
    expect(link).not.toMatch(/eyJhbGci|posted/);
    expect((await browser.follow(link)).page).toBe('logout');
  }
  expect((await userinfo(nodes, access_token)).status).toBe(200);
  expect(nodes.log).toContain('"unused":["id_token_hint"]');
});
