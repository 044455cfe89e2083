/**
 * An authorization request by POST is the same request: it is redirected to GET, with which Nøgle's cookies
 * are sent.
 */
import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { da } from '../src/ui/words/words.da.ts';
import {
  aPerson,
  asRelyingParty,
  authRequest,
  type TestAuthRequest,
  TestBrowser,
  encodeForm,
  hiddenFields,
  keyFor,
  type BrowserPage,
  redeemCode,
  readReturnedCode,
  signInAtNode,
  useNodes,
  usePerson,
  useRelyingParty,
} from './support/index.ts';

const nodes = useNodes({ count: 2, withoutErrors: true });
const person = usePerson(nodes);
const rp = useRelyingParty(nodes);

/**
 * A form on the relying party's page, sent to Nøgle: none of its cookies are sent, as they are SameSite=Lax.
 */
async function post(request: TestAuthRequest, headers: Record<string, string> = {}): Promise<BrowserPage> {
  const body = request.path.slice('/auth?'.length);
  return await new TestBrowser(nodes).request('/auth', { method: 'POST', body, headers });
}

/** Follows the redirect by GET, with all cookies, and those that the answer to the post set. */
async function postFrom(browser: TestBrowser, request: TestAuthRequest): Promise<BrowserPage> {
  const body = request.path.slice('/auth?'.length);
  const answer = await browser.request('/auth', { method: 'POST', body, headers: { cookie: '' } });
  expect([answer.status, answer.headers['cache-control']]).toEqual([303, 'no-store']);
  return await browser.follow(answer.headers.location ?? '');
}

/**
 * The authorization response: in the address, or in the form of the page that returns to the relying party.
 */
function resultOf(page: BrowserPage): URLSearchParams {
  return page.headers.location ? readReturnedCode(page) : new URLSearchParams(hiddenFields(page));
}

async function signInByPost(params: Record<string, string>): Promise<URLSearchParams> {
  const request = authRequest(rp, params);
  const browser = new TestBrowser(nodes);
  const passwordPage = await postFrom(browser, request);
  const keyPage = await browser.send(passwordPage, { userId: person.userId, password: person.password });
  const next = await browser.send(keyPage, { key: keyFor(person, keyPage) });
  const result = resultOf(next.page === 'consent' ? await browser.send(next, { accept: '1' }) : next);
  const tokens = await redeemCode(nodes, rp, result.get('code') ?? '', request.verifier);
  expect(tokens.status).toBe(200);
  return result;
}

test('a sign-in by POST ends at the relying party, and leaves nothing of the request', async () => {
  for (const length of [10, 2_000, 3_000, 8_192]) {
    // A request that is too long for an address has a response that is too long, too.
    const mode: Record<string, string> = length > 3_000 ? { response_mode: 'form_post' } : {};
    const state = randomBytes(length).toString('base64url').slice(0, length);
    const result = await signInByPost({ state, ...mode });
    expect([length, result.get('state') === state]).toEqual([length, true]);
  }
  expect(await nodes.database.query('SELECT id FROM posted_requests')).toHaveLength(0);
});

test('an ID token that is posted goes into no address, and is held against who is signed in', async () => {
  const request = authRequest(rp);
  const browser = new TestBrowser(nodes);
  const code = (await signInAtNode(browser, person, request)).get('code') ?? '';
  const { id_token: hint } = await redeemCode(nodes, rp, code, request.verifier);
  const again = authRequest(rp, { id_token_hint: hint, prompt: 'none' });
  const { status, headers } = await post(again);
  expect([status, headers.location]).toEqual([303, expect.stringMatching(/^\/auth\/posted\/[\w-]{22}\?/)]);
  expect(readReturnedCode(await postFrom(browser, again)).get('code')).toBeTruthy();
  const other = new TestBrowser(nodes);
  await signInAtNode(other, await aPerson(nodes), authRequest(rp));
  expect(readReturnedCode(await postFrom(other, again)).get('error')).toBe('login_required');
});

