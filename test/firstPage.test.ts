/** The authorization request is answered with the first page, and belongs to the browser that began it. */
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { TEXTS_BY_LANGUAGE } from '../src/ui/language.ts';
import {
  type HttpAnswer,
  aPerson,
  aRelyingParty,
  asRelyingParty,
  authRequest,
  TestBrowser,
  encodeForm,
  hiddenFields,
  keyFor,
  type BrowserPage,
  redeemCode,
  request,
  readReturnedCode,
  signInAtNode,
  useNodes,
  useRelyingParty,
} from './support/index.ts';

const nodes = useNodes({ count: 2 });
const rp = useRelyingParty(nodes);

const EXPIRED = TEXTS_BY_LANGUAGE.da.errorPages.expired.title;

class FirstPageBrowser extends TestBrowser {
  readonly asked: string[] = [];

  override async request(...args: Parameters<TestBrowser['request']>): Promise<BrowserPage> {
    const [url, { form, method = form ? 'POST' : 'GET' } = {}] = args;
    this.asked.push(
      `${method} ${new URL(url, nodes.issuer).pathname.replace(/^\/(login|auth)\/.+/, '/$1/…')}`,
    );
    return await super.request(...args);
  }
}

/** Cookies as an answer sets them, without removed ones. */
function cookiesOf(answer: HttpAnswer): [name: string, value: string][] {
  return (answer.headers['set-cookie'] ?? []).flatMap((line): [string, string][] => {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    return value === '' ? [] : [[name, value]];
  });
}

function browserIdsIn(answer: HttpAnswer): [string, string][] {
  return cookiesOf(answer).filter(([name]) => name.startsWith('noegle-visitor'));
}

function requestIn(answer: HttpAnswer): string {
  return cookiesOf(answer).find(([name]) => name === 'noegle-request')?.[1] ?? '';
}

function uidOf(page: BrowserPage): string {
  return new URL(page.formUrl).pathname.split('/').at(-1) ?? '';
}

/** With only these cookies, in this order. */
async function ask(
  path: string,
  cookies: readonly (readonly [string, string])[],
  { method = 'GET', body, ...headers }: Record<string, string> = {},
): Promise<HttpAnswer> {
  return await request(nodes.node(1))
    .with(method, path)
    .set({
      accept: 'text/html',
      'accept-language': 'da',
      cookie: cookies.map(([name, value]) => `${name}=${value}`).join('; '),
      ...headers,
    })
    .send(body);
}

async function pushed(): Promise<string> {
  const { searchParams } = new URL(authRequest(rp).path, nodes.issuer);
  const answer = await asRelyingParty(nodes, rp, '/request', Object.fromEntries(searchParams));
  const { request_uri } = JSON.parse(answer.text) as { request_uri: string };
  return `/auth?${new URLSearchParams({ client_id: rp.clientId, request_uri })}`;
}

