/** The files of examples/operations, and the install guide that uses them, are held to the code. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeKeys } from '../src/cli/keys.ts';
import { makePrintKeys } from '../src/cli/printKeys.ts';
import { ConfigError, readConfig, type ServerConfig } from '../src/config/config.ts';
import { PLAIN_STYLE } from '../src/ui/styles/plain.ts';
import { da } from '../src/ui/words/words.da.ts';
import { en } from '../src/ui/words/words.en.ts';
import { useServer } from './support/index.ts';

const FOLDER = 'examples/operations';
const read = (name: string) => readFileSync(path.join(FOLDER, name), 'utf8');
const guide = readFileSync('docs/how-to/install.md', 'utf8');
let made: string;
beforeAll(() => {
  made = mkdtempSync(path.resolve('.tmp/examples-'));
  makeKeys(path.join(made, 'keys.json'));
  makePrintKeys(path.join(made, 'print'));
  writeFileSync(path.join(made, 'rules.json'), '{"binding":"require"}');
  mkdirSync(path.join(made, 'database'));
  for (const role of ['noegle_app', 'noegle_queue'])
    writeFileSync(path.join(made, `database/${role}.url`), `postgres://${role}:x@localhost/noegle\n`);
  writeFileSync(path.join(made, 'smtp-url'), 'smtp://127.0.0.1:25\n');
});
afterAll(() => rmSync(made, { recursive: true, force: true }));

/** The guide's own values, put in by the guide's own `sed`. */
function fillEnv(): string {
  const sed =
    /^sed -i \/etc\/noegle\/noegle\.env (\\\n(?: {2}-e '[^']*'(?: \\)?\n)+)/m.exec(guide)?.[1] ?? '';
  const file = path.join(made, 'noegle.env');
  writeFileSync(file, read('noegle.env'));
  execFileSync('sh', ['-c', `sed -i "$0" ${sed}`, file]);
  return readFileSync(file, 'utf8').replaceAll('/etc/noegle/', `${made}/`);
}

/** As systemd and the shell read it. */
function parseEnv(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const [, name = line, value = ''] = /^([A-Z_]+)='([^']*)'$/.exec(line) ?? [];
      return [name, value];
    }),
  );
}

function listFaults(env: Record<string, string>): string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n').slice(1);
    throw error;
  }
}

test('noegle.env, filled in as the guide says, is a configuration without a fault', () => {
  const filled = fillEnv();
  // The comments keep the sign that stands for all placeholders.
  expect(filled.replaceAll(/^#.*$/gm, '')).not.toMatch(/<[A-Z-]+>/);
  const env = parseEnv(filled);
  const config = readConfig({ ...env, NODE_ENV: 'production', PORT: '3001' }) as ServerConfig;
  expect([config.mode, config.issuer, config.rules.binding]).toEqual([
    'server',
    'https://id.example',
    'require',
  ]);
});

test('every setting that a server requires is in it, and each of them is needed', () => {
  const env = parseEnv(fillEnv());
  const required = listFaults({ DATABASE_URL: 'postgres://x:y@z/a', NOEGLE_PRINT_URL: 'https://p.example' })
    .map((fault) => /^- ([A-Z_]+)/.exec(fault)?.[1] ?? fault)
    .concat('NOEGLE_PRINT_URL', 'DATABASE_URL');
  expect(required.length).toBeGreaterThan(11);
  const names = Object.keys(env);
  expect(required.filter((name) => !names.includes(name) && !names.includes(`${name}_FILE`))).toEqual([]);
  for (const name of required.filter((one) => one !== 'DATABASE_URL' && one !== 'NOEGLE_PRINT_TOKEN_FILE')) {
    const { [names.includes(name) ? name : `${name}_FILE`]: _dropped, ...without } = env;
    expect([name, listFaults(without).join()]).toEqual([name, expect.stringContaining(name)]);
  }
});

test('a node has the flags of `npm start`, wherever it is started', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };
  const flags = scripts.start.match(/--[\w-]+(=\d+)?/g) ?? [];
  expect(flags.length).toBeGreaterThan(4);
  const places = {
    'noegle.service': /^ExecStart=(.*)$/m.exec(read('noegle.service'))?.[1],
    'noegle@.service': /^ExecStart=(.*)$/m.exec(read('noegle@.service'))?.[1],
    noegle: /set -- (--[^\n]*)/.exec(read('noegle'))?.[1],
    Dockerfile: /^CMD (.*)$/m.exec(readFileSync('Dockerfile', 'utf8'))?.[1],
  };
  for (const [place, line] of Object.entries(places))
    expect([place, line?.match(/--[\w-]+(=\d+)?/g)]).toEqual([place, flags]);
});

