/**
 * Bad input is answered by a clear page with 4xx: no 500, no stack, no redirect to a stranger, no secret
 * logged.
 */
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import {
  aRelyingParty,
  authRequest,
  TestBrowser,
  encodeForm,
  FORM,
  hiddenFields,
  keyFor,
  type BrowserPage,
  request,
  readReturnedCode,
  toKeyPage,
  useNodes,
  usePerson,
  useRelyingParty,
} from './support/index.ts';

const nodes = useNodes({ count: 2, withoutErrors: true });
const person = usePerson(nodes);
const rp = useRelyingParty(nodes);

function expectTrouble(answer: BrowserPage, ...statuses: number[]): void {
  expect(statuses).toContain(answer.status);
  expect(answer.page).toBe('trouble');
  expect(answer.headers.location).toBeUndefined();
  expect(answer.text).not.toMatch(/at .*\.(ts|js):[0-9]/);
  expect(answer.text).toMatch(/<h1>[^<]{10,}<\/h1>/);
}

test('an unknown client or redirect URI gets a page of our own, never a redirect', async () => {
  const browser = new TestBrowser(nodes);
  const unknown = { ...rp, clientId: 'nobody-knows-it' };
  expectTrouble(await browser.follow(authRequest(unknown).path), 400);
  expectTrouble(await browser.follow('/auth'), 400);
  for (const redirectUri of [
    'https://evil.example/cb',
    'https://rp.example/cb/',
    'https://rp.example/cb?x=1',
    'https://rp.example:444/cb',
    'https://RP.example/cb',
    'http://rp.example/cb',
    'https://rp.example/CB',
    'https://rp.example/cb#x',
    'https://a@rp.example/cb',
    'https://rp.example/./cb',
    'https://rp.example/%63b',
    'javascript:alert(1)',
  ]) {
    expectTrouble(await browser.follow(authRequest({ ...rp, redirectUri }).path), 400);
    // Also where the rest of the request is wrong too.
    expectTrouble(
      await browser.follow(authRequest({ ...rp, redirectUri }, { response_type: 'x' }).path),
      400,
    );
  }
  const twice = `${authRequest(rp).path}&redirect_uri=${encodeURIComponent('https://evil.example/cb')}`;
  expectTrouble(await browser.follow(twice), 400);
});

test('NUL and other odd client ids are unknown, at every endpoint', async () => {
  for (const id of ['\0', 'a\0b', "'", 'æøå', 'x'.repeat(300), '__proto__', 'constructor']) {
    expectTrouble(
      await new TestBrowser(nodes).follow(`/auth?response_type=code&client_id=${encodeURIComponent(id)}`),
      400,
    );
    for (const path of ['/token', '/request', '/token/introspection', '/token/revocation']) {
      const answer = await request(nodes.node(0)).post(path).type('form').send({
        client_id: id,
        client_secret: 'x',
        token: 'x',
        grant_type: 'authorization_code',
        code: '\0',
      });
      expect([path, id, answer.status]).toEqual([path, id, 401]);
    }
  }
});

test('any port of the loopback is let in for a native client, and for no other', async () => {
  const redirect_uris = ['http://127.0.0.1/cb'];
  const native = await aRelyingParty(nodes, { application_type: 'native', redirect_uris });
  const browser = new TestBrowser(nodes);
  const ask = async (redirectUri: string) =>
    await browser.follow(authRequest({ ...native, redirectUri }).path);
  expect((await ask('http://127.0.0.1:54321/cb')).page).toBe('password');
  for (const uri of [
    'http://127.0.0.1:54321/cb/',
    'http://127.0.0.2:5/cb',
    'http://localhost:5/cb',
    'http://127.0.0.1:5@evil.example/cb',
    'http://127.0.0.1.evil.example:5/cb',
  ]) {
    expectTrouble(await ask(uri), 400);
  }
});

