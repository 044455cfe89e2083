/** Signing keys as operators handle them: the commands as built, next to a server and next to a sandbox. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, expect, test } from '@jest/globals';
import type { JSONWebKeySet } from 'jose';
import { findRunningPostgres } from '../../src/platform/embeddedPostgres.ts';
import {
  IS_WHOLE_PROOF,
  closeConnections,
  freePort,
  freePorts,
  makeScratchFolder,
  Nodes,
  postEnv,
  request,
  runCli,
  RunningNoegle,
  sandboxDatabaseUrl,
} from '../support/index.ts';

const FOLLOW_MS = 2_000;

const folders: string[] = [];
const running = new Set<RunningNoegle>();
afterAll(async () => {
  closeConnections();
  for (const one of running) await one.stop();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});
const aFolder = async (name: string) => {
  const folder = makeScratchFolder(name);
  folders.push(folder);
  return folder;
};
const start = async (env: Record<string, string>) => {
  const one = new RunningNoegle(env);
  running.add(one);
  await one.ready();
  return one;
};

interface Listed {
  keys: { kid: string; alg: string; state: string; since: string; maySignFrom: string | null }[];
}
interface RotatedJson {
  rotated: { alg: string; retired: string; current: string; next: string }[];
  riskUntil: string | null;
}

/** The same story with any database. @param shown the keys that the running nodes publish */
async function walkStory(env: Record<string, string>, shown: () => Promise<string[][]>): Promise<void> {
  const list = async () =>
    (JSON.parse((await runCli(['keys', 'list', '--json'], env)).stdout) as Listed).keys;
  const before = await list();
  expect(before.map(({ alg, state }) => `${alg} ${state}`).sort()).toEqual([
    'ES256 current',
    'ES256 next',
    'RS256 current',
    'RS256 next',
  ]);
  const text = await runCli(['keys', 'list'], env);
  expect([text.code, text.stderr]).toEqual([0, '']);
  for (const { kid, alg, state, since } of before) {
    expect(text.stdout).toMatch(new RegExp(`^${kid}  ${alg}  ${state} *  since ${since}`, 'm'));
  }

  const refused = await runCli(['keys', 'rotate'], env);
  expect([refused.code, refused.stdout]).toEqual([1, '']);
  expect(refused.stderr).toMatch(/^too early: the next keys may sign from 20\d\d-.*Z, .*--now/);
  expect(before.map(({ maySignFrom }) => maySignFrom)).toContain(/from (\S+Z)/.exec(refused.stderr)?.[1]);
  expect(await list()).toEqual(before);

  const rotated = await runCli(['keys', 'rotate', '--now', '--json'], env);
  expect([rotated.code, rotated.stderr]).toEqual([0, '']);
  const { rotated: changes, riskUntil } = JSON.parse(rotated.stdout) as RotatedJson;
  expect(riskUntil).toMatch(/^20\d\d-/);
  for (const { alg, retired, current, next } of changes) {
    const was = (state: string) => before.find((key) => key.alg === alg && key.state === state)?.kid;
    expect([retired, current]).toEqual([was('current'), was('next')]);
    expect(before.map(({ kid }) => kid)).not.toContain(next);
  }
  const startedAt = performance.now();
  const made = changes.map(({ next }) => next);
  while (!(await shown()).every((kids) => made.every((kid) => kids.includes(kid)))) {
    if (performance.now() - startedAt > FOLLOW_MS) throw new Error('a node does not follow');
    await setTimeout(20);
  }
  const rotatedNow = await runCli(['keys', 'rotate', '--now'], env);
  expect(rotatedNow.stdout).toMatch(/^Until 20\d\d-.*Z sign-ins can fail .*withdraw KID$/m);

  const [{ current, next } = { current: '', next: '' }] = changes;
  const retired = before.filter(({ state }) => state === 'current').map(({ kid }) => kid);
  for (const [kid, state] of [
    [current, 'retired'],
    [next, 'current'],
  ] as const) {
    const gone = await runCli(['keys', 'withdraw', kid, '--json'], env);
    if (state === 'retired')
      expect(JSON.parse(gone.stdout)).toEqual({ withdrawn: kid, believedSeconds: 600 });
    else
      expect([gone.code, gone.stderr.includes(`${kid} is current; only a retired key`)]).toEqual([1, true]);
  }
  const left = await list();
  expect(left.map(({ kid }) => kid)).not.toContain(current);
  expect(left.filter(({ state }) => state === 'retired').map(({ kid }) => kid)).toEqual(
    expect.arrayContaining(retired),
  );
  const unknown = await runCli(['keys', 'withdraw', 'nobody'], env);
  expect([unknown.code, unknown.stderr]).toEqual([1, 'there is no signing key nobody\n']);
  expect((await runCli(['keys', 'withdraw'], env)).stderr).toContain('Usage: node dist/cli.js');
}

