/** One address, one spelling: no other spelling returns anything protected, or logs an id. */
import { expect, test } from '@jest/globals';
import {
  type HttpAnswer,
  aRelyingParty,
  authRequest,
  TestBrowser,
  registerClient,
  request,
  useNodes,
} from './support/index.ts';

const nodes = useNodes({ withoutErrors: true });

async function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<HttpAnswer> {
  return await request(nodes.node(0))
    .with(method, path)
    .set({ accept: 'text/html', ...headers });
}

/** The first letter percent-encoded, as a browser never writes it. */
const encoded = (path: string) => `/%${path.charCodeAt(1).toString(16)}${path.slice(2)}`;

/** Other spellings that a router might accept as the same. */
function spellings(path: string): string[] {
  const last = path.slice(0, -1) + encodeURIComponent(path.slice(-1)).padStart(1);
  return [
    path.toUpperCase(),
    path.replace(/^\/./, (start) => start.toUpperCase()),
    `${path}/`,
    `${path}//`,
    `/${path}`,
    path.replace(/(?!^)\/|$/, '//'),
    encoded(path),
    encoded(path.toUpperCase()),
    `${path}%2f`,
    `${path};x`,
    `/.${path}`,
  ].filter((one) => one !== path && one !== last);
}

test('the provider and programs: 404, whatever is asked for', async () => {
  const paths = ['/auth', '/auth/some-uid', '/token', '/me', '/jwks', '/request', '/reg', '/reg/some-client'];
  const more = ['/token/introspection', '/session/end/confirm', '/login/some-uid', '/auth/posted/some-id'];
  const found = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'];
  for (const path of [...paths, ...more, ...found]) {
    for (const spelling of spellings(path)) {
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        const { status, headers } = await ask(spelling, { accept: 'application/json' }, method);
        expect([method, spelling, status, headers.allow]).toEqual([method, spelling, 404, undefined]);
      }
    }
  }
});

test('a person who typed capitals or a slash at the end is redirected to the page; a form is not', async () => {
  for (const path of ['/block', '/order', '/self-service', '/desk', '/activate', '/services', '/help']) {
    for (const spelling of [path.toUpperCase(), `${path}/`, `${path.toUpperCase()}//`]) {
      const { status, headers } = await ask(`${spelling}?language=en`);
      expect([spelling, status, headers.location]).toEqual([spelling, 308, `${path}?language=en`]);
      expect((await ask(spelling, {}, 'POST')).status).toBe(404);
    }
    for (const spelling of [`/${path}`, encoded(path)]) expect((await ask(spelling)).status).toBe(404);
  }
});

test("no answer has the hash of a client's secret, by whatever spelling", async () => {
  const { json } = await registerClient(nodes, { policy: { scope: 'openid profile' } });
  const path = `/reg/${String(json['client_id'])}`;
  const authorization = `Bearer ${String(json['registration_access_token'])}`;
  const headers = { authorization, accept: 'application/json' };
  expect((await ask(path, headers)).status).toBe(200);
  const id = path.slice('/reg/'.length);
  const coded = `/reg/%${id.charCodeAt(0).toString(16)}${id.slice(1)}`;
  for (const spelling of [path, coded, `/REG/${id}`, ...spellings(path)]) {
    const { text } = await ask(spelling, headers);
    expect([spelling, text.includes('hmac-sha256'), text.includes('client_secret"')]).toEqual([
      spelling,
      false,
      false,
    ]);
  }
});

test('the id of a request, and what someone writes into an address, is never logged', async () => {
  const page = await new TestBrowser(nodes).follow(authRequest(await aRelyingParty(nodes)).path);
  const uid = new URL(page.formUrl).pathname.split('/').at(-1) ?? '';
  expect(uid).toHaveLength(43);
  for (const path of [`/auth/${uid}`, `/login/${uid}`, `/auth/posted/${uid}`, `/reg/${uid}`, `/${uid}`]) {
    for (const spelling of [path, ...spellings(path)]) await ask(spelling);
  }
  for (const path of ['/My-Password-1', '/login/0707614285', `/assets/css/${uid}`]) await ask(path);
  const logged = nodes.log.toLowerCase();
  for (const secret of [uid, 'my-password', '0707614285']) {
    expect([secret, logged.includes(secret.toLowerCase().slice(1))]).toEqual([secret, false]);
  }
  expect(nodes.log).toContain('"path":"/login/…"');
});
