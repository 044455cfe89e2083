/** The request that waits for its person is in their browser alone: it leads nowhere else, and once. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TEXTS } from '../src/web/language.ts';
import { Browser, hiddenFields, type PageSeen } from './support/browser.ts';
import { asRelyingParty, authRequest, keyFor, redeem, returned, signIn, toKeyPage } from './support/flow.ts';
import { call, formBody } from './support/http.ts';
import { Nodes } from './support/nodes.ts';
import { aPerson, aRelyingParty, type TestRelyingParty } from './support/people.ts';

let nodes: Nodes;
let rp: TestRelyingParty;
beforeAll(async () => {
  nodes = await Nodes.start({ count: 2 });
  rp = await aRelyingParty(nodes);
});
afterAll(() => nodes.close());

/** Cookies by name as an answer sets them, without those that it takes away. */
function cookiesOf(answer: PageSeen): Map<string, string> {
  const pairs = (answer.headers['set-cookie'] ?? []).flatMap((line): [string, string][] => {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    return value === '' ? [] : [[name, value]];
  });
  return new Map(pairs);
}

/** The cookie that the browser is known by. */
function visitorIn(cookies: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...cookies].filter(([name]) => name.startsWith('noegle-visitor')));
}

async function get(path: string, cookies: Record<string, string>) {
  const cookie = Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
  const headers = { host: new URL(nodes.issuer).host, accept: 'text/html', cookie };
  return await call(nodes.node(1).port, path, { headers });
}

test('a request that waits writes nothing, however many there are', async () => {
  await new Browser(nodes).follow(authRequest(rp).path);
  const { commits } = nodes.cost;
  for (let i = 0; i < 20; i += 1) await new Browser(nodes).follow(authRequest(rp).path);
  expect(nodes.cost.commits).toBe(commits);
});

test('nobody goes on with it who has its address, but not its cookie, or that of another', async () => {
  const [first, second] = [new Browser(nodes), new Browser(nodes)];
  const began = await first.request(authRequest(rp).path);
  const other = await second.request(authRequest(rp).path);
  const where = new URL(began.formUrl).pathname;
  const uid = where.split('/').at(-1) ?? '';
  const mine = cookiesOf(began);
  const theirs = cookiesOf(other);
  const named = { 'noegle-interaction': uid, 'noegle-resume': uid, ...visitorIn(mine) };
  const request = (cookies: Map<string, string>) => cookies.get('noegle-request') ?? '';
  expect(request(mine)).not.toBe('');
  for (const path of [where, `/auth/${uid}`]) {
    expect((await get(path, named)).status).toBe(400);
    expect((await get(path, { ...named, 'noegle-request': request(theirs) })).status).toBe(400);
    expect((await get(path, { ...named, 'noegle-request': `${request(mine).slice(0, -2)}AA` })).status).toBe(
      400,
    );
  }
  expect((await get(where, { ...named, 'noegle-request': request(mine) })).status).toBe(200);
});

test('once it was answered it leads nowhere, also for who kept the cookie', async () => {
  const person = await aPerson(nodes);
  const browser = new Browser(nodes);
  const keyPage = await toKeyPage(browser, person, authRequest(rp));
  const before = await browser.copy();
  const answer = await browser.post(keyPage, { key: keyFor(person, keyPage) });
  expect(returned(answer).get('code')).toBeTruthy();
  for (const kept of [before, browser]) {
    for (const path of [keyPage.formUrl, keyPage.formUrl.replace('/login/', '/auth/')]) {
      const again = await kept.follow(path);
      expect([again.status, again.headers.location]).toEqual([400, undefined]);
    }
  }
});

