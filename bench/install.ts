/**
 * A Nøgle as in production, only for the bench: a dedicated database and key rings, node processes behind one
 * issuer, all on the loopback. With `DATABASE_URL` the database is created on that server, and dropped at the
 * end.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { promisify } from 'node:util';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/platform/embeddedPostgres.ts';
import { Keyring, keyringSchema } from '../src/platform/keyring.ts';
import { createDatabase, migrateDatabase } from '../src/db/migrations.ts';

/** A production server loads this extension anyway; the bench reads its statistics. */
const SETTINGS = { shared_preload_libraries: 'pg_stat_statements', max_connections: '200' };
const DATABASE = 'noegle_bench';
export const HOST = 'id.bench.example';

export interface BenchInstallation {
  readonly keyring: Keyring;
  /** Connections of the bench itself; their statements are not counted with those of the nodes. */
  readonly database: pg.Pool;
  readonly databaseUrl: string;
  /** The process id of the server; null where it is not on this machine. */
  readonly postgresPid: number | null;
  readonly nodes: readonly BenchNode[];
  startNode(env?: Record<string, string>, start?: NodeStart): Promise<BenchNode>;
  /** The environment of a node or a command that has these rules. */
  rulesAs(rules: object): Promise<Record<string, string>>;
  /** The environment of a node that streams its audit log to a folder. */
  sinkAs(): Promise<Record<string, string>>;
  /** Runs a command of this checkout to its end. @throws when it exits with anything but 0 */
  runCommand(args: readonly string[], env?: Record<string, string>): Promise<void>;
  stop(): Promise<void>;
}

/** Which build is started, and how. */
export interface NodeStart {
  /** A built checkout; defaults to this one. */
  readonly checkout?: string;
  readonly flags?: readonly string[];
}

export interface BenchNode {
  readonly port: number;
  readonly pid: number;
  /** From the start of the process to the first answer that it is ready. */
  readonly readyMs: number;
  stop(): Promise<void>;
}

export interface BenchInstallationOptions {
  /** Where several are on one server. */
  readonly name?: string;
  /** A built checkout that makes the key rings: a version refuses rings that it does not know. */
  readonly keysOf?: string;
}

/** @param mailPort the port of a mail server that accepts everything */
export async function installForBench(
  mailPort: number,
  { name = DATABASE, keysOf }: BenchInstallationOptions = {},
): Promise<BenchInstallation> {
  await mkdir('.tmp', { recursive: true });
  const folder = await mkdtemp(path.resolve('.tmp/bench-'));
  const adminUrl = process.env['DATABASE_URL'];
  const embedded = adminUrl ? null : await startEmbeddedPostgres(folder, SETTINGS);
  const server = adminUrl ?? embedded?.url ?? '';
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await createDatabase(server, name);
  const databaseUrl = withDatabase(server, name);
  await migrateDatabase(databaseUrl);
  const database = new pg.Pool({ connectionString: databaseUrl, max: 4, application_name: 'bench' });
  // Its connections are cut when the database is dropped.
  database.on('error', () => undefined);
  await database.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
  await database.query('CREATE EXTENSION IF NOT EXISTS pg_walinspect');

  const keyringFile = keysOf === undefined ? Keyring.generate() : await makeKeys(folder, keysOf);
  const env = await productionEnv(folder, databaseUrl, keyringFile, mailPort);
  const nodes: BenchNode[] = [];
  const startNode = async (more: Record<string, string> = {}, start: NodeStart = {}) => {
    const node = await startOne(folder, { ...env, ...more }, start);
    nodes.push(node);
    return node;
  };
  const rulesAs = async (rules: object) => {
    const file = path.join(folder, `rules-${Math.random().toString(36).slice(2)}.json`);
    await writeFile(file, JSON.stringify(rules));
    return { NOEGLE_RULES_FILE: file };
  };
  const runCommand = async (args: readonly string[], more: Record<string, string> = {}) => {
    await promisify(execFile)(process.execPath, ['dist/cli.js', ...args], {
      env: { PATH: process.env['PATH'], ...env, ...more },
      timeout: COMMAND_MS,
    });
  };
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await database.end();
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.end();
    await embedded?.stop();
    await rm(folder, { recursive: true, force: true });
  };
  let stopping: Promise<void> | null = null;
  return {
    keyring: new Keyring(keyringSchema.parse(Keyring.complete(keyringFile) ?? keyringFile)),
    database,
    databaseUrl,
    postgresPid: embedded ? await postmasterOf(database) : null,
    nodes,
    startNode,
    rulesAs,
    sinkAs: async () => {
      const sink = await mkdtemp(path.join(folder, 'sink-'));
      return { NOEGLE_AUDIT_SINK: sink };
    },
    runCommand,
    stop: () => (stopping ??= stop()),
  };
}

