/**
 * The right address with the wrong method: 405 and the allowed methods, as a page or as JSON; an unknown
 * address: 404.
 */
import { beforeAll, expect, test } from '@jest/globals';
import { createCommandRecorder } from '../src/cli/operator.ts';
import { runNoticeCommand, type NoticeOptions } from '../src/cli/notice.ts';
import { type HttpAnswer, request, useNodes, waitUntil } from './support/index.ts';

const nodes = useNodes({ count: 2, withoutErrors: true, follow: true });
let stylesheet: string;
beforeAll(async () => {
  stylesheet = /href="(\/assets\/css\/[^"]+)"/.exec((await send('GET', '/block')).text)?.[1] ?? '';
});

async function send(method: string, path: string, headers: Record<string, string> = {}): Promise<HttpAnswer> {
  return await request(nodes.node(0))
    .with(method, path)
    .set({ accept: 'text/html', ...headers });
}

const PEOPLE: Record<string, string> = {
  '/auth': 'GET, HEAD, OPTIONS, POST',
  '/auth/some-uid': 'GET, HEAD, OPTIONS',
  '/session/end': 'GET, HEAD, OPTIONS, POST',
  '/session/end/confirm': 'OPTIONS, POST',
  '/session/end/success': 'GET, HEAD, OPTIONS',
  '/session': 'GET, HEAD, OPTIONS, POST',
  '/login/some-uid': 'GET, HEAD, OPTIONS, POST',
  '/self-service': 'GET, HEAD, OPTIONS',
  '/order': 'GET, HEAD, OPTIONS, POST',
  '/desk': 'GET, HEAD, OPTIONS',
  '/block': 'GET, HEAD, OPTIONS, POST',
  '/new-password': 'GET, HEAD, OPTIONS, POST',
};
const PROGRAMS: Record<string, string> = {
  '/token': 'OPTIONS, POST',
  '/request': 'OPTIONS, POST',
  '/reg': 'OPTIONS, POST',
  '/reg/some-client': 'DELETE, GET, HEAD, OPTIONS, PUT',
  '/token/introspection': 'OPTIONS, POST',
  '/token/revocation': 'OPTIONS, POST',
  '/me': 'GET, HEAD, OPTIONS, POST',
  '/jwks': 'GET, HEAD, OPTIONS',
  '/.well-known/openid-configuration': 'GET, HEAD, OPTIONS',
  '/.well-known/oauth-authorization-server': 'GET, HEAD, OPTIONS',
  '/health/live': 'GET, HEAD, OPTIONS',
  '/health/ready': 'GET, HEAD, OPTIONS',
};
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'];

test('a wrong method is 405 with Allow: a page for people', async () => {
  for (const [path, allow] of [...Object.entries(PEOPLE), [stylesheet, 'GET, HEAD, OPTIONS'] as const]) {
    for (const method of METHODS.filter((one) => !allow.split(', ').includes(one))) {
      const { status, headers, text } = await send(method, path);
      expect([method, path, status, headers.allow]).toEqual([method, path, 405, allow]);
      expect(text).toContain('data-page="trouble"');
    }
  }
});

test('JSON for programs, and to a person who asks for it', async () => {
  for (const [path, allow] of Object.entries(PROGRAMS)) {
    for (const method of METHODS.filter((one) => !allow.split(', ').includes(one))) {
      const { status, headers, text } = await send(method, path);
      expect([method, path, status, headers.allow]).toEqual([method, path, 405, allow]);
      expect(JSON.parse(text)).toMatchObject({ error: 'invalid_request' });
      expect(headers['cache-control']).toBe('no-store');
    }
  }
  const asked = await send('PUT', '/auth', { accept: 'application/json' });
  expect([asked.status, JSON.parse(asked.text)]).toMatchObject([405, { error: 'wrong_method' }]);
});

test('an address that there is not is 404, whatever the method', async () => {
  for (const path of [
    '/nowhere',
    '/token/other',
    '/auth/a/b',
    '/.well-known/other',
    '/health/other',
    '/assets/none.css',
  ]) {
    for (const method of [...METHODS, 'OPTIONS']) {
      const { status, headers } = await send(method, path, { accept: 'application/json' });
      expect([method, path, status, headers.allow]).toEqual([method, path, 404, undefined]);
    }
  }
});

test('OPTIONS says what may be used; a preflight is answered as before; HEAD is where GET is', async () => {
  const plain = await send('OPTIONS', '/auth');
  expect([plain.status, plain.headers.allow, plain.text]).toEqual([204, PEOPLE['/auth'], '']);
  expect((await send('OPTIONS', '/token')).headers.allow).toBe(PROGRAMS['/token']);
  for (const path of ['/token', '/me', '/jwks', '/request', '/.well-known/openid-configuration']) {
    const preflight = { origin: 'https://app.example', 'access-control-request-method': 'POST' };
    const { status, headers } = await send('OPTIONS', path, preflight);
    expect([path, status, headers['access-control-allow-origin']]).toEqual([
      path,
      204,
      'https://app.example',
    ]);
  }
  const preflight = await send('OPTIONS', '/auth', { 'access-control-request-method': 'POST' });
  expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
  for (const path of ['/jwks', '/.well-known/openid-configuration', '/health/live', '/block', stylesheet]) {
    const { status, text } = await send('HEAD', path);
    expect([path, status, text]).toEqual([path, 200, '']);
  }
});

