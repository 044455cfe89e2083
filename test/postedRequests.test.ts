/**
 * An authorization request that comes by POST is the same request: led on by GET, with which our cookies come
 * along.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DEFAULT_RULES } from '../src/core/rules.ts';
import { da } from '../src/web/text/da.ts';
import { Browser, hiddenFields, type PageSeen } from './support/browser.ts';
import {
  asRelyingParty,
  authRequest,
  keyFor,
  redeem,
  returned,
  signIn,
  type AuthRequest,
} from './support/flow.ts';
import { formBody } from './support/http.ts';
import { Nodes, PATIENT } from './support/nodes.ts';
import { aPerson, aRelyingParty, type TestPerson, type TestRelyingParty } from './support/people.ts';

let nodes: Nodes;
let person: TestPerson;
let rp: TestRelyingParty;
beforeAll(async () => {
  const rules = { ...PATIENT, longRequests: { burstKb: 1e6, kbPerMinute: 1e6 } };
  nodes = await Nodes.start({ count: 2, rules });
  person = await aPerson(nodes);
  rp = await aRelyingParty(nodes);
});
afterAll(async () => {
  expect(nodes.log).not.toContain('"level":50');
  await nodes.close();
});

/**
 * A form on the relying party's page, sent to us: no cookie of ours comes along, as they are SameSite=Lax.
 */
async function post(request: AuthRequest, headers: Record<string, string> = {}): Promise<PageSeen> {
  const body = request.path.slice('/auth?'.length);
  return await new Browser(nodes).request('/auth', { method: 'POST', body, headers });
}

/** Sent on by GET, with all cookies, and those that the answer to the post set. */
async function postFrom(browser: Browser, request: AuthRequest): Promise<PageSeen> {
  const body = request.path.slice('/auth?'.length);
  const answer = await browser.request('/auth', { method: 'POST', body, headers: { cookie: '' } });
  expect([answer.status, answer.headers['cache-control']]).toEqual([303, 'no-store']);
  return await browser.follow(answer.headers.location ?? '');
}

/** What comes back: in the address, or in the form of the page that leads back. */
function resultOf(page: PageSeen): URLSearchParams {
  return page.headers.location ? returned(page) : new URLSearchParams(hiddenFields(page));
}

async function signInByPost(params: Record<string, string>): Promise<URLSearchParams> {
  const request = authRequest(rp, params);
  const browser = new Browser(nodes);
  const passwordPage = await postFrom(browser, request);
  const keyPage = await browser.send(passwordPage, { userId: person.userId, password: person.password });
  const next = await browser.send(keyPage, { key: keyFor(person, keyPage) });
  const result = resultOf(next.page === 'consent' ? await browser.send(next, { accept: '1' }) : next);
  const tokens = await redeem(nodes, rp, result.get('code') ?? '', request.verifier);
  expect(tokens.status).toBe(200);
  return result;
}

test('a sign-in by POST ends at the relying party, however long the request is', async () => {
  for (const length of [10, 3_000, 9_000, 20_000, 50_000]) {
    // What is too long for the address on the way here is so on the way back.
    const mode: Record<string, string> = length > 9_000 ? { response_mode: 'form_post' } : {};
    const result = await signInByPost({ state: 's'.repeat(length), ...mode });
    expect(result.get('state')).toHaveLength(length);
  }
});

test('an ID token that is posted goes into no address, and is held against who is signed in', async () => {
  const request = authRequest(rp);
  const browser = new Browser(nodes);
  const code = (await signIn(browser, person, request)).get('code') ?? '';
  const { id_token: hint } = await redeem(nodes, rp, code, request.verifier);
  const again = authRequest(rp, { id_token_hint: hint, prompt: 'none' });
  const { status, headers } = await post(again);
  expect([status, headers.location]).toEqual([303, expect.stringMatching(/^\/auth\/posted\/[\w-]{22}\?/)]);
  expect(returned(await postFrom(browser, again)).get('code')).toBeTruthy();
  const other = new Browser(nodes);
  await signIn(other, await aPerson(nodes), authRequest(rp));
  expect(returned(await postFrom(other, again)).get('error')).toBe('login_required');
});