test('a host that is not the issuer is answered 421, whatever it asks for', async () => {
  const { port } = nodes.node(0);
  for (const path of [
    '/.well-known/openid-configuration',
    '/auth',
    '/login/x',
    '/token',
    '/assets/icon.svg',
  ]) {
    for (const host of [
      'evil.example',
      `localhost:${port + 1}`,
      '127.0.0.1',
      `LOCALHOST:${port}.evil.example`,
    ]) {
      const answer = await request({ port }).get(path).set({ host, accept: 'text/html' });
      expect([path, host, answer.status]).toEqual([path, host, 421]);
      expect(answer.text).not.toContain('evil.example');
    }
  }
  const discovery = await request(nodes.node(0))
    .get('/.well-known/openid-configuration')
    .set({ 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' });
  expect(discovery.text).not.toContain('evil.example');
  expect(JSON.parse(discovery.text)).toMatchObject({
    issuer: nodes.issuer,
    token_endpoint: `${nodes.issuer}/token`,
  });
});

test('a form that is malformed, repeated, oversized or wrongly encoded is 4xx and counts nothing', async () => {
  const browser = new TestBrowser(nodes);
  const page = await browser.follow(authRequest(rp).path);
  const good = encodeForm({ ...hiddenFields(page), userId: person.userId, password: person.password });
  const bodies: [string, number][] = [
    [good.replace('userId=', 'userid='), 400],
    [`${good}&userId=other`, 400],
    [`${good}&password=other`, 400],
    [`${good}&x=%`, 400],
    [`${good}&x=%ZZ`, 400],
    [`${good}&x=%ff%fe`, 400],
    [`${good}&userId=%00`, 400],
    [`${good}&x=\u00e6`, 400],
    ['', 400],
    ['=&=', 400],
    ['{"userId":"x"}', 400],
    [good.replace('step=password', 'step=admin'), 400],
    [good.replace(/csrf=[^&]*/, 'csrf=forged'), 403],
    [good.replace(/csrf=[^&]*&?/, ''), 400],
    [`${good}&x=${'y'.repeat(3_000)}`, 413],
    [`${good}&${'x'.repeat(110 * 1024)}`, 413],
  ];
  for (const [body, status] of bodies) {
    const answer = await browser.request(page.formUrl, { method: 'POST', body });
    expect([body.slice(-40), answer.status]).toEqual([body.slice(-40), status]);
    expectTrouble(answer, status);
  }
  for (const type of [
    'application/json',
    'multipart/form-data; boundary=x',
    'text/plain',
    `${FORM['content-type']}; charset=utf-16`,
  ]) {
    expectTrouble(
      await browser.request(page.formUrl, { method: 'POST', body: good, headers: { 'content-type': type } }),
      415,
    );
  }
  const [row] = await nodes.database.query<{ tries: number }>(
    'SELECT coalesce(sum(tries), 0)::int AS tries FROM attempts',
  );
  expect(row?.tries).toBe(0);
  // Nothing is lost: the valid form still works.
  expect((await browser.send(page, { userId: person.userId, password: person.password })).page).toBe('key');
});

test('empty fields lose nothing and count nothing', async () => {
  const browser = new TestBrowser(nodes);
  const page = await browser.follow(authRequest(rp).path);
  const again = await browser.send(page, { userId: 'somebody "<&', password: '' });
  expect(again.text).toContain('Skriv både bruger-ID og adgangskode.');
  expect(again.text).toContain('value="somebody &quot;&lt;&amp;"');
  expect(again.text).toContain('<title>Fejl: Log på – Nøgle</title>');
});

test('a forged, foreign or finished interaction is a clear page', async () => {
  const browser = new TestBrowser(nodes);
  expectTrouble(await browser.follow('/login/forged'), 400);
  expectTrouble(await browser.request('/login/forged', { method: 'POST', body: 'csrf=x' }), 400);
  expectTrouble(await browser.follow('/auth/forged'), 400);

  const page = await browser.follow(authRequest(rp).path);
  expectTrouble(await new TestBrowser(nodes).follow(page.formUrl), 400);
  expectTrouble(
    await new TestBrowser(nodes).post(page, { userId: person.userId, password: person.password }),
    400,
  );

  const keyPage = await browser.send(page, { userId: person.userId, password: person.password });
  const key = keyFor(person, keyPage);
  expect(readReturnedCode(await browser.send(keyPage, { key })).get('code')).toBeTruthy();
  expectTrouble(await browser.follow(page.formUrl), 400);
  expectTrouble(await browser.post(keyPage, { key }), 400);
  const english = await browser.request(page.formUrl, { headers: { 'accept-language': 'en' } });
  expect(english.text).toContain('You are signed in to The test municipality');
});

test('a stale tab that still shows the password page comes to where the sign-in is', async () => {
  const browser = new TestBrowser(nodes);
  const passwordPage = await browser.follow(authRequest(rp).path);
  await browser.send(passwordPage, { userId: person.userId, password: person.password });
  expect((await browser.follow(passwordPage.formUrl)).page).toBe('key');
  expect((await browser.send(passwordPage, { userId: person.userId, password: person.password })).page).toBe(
    'key',
  );
});

test('two tabs at two relying parties do not disturb each other', async () => {
  const browser = new TestBrowser(nodes);
  const bank = await aRelyingParty(nodes, { kind: 'bank' });
  const one = await toKeyPage(browser, person, authRequest(rp, { state: 'one' }));
  const two = await toKeyPage(browser, person, authRequest(bank, { state: 'two' }));
  const first = readReturnedCode(await browser.send(one, { key: keyFor(person, one) }));
  // The second tab asked for the same key, which is spent now.
  const again = await browser.send(two, { key: keyFor(person, two) });
  expect(again.page).toBe('key');
  const second = readReturnedCode(await browser.send(again, { key: keyFor(person, again) }));
  expect([first.get('state'), second.get('state')]).toEqual(['one', 'two']);
  expect([first.get('code'), second.get('code')].every(Boolean)).toBe(true);
});

test('other paths and methods are 404 or 405, as a page or as JSON', async () => {
  const browser = new TestBrowser(nodes);
  expectTrouble(await browser.follow('/nothing-here'), 404);
  expectTrouble(await browser.follow('/assets/../package.json'), 404);
  expectTrouble(await browser.follow('/login'), 404);
  const json = await browser.request('/nothing-here', { headers: { accept: 'application/json' } });
  expect([json.status, (JSON.parse(json.text) as { error: string }).error]).toEqual([404, 'not_found']);
  for (const method of ['PUT', 'DELETE', 'PATCH']) {
    expect([404, 405]).toContain((await browser.request('/login/x', { method, body: '' })).status);
  }
  expect((await browser.request('/login/%', {})).status).toBe(404);
  expect((await browser.request('/login/%ff', {})).status).toBe(404);
});

test('a request line that names no path is 400, not a fault', async () => {
  const { port } = nodes.node(0);
  for (const target of ['http://[/x', '*', '//[', 'http://evil.example/', 'x']) {
    const status = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
      );
      socket.once('data', (chunk) => resolve(chunk.toString().slice(9, 12)));
    });
    expect([target, ['400', '421'].includes(status)]).toEqual([target, true]);
  }
});

test('what is no HTTP is refused and harms no one', async () => {
  const { port } = nodes.node(0);
  const status = await new Promise<number>((resolve) => {
    const req = httpRequest(
      {
        host: '127.0.0.1',
        port,
        method: 'POST',
        path: '/login/x',
        headers: { 'content-length': '5', 'transfer-encoding': 'chunked' },
      },
      (res) => {
        res.resume();
        resolve(res.statusCode ?? 0);
      },
    );
    req.on('error', () => resolve(0));
    req.end('abc');
  });
  expect([0, 400, 421]).toContain(status);
  expect((await request({ port }).get('/health/live')).status).toBe(200);
});