const hrefsIn = (text: string) =>
  [...(/<main[^]*<\/main>/.exec(text)?.[0] ?? '').matchAll(/href="([^"]+)"/g)].map(([, href = '']) =>
    href.replaceAll('&amp;', '&'),
  );

test.each([
  ['GET', '/nowhere', 404, '/'],
  ['GET', '/self-service/nowhere', 404, '/self-service'],
  ['PUT', '/desk/search', 405, '/desk'],
  ['GET', '/auth?client_id=nobody&state=x%20y', 400, '/services'],
  ['POST', '/block', 415, '/block'],
] as const)('%s %s is %s, and leads on to %s', async (method, path, status, way) => {
  const page = await send(method, path);
  expect([page.status, /data-page="(\w+)"/.exec(page.text)?.[1]]).toEqual([status, 'trouble']);
  expect(page.text).toMatch(/<strong data-error-number[^>]*>\d{4}\u00a0\d{4}<\/strong>/);
  const ways = hrefsIn(page.text).filter((href) => !href.startsWith('tel:'));
  expect(ways).toContain(way);
  for (const href of ways) expect([href, (await send('GET', href)).status < 400]).toEqual([href, true]);
  const header = /<header[^]*?<\/header>/.exec(page.text)?.[0] ?? '';
  const [, other] = /href="([^"]+)" lang=/.exec(header) ?? [];
  if (method !== 'GET') return expect(other).toBeUndefined();
  const switched = await send('GET', (other ?? '').replaceAll('&amp;', '&'));
  expect([switched.status, switched.headers.location]).toEqual([303, path]);
  const [cookie = ''] = switched.headers['set-cookie'] ?? [];
  const english = await send('GET', path, { cookie: cookie.split(';')[0] ?? '' });
  expect([english.status, english.text.includes('lang="en"')]).toEqual([status, true]);
});

test('a sign-in that is over leads on to where the ID can be used', async () => {
  const page = await send('GET', '/login/some-uid');
  expect([page.status, hrefsIn(page.text).includes('/services')]).toEqual([400, true]);
});

test('the language is chosen for pages of Nøgle only', async () => {
  const loggedOut = await send('GET', '/session/end/success');
  expect(loggedOut.text).toContain('data-page="logged-out"');
  expect(loggedOut.text).toContain('href="/language?to=%2Fsession%2Fend%2Fsuccess&amp;language=en"');
  for (const to of [
    '//evil.example',
    '/\\evil.example',
    '/.//evil.example',
    '/help/..//evil.example',
    '/%2e//evil.example',
    '/.\\/evil.example',
    'https://evil.example/',
    'javascript:x',
    '/language?to=/',
  ])
    expect((await send('GET', `/language?language=en&to=${encodeURIComponent(to)}`)).headers.location).toBe(
      '/',
    );
});

test('what the operator says is on every page of every node, as text, until it is cleared', async () => {
  const [one, other] = [nodes.node(0), nodes.node(1)];
  const record = createCommandRecorder({ account: 'drift', by: null }, 'notice set');
  const run = async (action: string, options: NoticeOptions = {}) =>
    await runNoticeCommand(one.app, [action], options, record);
  const texts = { da: 'Breve & kort er "forsinkede".', en: 'Letters & cards are "late".' };
  const shown = async (path: string, language = 'da') => {
    const { text } = await request(other).get(path).set({ accept: 'text/html', 'accept-language': language });
    return /<aside class="noegle-status"[^>]*><p[^>]*>([^<]*)</.exec(text)?.[1] ?? null;
  };
  await expect(run('set', { da: texts.da })).rejects.toThrow('--en is missing');
  await expect(run('set', { ...texts, da: '<b>Breve</b>' })).rejects.toThrow('--da must be plain text');
  expect(await run('show')).toMatchObject({ text: 'none' });
  await run('set', texts);
  await waitUntil('the line is shown', async () => (await shown('/')) !== null);
  expect(await shown('/')).toBe('Breve &amp; kort er &quot;forsinkede&quot;.');
  for (const path of ['/nowhere', '/services', '/auth', '/block', '/self-service/timed-out'])
    expect([path, await shown(path, 'en')]).toEqual([path, 'Letters &amp; cards are &quot;late&quot;.']);
  const wrongHost = await request({ port: other.port })
    .get('/')
    .set({ host: 'x.example', accept: 'text/html' });
  expect([wrongHost.status, wrongHost.text.includes('Breve &amp; kort')]).toEqual([421, true]);
  await run('set', {
    ...texts,
    until: new Date(nodes.clock.now().getTime() + 60_000).toISOString().replace(/\.\d+/, ''),
  });
  await run('clear');
  await waitUntil('the line is gone', async () => (await shown('/')) === null);
  const said = await nodes.database.query(`SELECT details FROM audit_events WHERE kind = 'operator_command'`);
  expect(said[0]).toMatchObject({ details: { account: 'drift', about: { texts, until: null } } });
});