async function makeKeys(folder: string, checkout: string): Promise<Record<string, unknown>> {
  const file = path.join(folder, 'made.json');
  await promisify(execFile)(process.execPath, ['dist/cli.js', 'keys', 'make', file], { cwd: checkout });
  return JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/** The process id of the postmaster, which forks all backends. */
async function postmasterOf(database: pg.Pool): Promise<number> {
  const { rows } = await database.query<{ file: string }>(
    `SELECT pg_read_file('postmaster.pid', 0, 20) AS file`,
  );
  const inside = Number(rows[0]?.file.split('\n')[0]);
  if (!(inside > 1)) throw new Error('the server does not say which process it is');
  return inside;
}

const CONTACT = {
  NOEGLE_CONTACT_EMAIL: 'hjaelp@noegle.example',
  NOEGLE_OPERATOR_ADDRESS: 'Laksetorvet 1, 8900 Randers C',
  NOEGLE_OPERATOR_CVR: '12345678',
  NOEGLE_OPERATOR_NAME: 'Prøvekommunen',
};

/** Letters go nowhere: no one listens at that port. */
async function productionEnv(folder: string, databaseUrl: string, keyring: object, mailPort: number) {
  const { publicKey } = await generateKeyPair('ECDH-ES+A256KW', { extractable: true });
  const file = async (name: string, content: object) => {
    const where = path.join(folder, name);
    await writeFile(where, JSON.stringify(content), { mode: 0o600 });
    return where;
  };
  const printKey = await file('print.jwk', await exportJWK(publicKey));
  return {
    NODE_ENV: 'production',
    // One role does everything here: what is measured is the same.
    NOEGLE_ALLOW_OWNER: 'yes',
    DATABASE_URL: databaseUrl,
    NOEGLE_HOST: '127.0.0.1',
    NOEGLE_ISSUER: `https://${HOST}`,
    NOEGLE_HOTLINE: '70 10 20 30',
    ...CONTACT,
    NOEGLE_KEYS_FILE: await file('keys.json', keyring),
    NOEGLE_PRINT_URL: 'http://127.0.0.1:9/letters',
    NOEGLE_PRINT_CARD_KEY_FILE: printKey,
    NOEGLE_PRINT_PASSWORD_KEY_FILE: await file('passwords.jwk', await exportJWK(await otherKey())),
    NOEGLE_SMTP_URL: `smtp://127.0.0.1:${mailPort}`,
    // As docs/how-to/running.md starts a node.
    MALLOC_ARENA_MAX: '2',
    NOEGLE_MAIL_FROM: 'Nøgle <no-reply@noegle.example>',
    // People come through one proxy, each from a separate address.
    NOEGLE_PROXY_HOPS: '1',
    NOEGLE_LEAVE_SECONDS: '0',
  };
}

async function otherKey() {
  return (await generateKeyPair('ECDH-ES+A256KW', { extractable: true })).publicKey;
}

const FLAGS = [
  '--enable-source-maps',
  '--expose-gc',
  '--max-semi-space-size=16',
  '--max-old-space-size=1024',
];
const READY_MS = 30_000;
const STOP_MS = 15_000;
const COMMAND_MS = 120_000;

/** A build refuses to start with a setting that it does not know: those of another version are left out. */
async function omitUnknown(env: Record<string, string>, checkout: string): Promise<Record<string, string>> {
  const folder = path.join(checkout, 'dist/config');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.js'));
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
  const isKnown = (name: string) => !name.startsWith('NOEGLE_') || texts.some((text) => text.includes(name));
  return Object.fromEntries(Object.entries(env).filter(([name]) => isKnown(name)));
}

async function startOne(
  folder: string,
  env: Record<string, string>,
  { checkout = '.', flags: nodeFlags = [] }: NodeStart,
): Promise<BenchNode> {
  const port = await findBenchPort();
  const log = openSync(path.join(folder, `node-${port}.log`), 'a');
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(NOEGLE_|NODE_|DATABASE_URL$|PORT$)/.test(name),
  );
  // For a profile: BENCH_NODE_FLAGS='--cpu-prof'.
  const flags = (process.env['BENCH_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');
  const known = await omitUnknown(env, checkout);
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...FLAGS, ...flags, ...nodeFlags, 'dist/main.js'], {
    cwd: checkout,
    env: { ...Object.fromEntries(inherited), ...known, PORT: String(port) },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  await untilReady(child, port, startedAt);
  return {
    port,
    pid: child.pid ?? 0,
    readyMs: performance.now() - startedAt,
    stop: async () => await endProcess(child),
  };
}

async function untilReady(child: ChildProcess, port: number, startedAt: number): Promise<void> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null);
    if (answer?.ok) return;
    if (child.exitCode !== null) throw new Error(`a node ended with ${child.exitCode}; its log is in .tmp`);
    if (performance.now() - startedAt > READY_MS) throw new Error('a node does not get ready');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(late);
}

export async function findBenchPort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
