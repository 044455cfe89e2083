/** The start for a newcomer and for an operator: real processes, a real relying-party library. */
import { existsSync } from 'node:fs';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import pg from 'pg';
import { LOW, SUBSTANTIAL } from '../src/domain/signIn/levels.ts';
import {
  TestBrowser,
  challengeOf,
  closeConnections,
  type DemoFile,
  freePort,
  freePorts,
  postEnv,
  readDemo,
  runCli,
  makeScratchFolder,
  RunningNoegle,
  sandboxDatabaseUrl,
  Secrets,
  longOnly,
} from './support/index.ts';

let dataDir: string;
const running = new Set<RunningNoegle>();
beforeAll(async () => {
  dataDir = makeScratchFolder('data');
});
/** Processes of one test, ended also when the test failed. */
const children: ChildProcess[] = [];
afterAll(async () => {
  closeConnections();
  for (const child of children) child.kill();
  for (const one of running) await one.stop();
  await rm(dataDir, { recursive: true, force: true });
});

function start(env: Record<string, string>): RunningNoegle {
  const one = new RunningNoegle(env);
  running.add(one);
  return one;
}

interface IdTokenClaims {
  sub: string;
  [claim: string]: unknown;
}

/** The code that a developer writes in the first five minutes, with plain `openid-client`. */
async function signInWith(demo: DemoFile, clientId: string, name: string, port?: number) {
  const person = demo.people.find((one) => one.name === name);
  const rp = demo.relyingParties.find((one) => one.clientId === clientId);
  if (!person || !rp) throw new Error('not in demo.json');
  const config = await client.discovery(new URL(demo.issuer), rp.clientId, rp.clientSecret, undefined, {
    execute: [client.allowInsecureRequests],
  });
  const codeVerifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const redirectUri = `http://127.0.0.1:${await freePort()}/cb`;
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid profile',
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  });

  const issuerPort = Number(new URL(demo.issuer).port);
  const site = { issuer: demo.issuer, secrets: new Secrets(), node: () => ({ port: port ?? issuerPort }) };
  const browser = new TestBrowser(site);
  const passwordPage = await browser.follow(url.href);
  const keyPage = await browser.send(passwordPage, { userId: person.userId, password: person.password });
  if (keyPage.page !== 'key') throw new Error(`no key page but ${keyPage.page}`);
  const { cardNumber, keyNumber } = challengeOf(keyPage);
  const card = person.cards.find((one) => one.cardNumber === cardNumber);
  const back = await browser.send(keyPage, { key: card?.keys[keyNumber] ?? '' });
  const tokens = await client.authorizationCodeGrant(config, new URL(back.headers.location ?? ''), {
    pkceCodeVerifier: codeVerifier,
    expectedState: state,
    expectedNonce: nonce,
  });
  const claims = tokens.claims() as IdTokenClaims;
  const info = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
  return { claims, info, keyNumber, config, accessToken: tokens.access_token };
}

const subs = new Map<string, string>();

