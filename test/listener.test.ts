/** Connections that proxies keep: longer than they do themselves, and let go of at once when a node leaves. */
import { Agent, request, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { drain, listen, type Listener } from '../src/app.ts';
import { freePort } from './support/ports.ts';

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

/** `/slow` is answered when told to. */
async function aNode(): Promise<{ server: Listener; port: number; answerSlow: () => void }> {
  const port = await freePort();
  let answerSlow: () => void = () => undefined;
  const server = await listen(
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
  await drain([server]);
  const patient = await listen((_req, res) => void res.end(), port, '127.0.0.1', 620);
  expect((await keeping(port).ask('/')).headers['keep-alive']).toBe('timeout=620');
  await drain([patient]);
});

test('a node that leaves says with each answer that it is the last on its connection', async () => {
  const { server, port } = await aNode();
  const proxy = keeping(port);
  await proxy.ask('/');
  server.leave();
  expect((await proxy.ask('/')).headers.connection).toBe('close');
  await proxy.closed.at(-1);
  await drain([server]);
});

test('draining closes what is idle at once, and what is answered with the answer', async () => {
  const { server, port, answerSlow } = await aNode();
  const [idle, busy] = [keeping(port), keeping(port)];
  await idle.ask('/');
  const slow = busy.ask('/slow');
  await new Promise<void>((resolve) => server.once('request', () => setImmediate(resolve)));
  const startedAt = performance.now();
  const drained = drain([server]);
  await idle.closed[0];
  answerSlow();
  expect((await slow).headers.connection).toBe('close');
  await drained;
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});
