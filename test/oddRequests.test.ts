/** Requests as raw bytes at the socket: which of them are for Nøgle, and how unreadable ones are answered. */
import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { drainListeners, listenOnPort } from '../src/app.ts';
import { TEXTS_BY_LANGUAGE } from '../src/ui/language.ts';
import { readHost } from '../src/http/host.ts';
import { freePort, useNodes } from './support/index.ts';

const ISSUER = 'https://id.example';

const nodes = useNodes({ issuer: ISSUER, proxyHops: 1 });

interface Raw {
  readonly status: number;
  readonly text: string;
}

/** Writes the bytes as given, and reads to the end of the connection. */
async function send(request: string): Promise<Raw> {
  return await new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(nodes.node(0).port, '127.0.0.1', () => socket.write(request));
    socket.setEncoding('utf8').on('data', (chunk) => (text += String(chunk)));
    socket.on('error', reject);
    socket.on('close', () => resolve({ status: Number(text.slice(9, 12)), text }));
  });
}

const DISCOVERY = '/.well-known/openid-configuration';
const ask = async (target: string, ...headers: string[]) =>
  await send([`GET ${target} HTTP/1.1`, ...headers, 'Connection: close', '', ''].join('\r\n'));

describe('a host', () => {
  test.each(['id.example', 'ID.EXAMPLE', 'Id.Example:443', 'id.example.', 'id.example.:443', 'id.example:'])(
    'is Nøgle’s as %s, and the answer is the same',
    async (host) => {
      const { status, text } = await ask(DISCOVERY, `Host: ${host}`, 'X-Forwarded-Host: evil.example');
      expect([host, status]).toEqual([host, 200]);
      expect(text).toContain(`"issuer":"${ISSUER}"`);
      expect(text).toContain(`"token_endpoint":"${ISSUER}/token"`);
      expect(text.toLowerCase()).not.toMatch(/id\.example(\.|:)|evil/);
    },
  );

  test('with a dot at the end leads a browser to where its cookies are', async () => {
    const html = 'Accept: text/html,*/*;q=0.8';
    const { status, text } = await ask('/self-service?x=1', 'Host: id.example.', html);
    expect(status).toBe(308);
    expect(text).toContain(`Location: ${ISSUER}/self-service?x=1\r\n`);
  });

  const foreign = `id.example:80|id.example:8443|id.example..|evil.example|id.example.evil.example|
id.example@evil.example|evil.example,id.example|id.example, id.example|id.example evil|user@id.example|
id.example/|id.example?||[::1]|[id.example]|id%2eexample|.`;
  test.each(foreign.replaceAll('\n', '').split('|'))('is not Nøgle’s as %j', async (host) => {
    const { status, text } = await ask(DISCOVERY, `Host: ${host}`, 'X-Forwarded-Host: id.example');
    expect([400, 421]).toContain(status);
    expect(text).not.toContain('token_endpoint');
  });

  test('of the loopback, by number, is read as browsers write it', () => {
    expect(readHost('[::1]:3000', 'http:')).toBe('[::1]:3000');
    expect(readHost('[0:0:0:0:0:0:0:1]:80', 'http:')).toBe('[::1]');
    expect(readHost('LOCALHOST:3000', 'http:')).toBe('localhost:3000');
    expect(readHost('localhost:443', 'http:')).toBe('localhost:443');
    expect(readHost(undefined, 'http:')).toBe(null);
  });

  test('is given once: no line and two lines are 400', async () => {
    for (const lines of [
      [],
      ['Host: id.example', 'Host: id.example'],
      ['host: evil.example', 'HOST: id.example'],
    ])
      expect((await ask(DISCOVERY, ...lines)).status).toBe(400);
  });

  test('in the place of the path counts instead of Host', async () => {
    for (const scheme of ['http', 'https', 'HTTPS'])
      expect((await ask(`${scheme}://ID.example${DISCOVERY}`, 'Host: evil.example')).status).toBe(200);
    expect((await ask('https://id.example', 'Host: id.example')).status).toBe(200);
    expect((await ask('https://id.example?language=en', 'Host: id.example')).status).toBe(303);
    for (const target of [
      'https://evil.example/',
      'https://id.example@evil.example/',
      'https:///x',
      'ftp://id.example/',
    ])
      expect([400, 421]).toContain((await ask(target, 'Host: id.example')).status);
  });

  test('that is not Nøgle’s gets a separate page, with the way to Nøgle', async () => {
    for (const language of ['da', 'en'] as const) {
      const accept = ['Accept: text/html', `Accept-Language: ${language}`];
      const { status, text } = await ask('/login/x', 'Host: 127.0.0.1:3000', ...accept);
      expect(status).toBe(421);
      expect(text).toContain(`<h1>${TEXTS_BY_LANGUAGE[language].errorPages.wrong_host.title}</h1>`);
      for (const path of ['/', '/help', '/block']) expect(text).toContain(`href="${ISSUER}${path}"`);
      expect(text).not.toMatch(/<link|<script|(src|href)="\//);
      const [, style = ''] = /<style>([^<]*)<\/style>/.exec(text) ?? [];
      const hash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(style))).toString('base64');
      expect(text).toContain(`style-src 'sha256-${hash}'`);
    }
  });
});