async function shownAt(port: number, issuer: string): Promise<string[]> {
  const { text } = await request({ port, issuer }).get('/jwks');
  return (JSON.parse(text) as JSONWebKeySet).keys.map(({ kid }) => String(kid));
}

/** The proof has no time for these. */
const inWhole = IS_WHOLE_PROOF ? test : test.skip;

test('on a database, while a server runs on it', async () => {
  const nodes = await Nodes.start();
  const folder = await aFolder('cli');
  const keys = path.join(folder, 'keys.json');
  await writeFile(keys, JSON.stringify(nodes.keyringFile));
  const [port, outside] = [await freePort(), await postEnv(folder)];
  const env = {
    ...outside,
    DATABASE_URL: nodes.database.appUrl,
    NOEGLE_DIRECT_DATABASE_URL: nodes.database.queueUrl,
    NOEGLE_ISSUER: nodes.issuer,
    NOEGLE_KEYS_FILE: keys,
  };
  const own = { PORT: String(port), NOEGLE_HOST: '127.0.0.1', NOEGLE_LEAVE_SECONDS: '0' };
  const server = await start({ ...env, ...own });
  await walkStory(env, async () => [await shownAt(port, nodes.issuer)]);
  expect(await server.stop()).toBe(0);
  nodes.keepLog(server.output);
  await nodes.close();
});

test('on the sandbox that is running, and on no other', async () => {
  const dataDir = await aFolder('data');
  const port = await freePorts();
  const env = { NOEGLE_DATA_DIR: dataDir };
  const expectNotRunning = async (command: string) => {
    const { code, stderr, stdout } = await runCli(command.split(' '), env);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`no sandbox is running with the data in ${dataDir}`);
  };
  const commands = ['keys list', 'keys rotate', 'keys withdraw x', 'letters', 'replace-cards --kid k1'];
  await Promise.all(commands.map(expectNotRunning));
  expect(await readdir(dataDir)).toEqual([]);

  const sandbox = await start({ ...env, PORT: String(port) });
  await walkStory(env, async () => [await shownAt(port, `http://localhost:${port}`)]);
  expect((await runCli(['letters'], env)).stdout).toMatch(/no letters|waiting|sent/);
  expect((await runCli(['replace-cards', '--batch', '2020-01-01-01', '--json'], env)).stdout).toContain(
    '"total":0',
  );
  // A production command without DATABASE_URL: it never uses this database.
  expect((await runCli(['keys', 'list'], { ...env, NODE_ENV: 'production' })).code).toBe(1);
  expect([await sandbox.stop(), sandbox.output.slice(-2_000)]).toEqual([0, expect.any(String)]);
  closeConnections();
  await expectNotRunning('keys list');
  expect(existsSync(path.join(dataDir, 'postgres/postmaster.pid'))).toBe(false);
});

inWhole('a sandbox that was killed is not running, though its database is', async () => {
  const dataDir = await aFolder('data');
  const port = String(await freePorts());
  const sandbox = await start({ NOEGLE_DATA_DIR: dataDir, PORT: port });
  expect(await sandboxDatabaseUrl(dataDir)).toContain('postgres://');
  await sandbox.kill9();
  const { code, stderr } = await runCli(['keys', 'list'], { NOEGLE_DATA_DIR: dataDir });
  expect([code, stderr.includes('no sandbox is running')]).toEqual([1, true]);
  // Stops its database, too.
  const again = await start({ NOEGLE_DATA_DIR: dataDir, PORT: port });
  expect(await again.stop()).toBe(0);
});

inWhole(
  'the database of a sandbox is found also where it runs as nobody, away from the other data',
  async () => {
    const [folder, home] = [await aFolder('data'), await aFolder('home')];
    expect(await findRunningPostgres(folder, 'noegle')).toBeNull();
    await writeFile(path.join(folder, 'postgres-password'), 'secret');
    await writeFile(path.join(folder, 'postgres-home'), home);
    expect(await findRunningPostgres(folder, 'noegle')).toBeNull();
    await mkdir(path.join(home, 'postgres'));
    await writeFile(path.join(home, 'postgres/postmaster.pid'), '7\n/data\n1790000000\n43210\n\n127.0.0.1\n');
    expect(await findRunningPostgres(folder, 'noegle')).toBe(
      'postgres://noegle:secret@127.0.0.1:43210/noegle',
    );
  },
);
