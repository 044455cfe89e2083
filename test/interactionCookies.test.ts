/** The pending request is only in the person's browser: it cannot be used elsewhere, and it is valid once. */
import { randomBytes, randomInt } from 'node:crypto';
import { otherLanguages, type Language } from '../src/domain/language/language.ts';
import { describe, expect, test } from '@jest/globals';
import { TEXTS_BY_LANGUAGE } from '../src/ui/language.ts';
import {
  aPerson,
  asRelyingParty,
  authRequest,
  TestBrowser,
  hiddenFields,
  keyFor,
  type BrowserPage,
  redeemCode,
  request,
  readReturnedCode,
  signInAtNode,
  type TestRelyingParty,
  toKeyPage,
  useNodes,
  useRelyingParty,
} from './support/index.ts';

const nodes = useNodes({ count: 2 });
const rp = useRelyingParty(nodes);

/** Cookies by name as an answer sets them, without removed ones. */
function cookiesOf(answer: BrowserPage): Map<string, string> {
  const pairs = (answer.headers['set-cookie'] ?? []).flatMap((line): [string, string][] => {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    return value === '' ? [] : [[name, value]];
  });
  return new Map(pairs);
}

/** The cookie with the browser id. */
function browserIdIn(cookies: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...cookies].filter(([name]) => name.startsWith('noegle-visitor')));
}

async function get(path: string, cookies: Record<string, string>) {
  const cookie = Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
  return await request(nodes.node(1)).get(path).set({ accept: 'text/html', cookie });
}

test('a request that waits writes nothing, however many there are', async () => {
  await new TestBrowser(nodes).follow(authRequest(rp).path);
  const { commits } = nodes.cost;
  for (let i = 0; i < 20; i += 1) await new TestBrowser(nodes).follow(authRequest(rp).path);
  expect(nodes.cost.commits).toBe(commits);
});

test('no one continues it who has its address, but not its cookie, or that of another', async () => {
  const [first, second] = [new TestBrowser(nodes), new TestBrowser(nodes)];
  const began = await first.request(authRequest(rp).path);
  const other = await second.request(authRequest(rp).path);
  const where = new URL(began.formUrl).pathname;
  const uid = where.split('/').at(-1) ?? '';
  const mine = cookiesOf(began);
  const theirs = cookiesOf(other);
  const named = { 'noegle-interaction': uid, 'noegle-resume': uid, ...browserIdIn(mine) };
  const requestIn = (cookies: Map<string, string>) => cookies.get('noegle-request') ?? '';
  expect(requestIn(mine)).not.toBe('');
  for (const path of [where, `/auth/${uid}`]) {
    expect((await get(path, named)).status).toBe(400);
    expect((await get(path, { ...named, 'noegle-request': requestIn(theirs) })).status).toBe(400);
    expect(
      (await get(path, { ...named, 'noegle-request': `${requestIn(mine).slice(0, -2)}AA` })).status,
    ).toBe(400);
  }
  expect((await get(where, { ...named, 'noegle-request': requestIn(mine) })).status).toBe(200);
});

test('once it was answered it leads nowhere, also for who kept the cookie', async () => {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  const keyPage = await toKeyPage(browser, person, authRequest(rp));
  const before = await browser.copy();
  const answer = await browser.post(keyPage, { key: keyFor(person, keyPage) });
  expect(readReturnedCode(answer).get('code')).toBeTruthy();
  for (const copyOfCookies of [before, browser]) {
    for (const path of [keyPage.formUrl, keyPage.formUrl.replace('/login/', '/auth/')]) {
      const again = await copyOfCookies.follow(path);
      expect([again.status, again.headers.location]).toEqual([400, undefined]);
    }
  }
});

