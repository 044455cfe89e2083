/** The production command, twice behind a small proxy: nodes come and go, and no one notices. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  freePort,
  Nodes,
  postEnv,
  redeemCode,
  request,
  RunningNoegle,
  signInAtNode,
  type TestPerson,
  type TestRelyingParty,
} from '../support/index.ts';
import { startSmtpServer, type SmtpServer } from '../support/smtpServer.ts';

const SIGN_INS = 200;
const AT_ONCE = 8;

/** Forwards requests in rotation to the nodes that report ready, and skips one that refuses connections. */
class SmallProxy {
  readonly #server: Server;
  readonly served: number[];
  readonly #ready = new Set<number>();
  readonly #asking: NodeJS.Timeout;
  #next = 0;

  constructor(ports: readonly number[]) {
    this.served = ports.map(() => 0);
    this.#asking = setInterval(() => void Promise.all(ports.map((port) => this.#ask(port))), 100);
    this.#server = createServer((req, res) => void this.#hand(req, res, ports));
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
  }

  /** Resolves when both nodes get requests. */
  async takesTurns(): Promise<void> {
    while (this.#ready.size < this.served.length) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  async #ask(port: number): Promise<void> {
    const ready = await fetch(`http://127.0.0.1:${port}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) this.#ready.add(port);
    else this.#ready.delete(port);
  }

  async close(): Promise<void> {
    clearInterval(this.#asking);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #hand(req: IncomingMessage, res: ServerResponse, ports: readonly number[]): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const first = this.#next++;
    const ready = ports.filter((port) => this.#ready.has(port));
    // Where none is ready, the asked node answers so.
    const inTurn = ready.length > 0 ? ready : ports;
    const tryNode = (turn: number): void => {
      const port = inTurn[(first + turn) % inTurn.length];
      const headers = { ...req.headers, connection: 'close', 'x-forwarded-for': '203.0.113.7' };
      const options = { host: '127.0.0.1', port, method: req.method, path: req.url, headers, agent: false };
      const upstream = httpRequest(options, (answer) => {
        const index = ports.indexOf(port ?? 0);
        this.served[index] = (this.served[index] ?? 0) + 1;
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(res);
      });
      upstream.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED' && turn + 1 < inTurn.length) return tryNode(turn + 1);
        res.writeHead(502).end(error.message);
      });
      upstream.end(Buffer.concat(chunks));
    };
    tryNode(0);
  }
}

let nodes: Nodes;
let mail: SmtpServer;
let folder: string;
let proxy: SmallProxy;
let processes: RunningNoegle[] = [];
/** Also those that were stopped: their output counts. */
const everStarted: RunningNoegle[] = [];
let people: TestPerson[];
let rp: TestRelyingParty;
let start: (index: number, binding?: 'read' | 'write') => RunningNoegle;

beforeAll(async () => {
  const [proxyPort, ...ports] = [await freePort(), await freePort(), await freePort()];
  const issuer = `http://localhost:${proxyPort}`;
  nodes = await Nodes.start({ issuer });
  rp = await aRelyingParty(nodes);
  people = await Promise.all(Array.from({ length: 20 }, () => aPerson(nodes)));
  folder = await mkdtemp(path.resolve('.tmp/rolling-'));
  const keys = path.join(folder, 'keys.json');
  await writeFile(keys, JSON.stringify(nodes.keyringFile));
  mail = await startSmtpServer();
  const post = { ...(await postEnv(folder)), NOEGLE_SMTP_URL: mail.url };
  const rules = (binding: string) => path.join(folder, `${binding}.json`);
  for (const binding of ['read', 'write']) await writeFile(rules(binding), JSON.stringify({ binding }));
  start = (index, binding = 'read') => {
    const one = new RunningNoegle({
      NODE_ENV: 'production',
      PORT: String(ports[index]),
      NOEGLE_HOST: '127.0.0.1',
      DATABASE_URL: nodes.database.url,
      NOEGLE_ISSUER: issuer,
      NOEGLE_KEYS_FILE: keys,
      NOEGLE_RULES_FILE: rules(binding),
      ...post,
      NOEGLE_PROXY_HOPS: '1',
      NOEGLE_LEAVE_SECONDS: '1',
    });
    everStarted.push(one);
    return one;
  };
  processes = [start(0), start(1)];
  await Promise.all(processes.map((one) => one.ready()));
  proxy = new SmallProxy(ports);
  await proxy.listen(proxyPort ?? 0);
  await proxy.takesTurns();
});
afterAll(async () => {
  // No process outlives the suite, even after a failure.
  for (const one of everStarted) {
    await one.terminate();
    nodes.keepLog(one.output);
  }
  await proxy.close();
  await rm(folder, { recursive: true, force: true });
  await mail.stop();
  await nodes.close();
});

/** All requests go through the proxy, as from outside. */
const outside = () => {
  const port = Number(new URL(nodes.issuer).port);
  return {
    issuer: nodes.issuer,
    secrets: nodes.secrets,
    database: nodes.database,
    node: () => ({ port, issuer: nodes.issuer }),
  };
};

test(`a rolling restart of both nodes during ${SIGN_INS} sign-ins and more fails none`, async () => {
  const site = outside();
  // Even fast ones continue until both nodes are back.
  const progress = { begun: 0, done: 0, restarted: false };
  const failures: string[] = [];
  const oneAfterTheOther = async (): Promise<void> => {
    while (progress.begun < SIGN_INS || !progress.restarted) {
      const person = people[progress.begun++ % people.length] as TestPerson;
      try {
        const login = authRequest(rp);
        const result = await signInAtNode(new TestBrowser(site), person, login);
        const tokens = await redeemCode(
          site as unknown as Nodes,
          rp,
          result.get('code') ?? '',
          login.verifier,
        );
        if (tokens.status !== 200) failures.push(`token endpoint: ${tokens.status} ${tokens.error}`);
      } catch (error) {
        failures.push(String(error));
      }
      progress.done += 1;
    }
  };
  const all = Promise.all(Array.from({ length: AT_ONCE }, oneAfterTheOther));

  const until = async (share: number) => {
    while (progress.done < SIGN_INS * share) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  for (const index of [0, 1]) {
    await until(0.2 + index * 0.35);
    expect(await processes[index]?.terminate()).toBe(0);
    // Row MACs and keyed password hashes are written from here on; the other node reads them.
    processes[index] = start(index, 'write');
    await processes[index].ready();
    await proxy.takesTurns();
  }
  progress.restarted = true;
  await all;
  expect(failures).toEqual([]);
  expect(progress.done).toBe(progress.begun);
  expect(proxy.served.every((many) => many > SIGN_INS)).toBe(true);
  expect(everStarted).toHaveLength(4);
  for (const { output } of everStarted) expect(output).not.toMatch(/"level":"(warn|error)"/);
  const [keyed] = await nodes.database.query<{ many: number }>(
    `SELECT count(*)::int AS many FROM identities WHERE password_hash LIKE 'keyed:%' AND mac IS NOT NULL`,
  );
  expect(keyed?.many).toBeGreaterThan(0);
});

test('health is asked by address; what a node writes is JSON, one line a request', async () => {
  const port = Number(new URL(nodes.issuer).port);
  await request({ port }).get('/health/ready').expect(200, '{"status":"ready"}');
  await nodes.database.query(`DELETE FROM signing_keys WHERE alg = 'RS256'`);
  await request({ port }).get('/health/ready').expect(503);
  const lines = everStarted.flatMap(({ output }) => output.trim().split('\n'));
  for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
});