test('other long fields are held, and every answer fits where a proxy has 4,096 bytes for its headers', async () => {
  const long = 'a'.repeat(12_000);
  const sizes: number[] = [];
  for (const params of [
    { login_hint: long },
    { claims: JSON.stringify({ userinfo: { name: null }, x: long }) },
    { nonce: long },
  ]) {
    const answer = await post(authRequest(rp, params));
    const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${String(value)}`);
    sizes.push(Buffer.byteLength(lines.join('\r\n')));
    expect((await postFrom(new Browser(nodes), authRequest(rp, params))).page).toBe('password');
  }
  expect(Math.max(...sizes)).toBeLessThan(4_096);
});

test('the session of the browser counts, short or long, and prompt=none gets its answer', async () => {
  const browser = new Browser(nodes);
  for (const state of ['short', 's'.repeat(8_000)]) {
    const silent = authRequest(rp, { prompt: 'none', state });
    const nobody = returned(await postFrom(new Browser(nodes), silent));
    expect([nobody.get('error'), nobody.get('state')]).toEqual(['login_required', state]);
  }
  await signIn(browser, person, authRequest(rp));
  for (const state of ['short', 's'.repeat(8_000)]) {
    const result = returned(await postFrom(browser, authRequest(rp, { prompt: 'none', state })));
    expect([result.has('code'), result.get('state')]).toEqual([true, state]);
  }
});

test('a hidden frame on another site, to which no cookie comes, gets its answer too', async () => {
  const frame = { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'cross-site' };
  const silent = authRequest(rp, { prompt: 'none', state: 's'.repeat(8_000) });
  const answer = await post(silent, frame);
  expect([returned(answer).get('error'), answer.headers['set-cookie']]).toEqual([
    'login_required',
    undefined,
  ]);
});

test('what is wrong is said as a GET says it, and never 500', async () => {
  const body = authRequest(rp).path.slice('/auth?'.length);
  const send = async (text: string, headers: Record<string, string> = {}, path = '/auth') =>
    await new Browser(nodes).request(path, { method: 'POST', body: text, headers });
  const pages = [
    await send(body, { 'content-type': 'application/json' }),
    await send(body, { 'content-type': 'text/plain' }),
    await send(body, { 'content-encoding': 'gzip' }),
    await send(`state=${'s'.repeat(60_000)}&${body}`),
    await send(''),
    await send('%%%&=&&;'),
    await send(`${body}&client_id=${rp.clientId}`),
    await send(formBody({ client_id: 'nobody' })),
  ];
  for (const page of pages) {
    const seen = page.headers.location ? await new Browser(nodes).follow(page.headers.location) : page;
    expect([seen.page, seen.text.includes('Den side, du kom fra')]).toEqual(['trouble', true]);
    expect(seen.status).toBeGreaterThanOrEqual(400);
    expect(seen.status).toBeLessThan(500);
  }
  const twice = await send(`${body}&scope=openid`);
  expect(returned(await new Browser(nodes).follow(twice.headers.location ?? '')).get('error')).toBe(
    'invalid_request',
  );
  // In the address and in the body: together one request, and what is in both is there twice.
  const parts = new URLSearchParams(body);
  const [clientId, state] = [parts.get('client_id') ?? '', parts.get('state') ?? ''];
  parts.delete('client_id');
  const both = await send(parts.toString(), {}, `/auth?client_id=${clientId}`);
  expect((await new Browser(nodes).follow(both.headers.location ?? '')).page).toBe('password');
  const doubled = await send(body, {}, `/auth?state=${state}`);
  expect(returned(await new Browser(nodes).follow(doubled.headers.location ?? '')).get('error')).toBe(
    'invalid_request',
  );
});

test('what is kept is this browser’s alone, for a minute', async () => {
  const request = authRequest(rp, { state: 's'.repeat(8_000) });
  const browser = new Browser(nodes);
  const body = request.path.slice('/auth?'.length);
  const answer = await browser.request('/auth', { method: 'POST', body });
  const where = answer.headers.location ?? '';
  const [cookie = ''] = answer.headers['set-cookie'] ?? [];
  expect(cookie).toMatch(/; path=\/auth\/posted\/.+; samesite=lax; httponly$/i);
  // Somebody who saw the address alone, and one with a cookie that is made up.
  const bare = await new Browser(nodes).request(where);
  expect([bare.status, bare.text.includes(da.cookiesNeeded.title)]).toEqual([400, true]);
  for (const headers of [{ cookie: `noegle-posted=${'x'.repeat(43)}` }, { cookie: 'noegle-posted=\u00ff' }]) {
    const stranger = await new Browser(nodes).request(where, { headers });
    expect([stranger.status, stranger.page]).toEqual([400, 'trouble']);
  }
  // A proxy that looks first, and a browser that asks again because the answer was lost.
  expect((await browser.request(where, { method: 'HEAD' })).status).toBe(303);
  const copy = await browser.copy();
  expect([(await copy.request(where)).status, (await browser.request(where)).status]).toEqual([303, 303]);
  const late = await browser.request('/auth', { method: 'POST', body });
  await nodes.database.query(`UPDATE posted_requests SET expires_at = now() - interval '1 second'`);
  await nodes.node(0).app.tasks['sweep']?.({});
  expect(await nodes.database.query('SELECT id FROM posted_requests')).toHaveLength(0);
  expect((await browser.request(late.headers.location ?? '')).status).toBe(400);
  // The reference stands in no log.
  expect(nodes.log).not.toContain(where.split('/').at(-1));
});

test('it does not count as pushed, and a pushed request by POST goes on', async () => {
  const request = authRequest(rp, { state: 's'.repeat(8_000) });
  const fields = Object.fromEntries(new URLSearchParams(request.path.slice('/auth?'.length)));
  const pushed = await asRelyingParty(nodes, rp, '/request', fields);
  const { request_uri: uri } = JSON.parse(pushed.text) as { request_uri: string };
  const path = `/auth?${new URLSearchParams({ client_id: rp.clientId, request_uri: uri })}`;
  expect((await postFrom(new Browser(nodes), { ...request, path })).page).toBe('password');
});

test('who posts without end fills no table', async () => {
  const { longRequests } = DEFAULT_RULES;
  const busy = await Nodes.start({ rules: { ...PATIENT, longRequests: { ...longRequests, burstKb: 64 } } });
  try {
    const body = `client_id=x&state=${'s'.repeat(20_000)}`;
    const send = async () => (await new Browser(busy).request('/auth', { method: 'POST', body })).status;
    const statuses = [await send(), await send(), await send(), await send()];
    expect(statuses).toEqual([303, 303, 303, 503]);
    const [kept] = await busy.database.query<{ many: number }>(
      'SELECT count(*)::int AS many FROM posted_requests',
    );
    expect(kept?.many).toBe(3);
    // A short one needs no table.
    const short = await new Browser(busy).request('/auth', { method: 'POST', body: 'client_id=x' });
    expect(short.status).toBe(303);
  } finally {
    await busy.close();
  }
});

test('where all rows are taken, the network that has most of them loses its oldest', async () => {
  const row = (network: string, seconds: number) =>
    nodes.database.query(
      `INSERT INTO posted_requests (id, request_sealed, network, expires_at)
       SELECT sha256($1::bytea || int4send(n)), '', $1::bytea, now() + $2 * interval '1 second'
       FROM generate_series(1, 1000) n`,
      [Buffer.from(network), seconds],
    );
  await nodes.database.query('DELETE FROM posted_requests');
  await row('one', 50);
  await row('other', 40);
  const request = authRequest(rp, { state: 's'.repeat(8_000) });
  for (let i = 0; i < 3; i += 1) expect((await postFrom(new Browser(nodes), request)).page).toBe('password');
  const [kept] = await nodes.database.query<{ many: number }>(
    'SELECT count(*)::int AS many FROM posted_requests',
  );
  expect(kept?.many).toBe(2_000);
});