test('what was shown leaves in no cookie, and the provider continues with nothing but a form', async () => {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  const passwordPage = await browser.follow(authRequest(rp).path);
  const browserIdCookie = browserIdIn(cookiesOf(passwordPage));
  const { userId, password } = person;
  const keyPage = await browser.send(passwordPage, { userId, password });
  const uid = new URL(keyPage.formUrl).pathname.split('/').at(-1) ?? '';
  const login = cookiesOf(passwordPage).get('noegle-request') ?? '';
  const shown = await browser.post(keyPage, { key: keyFor(person, keyPage) });
  expect([readReturnedCode(shown).get('code'), cookiesOf(shown).get('noegle-request')]).toEqual([
    expect.any(String),
    undefined,
  ]);
  const alone = await get(`/auth/${uid}`, { ...browserIdCookie, 'noegle-request': login });
  expect([alone.status, alone.headers.location]).toEqual([303, `/login/${uid}`]);
  const cookies = { ...browserIdCookie, 'noegle-request': login, 'noegle-resume': uid };
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

test('a session begins again with another person', async () => {
  const [first, second] = [await aPerson(nodes), await aPerson(nodes)];
  const browser = new TestBrowser(nodes);
  await signInAtNode(browser, first, authRequest(rp));
  await nodes.database.query(
    `UPDATE oidc_records SET started_at = started_at - interval '7 hours' WHERE account_id = $1`,
    [first.identityId],
  );
  await signInAtNode(browser, second, authRequest(rp, { prompt: 'login' }));
  const [session] = await nodes.database.query<{ young: boolean }>(
    `SELECT started_at > now() - interval '1 hour' AS young FROM oidc_records WHERE account_id = $1 AND model = 'Session'`,
    [second.identityId],
  );
  expect(session?.young).toBe(true);
});

test('one that was given up is over for its browser; nothing was shown, and nothing is kept of it', async () => {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  const page = await browser.follow(authRequest(rp).path);
  const before = await browser.copy();
  const left = await browser.send(page, { cancel: '1' });
  expect(readReturnedCode(left).get('error')).toBe('access_denied');
  const uid = new URL(page.formUrl).pathname.split('/').at(-1) ?? '';
  for (const path of [`/auth/${uid}`, page.formUrl]) expect((await browser.follow(path)).status).toBe(400);
  // A copy of the earlier state has a request with no factor given, and at most one code.
  const keyPage = await before.send(page, { userId: person.userId, password: person.password });
  const forms = [await before.copy(), await before.copy()];
  const answers = await Promise.all(
    forms.map((form) => form.post(keyPage, { key: keyFor(person, keyPage) })),
  );
  const codes = new Set(answers.map((answer) => readReturnedCode(answer).get('code')));
  expect([codes.size, codes.has(null)]).toEqual([1, false]);
});

test('one that was given up after a factor was shown leads nowhere, also for who kept the cookie', async () => {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  const keyPage = await toKeyPage(browser, person, authRequest(rp));
  const before = await browser.copy();
  expect(readReturnedCode(await browser.send(keyPage, { cancel: '1' })).get('error')).toBe('access_denied');
  const afterKey = await before.send(keyPage, { key: keyFor(person, keyPage) });
  expect([afterKey.status, afterKey.page]).toEqual([400, 'trouble']);
});

test('the first page asks the database for nothing, and from its form on the rows are looked at, whatever a browser says', async () => {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  // The relying party is in the cache of both nodes.
  for (let i = 0; i < 4; i += 1) await new TestBrowser(nodes, i).follow(authRequest(rp).path);
  const { statements } = nodes.cost;
  const page = await browser.request(authRequest(rp).path);
  expect(page.page).toBe('password');
  expect(nodes.cost.statements).toBe(statements);

  const copied = await browser.copy();
  const afterPassword = await browser.post(page, { userId: person.userId, password: person.password });
  const keyPage = await browser.follow(afterPassword.headers.location ?? '');
  expect(keyPage.page).toBe('key');
  // A browser cannot have forgotten that and still have the request.
  const secondsOf = (answer: BrowserPage, name: string) => {
    const line = answer.headers['set-cookie']?.find((one) => one.startsWith(`${name}=`)) ?? '';
    const expires = /expires=([^;]+)/i.exec(line)?.[1] ?? '';
    return (new Date(expires).getTime() - Date.now()) / 1_000;
  };
  expect(secondsOf(page, 'noegle-request')).toBeGreaterThan(3_600);
  expect(secondsOf(afterPassword, 'noegle-holder')).toBeGreaterThan(secondsOf(page, 'noegle-request'));
  expect((await browser.follow(page.formUrl)).page).toBe('key');
  // Without the cookie that says that it has begun: the first page, and no factor is given.
  const forgetful = await copied.follow(page.formUrl);
  expect([forgetful.page, forgetful.text.includes(person.userId)]).toEqual(['password', false]);
  // The same with a made-up secret.
  const cookies = Object.fromEntries(cookiesOf(page));
  const answer = await get(new URL(page.formUrl).pathname, { ...cookies, 'noegle-holder': 'x'.repeat(43) });
  expect(answer.text).toContain('data-page="password"');
});

test('the headers of an answer fit where a proxy has 4,096 bytes for them, and of a long request 16 kB', async () => {
  const person = await aPerson(nodes);
  for (const [length, most] of [
    [1, 4_096],
    [1_000, 4_096],
    [3_000, 8_192],
    [8_192, 16_384],
  ] as const) {
    const sizes: number[] = [];
    const browser = new TestBrowser(nodes);
    const login = authRequest(rp, { state: someText(length), ...(length > 1_000 ? FORM_POST : {}) });
    const began = await browser.request(login.path);
    const page = await toKeyPage(browser, person, login);
    const answer = await browser.post(page, { key: keyFor(person, page) });
    for (const { headers } of [began, page, answer]) {
      const lines = Object.entries(headers).flatMap(([name, value]) =>
        [value ?? []].flat().map((one) => `${name}: ${one}`),
      );
      sizes.push(Buffer.byteLength(lines.join('\r\n')));
    }
    console.info(`headers of answers to ${length} bytes of state: ${sizes.join(', ')} bytes`);
    expect(Math.max(...sizes)).toBeLessThan(most);
  }
});

const FORM_POST = { response_mode: 'form_post' } as const;

/** Barely compressible: any printable character, from the brackets on, is equally likely. */
function someText(length: number): string {
  return Array.from({ length }, () => String.fromCharCode(randomInt(0x28, 0x7f))).join('');
}

async function countRecords(model: string): Promise<number> {
  const [row] = await nodes.database.query<{ many: number }>(
    'SELECT count(*)::int AS many FROM oidc_records WHERE model = $1',
    [model],
  );
  return row?.many ?? 0;
}

/** The fields of the form of the page that returns to the relying party. */
function resultOf(page: BrowserPage): URLSearchParams {
  return page.headers.location ? readReturnedCode(page) : new URLSearchParams(hiddenFields(page));
}

test('8 kB of state travel in three cookies, whatever its content, and nothing is kept', async () => {
  const person = await aPerson(nodes);
  for (const state of [someText(8_192), 'æøå'.repeat(1_365), randomBytes(6_144).toString('base64url')]) {
    const browser = new TestBrowser(nodes);
    const login = authRequest(rp, { state, ...FORM_POST });
    const keyPage = await toKeyPage(browser, person, login);
    const cookies = await browser.cookiesFor(keyPage.formUrl);
    const parts = cookies.filter((cookie) => /^noegle-request(-[23])?=/.test(cookie));
    expect(parts.length).toBeLessThanOrEqual(3);
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(4_093);
    const end = await browser.post(keyPage, { key: keyFor(person, keyPage) });
    const result = resultOf(end);
    expect([state.slice(0, 9), result.get('state') === state]).toEqual([state.slice(0, 9), true]);
    expect((await redeemCode(nodes, rp, result.get('code') ?? '', login.verifier, 1)).status).toBe(200);
    expect((await browser.cookiesFor(keyPage.formUrl)).some((one) => one.startsWith('noegle-request'))).toBe(
      false,
    );
  }
  expect(await countRecords('Interaction')).toBe(0);
});

test('the parts are one text: none is changed, left out, or taken from another request', async () => {
  const begin = async () => {
    const browser = new TestBrowser(nodes);
    const page = await browser.request(authRequest(rp, { state: someText(8_000) }).path);
    return { path: new URL(page.formUrl).pathname, cookies: Object.fromEntries(cookiesOf(page)) };
  };
  const [mine, theirs] = [await begin(), await begin()];
  const part = 'noegle-request-2';
  expect((await get(mine.path, mine.cookies)).status).toBe(200);
  const { [part]: _, ...without } = mine.cookies;
  const [value = ''] = [mine.cookies[part]];
  for (const cookies of [
    without,
    { ...mine.cookies, [part]: theirs.cookies[part] ?? '' },
    { ...mine.cookies, [part]: `${value.slice(0, -2)}${value.endsWith('AA') ? 'BB' : 'AA'}` },
    { ...mine.cookies, [part]: value.replace(/^[23]\.[^.]*\./, '') },
    // Under the id of the first part.
    {
      ...mine.cookies,
      [part]: value.slice(0, 11) + (theirs.cookies[part] ?? '').slice(11),
    },
    { ...theirs.cookies },
  ]) {
    const answer = await get(mine.path, cookies);
    expect([answer.status, answer.text.includes('data-page="trouble"')]).toEqual([400, true]);
  }
  // A cookie that a sibling domain planted, before or after it, has another id.
  const line = (cookies: Record<string, string>) =>
    Object.entries(cookies).map(([name, one]) => `${name}=${one}`);
  for (const both of [
    [...line(theirs.cookies), ...line(mine.cookies)],
    [...line(mine.cookies), ...line(theirs.cookies)],
  ]) {
    await request(nodes.node(1))
      .get(mine.path)
      .set({ accept: 'text/html', cookie: both.join('; ') })
      .expect(200);
  }
});

test('of ten long sign-ins in one browser each continues, and no header grows with them', async () => {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  const pages: BrowserPage[] = [];
  for (let i = 0; i < 10; i += 1) {
    pages.push(await browser.request(authRequest(rp, { state: someText(8_000), ...FORM_POST }).path));
  }
  for (const page of pages) {
    const sent = (await browser.cookiesFor(page.formUrl)).join('; ');
    expect(sent.length).toBeLessThan(14_000);
    const again = await browser.send(page, { userId: 'x'.repeat(1_900), password: '' });
    expect([again.status, again.page]).toEqual([200, 'password']);
    const keyPage = await browser.send(again, { userId: person.userId, password: person.password });
    expect(keyPage.page).toBe('key');
  }
});

test('what three cookies do not hold is refused, to the relying party where the answer can have it', async () => {
  const refused = (page: BrowserPage) => [page.status, page.page];
  for (const mode of [{}, FORM_POST]) {
    const state = randomBytes(7_200).toString('base64url');
    const result = resultOf(await new TestBrowser(nodes).request(authRequest(rp, { state, ...mode }).path));
    expect([result.get('error'), result.get('state') === state]).toEqual(['invalid_request', true]);
    expect(result.get('error_description')).toMatch(/^request_too_long: /);
    expect(result.get('code')).toBeNull();
  }
  for (const language of ['da', 'en'] as const) {
    const headers = { 'accept-language': language };
    const long = await new TestBrowser(nodes).request(authRequest(rp, { state: 's'.repeat(14_000) }).path, {
      headers,
    });
    expect([...refused(long), long.headers['set-cookie']]).toEqual([400, 'trouble', undefined]);
    expect(long.text).toContain(TEXTS_BY_LANGUAGE[language].errorPages.bad_request.title);
  }
  const form = await new TestBrowser(nodes).request(
    authRequest(rp, { state: 's'.repeat(14_000), ...FORM_POST }).path,
  );
  expect(resultOf(form).get('error')).toBe('invalid_request');
  expect(await countRecords('Interaction')).toBe(0);
});

async function push(client: TestRelyingParty, params: Record<string, string>) {
  const login = authRequest(client, params);
  const { searchParams } = new URL(login.path, nodes.issuer);
  const pushed = await asRelyingParty(nodes, client, '/request', Object.fromEntries(searchParams));
  const { request_uri } = JSON.parse(pushed.text) as { request_uri: string };
  return { ...login, path: `/auth?${new URLSearchParams({ client_id: client.clientId, request_uri })}` };
}

test('a client that proves who it is may push more: kept once, however often its address is opened', async () => {
  const person = await aPerson(nodes);
  const state = someText(20_000);
  const login = await push(rp, { state, ...FORM_POST });
  for (let i = 0; i < 20; i += 1)
    expect((await new TestBrowser(nodes).follow(login.path)).page).toBe('password');
  expect(await countRecords('Interaction')).toBe(1);
  const browser = new TestBrowser(nodes);
  const keyPage = await toKeyPage(browser, person, login);
  const result = resultOf(await browser.post(keyPage, { key: keyFor(person, keyPage) }));
  expect(result.get('state') === state).toBe(true);
  expect((await redeemCode(nodes, rp, result.get('code') ?? '', login.verifier, 1)).status).toBe(200);
  await nodes.database.query(`DELETE FROM oidc_records WHERE model = 'Interaction'`);
});

test('one that a node of an earlier version kept as a record continues', async () => {
  const person = await aPerson(nodes);
  const { keyring } = nodes.context;
  const browser = new TestBrowser(nodes);
  const login = authRequest(rp);
  const page = await browser.request(login.path);
  const { pathname } = new URL(page.formUrl);
  const uid = pathname.split('/').at(-1) ?? '';
  const context = `carried interaction v1 ${uid}`;
  const sealed = cookiesOf(page).get('noegle-request') ?? '';
  const json = keyring.open('records', Buffer.from(sealed, 'base64url'), context);
  const id = keyring.hmac('records', `Interaction ${uid}`);
  await nodes.database.query(
    `INSERT INTO oidc_records (id, model, expires_at, payload) VALUES ($1, 'Interaction', now() + interval '1 hour', $2)`,
    [id, keyring.seal('records', json, id)],
  );
  const word = keyring.seal('records', '"kept"', context).toString('base64url');
  await browser.setCookie(`noegle-request=${word}; Path=${pathname}; HttpOnly`);
  const keyPage = await browser.send(page, { userId: person.userId, password: person.password });
  const result = readReturnedCode(await browser.post(keyPage, { key: keyFor(person, keyPage) }));
  expect((await redeemCode(nodes, rp, result.get('code') ?? '', login.verifier, 1)).status).toBe(200);
});

/** Where a client is redirected that keeps no cookies between requests. */
async function withoutCookies(path: string, language = 'da'): Promise<BrowserPage> {
  const headers = { 'accept-language': language };
  let answer = await new TestBrowser(nodes).request(path, { headers });
  for (let hops = 0; hops < 10 && answer.headers.location; hops += 1) {
    const next = new URL(answer.headers.location, answer.url).href;
    answer = await new TestBrowser(nodes).request(next, { headers });
  }
  return answer;
}

/** The answer to its first form. */
async function sendWithoutCookies(page: BrowserPage, language = 'da'): Promise<BrowserPage> {
  return await new TestBrowser(nodes).request(page.formUrl, {
    form: { ...hiddenFields(page), userId: 'somebody', password: 'a password' },
    headers: { 'accept-language': language },
  });
}

/** The address of the page in the other language. */
function switchOn(page: BrowserPage): string {
  const [, href = ''] = /<a href="([^"]*)" lang/.exec(page.text) ?? [];
  return href.replaceAll('&amp;', '&');
}