test('what was shown leaves in no cookie, and the engine goes on with nothing but a form', async () => {
  const person = await aPerson(nodes);
  const browser = new Browser(nodes);
  const passwordPage = await browser.follow(authRequest(rp).path);
  const visitor = visitorIn(cookiesOf(passwordPage));
  const { userId, password } = person;
  const keyPage = await browser.send(passwordPage, { userId, password });
  const uid = new URL(keyPage.formUrl).pathname.split('/').at(-1) ?? '';
  const request = cookiesOf(passwordPage).get('noegle-request') ?? '';
  const shown = await browser.post(keyPage, { key: keyFor(person, keyPage) });
  expect([returned(shown).get('code'), cookiesOf(shown).get('noegle-request')]).toEqual([
    expect.any(String),
    undefined,
  ]);
  const alone = await get(`/auth/${uid}`, { ...visitor, 'noegle-request': request });
  expect([alone.status, alone.headers.location]).toEqual([303, `/login/${uid}`]);
  const cookies = { ...visitor, 'noegle-request': request, 'noegle-resume': uid };
  const elsewhere = await get('/auth/elsewhere', cookies);
  expect([elsewhere.status, elsewhere.headers.location]).toEqual([400, undefined]);
  const right = await get(`/auth/${uid}`, cookies);
  expect([right.status, right.headers.location]).toEqual([303, `/login/${uid}`]);
  expect((await get(`/login/${uid}`, cookies)).text).toContain('data-page="password"');
  const [session] = await nodes.database.query<{ told: boolean }>(
    `SELECT bool_and(login_at IS NOT NULL) AS told FROM oidc_records WHERE account_id = $1`,
    [person.identityId],
  );
  expect(session?.told).toBe(true);
});

test('a session begins anew with another person', async () => {
  const [first, second] = [await aPerson(nodes), await aPerson(nodes)];
  const browser = new Browser(nodes);
  await signIn(browser, first, authRequest(rp));
  await nodes.database.query(
    `UPDATE oidc_records SET started_at = started_at - interval '7 hours' WHERE account_id = $1`,
    [first.identityId],
  );
  await signIn(browser, second, authRequest(rp, { prompt: 'login' }));
  const [session] = await nodes.database.query<{ young: boolean }>(
    `SELECT started_at > now() - interval '1 hour' AS young FROM oidc_records WHERE account_id = $1 AND model = 'Session'`,
    [second.identityId],
  );
  expect(session?.young).toBe(true);
});

test('one that was given up leads nowhere either', async () => {
  const person = await aPerson(nodes);
  const browser = new Browser(nodes);
  const page = await browser.follow(authRequest(rp).path);
  const before = await browser.copy();
  const left = await browser.send(page, { cancel: '1' });
  expect(returned(left).get('error')).toBe('access_denied');
  const uid = new URL(page.formUrl).pathname.split('/').at(-1) ?? '';
  for (const path of [`/auth/${uid}`, page.formUrl]) expect((await browser.follow(path)).status).toBe(400);
  // Who kept what there was before sees the first page, as nobody looks up what was done; its form leads nowhere.
  const first = await before.follow(page.formUrl);
  expect([first.status, first.page]).toEqual([200, 'password']);
  expect((await before.follow(`/auth/${uid}`)).status).toBe(400);
  const given = await before.send(first, { userId: person.userId, password: person.password });
  expect([given.status, given.page]).toEqual([400, 'trouble']);
});