test('what no browser can carry is refused, and the relying party is notified', async () => {
  for (const [length, mode] of [
    [9_500, {}],
    [20_000, { response_mode: 'form_post' }],
    [50_000, { response_mode: 'form_post' }],
  ] as const) {
    const answer = await post(authRequest(rp, { state: 's'.repeat(length), ...mode }));
    const result = resultOf(answer);
    expect([length, result.get('error'), result.get('state')?.length]).toEqual([
      length,
      'invalid_request',
      length,
    ]);
    expect(result.get('error_description')).toMatch(/^request_too_long: /);
  }
  const page = await post(authRequest(rp, { state: 's'.repeat(20_000) }));
  expect([page.status, page.page, page.text.includes('Den side, du kom fra')]).toEqual([
    400,
    'trouble',
    true,
  ]);
});

test('other long fields are stored in cookies too, and every answer fits into 16 kB of headers', async () => {
  const long = randomBytes(5_250).toString('base64url');
  const sizes: number[] = [];
  for (const params of [
    { login_hint: long },
    { claims: JSON.stringify({ userinfo: { name: null }, x: long }) },
    { nonce: long },
  ]) {
    const answer = await post(authRequest(rp, params));
    const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${String(value)}`);
    sizes.push(Buffer.byteLength(lines.join('\r\n')));
    expect((await postFrom(new TestBrowser(nodes), authRequest(rp, params))).page).toBe('password');
  }
  expect(Math.max(...sizes)).toBeLessThan(16_384);
});

test('the session of the browser counts, short or long, and prompt=none gets its answer', async () => {
  const browser = new TestBrowser(nodes);
  for (const state of ['short', 's'.repeat(8_000)]) {
    const silent = authRequest(rp, { prompt: 'none', state });
    const signedOut = readReturnedCode(await postFrom(new TestBrowser(nodes), silent));
    expect([signedOut.get('error'), signedOut.get('state')]).toEqual(['login_required', state]);
  }
  await signInAtNode(browser, person, authRequest(rp));
  for (const state of ['short', 's'.repeat(8_000)]) {
    const result = readReturnedCode(await postFrom(browser, authRequest(rp, { prompt: 'none', state })));
    expect([result.has('code'), result.get('state')]).toEqual([true, state]);
  }
});

test('a hidden frame on another site, to which no cookie comes, gets its answer too', async () => {
  const frame = { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'cross-site' };
  const silent = authRequest(rp, { prompt: 'none', state: 's'.repeat(8_000) });
  const answer = await post(silent, frame);
  expect([readReturnedCode(answer).get('error'), answer.headers['set-cookie']]).toEqual([
    'login_required',
    undefined,
  ]);
});

test('what is wrong is reported as a GET says it, and never 500', async () => {
  const body = authRequest(rp).path.slice('/auth?'.length);
  const send = async (text: string, headers: Record<string, string> = {}, path = '/auth') =>
    await new TestBrowser(nodes).request(path, { method: 'POST', body: text, headers });
  const pages = [
    await send(body, { 'content-type': 'application/json' }),
    await send(body, { 'content-type': 'text/plain' }),
    await send(body, { 'content-encoding': 'gzip' }),
    await send(`state=${'s'.repeat(60_000)}&${body}`),
    await send(''),
    await send('%%%&=&&;'),
    await send(`${body}&client_id=${rp.clientId}`),
    await send(encodeForm({ client_id: 'nobody' })),
  ];
  for (const page of pages) {
    const seen = page.headers.location ? await new TestBrowser(nodes).follow(page.headers.location) : page;
    expect([seen.page, seen.text.includes('Den side, du kom fra')]).toEqual(['trouble', true]);
    expect(seen.status).toBeGreaterThanOrEqual(400);
    expect(seen.status).toBeLessThan(500);
  }
  const twice = await send(`${body}&scope=openid`);
  expect(
    readReturnedCode(await new TestBrowser(nodes).follow(twice.headers.location ?? '')).get('error'),
  ).toBe('invalid_request');
  // In the address and in the body: together one request, and what is in both is there twice.
  const parts = new URLSearchParams(body);
  const [clientId, state] = [parts.get('client_id') ?? '', parts.get('state') ?? ''];
  parts.delete('client_id');
  const both = await send(parts.toString(), {}, `/auth?client_id=${clientId}`);
  expect((await new TestBrowser(nodes).follow(both.headers.location ?? '')).page).toBe('password');
  const doubled = await send(body, {}, `/auth?state=${state}`);
  expect(
    readReturnedCode(await new TestBrowser(nodes).follow(doubled.headers.location ?? '')).get('error'),
  ).toBe('invalid_request');
});

test('what is stored in cookies is only this browser’s, for a minute', async () => {
  const request = authRequest(rp, { state: 's'.repeat(8_000) });
  const browser = new TestBrowser(nodes);
  const body = request.path.slice('/auth?'.length);
  const answer = await browser.request('/auth', { method: 'POST', body });
  const where = answer.headers.location ?? '';
  for (const cookie of answer.headers['set-cookie'] ?? [])
    expect(cookie).toMatch(/; path=\/auth\/posted\/.+; samesite=lax; httponly$/i);
  // A client that saw only the address, and one with a cookie that is made up or of another request.
  const bare = await new TestBrowser(nodes).request(where);
  expect([bare.status, bare.text.includes(da.cookiesNeeded.title)]).toEqual([400, true]);
  const other = await new TestBrowser(nodes).request('/auth', { method: 'POST', body });
  const [theirs = ''] = (other.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]);
  for (const cookie of [`noegle-posted=${'x'.repeat(43)}`, 'noegle-posted=\u00ff', theirs]) {
    const stranger = await new TestBrowser(nodes).request(where, { headers: { cookie } });
    expect([stranger.status, stranger.page]).toEqual([400, 'trouble']);
  }
  // A proxy that sends HEAD first, and a browser that asks again because the answer was lost.
  expect((await browser.request(where, { method: 'HEAD' })).status).toBe(303);
  const copy = await browser.copy();
  expect([(await copy.request(where)).status, (await browser.request(where)).status]).toEqual([303, 303]);
  nodes.clock.forward(61_000);
  expect((await browser.request(where)).status).toBe(400);
  // The reference is in no log.
  expect(nodes.log).not.toContain(where.split('/').at(-1));
});

test('what a node of an earlier version has kept continues, for a minute, and is swept', async () => {
  const { keyring } = nodes.context;
  const request = authRequest(rp, { state: 's'.repeat(8_000) });
  const [id, secret] = [randomBytes(16).toString('base64url'), randomBytes(32).toString('base64url')];
  const row = keyring.hmac('records', `posted request v1 ${id} ${secret}`);
  await nodes.database.query(
    `INSERT INTO posted_requests (id, request_sealed, network, expires_at) VALUES ($1, $2, '', now() + interval '1 minute')`,
    [row, keyring.seal('records', request.path.slice('/auth?'.length), row)],
  );
  const where = `/auth/posted/${id}`;
  const browser = new TestBrowser(nodes);
  await browser.setCookie(`noegle-posted=${secret}; Path=${where}; HttpOnly`);
  expect((await browser.follow(where)).page).toBe('password');
  await nodes.database.query(`UPDATE posted_requests SET expires_at = now() - interval '1 second'`);
  expect((await browser.request(where)).status).toBe(400);
  await nodes.node(0).app.tasks['sweep']?.({});
  expect(await nodes.database.query('SELECT id FROM posted_requests')).toHaveLength(0);
});

test('it does not count as pushed, and a pushed request by POST continues', async () => {
  const request = authRequest(rp, { state: 's'.repeat(8_000) });
  const fields = Object.fromEntries(new URLSearchParams(request.path.slice('/auth?'.length)));
  const pushed = await asRelyingParty(nodes, rp, '/request', fields);
  const { request_uri: uri } = JSON.parse(pushed.text) as { request_uri: string };
  const path = `/auth?${new URLSearchParams({ client_id: rp.clientId, request_uri: uri })}`;
  expect((await postFrom(new TestBrowser(nodes), { ...request, path })).page).toBe('password');
});