describe('the sandbox', () => {
  let port: number;
  let sandbox: RunningNoegle;
  beforeAll(async () => {
    port = await freePorts();
  });

  test('is ready, says where to go, and lists everybody with their keys', async () => {
    sandbox = start({ PORT: String(port), NOEGLE_DATA_DIR: dataDir });
    const ms = await sandbox.ready();
    console.info(`ready after ${Math.round(ms)} ms, with a new database`);
    const demo = await readDemo(dataDir);
    expect(demo.issuer).toBe(`http://localhost:${port}`);
    expect(sandbox.output).toContain(demo.issuer);
    expect(sandbox.output).toContain('demo.json');
    expect(demo.people.map(({ name }) => name)).toEqual([
      'anna',
      'bent',
      'clara',
      'dorte',
      'erik',
      'elna',
      'freja',
      'bodil',
      'hans',
      'inge',
    ]);
    for (const { userId, password, cards } of demo.people) {
      expect(sandbox.output).toContain(`${userId} `);
      expect(sandbox.output).toContain(password);
      expect(Object.keys(cards[0]?.keys ?? {})).toHaveLength(148);
    }
    const clara = demo.people.find(({ name }) => name === 'clara');
    expect(148 - (clara?.cards[0]?.spent.length ?? 0)).toBe(21);
  });

  test('Inge, who ordered online, is signed in where Low will do, and refused at sandbox-strict', async () => {
    const demo = await readDemo(dataDir);
    const { claims } = await signInWith(demo, 'sandbox-public', 'inge');
    expect(claims).toMatchObject({ acr: LOW, proofing: LOW, amr: ['pwd', 'otp', 'mfa'] });
    await expect(signInWith(demo, 'sandbox-strict', 'inge')).rejects.toThrow('refused');
    expect((await signInWith(demo, 'sandbox-strict', 'anna')).claims['proofing']).toBe(SUBSTANTIAL);
  });

  test('openid-client with its defaults signs Anna in at both kinds, with another sub at each', async () => {
    const demo = await readDemo(dataDir);
    for (const clientId of ['sandbox-public', 'sandbox-bank']) {
      const { claims, info } = await signInWith(demo, clientId, 'anna');
      expect(claims).toMatchObject({ iss: demo.issuer, acr: SUBSTANTIAL, amr: ['pwd', 'otp', 'mfa'] });
      expect(Math.abs(Number(claims['auth_time']) - Date.now() / 1000)).toBeLessThan(30);
      expect(info.name).toBe('Anna Andersen');
      subs.set(clientId, claims.sub);
    }
    expect(subs.get('sandbox-public')).not.toBe(subs.get('sandbox-bank'));
  });

  test("the tutorial's script works unchanged", async () => {
    const page = await readFile('docs/tutorials/connect-in-five-minutes.md', 'utf8');
    const script = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    const ownPort = await freePort();
    const folder = await mkdtemp(path.resolve('.tmp/readme-'));
    const file = path.join(folder, 'app.mjs');
    await writeFile(file, script.replaceAll('4000', String(ownPort)));
    const app = spawn(process.execPath, [file, path.join(dataDir, 'demo.json')], { stdio: 'pipe' });
    const ready = new Promise<void>((resolve) => app.stdout.on('data', () => resolve()));
    await ready;
    children.push(app);

    const demo = await readDemo(dataDir);
    const anna = demo.people.find(({ name }) => name === 'anna');
    const begin = await fetch(`http://127.0.0.1:${ownPort}/`, { redirect: 'manual' });
    const site = { issuer: demo.issuer, secrets: new Secrets(), node: () => ({ port }) };
    const browser = new TestBrowser(site);
    const passwordPage = await browser.follow(begin.headers.get('location') ?? '');
    const credentials = { userId: anna?.userId ?? '', password: anna?.password ?? '' };
    const keyPage = await browser.send(passwordPage, credentials);
    const { keyNumber } = challengeOf(keyPage);
    const back = await browser.send(keyPage, { key: anna?.cards[0]?.keys[keyNumber] ?? '' });
    const shown = (await (await fetch(back.headers.location ?? '')).json()) as Record<string, unknown>;
    expect(shown).toMatchObject({ name: 'Anna Andersen', acr: SUBSTANTIAL, amr: ['pwd', 'otp', 'mfa'] });
    await rm(folder, { recursive: true });
  });

  test('a second node on the same database, started as in production, gives the same sub', async () => {
    const nodePort = await freePort();
    const demo = await readDemo(dataDir);
    const second = start({
      PORT: String(nodePort),
      NOEGLE_HOST: '127.0.0.1',
      DATABASE_URL: await sandboxDatabaseUrl(dataDir),
      NOEGLE_ISSUER: demo.issuer,
      NOEGLE_KEYS_FILE: path.join(dataDir, 'keys.json'),
      ...(await postEnv(dataDir)),
      NOEGLE_LEAVE_SECONDS: '0',
    });
    await second.ready();
    const { claims } = await signInWith(demo, 'sandbox-public', 'anna', nodePort);
    expect(claims.sub).toBe(subs.get('sandbox-public'));
    expect(await second.stop()).toBe(0);
  });

  test('a second sandbox on the same data does not start, and harms nothing', async () => {
    const other = start({ PORT: String(await freePorts()), NOEGLE_DATA_DIR: dataDir });
    expect(await other.exited()).toBe(1);
    expect(other.output).toContain('already running');
    expect((await fetch(`http://localhost:${port}/health/ready`)).status).toBe(200);
  });

  test('a command of a shell without its port leaves self-service and desk as they are', async () => {
    const { code } = await runCli(['tokens', 'list'], { NOEGLE_DATA_DIR: dataDir });
    expect(code).toBe(0);
    for (const place of ['/self-service', '/desk']) {
      const toSignIn = await fetch(`http://localhost:${port}${place}`, { redirect: 'manual' });
      const page = await fetch(toSignIn.headers.get('location') ?? '');
      expect([page.status, (await page.text()).includes('data-page="password"')]).toEqual([200, true]);
    }
  });

  test('after kill -9 it starts again, and nothing that was acknowledged is lost', async () => {
    const before = await signInWith(await readDemo(dataDir), 'sandbox-bank', 'anna');
    await sandbox.kill9();
    closeConnections();
    sandbox = start({ PORT: String(port), NOEGLE_DATA_DIR: dataDir });
    await sandbox.ready();
    const demo = await readDemo(dataDir);
    const anna = demo.people.find(({ name }) => name === 'anna');
    expect(anna?.cards[0]?.spent).toContain(before.keyNumber);
    const info = await client.fetchUserInfo(before.config, before.accessToken, before.claims.sub);
    expect(info.name).toBe('Anna Andersen');
    const { claims } = await signInWith(demo, 'sandbox-bank', 'anna');
    expect(claims.sub).toBe(subs.get('sandbox-bank'));
  });

  test('Ctrl-C stops everything, and the next start has the data', async () => {
    expect(await sandbox.stop()).toBe(0);
    closeConnections();
    expect(existsSync(path.join(dataDir, 'postgres/postmaster.pid'))).toBe(false);
    expect(existsSync(path.join(dataDir, 'running.pid'))).toBe(false);
    sandbox = start({ PORT: String(port), NOEGLE_DATA_DIR: dataDir });
    const ms = await sandbox.ready();
    console.info(`ready after ${Math.round(ms)} ms, with existing data`);
    const { claims } = await signInWith(await readDemo(dataDir), 'sandbox-public', 'anna');
    expect(claims.sub).toBe(subs.get('sandbox-public'));
    expect(await sandbox.stop()).toBe(0);
    closeConnections();
  });

  test('Ctrl-C ends it cleanly also while connections are slow to go', async () => {
    sandbox = start({ PORT: String(port), NOEGLE_DATA_DIR: dataDir });
    await sandbox.ready();
    const database = new pg.Client(await sandboxDatabaseUrl(dataDir));
    await database.connect();
    const idle = async () =>
      await database.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'
         AND state = 'idle' AND query !~ 'LISTEN' AND application_name <> 'noegle'`,
      );
    let { rows } = await idle();
    for (let i = 0; i < 100 && rows.length === 0; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      ({ rows } = await idle());
    }
    await database.end();
    expect(rows.length).toBeGreaterThan(0);
    // The database notices their end only when it shuts down itself, or a second later.
    for (const { pid } of rows) process.kill(pid, 'SIGSTOP');
    const stopped = sandbox.stop();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    for (const { pid } of rows) process.kill(pid, 'SIGCONT');
    expect(await stopped).toBe(0);
    closeConnections();
  });

  test('missing keys next to existing data are reported, and no new ones are made', async () => {
    const keys = path.join(dataDir, 'keys.json');
    await rename(keys, `${keys}.away`);
    const without = start({ PORT: String(port), NOEGLE_DATA_DIR: dataDir });
    expect(await without.exited()).toBe(1);
    expect(without.output).toMatch(/keys\.json is missing beside existing data/);
    expect(without.output).not.toContain('    at ');
    expect(existsSync(keys)).toBe(false);

    const { Keyring } = await import('../src/platform/keyring.ts');
    await writeFile(keys, JSON.stringify(Keyring.generate()));
    const withOthers = start({ PORT: String(port), NOEGLE_DATA_DIR: dataDir });
    expect(await withOthers.exited()).toBe(1);
    expect(withOthers.output).toMatch(/not those that this database was made with/);
    await rename(`${keys}.away`, keys);
  });
});

describe('a start that cannot be says so in one message and ends', () => {
  async function refused(env: Record<string, string>): Promise<string> {
    const one = start({ NOEGLE_DATA_DIR: path.join(dataDir, 'never'), ...env });
    expect(await one.exited()).toBe(1);
    expect(one.output).not.toMatch(/^\s+at /m);
    return one.output;
  }

  test('a taken port', async () => {
    const port = await freePort();
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve));
    expect(await refused({ PORT: String(port) })).toContain(`Port ${port} is taken`);
    await new Promise((resolve) => holder.close(resolve));
  });

  test('an unreachable DATABASE_URL', async () => {
    const keys = path.join(dataDir, 'some-keys.json');
    const { Keyring } = await import('../src/platform/keyring.ts');
    await writeFile(keys, JSON.stringify(Keyring.generate()));
    const output = await refused({
      DATABASE_URL: `postgres://x:y@127.0.0.1:${await freePort()}/z`,
      NOEGLE_ISSUER: 'https://id.example',
      NOEGLE_KEYS_FILE: keys,
      ...(await postEnv(dataDir)),
      NOEGLE_DATA_DIR: '',
      NOEGLE_DATABASE_WAIT_SECONDS: '0',
    });
    expect(output).toMatch(/DATABASE_URL: the database does not answer: .*ECONNREFUSED/);
    expect(output).not.toContain('x:y');
  });

  test('unknown names, wrong values and what is missing, all together', async () => {
    expect(await refused({ NOEGLE_ISSUR: 'x' })).toContain('NOEGLE_ISSUR is not a setting of Nøgle');
    const all = await refused({
      DATABASE_URL: 'mysql://x',
      NOEGLE_DIRECT_DATABASE_URL: 'host=x',
      NOEGLE_ADMIN_DATABASE_URL: 'postgres://x',
      NOEGLE_ALLOW_OWNER: 'maybe',
      NOEGLE_DATA_DIR: '',
      NOEGLE_NOW: '2026-12-24T09:00:00Z',
      NOEGLE_LOG_LEVEL: 'loud',
      NOEGLE_NODE_NAME: 'node 1',
      NOEGLE_PROXY_HOPS: '-1',
      NOEGLE_TRUSTED_PROXIES: '10.0.0.5,10.0.0.0/33',
      PORT: 'x',
    });
    for (const message of [
      '- DATABASE_URL must look like',
      'NOEGLE_DIRECT_DATABASE_URL must look like',
      'NOEGLE_ADMIN_DATABASE_URL is for "database make" only',
      'NOEGLE_ALLOW_OWNER must be yes or no',
      'NOEGLE_ISSUER',
      'NOEGLE_KEYS_FILE',
      'NOEGLE_HOTLINE',
      'NOEGLE_CONTACT_EMAIL',
      'NOEGLE_OPERATOR_NAME',
      'NOEGLE_OPERATOR_CVR',
      'NOEGLE_OPERATOR_ADDRESS',
      'NOEGLE_NOW',
      'NOEGLE_LOG_LEVEL',
      'NOEGLE_NODE_NAME must be at most 64 letters',
      'NOEGLE_PROXY_HOPS',
      'NOEGLE_TRUSTED_PROXIES: 10.0.0.0/33 is neither an address nor a range',
      'NOEGLE_PRINT_URL',
      'NOEGLE_PRINT_CARD_KEY_FILE',
      'NOEGLE_PRINT_PASSWORD_KEY_FILE',
      'NOEGLE_SMTP_URL',
      'NOEGLE_MAIL_FROM',
      'PORT',
    ]) {
      expect(all).toContain(message);
    }
  });

  test('the sandbox in production, or with a setting of production', async () => {
    expect(await refused({ NODE_ENV: 'production' })).toContain('NODE_ENV is production');
    expect(await refused({ NOEGLE_ISSUER: 'https://id.example' })).toContain('NOEGLE_ISSUER');
  });
});

describe('a start that is interrupted', () => {
  let folder: string;
  beforeAll(async () => {
    folder = makeScratchFolder('data');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  longOnly('by kill -9 at any moment is followed by one that works', async () => {
    const port = String(await freePorts());
    for (const ms of [350, 500, 700, 900, 1_200, 1_500]) {
      const one = start({ PORT: port, NOEGLE_DATA_DIR: folder });
      await new Promise((resolve) => setTimeout(resolve, ms));
      await one.kill9();
    }
    const last = start({ PORT: port, NOEGLE_DATA_DIR: folder });
    await last.ready();
    expect((await readDemo(folder)).people).toHaveLength(10);
    expect(await last.stop()).toBe(0);
  });

  test('by Ctrl-C leaves nothing running', async () => {
    const port = String(await freePorts());
    for (const ms of [300, 600, 900]) {
      const one = start({ PORT: port, NOEGLE_DATA_DIR: folder });
      await new Promise((resolve) => setTimeout(resolve, ms));
      await one.stop();
      expect(existsSync(path.join(folder, 'postgres/postmaster.pid'))).toBe(false);
      expect(existsSync(path.join(folder, 'running.pid'))).toBe(false);
    }
  });
});
