/**
 * What browsers store of Nøgle, and who may load it: headers on every answer, and at the end of a session.
 */
import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import {
  type HttpAnswer,
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  confirmLogout,
  endPath,
  request,
  signInAtNode,
  signInAt,
  tokensAt,
  useNodes,
} from './support/index.ts';

const nodes = useNodes({ count: 2, withoutErrors: true });

const CORP = 'cross-origin-resource-policy';

async function policyOf(path: string, method = 'GET', headers: Record<string, string> = {}) {
  const answer: HttpAnswer = await request(nodes.node(0)).with(method, path).set(headers);
  return answer.headers[CORP];
}

test('pages, answers and faults are loaded by no other site; public facts about Nøgle by all', async () => {
  const { text } = await new TestBrowser(nodes).request('/block');
  const stylesheet = /href="(\/assets\/css\/[^"]+)"/.exec(text)?.[1] ?? '';
  for (const path of ['/', '/block', '/nowhere', '/auth', '/me', '/health/live', stylesheet, '/favicon.ico'])
    expect([path, await policyOf(path)]).toEqual([path, 'same-origin']);
  for (const path of ['/token', '/request', '/reg', '/session/end', '/login/x'])
    expect([path, await policyOf(path, 'POST')]).toEqual([path, 'same-origin']);
  expect(await policyOf('/', 'GET', { host: 'evil.example' })).toBe('same-origin');
  const shown = ['/jwks', '/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'];
  for (const path of shown) {
    expect([path, await policyOf(path)]).toEqual([path, 'cross-origin']);
    expect(await policyOf(path, 'GET', { origin: 'https://app.example' })).toBe('cross-origin');
  }
});

test('what cannot be read as a request is answered so as well', async () => {
  const send = async (bytes: string) =>
    await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(nodes.node(0).port, '127.0.0.1', () => socket.write(bytes));
      socket.setEncoding('utf8').on('data', (chunk) => (text += String(chunk)));
      socket.on('error', () => undefined).on('close', () => resolve(text));
    });
  const long = 'x'.repeat(40_000);
  for (const bytes of [
    'nonsense\r\n\r\n',
    `GET / HTTP/1.1\r\nHost: x\r\nX: ${long}\r\n\r\n`,
    'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  ]) {
    expect((await send(bytes)).toLowerCase()).toContain(`${CORP}: same-origin`);
  }
});

describe('Clear-Site-Data', () => {
  const cleared = (answer: { headers: Record<string, unknown> }) => answer.headers['clear-site-data'];

  test('with the end of a session, however it ends; known browsers stay known', async () => {
    const rp = await aRelyingParty(nodes, { post_logout_redirect_uris: ['https://rp.example/out'] });
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const back = { post_logout_redirect_uri: 'https://rp.example/out' };
    const { id_token: hint } = await tokensAt(nodes, browser, person, rp);
    expect(cleared(await browser.request(endPath({ id_token_hint: hint, ...back })))).toBe('"storage"');

    await tokensAt(nodes, browser, person, rp);
    const asked = await browser.follow(endPath());
    expect(cleared(asked)).toBeUndefined();
    expect(cleared(await confirmLogout(browser, asked))).toBe('"storage"');

    await signInAt(browser, person, '/self-service');
    const home = await browser.follow('/self-service');
    const csrf = /name="csrf" value="([^"]+)"/.exec(home.text)?.[1] ?? '';
    const body = new URLSearchParams({ csrf }).toString();
    const out = await browser.request('/self-service/sign-out', { method: 'POST', body });
    expect(cleared(out)).toBe('"storage"');

    await tokensAt(nodes, browser, person, rp);
    const session = await browser.follow('/session');
    expect(cleared(await browser.post(session, { end: 'everywhere' }))).toBe('"storage"');
  });

  test('at no other time: sign-ins, pages, a no to a log-out', async () => {
    const rp = await aRelyingParty(nodes);
    const browser = new TestBrowser(nodes);
    const person = await aPerson(nodes);
    expect((await signInAtNode(browser, person, authRequest(rp))).get('code')).toBeTruthy();
    for (const path of ['/session', authRequest(rp).path]) {
      expect(cleared(await browser.request(path))).toBeUndefined();
    }
    const asked = await browser.follow(endPath({ client_id: rp.clientId }));
    expect(cleared(await confirmLogout(browser, asked, {}))).toBeUndefined();
  });
});
