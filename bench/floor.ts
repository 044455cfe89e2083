/**
 * What the same seven requests cost where nothing is done but what every implementation on this engine has to do (see
 * floorNode.ts), with the same hash, the same server and the same load. Statements go by themselves there, where ours go
 * together when many come at once; all else that a sign-in has to do comes on top.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash, randomBytes } from 'node:crypto';
import { FLOOR_CLIENT, FLOOR_ROWS } from './floorClient.ts';
import { freePort, type Install, type RunningNode } from './install.ts';
import { closedLoop } from './load.ts';
import { cpuOfThreads, cpuOfTree } from './machine.ts';
import { number, table } from './report.ts';
import { asRelyingParty, call } from './signIn.ts';
import { measureVerifications } from './verifications.ts';

const READY_MS = 30_000;

/** @param flags of the process, with those that it has anyhow. */
export async function startFloor(on: Install, flags: readonly string[] = []): Promise<RunningNode> {
  await on.database.query(
    '/* bench */ CREATE TABLE floor (id int PRIMARY KEY, text text NOT NULL, at timestamptz NOT NULL)',
  );
  await on.database.query(
    `/* bench */ INSERT INTO floor SELECT n, repeat('x', 200), now() FROM generate_series(1, ${FLOOR_ROWS}) n`,
  );
  const port = await freePort();
  const env = { ...process.env, DATABASE_URL: on.databaseUrl, PORT: String(port), MALLOC_ARENA_MAX: '2' };
  const startedAt = performance.now();
  const node = spawn(process.execPath, ['--max-semi-space-size=16', ...flags, 'bench/floorNode.ts'], {
    env: { ...env, NODE_ENV: 'production' },
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

export async function floor(on: Install, progress: (text: string) => void) {
  const started = await startFloor(on);
  const { port, pid } = started;
  try {
    progress('warming up the floor');
    await closedLoop(16, 25, () => signInAtFloor(port));
    progress('the floor, 16 at once');
    const verification = await measureVerifications(4);
    const look = async () => ({
      node: await cpuOfTree(pid),
      pool: await cpuOfThreads(pid, 'libuv-worker'),
      postgres: on.postgresPid === null ? Number.NaN : await cpuOfTree(on.postgresPid),
    });
    const before = await look();
    const { done, seconds } = await closedLoop(16, 20, () => signInAtFloor(port));
    const after = await look();
    const each = (what: keyof typeof before) => (after[what] - before[what]) / done;
    const [nodeMs, poolMs, postgresMs] = [each('node'), each('pool'), each('postgres')];
    const share = verification.cpuMs / (nodeMs + postgresMs);
    process.stdout.write(
      `\n${table([
        [
          'the engine in memory, ten statements, one hash',
          'a second',
          'node ms',
          'of it hashing',
          'PostgreSQL ms',
        ],
        ['16 at once', number(done / seconds, 1), number(nodeMs), number(poolMs), number(postgresMs)],
      ])}\n\n${table([
        ['one verification alone', `${number(verification.cpuMs)} ms`],
        ['node, beyond the verification', `${number(nodeMs - verification.cpuMs)} ms`],
        ['share of the verification', number(share)],
      ])}\n`,
    );
    return { perSecond: done / seconds, nodeMs, poolMs, postgresMs, share, verification };
  } finally {
    await started.stop();
  }
}

export async function signInAtFloor(port: number): Promise<void> {
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
  const cookies = new Map<string, string>();
  const go = async (location: string, body?: string) => {
    const { pathname, search } = new URL(location, 'http://floor.example');
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { accept: 'text/html', cookie };
    const answer = await call(port, pathname + search, {
      headers,
      ...(body === undefined ? {} : { method: 'POST', body }),
    });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return answer.headers.location ?? '';
  };
  const login = await go(`/auth?${query}`);
  await go(login);
  await go(login, 'password=x');
  await go(login);
  const goesOn = await go(login, 'key=x');
  const code = new URL(await go(goesOn)).searchParams.get('code') ?? '';
  const rp = { clientId: FLOOR_CLIENT.id, clientSecret: FLOOR_CLIENT.secret, redirectUri: '' };
  await asRelyingParty(port, rp, '/token', {
    grant_type: 'authorization_code',
    code,
    redirect_uri: FLOOR_CLIENT.redirectUri,
    code_verifier: verifier,
  });
}