test('the first page asks the database for nothing, and from its form on the rows are looked at, whatever a browser says', async () => {
  const person = await aPerson(nodes);
  const browser = new Browser(nodes);
  // The relying party is in the cache of both nodes.
  for (let i = 0; i < 4; i += 1) await new Browser(nodes, i).follow(authRequest(rp).path);
  const { statements } = nodes.cost;
  const page = await browser.request(authRequest(rp).path);
  expect(page.page).toBe('password');
  expect(nodes.cost.statements).toBe(statements);

  const told = await browser.copy();
  const given = await browser.post(page, { userId: person.userId, password: person.password });
  const keyPage = await browser.follow(given.headers.location ?? '');
  expect(keyPage.page).toBe('key');
  // Nobody's browser has forgotten that and still has the request.
  const secondsOf = (answer: PageSeen, name: string) => {
    const line = answer.headers['set-cookie']?.find((one) => one.startsWith(`${name}=`)) ?? '';
    const expires = /expires=([^;]+)/i.exec(line)?.[1] ?? '';
    return (new Date(expires).getTime() - Date.now()) / 1_000;
  };
  expect(secondsOf(page, 'noegle-request')).toBeGreaterThan(3_600);
  expect(secondsOf(given, 'noegle-holder')).toBeGreaterThan(secondsOf(page, 'noegle-request'));
  expect((await browser.follow(page.formUrl)).page).toBe('key');
  // Without the word that it has begun: the first page, and nothing of what was shown.
  const forgetful = await told.follow(page.formUrl);
  expect([forgetful.page, forgetful.text.includes(person.userId)]).toEqual(['password', false]);
  // So does one with a secret that is made up.
  const cookies = Object.fromEntries(cookiesOf(page));
  const answer = await get(new URL(page.formUrl).pathname, { ...cookies, 'noegle-holder': 'x'.repeat(43) });
  expect(answer.text).toContain('data-page="password"');
});

test('the headers of an answer fit where a proxy has 4,096 bytes for them', async () => {
  const person = await aPerson(nodes);
  const sizes: number[] = [];
  for (const state of ['s', 's'.repeat(1_000), 's'.repeat(3_000)]) {
    const browser = new Browser(nodes);
    const request = authRequest(rp, { state });
    const began = await browser.request(request.path);
    const page = await toKeyPage(browser, person, request);
    const answer = await browser.post(page, { key: keyFor(person, page) });
    for (const { headers } of [began, page, answer]) {
      const lines = Object.entries(headers).flatMap(([name, value]) =>
        [value ?? []].flat().map((one) => `${name}: ${one}`),
      );
      sizes.push(Buffer.byteLength(lines.join('\r\n')));
    }
  }
  console.info(`headers of answers: ${sizes.join(', ')} bytes`);
  expect(Math.max(...sizes)).toBeLessThan(4_096);
});

test('what does not fit into a cookie is kept, and led to its end', async () => {
  const person = await aPerson(nodes);
  const browser = new Browser(nodes);
  const request = authRequest(rp, { state: 's'.repeat(3_000) });
  const result = await signIn(browser, person, request);
  expect(result.get('state')).toHaveLength(3_000);
  const tokens = await redeem(nodes, rp, result.get('code') ?? '', request.verifier, 1);
  expect(tokens.status).toBe(200);
  const records = await nodes.database.query<{ model: string }>(
    `SELECT model FROM oidc_records WHERE model = 'Interaction'`,
  );
  expect(records).not.toHaveLength(0);
});

/** What a browser is led to that keeps nothing from one request to the next. */
async function withoutCookies(path: string, language = 'da'): Promise<PageSeen> {
  const headers = { 'accept-language': language };
  let answer = await new Browser(nodes).request(path, { headers });
  for (let hops = 0; hops < 10 && answer.headers.location; hops += 1) {
    const next = new URL(answer.headers.location, answer.url).href;
    answer = await new Browser(nodes).request(next, { headers });
  }
  return answer;
}

/** The answer to its first form. */
async function sendWithoutCookies(page: PageSeen, language = 'da'): Promise<PageSeen> {
  return await new Browser(nodes).request(page.formUrl, {
    method: 'POST',
    body: formBody({ ...hiddenFields(page), userId: 'somebody', password: 'a password' }),
    headers: { 'accept-language': language },
  });
}

/** The address of the page in the other language. */
function switchOn(page: PageSeen): string {
  const [, href = ''] = /<a href="([^"]*)" lang/.exec(page.text) ?? [];
  return href.replaceAll('&amp;', '&');
}

async function pushedRequest(): Promise<string> {
  const { searchParams } = new URL(authRequest(rp).path, nodes.issuer);
  const pushed = await asRelyingParty(nodes, rp, '/request', Object.fromEntries(searchParams));
  const { request_uri } = JSON.parse(pushed.text) as { request_uri: string };
  return `/auth?${new URLSearchParams({ client_id: rp.clientId, request_uri })}`;
}

