/**
 * Measures what the requests of a sign-in cost with only what every implementation on this provider has to do
 * (see floorNode.ts), with the same hash, server and load. Statements are sent one by one there, where Nøgle
 * batches those of concurrent requests; everything else that a sign-in has to do comes on top.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash, randomBytes } from 'node:crypto';
import { FLOOR_CLIENT, FLOOR_ROWS, type FloorShape } from './floorClient.ts';
import { findBenchPort, type BenchInstallation, type BenchNode } from './install.ts';
import { closedLoop } from './load.ts';
import { cpuOfThreads, cpuOfTree } from './machine.ts';
import { formatNumber, composeReportTable } from './report.ts';
import { authenticateRelyingParty, callNode } from './signIn.ts';
import { measureVerifications } from './verifications.ts';

const READY_MS = 30_000;

/** @param flags of the process, added to the usual ones */
export async function startFloor(
  on: BenchInstallation,
  flags: readonly string[] = [],
  shape: FloorShape = 'first',
): Promise<BenchNode> {
  await on.database.query(
    '/* bench */ CREATE TABLE floor (id int PRIMARY KEY, text text NOT NULL, at timestamptz NOT NULL)',
  );
  await on.database.query(
    `/* bench */ INSERT INTO floor SELECT n, repeat('x', 200), now() FROM generate_series(1, ${FLOOR_ROWS}) n`,
  );
  const port = await findBenchPort();
  const env = { ...process.env, DATABASE_URL: on.databaseUrl, PORT: String(port), MALLOC_ARENA_MAX: '2' };
  const startedAt = performance.now();
  const node = spawn(process.execPath, ['--max-semi-space-size=16', ...flags, 'bench/floorNode.ts'], {
    env: { ...env, NODE_ENV: 'production', FLOOR_SHAPE: shape },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const stop = async () => {
    node.kill();
    await on.database.query('/* bench */ DROP TABLE floor');
  };
  try {
    await once(node.stdout, 'data', { signal: AbortSignal.timeout(READY_MS) });
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, pid: node.pid ?? 0, readyMs: performance.now() - startedAt, stop };
}

/** Measures both shapes, one after the other. */
export async function measureSmallestNode(on: BenchInstallation, progress: (text: string) => void) {
  return { first: await measureFloor(on, 'first', progress), now: await measureFloor(on, 'now', progress) };
}

const TITLES: Record<FloorShape, string> = {
  first: 'the engine in memory, seven requests, ten statements, one hash',
  now: 'the same in five requests and seven statements',
};

async function measureFloor(on: BenchInstallation, shape: FloorShape, progress: (text: string) => void) {
  const started = await startFloor(on, [], shape);
  const { port, pid } = started;
  const signIn = () => (shape === 'now' ? signInAtFloorNow(port) : signInAtFloor(port));
  try {
    progress('warming up the floor');
    await closedLoop(16, 25, signIn);
    progress('the floor, 16 at once');
    const verification = await measureVerifications(4);
    const look = async () => ({
      node: await cpuOfTree(pid),
      pool: await cpuOfThreads(pid, 'libuv-worker'),
      postgres: on.postgresPid === null ? Number.NaN : await cpuOfTree(on.postgresPid),
    });
    const before = await look();
    const { done, seconds } = await closedLoop(16, 20, signIn);
    const after = await look();
    const each = (what: keyof typeof before) => (after[what] - before[what]) / done;
    const [nodeMs, poolMs, postgresMs] = [each('node'), each('pool'), each('postgres')];
    const share = verification.cpuMs / (nodeMs + postgresMs);
    process.stdout.write(
      `\n${composeReportTable([
        [TITLES[shape], 'a second', 'node ms', 'of it hashing', 'PostgreSQL ms'],
        [
          '16 at once',
          formatNumber(done / seconds, 1),
          formatNumber(nodeMs),
          formatNumber(poolMs),
          formatNumber(postgresMs),
        ],
      ])}\n\n${composeReportTable([
        ['one verification alone', `${formatNumber(verification.cpuMs)} ms`],
        ['node, beyond the verification', `${formatNumber(nodeMs - verification.cpuMs)} ms`],
        ['share of the verification', formatNumber(share)],
      ])}\n`,
    );
    return { perSecond: done / seconds, nodeMs, poolMs, postgresMs, share, verification };
  } finally {
    await started.stop();
  }
}

/** Seven requests. */
export async function signInAtFloor(port: number): Promise<void> {
  const { verifier, path } = sendFloorRequest();
  const browser = new FloorBrowser(port);
  const login = await browser.go(path);
  await browser.go(login);
  await browser.go(login, 'password=x');
  await browser.go(login);
  const next = await browser.go(login, 'key=x');
  await redeemAtFloor(port, verifier, await browser.go(next));
}

/**
 * Five requests: the first page answers the authorization request, and the answer to the key redirects back.
 */
async function signInAtFloorNow(port: number): Promise<void> {
  const { verifier, path } = sendFloorRequest();
  const browser = new FloorBrowser(port);
  await browser.go(path);
  const login = /action="([^"]*)"/.exec(browser.text)?.[1] ?? '';
  await browser.go(login, 'password=x');
  await browser.go(login);
  await redeemAtFloor(port, verifier, await browser.go(login, 'key=x'));
}

function sendFloorRequest(): { verifier: string; path: string } {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: FLOOR_CLIENT.id,
    redirect_uri: FLOOR_CLIENT.redirectUri,
    response_type: 'code',
    scope: 'openid profile',
    state: 'state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  return { verifier, path: `/auth?${query}` };
}

class FloorBrowser {
  /** The text of the last answer. */
  text = '';
  readonly #port: number;
  readonly #cookies = new Map<string, string>();

  constructor(port: number) {
    this.#port = port;
  }

  /** @returns where the answer redirects */
  async go(location: string, body?: string): Promise<string> {
    const { pathname, search } = new URL(location, 'http://floor.example');
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { accept: 'text/html', cookie };
    const answer = await callNode(this.#port, pathname + search, {
      headers,
      ...(body === undefined ? {} : { method: 'POST', body }),
    });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.#cookies.set(name, value);
    }
    this.text = answer.text;
    return answer.headers.location ?? '';
  }
}

async function redeemAtFloor(port: number, verifier: string, location: string): Promise<void> {
  const code = new URL(location).searchParams.get('code') ?? '';
  const rp = { clientId: FLOOR_CLIENT.id, clientSecret: FLOOR_CLIENT.secret, redirectUri: '' };
  await authenticateRelyingParty(port, rp, '/token', {
    grant_type: 'authorization_code',
    code,
    redirect_uri: FLOOR_CLIENT.redirectUri,
    code_verifier: verifier,
  });
}
