/**
 * Connections that proxies keep: kept longer than the proxies do, and closed immediately when a node leaves.
 */
import { Agent, request, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { drainListeners, listenOnPort, type Listener } from '../src/app.ts';
import { readConfig } from '../src/config/config.ts';
import { createLog } from '../src/platform/log.ts';
import { freePort, expectWithin, timedToo } from './support/index.ts';

const agents: Agent[] = [];
afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy();
});

/** As a proxy: its connections are kept. */
function keeping(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  const closed: Promise<void>[] = [];
  const ask = async (path: string) =>
    await new Promise<IncomingMessage>((resolve, reject) => {
      const asking = request({ agent, host: '127.0.0.1', port, path }, (answer) => {
        answer.resume().on('end', () => resolve(answer));
      });
      asking.on('socket', (socket: Socket) => {
        closed.push(new Promise((done) => socket.once('close', () => done())));
      });
      asking.on('error', reject).end();
    });
  return { ask, closed };
}

/** `/slow` is answered when `answerSlow` is called. */
async function aNode(): Promise<{ server: Listener; port: number; answerSlow: () => void }> {
  const port = await freePort();
  let answerSlow: () => void = () => undefined;
  const server = await listenOnPort(
    (req, res) => {
      if (req.url === '/slow') answerSlow = () => void res.end('at last');
      else res.end('at once');
    },
    port,
    '127.0.0.1',
  );
  return { server, port, answerSlow: () => answerSlow() };
}

test('they are kept for longer than a minute, and longer where that is set', async () => {
  const { server, port } = await aNode();
  const answer = await keeping(port).ask('/');
  expect([answer.headers.connection, answer.headers['keep-alive']]).toEqual(['keep-alive', 'timeout=75']);
  await drainListeners([server]);
  const patient = await listenOnPort((_req, res) => void res.end(), port, '127.0.0.1', 620);
  expect((await keeping(port).ask('/')).headers['keep-alive']).toBe('timeout=620');
  await drainListeners([patient]);
});

test('a node that leaves says with each answer that it is the last on its connection', async () => {
  const { server, port } = await aNode();
  const proxy = keeping(port);
  await proxy.ask('/');
  server.announceLeaving();
  expect((await proxy.ask('/')).headers.connection).toBe('close');
  await proxy.closed.at(-1);
  await drainListeners([server]);
});

timedToo('draining closes what is idle immediately, and what is answered with the answer', async () => {
  const { server, port, answerSlow } = await aNode();
  const [idle, busy] = [keeping(port), keeping(port)];
  await idle.ask('/');
  const slow = busy.ask('/slow');
  await new Promise<void>((resolve) => server.once('request', () => setImmediate(resolve)));
  const startedAt = performance.now();
  const drained = drainListeners([server]);
  await idle.closed[0];
  answerSlow();
  expect((await slow).headers.connection).toBe('close');
  await drained;
  expectWithin(performance.now() - startedAt, 3_000);
});

/** Sends raw bytes. @returns the answer, and how long the connection stayed open */
async function send(port: number, bytes: string): Promise<{ answer: string; ms: number }> {
  const from = performance.now();
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  socket.write(bytes);
  let answer = '';
  socket.on('data', (part: string) => (answer += part));
  socket.on('error', () => undefined);
  await new Promise<void>((done) => socket.once('close', () => done()));
  return { answer, ms: performance.now() - from };
}

const HEAD = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n';

test.each([
  ['a body that does not come', `${HEAD}\r\nhalf`, 'HTTP/1.1 408 '],
  ['headers that do not end', HEAD, 'HTTP/1.1 408 '],
  ['half a line', 'POST / HT', 'HTTP/1.1 408 '],
])('%s is waited for as long as is set, and no longer', async (_what, bytes, status) => {
  const port = await freePort();
  const limits = { requestSeconds: 1, headersSeconds: 30, connections: 10 };
  const server = await listenOnPort(
    (req, res) => {
      req.resume().on('end', () => res.end('whole'));
    },
    port,
    '127.0.0.1',
    undefined,
    undefined,
    limits,
  );
  const { answer, ms } = await send(port, bytes);
  expect([answer.slice(0, status.length), ms > 900]).toEqual([status, true]);
  // What arrives in time, even slowly, is answered.
  const whole = await send(port, `${HEAD}Connection: close\r\n\r\nall of it`);
  expect(whole.answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*whole$/);
  await drainListeners([server]);
});

test('left alone it is half a minute, and ten thousand connections', async () => {
  const { server } = await aNode();
  expect([server.requestTimeout, server.headersTimeout, server.maxConnections]).toEqual([
    30_000, 30_000, 10_000,
  ]);
  await drainListeners([server]);
});

test('connections above the limit are closed, and the log says so once; the others are served', async () => {
  const port = await freePort();
  const logged: string[] = [];
  const log = createLog('info', { write: (line: string) => void logged.push(line) });
  const limits = { requestSeconds: 30, headersSeconds: 30, connections: 2 };
  const server = await listenOnPort(
    (_req, res) => void res.end('ok'),
    port,
    '127.0.0.1',
    undefined,
    log,
    limits,
  );
  const connections = [keeping(port), keeping(port)];
  for (const { ask } of connections) expect((await ask('/')).statusCode).toBe(200);
  for (let i = 0; i < 3; i += 1)
    expect((await send(port, `GET / HTTP/1.1\r\nHost: x\r\n\r\n`)).answer).toBe('');
  for (const { ask } of connections) expect((await ask('/')).statusCode).toBe(200);
  expect(logged.filter((line) => line.includes('NOEGLE_CONNECTIONS'))).toHaveLength(1);
  await drainListeners([server]);
});

test('a limit that no node could work with is reported at the start', () => {
  const env = { NOEGLE_CONNECTIONS: '3', NOEGLE_REQUEST_SECONDS: '0', NOEGLE_HEADERS_SECONDS: 'soon' };
  const read = () => readConfig({ DATABASE_URL: 'postgres://x', ...env });
  for (const name of Object.keys(env)) expect(read).toThrow(`${name} must be a number from`);
});