async function pushedRequest(): Promise<string> {
  const { searchParams } = new URL(authRequest(rp).path, nodes.issuer);
  const pushed = await asRelyingParty(nodes, rp, '/request', Object.fromEntries(searchParams));
  const { request_uri } = JSON.parse(pushed.text) as { request_uri: string };
  return `/auth?${new URLSearchParams({ client_id: rp.clientId, request_uri })}`;
}

function expectCookiesNeeded(page: BrowserPage, language: Language, tryAgain: string | null): void {
  expect([page.status, page.page]).toEqual([400, 'trouble']);
  const { title } = TEXTS_BY_LANGUAGE[language].cookiesNeeded;
  const [other = language] = otherLanguages(language);
  expect(page.text).toContain(`<h1>${title}</h1>`);
  expect(page.text).toContain(TEXTS_BY_LANGUAGE[other].cookiesNeeded.inShort);
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
    const began = await new TestBrowser(nodes).request(await pushedRequest());
    const seen = await get(began.headers.location ?? '', { 'noegle-language': 'en', 'noegle-session': 'x' });
    expect(seen.text).toContain(TEXTS_BY_LANGUAGE.en.cookiesNeeded.title);
  });

  test('is not what came late, was opened elsewhere, forged, or finished a moment ago', async () => {
    const began = await new TestBrowser(nodes).request(await pushedRequest());
    const { pathname, searchParams } = new URL(began.headers.location ?? '', nodes.issuer);
    const at = Number.parseInt(searchParams.get('at') ?? '', 36);
    const minutesAgo = (at - 61).toString(36);
    const { over } = TEXTS_BY_LANGUAGE.da;
    const { title } = over.unknown;
    for (const query of ['', '?at=', '?at=zzzzzz', '?at=x&at=y', `?at=${minutesAgo}`]) {
      const seen = await new TestBrowser(nodes).request(pathname + query);
      expect([query, seen.status, seen.page]).toEqual([query, 400, 'trouble']);
      expect(seen.text).toContain(title);
    }
    const page = await new TestBrowser(nodes).request(authRequest(rp).path);
    const forged = { ...page, text: page.text.replaceAll(/(name="csrf" value=")[^"]*/g, '$1x') };
    expect((await sendWithoutCookies(forged)).text).toContain(title);
    const person = await aPerson(nodes);
    for (const end of ['sign in', 'cancel']) {
      const browser = new TestBrowser(nodes);
      const first = await browser.follow(await pushedRequest());
      expect([first.page, first.url]).toEqual(['password', expect.stringContaining('?at=')]);
      if (end === 'cancel') await browser.send(first, { cancel: '1' });
      else {
        const keyPage = await browser.send(first, { userId: person.userId, password: person.password });
        await browser.send(keyPage, { key: keyFor(person, keyPage) });
      }
      const told = end === 'cancel' ? over.ended.title : over.signedIn.title('Prøvekommunen');
      expect((await browser.follow(first.url)).text).toContain(told);
      expect((await browser.send(first, { userId: 'x', password: 'x' })).text).toContain(told);
    }
  });
});