test('the command line takes other settings, and never runs without those that NOEGLE_ENV names', () => {
  // A shell in place of Node: prints what it got.
  const home = path.join(made, 'home');
  mkdirSync(path.join(home, 'node_modules/.bin'), { recursive: true });
  writeFileSync(
    path.join(home, 'node_modules/.bin/node'),
    '#!/bin/sh\necho "$NOEGLE_ISSUER ${NOEGLE_ENV:-} ${NOEGLE_HOME:-}" "${DATABASE_URL_FILE:-none}"\n',
    { mode: 0o755 },
  );
  // Not root: an id of one's own first in the path.
  const bin = path.join(made, 'bin');
  const run = (uid: number, env: string, ...args: string[]) => {
    mkdirSync(bin, { recursive: true });
    writeFileSync(path.join(bin, 'id'), `#!/bin/sh\necho ${uid}\n`, { mode: 0o755 });
    const PATH = `${bin}:${process.env['PATH']}`;
    return spawnSync('sh', [path.join(FOLDER, 'noegle'), ...args], {
      encoding: 'utf8',
      timeout: 10_000,
      env: { PATH, NOEGLE_HOME: home, NOEGLE_ENV: env },
    });
  };
  const file = path.join(made, 'rehearsal.env');
  writeFileSync(file, "NOEGLE_ISSUER='https://rehearsal.example'\n");
  expect(run(1_000, file, 'status').stdout).toBe('https://rehearsal.example   none\n');
  const missing = run(1_000, `${file}.not`, 'status');
  expect([missing.status, missing.stdout]).toEqual([1, '']);
  expect(missing.stderr).toContain('which NOEGLE_ENV names');
  // As the owner of the tables, and of the database that the settings are of.
  for (const command of ['migrate', 'connections']) {
    expect(run(0, file, command).stdout).toContain(' /etc/noegle-owner/rehearsal/noegle_owner.url');
    expect(run(0, '/etc/noegle/noegle-0.2.0.env', command).stdout).toContain(
      ' /etc/noegle-owner/noegle_owner.url',
    );
  }
});

/** The output of a `sed` of a guide, with these texts put in for its paths. */
function runSed(page: string, begin: RegExp, input: string): string {
  const text = readFileSync(page, 'utf8');
  const [, args = ''] = begin.exec(text) ?? [];
  const other = /^other='([^']*)'$/m.exec(text)?.[1] ?? '';
  return execFileSync('sh', ['-c', `sed ${args.replaceAll('\\\n', ' ')}`], {
    input,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], other },
  });
}

