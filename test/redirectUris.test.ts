/**
 * Redirect URIs that look like the registered one: none is accepted, and no error is redirected there. A
 * person who follows a relying party's link and is sent elsewhere with a code, or even with an error, has
 * been handed over to an attacker.
 */
import { expect, test } from '@jest/globals';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  redeemCode,
  request,
  signInAtNode,
  type TestRelyingParty,
  useNodes,
} from './support/index.ts';

const nodes = useNodes();

const WEB = 'https://selv.randers.example/cb';
const LOOPBACK = 'http://127.0.0.1/cb';
const PRIVATE = 'dk.randers.app:/cb';

/** The manipulations that attackers apply to an address. */
function twisted(uri: string): string[] {
  const { protocol, host, pathname } = new URL(uri);
  const [scheme, rest] = [protocol, uri.slice(protocol.length)];
  const at = `${protocol}//`;
  const address = host === '' ? [] : hostTwists(at, host, pathname);
  return [
    ...address,
    uri.toUpperCase(),
    scheme.toUpperCase() + rest,
    uri.replace('/cb', '/CB'),
    uri.replace('/cb', '/Cb'),
    ...[
      '/',
      '//',
      '/.',
      '/..',
      '/../cb',
      '/./',
      '?',
      '#',
      '?x=1',
      '#x',
      ';x=1',
      '%20',
      '%00',
      '%0a',
      '%0d%0aLocation:x',
      '\\',
      '/\\',
      ' ',
      '\t',
      '\n',
      '\u0000',
      '.',
      '..',
      '~',
      '*',
      '%',
      '%2',
      '&',
      '=',
      ',https://evil.example',
      ' https://evil.example',
      '@evil.example',
      ':',
      'x',
      '/x',
      '%2f',
      '%252f',
      '\u2024',
      '\u200b',
      '\ufeff',
      '\u202e',
      '\u00ad',
      '\u0301',
    ].map((tail) => uri + tail),
    ...[
      ' ',
      '\t',
      '\n',
      '\u0000',
      '\ufeff',
      '\u200b',
      'x',
      '.',
      '/',
      '//',
      '\\',
      'view-source:',
      'blob:',
      'filesystem:',
      'javascript:',
      'data:text/html,',
      'jar:',
      'feed:',
    ].map((front) => front + uri),
    ...[
      '%2fcb',
      '/%63b',
      '/c%62',
      '/%43b',
      '/%2e/cb',
      '/./cb',
      '//cb',
      '/x/../cb',
      '/%2e%2e/cb',
      '/x/%2e%2e/cb',
      '\\cb',
      '/\\cb',
      '/\tcb',
      '/\ncb',
      '/c\u0062\u0300',
      '/сb',
      '/ⅽb',
      '/c｡b',
      '/cb%ef%bc%8f',
    ].map((path) => uri.replace('/cb', path)),
    encodeURIComponent(uri),
    encodeURI(encodeURI(`${uri} `)),
    JSON.stringify(uri),
    `[${uri}]`,
    `${uri} ${uri}`,
    `${uri},${uri}`,
    'null',
    'undefined',
    '*',
    'about:blank',
    'urn:ietf:wg:oauth:2.0:oob',
    'javascript:alert(1)//',
    'data:text/html,<script>alert(1)</script>',
  ];
}

