/**
 * Calls to relying parties' servers: the address that is connected to is checked, regardless of earlier
 * look-ups (DNS rebinding).
 */
import { createServer, request, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { awaitResponse, createPublicFetch, type ResolveHost } from '../src/oidc/provider/publicFetch.ts';
import { expectWithin, timedToo } from './support/index.ts';

let server: Server;
let connections = 0;
beforeAll(async () => {
  server = createServer((_req, res) => void res.end('inside'));
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const at = (host: string) => new URL(`http://${host}:${(server.address() as AddressInfo).port}/`);

/** A name that resolves differently at each look-up; the last answer stays. */
function rebinding(
  ...answers: readonly (readonly string[])[]
): ResolveHost & { readonly asked: () => number } {
  let asked = 0;
  const resolve: ResolveHost = (_name, _options, callback) => {
    const found = answers[Math.min(asked++, answers.length - 1)] ?? [];
    callback(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return Object.assign(resolve, { asked: () => asked });
}

test.each([
  ['an address of ours', [['127.0.0.1']]],
  ['a public one next to a private one', [['93.184.216.34', '127.0.0.1']]],
  ['a private one in another form', [['::ffff:127.0.0.1']]],
  ['nothing', [[]]],
])('a name that leads to %s is not connected to', async (_what, answers) => {
  const resolve = rebinding(...answers);
  await expect(createPublicFetch(resolve)(at('rebinding.example'), {})).rejects.toThrow(/private network/);
  expect([resolve.asked(), connections]).toEqual([1, 0]);
});

test('what was public a moment ago is checked again where it is connected to', async () => {
  const resolve = rebinding(['2001:db8::1'], ['127.0.0.1']);
  const fetch = createPublicFetch(resolve);
  await expect(fetch(at('rebinding.example'), {})).rejects.toThrow(/private network/);
  await expect(fetch(at('rebinding.example'), {})).rejects.toThrow(/private network/);
  expect([resolve.asked(), connections]).toEqual([2, 0]);
});

test.each([
  '127.0.0.1',
  '2130706433',
  '0x7f.1',
  '0177.0.0.1',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[::127.0.0.1]',
  '0',
])('an address that is written as %s is not connected to, nor looked up', async (host) => {
  const resolve = rebinding(['93.184.216.34']);
  await expect(createPublicFetch(resolve)(at(host), {})).rejects.toThrow(/private network/);
  expect([resolve.asked(), connections]).toEqual([0, 0]);
});

test('a resolver that hangs is not waited for, and no other scheme is called', async () => {
  const fetch = createPublicFetch(() => undefined);
  await expect(fetch(at('slow.example'), { signal: AbortSignal.timeout(50) })).rejects.toThrow();
  await expect(fetch(new URL('file:///etc/passwd'), {})).rejects.toThrow('file: is not called');
});

timedToo('a call ends whatever it is answered: another protocol, nothing, half of something', async () => {
  const answers = [
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\nConnection: Upgrade\r\n\r\n',
    '',
    'HTTP/1.1 2',
  ];
  for (const answer of answers) {
    const odd = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => (answer.includes('101') ? socket.write(answer) : socket.end(answer)));
    });
    await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve));
    const { port } = odd.address() as AddressInfo;
    const calling = request({ host: '127.0.0.1', port, signal: AbortSignal.timeout(2_000) });
    calling.end();
    const startedAt = performance.now();
    await expect(awaitResponse(calling)).rejects.toThrow();
    expectWithin(performance.now() - startedAt, 1_500);
    odd.close();
  }
});