function expectCookiesNeeded(page: PageSeen, language: 'da' | 'en', tryAgain: string | null): void {
  expect([page.status, page.page]).toEqual([400, 'trouble']);
  const { title, inOtherLanguage } = TEXTS[language].cookiesNeeded;
  expect(page.text).toContain(`<h1>${title}</h1>`);
  expect(page.text).toContain(inOtherLanguage);
  expect(page.text).not.toMatch(/<input|<form/);
  if (tryAgain) expect(page.text).toContain(`href="${tryAgain}"`);
}

describe('a browser that keeps no cookies', () => {
  test.each([
    ['a pushed request', pushedRequest, null],
    ['activation', () => '/activate', '/activate'],
    ['activation by way of a sign-in', () => '/activate?from=aaaaaaaaaaaaaaaaaaaa', '/activate'],
  ])('is told so before anything is typed: %s', async (_name, path, tryAgain) => {
    for (const language of ['da', 'en'] as const) {
      expectCookiesNeeded(await withoutCookies(await path(), language), language, tryAgain);
    }
  });

  test.each([
    ['a relying party', () => authRequest(rp).path, null],
    ['self-service', () => '/self-service/card', '/self-service'],
    ['the desk', () => '/desk', '/desk'],
    ['an order', () => '/order/sign-in', '/order'],
  ])('is told so at its first form, and in the other language: %s', async (_name, path, tryAgain) => {
    for (const language of ['da', 'en'] as const) {
      const page = await withoutCookies(path(), language);
      expect([page.status, page.page]).toEqual([200, 'password']);
      expectCookiesNeeded(await sendWithoutCookies(page, language), language, tryAgain);
      expectCookiesNeeded(await withoutCookies(switchOn(page), language), language, tryAgain);
    }
  });

  test('is told so also when it brings old ones: new ones are what is needed', async () => {
    const began = await new Browser(nodes).request(await pushedRequest());
    const seen = await get(began.headers.location ?? '', { 'noegle-language': 'en', 'noegle-session': 'x' });
    expect(seen.text).toContain(TEXTS.en.cookiesNeeded.title);
  });

  test('is not what came late, was opened elsewhere, forged, or finished a moment ago', async () => {
    const began = await new Browser(nodes).request(await pushedRequest());
    const { pathname, searchParams } = new URL(began.headers.location ?? '', nodes.issuer);
    const at = Number.parseInt(searchParams.get('at') ?? '', 36);
    const minutesAgo = (at - 61).toString(36);
    const { title } = TEXTS.da.trouble.expired;
    for (const query of ['', '?at=', '?at=zzzzzz', '?at=x&at=y', `?at=${minutesAgo}`]) {
      const seen = await new Browser(nodes).request(pathname + query);
      expect([query, seen.status, seen.page]).toEqual([query, 400, 'trouble']);
      expect(seen.text).toContain(title);
    }
    const page = await new Browser(nodes).request(authRequest(rp).path);
    const forged = { ...page, text: page.text.replace(/(name="csrf" value=")[^"]*/, '$1x') };
    expect((await sendWithoutCookies(forged)).text).toContain(title);
    const person = await aPerson(nodes);
    for (const end of ['sign in', 'cancel']) {
      const browser = new Browser(nodes);
      const first = await browser.follow(await pushedRequest());
      expect([first.page, first.url]).toEqual(['password', expect.stringContaining('?at=')]);
      if (end === 'cancel') await browser.send(first, { cancel: '1' });
      else {
        const keyPage = await browser.send(first, { userId: person.userId, password: person.password });
        await browser.send(keyPage, { key: keyFor(person, keyPage) });
      }
      expect((await browser.follow(first.url)).text).toContain(title);
      expect((await browser.send(first, { userId: 'x', password: 'x' })).text).toContain(title);
    }
  });
});