describe('what cannot be read', () => {
  test.each([
    ['cookies', ['Host: id.example', `Cookie: secret=${'x'.repeat(33_000)}`]],
    [
      'many cookies',
      ['Host: id.example', ...Array.from({ length: 90 }, () => `Cookie: secret=${'x'.repeat(900)}`)],
    ],
  ])('because of %s is told so in both languages, and leaves a line', async (_what, headers) => {
    const before = nodes.log.length;
    const { status, text } = await ask('/', ...headers);
    expect(status).toBe(431);
    for (const { headersTooLarge } of [TEXTS_BY_LANGUAGE.da, TEXTS_BY_LANGUAGE.en]) {
      expect(text).toContain(`<h1>${headersTooLarge.title}</h1>`);
      expect(text).toContain(headersTooLarge.next);
    }
    expect(text).toMatch(/\r\nConnection: close\r\n/i);
    expect(text).not.toMatch(/<link|<script|secret/);
    const lines = nodes.log.slice(before);
    expect(lines.match(/more headers than are read/g)).toHaveLength(1);
    expect(lines).not.toContain('secret');
  });

  test('because the address is longer than all of it is told the same', async () => {
    const { status, text } = await ask(`/auth?state=${'x'.repeat(40_000)}`, 'Host: id.example');
    expect(status).toBe(431);
    expect(text).toContain(TEXTS_BY_LANGUAGE.da.headersTooLarge.title);
  });

  test('is not a state of 8 kB next to as many cookies again', async () => {
    const headers = ['Host: id.example', `Cookie: other=${'x'.repeat(16_000)}`, 'Accept: text/html'];
    const { status } = await ask(`/auth?client_id=none&state=${'x'.repeat(8_000)}`, ...headers);
    expect(status).toBe(400);
  });

  test('because it is no HTTP is 400, without a word of it, and no log line', async () => {
    const before = nodes.log.length;
    for (const bytes of [
      '\u0016\u0003\u0001 hello\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      'GET / HTTP/1.1\r\nHo st: secret\r\n\r\n',
    ]) {
      const { status, text } = await send(bytes);
      expect(status).toBe(400);
      expect(text).not.toMatch(/secret|Error|at .*\.js/);
    }
    const lines = nodes.log.slice(before).split('\n');
    expect(lines.filter((line) => line !== '' && !line.includes('"level":"debug"'))).toEqual([]);
  });

  test('because the connection broke concerns no one else', async () => {
    const before = nodes.log.length;
    await new Promise<void>((resolve) => {
      const socket = connect(nodes.node(0).port, '127.0.0.1', () => {
        socket.write('GET / HTTP/1.1\r\nHost: id.ex');
        socket.resetAndDestroy();
      });
      socket.on('close', () => resolve());
    });
    expect((await ask('/health/live', 'Host: x')).status).toBe(200);
    expect(nodes.log.slice(before)).not.toMatch(
      /"level":"(info|warn|error)".*ECONNRESET|"level":"(warn|error)"/,
    );
  });
});

describe('a body that hangs', () => {
  test('is 408 when its time is over, and not an error of Nøgle’s; a slow one is taken', async () => {
    const port = await freePort();
    const limits = { requestSeconds: 2, headersSeconds: 2, connections: 100 };
    const server = await listenOnPort(
      nodes.node(0).app.handle,
      port,
      '127.0.0.1',
      undefined,
      undefined,
      limits,
    );
    const post = async (path: string, parts: readonly string[]) =>
      await new Promise<string>((resolve) => {
        let text = '';
        const socket = connect(port, '127.0.0.1');
        const head = [`POST ${path} HTTP/1.1`, 'Host: id.example', 'Content-Length: 20', 'Connection: close'];
        socket.write([...head, 'Content-Type: application/x-www-form-urlencoded', '', ''].join('\r\n'));
        parts.forEach((part, i) => setTimeout(() => socket.write(part), i * 100).unref());
        socket.setEncoding('utf8').on('data', (chunk) => (text += String(chunk)));
        socket.on('error', () => undefined).on('close', () => resolve(text));
      });
    const hanging = ['/token', '/me', '/request', '/session/end', '/block', '/auth', '/nowhere'];
    const slow = post('/session/end', ['state=', 'aaaa', 'aaaaaaaaaa']);
    const answers = await Promise.all(hanging.map(async (path) => await post(path, ['half='])));
    const statuses = answers.map((text) => text.slice(9, 12));
    expect(statuses.slice(0, -1)).toEqual(hanging.slice(0, -1).map(() => '408'));
    for (const { tooSlow } of Object.values(TEXTS_BY_LANGUAGE)) expect(answers[0]).toContain(tooSlow.next);
    expect(await slow).toMatch(/^HTTP\/1\.1 303 [\s\S]*location: \/session\/end\?state=a{14}/i);
    await drainListeners([server]);
    expect(nodes.log).not.toContain('"level":"error"');
  });
});