test('upgrade: a node has a unit of its own, in which nothing is of the common link and file', () => {
  const unit = runSed('docs/how-to/upgrade.md', /^sed ((?:-e '[^']*' ?)+)/m, read('noegle@.service'));
  expect(unit).not.toMatch(/\/opt\/noegle(?!-0\.2\.0\/|-0\.2\.0$)/m);
  expect(unit).toMatch(/^EnvironmentFile=\/etc\/noegle\/noegle-0\.2\.0\.env$/m);
  expect(unit).toMatch(/^WorkingDirectory=\/opt\/noegle-0\.2\.0$/m);
  expect(unit.split('\n')).toHaveLength(read('noegle@.service').split('\n').length);
});

test('a rehearsal: neither the database nor the key rings of its settings are those of production', () => {
  const page = 'docs/how-to/operator-commands.md';
  const url = (given: string) => runSed(page, /^sed (-E "\$other")/m, given);
  expect(url('postgres://noegle_app:x@db/noegle')).toBe('postgres://noegle_app:x@db/noegle_rehearsal');
  expect(url('postgres://noegle_app:x@db/noegle?sslmode=verify-full&sslrootcert=/etc/noegle/a.pem')).toBe(
    'postgres://noegle_app:x@db/noegle_rehearsal?sslmode=verify-full&sslrootcert=/etc/noegle/a.pem',
  );
  const env = parseEnv(runSed(page, /^sed ((?:-e '[^']*'\s)+)/m, read('noegle.env')));
  for (const name of ['DATABASE_URL_FILE', 'NOEGLE_DIRECT_DATABASE_URL_FILE', 'NOEGLE_KEYS_FILE'])
    expect(env[name]).toMatch(/^\/etc\/noegle\/rehearsal\//);
});

test('both units are one, and give a node the time that it takes to stop', () => {
  const lines = (text: string) =>
    text
      .split('\n')
      .slice(1)
      .filter((line) => !line.startsWith('Description='));
  expect(lines(read('noegle@.service').replaceAll('%i', '3000'))).toEqual(lines(read('noegle.service')));
  const leave = Number(parseEnv(read('noegle.env'))['NOEGLE_LEAVE_SECONDS']);
  const stop = Number(/^TimeoutStopSec=(\d+)$/m.exec(read('noegle.service'))?.[1]);
  const [drain, worker] = [10, 8];
  expect(stop).toBeGreaterThan(leave + drain + worker);
  expect(readFileSync('src/jobs/worker.ts', 'utf8')).toContain(`STOP_MS = ${worker}_000`);
});

test('systemd reads the units, and finds little that a node is exposed by', () => {
  for (const unit of ['noegle.service', 'noegle@.service']) {
    const file = path.join(FOLDER, unit);
    const run = (...args: string[]) =>
      spawnSync('systemd-analyze', args, { encoding: 'utf8', timeout: 20_000 });
    const verified = run('verify', file);
    if (verified.error) return console.info('skipped: systemd-analyze is not installed');
    // The program is where a server has it, not here.
    const faults = verified.stderr
      .split('\n')
      .filter((line) => line !== '' && !line.includes('is not executable'));
    expect([unit, faults]).toEqual([unit, []]);
    // In tenths; a unit without any of it has 96.
    expect([unit, run('security', '--offline=true', '--threshold=20', file).status]).toEqual([unit, 0]);
  }
});

let health = 200;
const server = useServer((_req, res) => void res.writeHead(health).end('{}'));

test("the image's health check believes a node that is ready, and no other", async () => {
  const [, command = ''] = /^HEALTHCHECK .*\n {2}CMD (.*)$/m.exec(readFileSync('Dockerfile', 'utf8')) ?? [];
  const [program = '', ...args] = JSON.parse(command) as string[];
  const check = async (port: string) => {
    const child = spawn(program, args, { env: { ...process.env, PORT: port } });
    return (await once(child, 'exit', { signal: AbortSignal.timeout(10_000) }))[0] as number;
  };
  const { port } = new URL(server.origin);
  expect(await check(port)).toBe(0);
  health = 503;
  expect(await check(port)).not.toBe(0);
  expect(await check('1')).not.toBe(0);
});

test('the proxy of docker-compose.yml is that of the example, without TLS', () => {
  const lines = (name: string) =>
    read(name)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) =>
        /^(timeout|retr|option|tune|default-server check|use_backend|default_backend|http-request (set|del|disable|deny deny_status 404))/.test(
          line,
        ),
      );
  expect(lines('haproxy.docker.cfg')).toEqual(lines('haproxy.cfg'));
  expect(lines('haproxy.cfg').length).toBeGreaterThan(15);
});

test('the page of the proxies has the words and the style of the one that a node would answer with', () => {
  const page = read('unavailable.html');
  const styles = [...page.matchAll(/<style>([^]*?)<\/style>/g)].map(([, style]) => style);
  expect(styles).toEqual([PLAIN_STYLE]);
  const words = [da, en].flatMap(({ errorPages }) => {
    const { title, why, next } = errorPages.unavailable;
    return [title, why, next];
  });
  const phone = [da, en].map(({ errorParts }) => `${errorParts.phone} <strong><PHONE></strong>`);
  expect([...words, ...phone].filter((text) => !page.includes(`>${text}<`))).toEqual([]);
  expect(page).not.toMatch(/<script|https?:|src=/);
});

test('every file of the folder is named in a guide, and every file that the guide names is there', () => {
  const files = readdirSync(FOLDER);
  const guides = readdirSync('docs/how-to')
    .filter((name) => name.endsWith('.md'))
    .map((name) => readFileSync(path.join('docs/how-to', name), 'utf8'));
  expect(files.filter((name) => !guides.some((text) => text.includes(name)))).toEqual([]);
  const named = [...guide.matchAll(/examples\/operations\/([\w@.-]*\w)/g)].map(([, name]) => name);
  expect(named.filter((name) => !files.includes(name ?? ''))).toEqual([]);
  expect(named.length).toBeGreaterThan(6);
});