function hostTwists(at: string, host: string, path: string): string[] {
  const [name, port] = [host.split(':')[0] ?? '', host.split(':')[1] ?? ''];
  const tail = `${port === '' ? '' : `:${port}`}${path}`;
  const hosts = [
    name.toUpperCase(),
    `${name}.`,
    `${name}..`,
    `.${name}`,
    `www.${name}`,
    `x.${name}`,
    `${name}.evil.example`,
    `evil.example/${name}`,
    `evil.example?${name}`,
    `evil.example#${name}`,
    `evil.example\\${name}`,
    `evil.example%2f${name}`,
    `evil.example%23@${name}`,
    `${name}@evil.example`,
    `${name}:x@evil.example`,
    `user@${name}`,
    `user:password@${name}`,
    `@${name}`,
    `:@${name}`,
    `${name}%00`,
    `${name}%20`,
    `${name}%2eevil.example`,
    `${name}\t`,
    `${name}\\`,
    `${name}\\@evil.example`,
    `${name}&evil.example`,
    `${name};evil.example`,
    name.replaceAll('.', '。'),
    name.replaceAll('.', '%2e'),
    name.replaceAll('e', 'е'),
    name.replaceAll('a', 'а'),
    name.replaceAll('1', '１'),
    `xn--${name}`,
    `[::1]`,
    '127.0.0.1.evil.example',
    '0.0.0.0',
    '127.1',
    '127.0.0.2',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '[::ffff:127.0.0.1]',
    'localhost',
    '169.254.169.254',
    'evil.example',
  ].filter((one) => one !== name);
  const ports = [
    ':',
    ':0',
    ':00443',
    ':443',
    ':80',
    ':8443',
    ':65535',
    ':65536',
    ':-1',
    ':x',
    ':4 3',
    ':443:443',
    ':１２',
  ];
  return [
    ...hosts.map((one) => `${at}${one}${tail}`),
    ...ports.map((one) => `${at}${name}${one}${path}`),
    `${at.replace('//', '/')}${host}${path}`,
    `${at.replace('//', '')}${host}${path}`,
    `${at}/${host}${path}`,
    `${at.replace('//', '\\\\')}${host}${path}`,
    `//${host}${path}`,
    `/${path}`,
    `${host}${path}`,
    `http://${host}${path}`,
    `https://${host}${path}`,
    `ftp://${host}${path}`,
    `ws://${host}${path}`,
    `HTTPS://${host}${path}`,
    `http://${host.toUpperCase()}${path}`,
  ].filter((one) => one !== `${at}${host}${path}`);
}

/** The answer to an authorization request with such an address, as raw HTTP. */
async function ask(rp: TestRelyingParty, ...uris: string[]) {
  const { path } = authRequest(rp);
  const [address = '', query = ''] = path.split('?');
  const params = new URLSearchParams(query);
  params.delete('redirect_uri');
  for (const uri of uris) params.append('redirect_uri', uri);
  return await request(nodes.node(0)).get(`${address}?${params}`).set('accept', 'text/html');
}

/** The standard allows native applications a free port of the loopback (RFC 8252, 7.3). */
const isFreePort = (uri: string) => /^http:\/\/127\.0\.0\.1(:\d{0,5})?\/cb$/.test(uri);

test.each([
  ['a web site', WEB, 'web'],
  ['an application on the loopback', LOOPBACK, 'native'],
  ['an application with a private scheme', PRIVATE, 'native'],
] as const)('%s: only its own', async (_what, uri, application_type) => {
  const rp = await aRelyingParty(nodes, { redirect_uris: [uri], application_type });
  const tries = [...new Set(twisted(uri))].filter((one) => application_type === 'web' || !isFreePort(one));
  const taken: unknown[] = [];
  for (const one of tries) {
    const { status, headers, text } = await ask(rp, one);
    const page = /data-page="([^"]*)"/.exec(text)?.[1];
    if (status !== 400 || headers.location !== undefined || page !== 'trouble')
      taken.push([one, status, headers.location]);
    expect(headers['refresh']).toBeUndefined();
  }
  for (const several of [
    [uri, uri],
    [uri, 'https://evil.example/'],
    ['https://evil.example/', uri],
    ['', uri],
    [],
  ]) {
    const { status, headers } = await ask(rp, ...several);
    if (status !== 400 || headers.location !== undefined) taken.push([several, status, headers.location]);
  }
  console.info(`${tries.length + 5} addresses that are not ${uri}`);
  expect(taken).toEqual([]);
  expect(tries.length).toBeGreaterThan(uri === PRIVATE ? 90 : 150);
  expect((await ask(rp, uri)).status).toBe(200);
});

test('a free port is for the loopback of an application alone', async () => {
  const native = await aRelyingParty(nodes, { redirect_uris: [LOOPBACK], application_type: 'native' });
  const web = await aRelyingParty(nodes, { redirect_uris: ['http://127.0.0.1:4000/cb'] });
  expect((await ask(native, 'http://127.0.0.1:53682/cb')).status).toBe(200);
  for (const uri of ['http://127.0.0.1:4001/cb', LOOPBACK]) expect((await ask(web, uri)).status).toBe(400);
});

test('the code is valid only for the address that it was sent to', async () => {
  const person = await aPerson(nodes);
  const second = 'https://selv.randers.example/other';
  const rp = await aRelyingParty(nodes, { redirect_uris: [WEB, second] });
  const login = authRequest(rp);
  const code = (await signInAtNode(new TestBrowser(nodes), person, login)).get('code') ?? '';
  const { error } = await redeemCode(nodes, { ...rp, redirectUri: second }, code, login.verifier);
  expect(error).toBe('invalid_grant');
});