describe('the first page is the answer to the request', () => {
  test('three requests lead to the key page', async () => {
    const person = await aPerson(nodes);
    const browser = new FirstPageBrowser(nodes);
    const login = authRequest(rp);
    const page = await browser.follow(login.path);
    expect([page.status, page.page, page.headers.location]).toEqual([200, 'password', undefined]);
    expect(page.url).toBe(`${nodes.issuer}${login.path}`);
    expect(page.formUrl).toMatch(/\/login\/[^/?]+$/);
    const keyPage = await browser.send(page, { userId: person.userId, password: person.password });
    expect(browser.asked).toEqual(['GET /auth', 'POST /login/…', 'GET /login/…']);
    const code =
      readReturnedCode(await browser.send(keyPage, { key: keyFor(person, keyPage) })).get('code') ?? '';
    console.info(`a sign-in: ${browser.asked.join(', ')}, POST /token`);
    expect((await redeemCode(nodes, rp, code, login.verifier)).status).toBe(200);
  });

  test('also the page of someone who is signed in, and nothing where nothing is asked', async () => {
    const person = await aPerson(nodes);
    const browser = new FirstPageBrowser(nodes);
    await signInAtNode(browser, person, authRequest(rp));
    const ride = await browser.request(authRequest(rp).path);
    expect(readReturnedCode(ride).get('code')).toBeTruthy();
    const consent = await browser.request(authRequest(rp, { prompt: 'consent' }).path);
    expect([consent.status, consent.page]).toEqual([200, 'consent']);
    expect(readReturnedCode(await browser.send(consent, { accept: '1' })).get('code')).toBeTruthy();
    const none = await new TestBrowser(nodes).request(authRequest(rp, { prompt: 'none' }).path);
    expect(readReturnedCode(none).get('error')).toBe('login_required');
    expect(browserIdsIn(none)).toEqual([]);
  });

  test('only a key, where it raises a session', async () => {
    const low = await aRelyingParty(nodes, { min_acr: 'https://data.gov.dk/concept/core/nsis/loa/Low' });
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const acr = { acr_values: 'https://data.gov.dk/concept/core/nsis/loa/Low' };
    const first = await browser.follow(authRequest(low, acr).path);
    const afterPassword = await browser.send(first, { userId: person.userId, password: person.password });
    expect(readReturnedCode(afterPassword).get('code')).toBeTruthy();
    const keyPage = await browser.request(authRequest(rp).path);
    expect([keyPage.status, keyPage.page]).toEqual([200, 'key']);
    const end = await browser.send(keyPage, { key: keyFor(person, keyPage) });
    expect(readReturnedCode(end).get('code')).toBeTruthy();
  });

  test('what was pushed or posted continues by a redirect: its address is valid once', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const began = await browser.request(await pushed());
    expect([began.status, began.headers.location]).toEqual([303, expect.stringMatching(/^\/login\//)]);
    expect(browserIdsIn(began)).toHaveLength(1);
    const page = await browser.follow(began.headers.location ?? '');
    expect(page.page).toBe('password');
    const keyPage = await browser.send(page, { userId: person.userId, password: person.password });
    expect(
      readReturnedCode(await browser.send(keyPage, { key: keyFor(person, keyPage) })).get('code'),
    ).toBeTruthy();

    const other = new TestBrowser(nodes);
    const { path } = authRequest(rp);
    const body = path.slice('/auth?'.length);
    const short = await other.request('/auth', { method: 'POST', body });
    expect([short.status, browserIdsIn(short)]).toEqual([303, []]);
    expect((await other.request(short.headers.location ?? '')).page).toBe('password');
    const long = `${body}&${new URLSearchParams({ login_hint: 'x'.repeat(4_000) })}`;
    const redirected = await other.request('/auth', { method: 'POST', body: long });
    const followed = await other.request(redirected.headers.location ?? '');
    expect([followed.status, followed.headers.location]).toEqual([303, expect.stringMatching(/^\/login\//)]);
    expect((await other.follow(followed.headers.location ?? '')).page).toBe('password');
  });

  test('its links and its language lead to the address of the sign-in', async () => {
    const browser = new TestBrowser(nodes);
    const page = await browser.follow(authRequest(rp).path);
    const [, english = ''] = /<a href="([^"]*)" lang="en"/.exec(page.text) ?? [];
    expect(english).toMatch(new RegExp(`^/login/${uidOf(page)}[?].*language=en`));
    const shown = await browser.follow(english.replaceAll('&amp;', '&'));
    expect([shown.page, shown.formUrl]).toEqual(['password', page.formUrl]);
    expect(shown.text).toContain('<html lang="en"');
    expect(page.text).toContain(`href="/activate?from=${uidOf(page)}"`);
  });

  test('asked for again, or gone back to, it is another request, and either can be completed', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const { path, verifier } = authRequest(rp);
    const first = await browser.follow(path);
    const keyPage = await browser.send(first, { userId: person.userId, password: person.password });
    const again = await browser.follow(path);
    expect([again.page, browserIdsIn(again)]).toEqual(['password', []]);
    expect(uidOf(again)).not.toBe(uidOf(first));
    const code =
      readReturnedCode(await browser.send(keyPage, { key: keyFor(person, keyPage) })).get('code') ?? '';
    expect((await redeemCode(nodes, rp, code, verifier)).status).toBe(200);
    const late = await browser.send(again, { userId: person.userId, password: person.password });
    expect(
      readReturnedCode(await browser.send(late, { key: keyFor(person, late) })).get('code'),
    ).toBeTruthy();
  });

  test('each rendering has a separate name, and a form without one is taken', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const names = new Set<string>();
    let page = await browser.follow(authRequest(rp).path);
    for (let i = 0; i < 3; i += 1) {
      const { form = '' } = hiddenFields(page);
      expect(form).toMatch(/^[A-Za-z0-9_-]{43}$/);
      names.add(form);
      page = await browser.follow(page.formUrl);
    }
    expect(names.size).toBe(3);
    const { form: _, ...fields } = hiddenFields(page);
    const form = { ...fields, userId: person.userId, password: person.password };
    const answered = await browser.request(page.formUrl, { form });
    const keyPage = await browser.follow(answered.headers.location ?? '');
    expect([keyPage.page, names.has(hiddenFields(keyPage)['form'] ?? '')]).toEqual(['key', false]);
  });

  test('a look beforehand is a look: HEAD and a prefetch', async () => {
    const { path } = authRequest(rp);
    const head = await ask(path, [], { method: 'HEAD' });
    expect([head.status, head.text]).toEqual([200, '']);
    const browser = new TestBrowser(nodes);
    const early = await browser.request(path, { headers: { 'sec-purpose': 'prefetch' } });
    expect([early.status, early.page]).toEqual([200, 'password']);
    const person = await aPerson(nodes);
    const keyPage = await browser.send(early, { userId: person.userId, password: person.password });
    expect(keyPage.page).toBe('key');
  });
});

describe('a request belongs to the browser that began it', () => {
  test('planted in another browser it does not open: 0 of 50', async () => {
    let opened = 0;
    for (let i = 0; i < 50; i += 1) {
      const attacker = await new TestBrowser(nodes).request(authRequest(rp).path);
      // A returning browser, and a new one.
      const own = i % 2 === 0 ? browserIdsIn(await new TestBrowser(nodes).request(authRequest(rp).path)) : [];
      const uid = uidOf(attacker);
      const planted = [['noegle-request', requestIn(attacker)], ['noegle-resume', uid], ...own] as const;
      const body = encodeForm({ ...hiddenFields(attacker), userId: 'somebody', password: 'a password' });
      const answers = [
        await ask(`/login/${uid}`, planted),
        await ask(`/auth/${uid}`, planted),
        await ask(`/login/${uid}`, planted, { method: 'POST', body }),
      ];
      for (const answer of answers) {
        if (answer.status !== 400 || !answer.text.includes(EXPIRED)) opened += 1;
        expect(answer.text).not.toMatch(/<form/);
      }
      const switched = await ask(`/login/${uid}?language=en`, planted);
      expect([switched.status, switched.headers.location]).toEqual([303, `/login/${uid}`]);
      // The browser that began it can still continue.
      const theirs = [['noegle-request', requestIn(attacker)] as const, ...browserIdsIn(attacker)];
      expect((await ask(`/login/${uid}`, theirs)).status).toBe(200);
    }
    console.info(`planted requests that opened: ${opened} of 50`);
    expect(opened).toBe(0);
  });

  test('one that is kept as a record does not either', async () => {
    const attacker = await new TestBrowser(nodes).request(authRequest(rp, { state: 's'.repeat(3_000) }).path);
    const path = `/login/${uidOf(attacker)}`;
    const browserIdCookie = browserIdsIn(await new TestBrowser(nodes).request(authRequest(rp).path));
    const login = ['noegle-request', requestIn(attacker)] as const;
    expect((await ask(path, [login, ...browserIdCookie])).status).toBe(400);
    expect((await ask(path, [login])).status).toBe(400);
    expect((await ask(path, [login, ...browserIdsIn(attacker)])).status).toBe(200);
  });

  test('of two that come under one name the one that opens is taken, in either order', async () => {
    const own = await new TestBrowser(nodes).request(authRequest(rp).path);
    const attacker = await new TestBrowser(nodes).request(authRequest(rp).path);
    const real = ['noegle-request', requestIn(own)] as const;
    for (const planted of [requestIn(attacker), '', 'x', randomBytes(600).toString('base64url')]) {
      const beside = ['noegle-request', planted] as const;
      const made = ['noegle-visitor', 'not one of ours'] as const;
      for (const pair of [
        [beside, real],
        [real, beside],
      ]) {
        const answer = await ask(`/login/${uidOf(own)}`, [made, ...pair, ...browserIdsIn(own)]);
        expect([answer.status, answer.text.includes('data-page="password"')]).toEqual([200, true]);
      }
    }
  });

  test('the browser has its cookie from the first GET on, and it is never replaced', async () => {
    const browser = new TestBrowser(nodes);
    const first = await browser.request(authRequest(rp).path);
    const [line = '', ...more] = (first.headers['set-cookie'] ?? []).filter((one) =>
      one.startsWith('noegle-visitor'),
    );
    expect(more).toEqual([]);
    expect(line).toMatch(/^[^=]+=[A-Za-z0-9_-]{43}; path=\/; samesite=lax; httponly$/i);
    const person = await aPerson(nodes);
    for (let i = 0; i < 2; i += 1) {
      const page = await browser.follow(authRequest(rp, { prompt: 'login' }).path);
      const post = await browser.post(page, { userId: person.userId, password: person.password });
      const keyPage = await browser.follow(post.headers.location ?? '');
      const end = await browser.send(keyPage, { key: keyFor(person, keyPage) });
      for (const answer of [page, post, keyPage, end]) expect(browserIdsIn(answer)).toEqual([]);
    }
    const malformed = await ask(authRequest(rp).path, [['noegle-visitor', 'short']]);
    expect(browserIdsIn(malformed)).toHaveLength(1);
  });

  test('two tabs that a new browser opens concurrently both come through', async () => {
    for (let i = 0; i < 10; i += 1) {
      const [browser, person] = [new TestBrowser(nodes), await aPerson(nodes)];
      const requests = [authRequest(rp), authRequest(rp)];
      const pages = await Promise.all(requests.map(({ path }) => browser.follow(path)));
      expect(pages.flatMap(browserIdsIn)).toHaveLength(2);
      for (const page of pages) {
        const keyPage = await browser.send(page, { userId: person.userId, password: person.password });
        const end = await browser.send(keyPage, { key: keyFor(person, keyPage) });
        expect(readReturnedCode(end).get('code')).toBeTruthy();
      }
    }
  });

  test('one that was posted by another site’s frame is no one’s', async () => {
    const body = authRequest(rp).path.slice('/auth?'.length);
    const long = `${body}&${new URLSearchParams({ login_hint: 'x'.repeat(4_000) })}`;
    const frame = { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'cross-site' };
    const began = await ask('/auth', [], { method: 'POST', body: long, ...frame });
    expect([began.status, browserIdsIn(began)]).toEqual([303, []]);
    const { pathname } = new URL(began.headers.location ?? '', nodes.issuer);
    const own = browserIdsIn(await new TestBrowser(nodes).request(authRequest(rp).path));
    const login = ['noegle-request', requestIn(began)] as const;
    for (const browserIdCookie of [[], own])
      expect((await ask(pathname, [login, ...browserIdCookie])).status).toBe(400);
  });

  test.each([
    ['named from there', true],
    ['as it came where the browser keeps nothing more', false],
  ])('one that a node of the previous version began continues: %s', async (_name, isRecord) => {
    const person = await aPerson(nodes);
    const { keyring } = nodes.context;
    const began = await new TestBrowser(nodes).request(authRequest(rp).path);
    const uid = uidOf(began);
    const context = `carried interaction v1 ${uid}`;
    const open = (text: string) =>
      JSON.parse(keyring.open('records', Buffer.from(text, 'base64url'), context)) as Record<string, unknown>;
    const payload = open(requestIn(began));
    expect(payload['visitor']).toMatch(/^[A-Za-z0-9_-]{43}$/);
    delete payload['visitor'];
    const before = keyring.seal('records', JSON.stringify(payload), context).toString('base64url');
    const login = ['noegle-request', before] as const;

    // Its password form, from a page of the previous version, in a browser without a browser id.
    const { csrf = '', step = '' } = hiddenFields(began);
    const body = encodeForm({ csrf, step, userId: person.userId, password: person.password });
    const answered = await ask(`/login/${uid}`, [login], { method: 'POST', body });
    expect([answered.status, browserIdsIn(answered)]).toEqual([303, []]);
    const sent = [login, ...cookiesOf(answered).filter(([name]) => name === 'noegle-holder')];
    const shown = await ask(`/login/${uid}`, sent);
    expect([shown.status, browserIdsIn(shown).length]).toEqual([200, 1]);
    const keyPage = { ...began, ...shown };
    const key = { ...hiddenFields(keyPage), key: keyFor(person, keyPage) };
    const cookies = [...sent, ...(isRecord ? browserIdsIn(shown) : [])];
    const done = await ask(`/login/${uid}`, cookies, { method: 'POST', body: encodeForm(key) });
    expect(new URL(String(done.headers.location)).searchParams.get('code')).toBeTruthy();
  });
});
