/** Nøgle as a separate process, as `npm start` runs it: started, signalled, killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { excerpt } from './excerpt.ts';
import { PATIENT_DATABASE_MS } from './timed.ts';
import { CONTACT_ENV } from './contact.ts';
import type { Nodes } from './nodes.ts';

const READY_MS = 90_000;
const STOP_MS = 60_000;

type ProcessEnvironment = Record<string, string>;

/** A built checkout. */
export interface Build {
  readonly folder: string;
  /** The settings that it knows: another one in its environment would keep it from starting. */
  knows(setting: string): boolean;
}

const THIS_BUILD: Build = { folder: '.', knows: () => true };

/** The environment of this machine without the variables of tests or of Nøgle. */
export function cleanEnv(env: ProcessEnvironment, build: Build): ProcessEnvironment {
  const inherited = Object.entries(process.env).filter(
    ([name, value]) =>
      value !== undefined && !/^(NOEGLE_|NODE_OPTIONS|NODE_ENV|DATABASE_URL|PORT$|JEST_)/.test(name),
  ) as [string, string][];
  // A busy machine does not count as an unavailable database.
  const patience = { NOEGLE_DATABASE_TIMEOUT_MS: String(PATIENT_DATABASE_MS) };
  const all = { ...Object.fromEntries(inherited), ...patience, ...env };
  const known = Object.entries(all).filter(([name]) => !name.startsWith('NOEGLE_') || build.knows(name));
  return Object.fromEntries(known);
}

export class RunningNoegle {
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | null>;
  output = '';

  constructor(env: ProcessEnvironment, build = THIS_BUILD) {
    const program = path.join(build.folder, 'dist/main.js');
    this.#child = spawn(process.execPath, ['--enable-source-maps', program], { env: cleanEnv(env, build) });
    this.#child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.#exit = new Promise((resolve) => this.#child.on('exit', (code) => resolve(code)));
  }

  /** @returns milliseconds to the message that it is ready */
  async ready(): Promise<number> {
    const startedAt = performance.now();
    while (!/Nøgle is ready|"msg":"ready"/.test(this.output)) {
      if (this.#child.exitCode !== null) throw new Error(`it ended: ${excerpt(this.output)}`);
      if (performance.now() - startedAt > READY_MS) throw new Error(`not ready: ${excerpt(this.output)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return performance.now() - startedAt;
  }

  /** @returns the exit code; null when it was killed */
  async exited(): Promise<number | null> {
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error(`it does not end: ${excerpt(this.output)}`)), STOP_MS).unref();
    });
    return await Promise.race([this.#exit, late]);
  }

  /** Ends it as a roll-out of a new version does. */
  async terminate(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    return await this.exited();
  }

  async stop(): Promise<number | null> {
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    // Twice, as a terminal and npm do.
    this.#child.kill('SIGINT');
    this.#child.kill('SIGINT');
    const code = await this.exited();
    if (code) console.error(`it ended with ${code}: ${excerpt(this.output)}`);
    return code;
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error('it was never started');
    return pid;
  }

  isGone(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async kill9(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited();
  }
}

/** Runs an operator command, as built, to its end. */
export async function runCli(
  args: readonly string[],
  env: ProcessEnvironment,
  build = THIS_BUILD,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const program = path.join(build.folder, 'dist/cli.js');
  const child = spawn(process.execPath, [program, ...args], { env: cleanEnv(env, build) });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stdout, stderr };
}

/** The environment that operator commands need for a suite's installation. */
export async function commandEnv(nodes: Nodes, folder: string): Promise<ProcessEnvironment> {
  const keys = path.join(folder, 'keys.json');
  await writeFile(keys, JSON.stringify(nodes.keyringFile));
  return {
    ...(await postEnv(folder)),
    DATABASE_URL: nodes.database.appUrl,
    NOEGLE_ISSUER: nodes.issuer,
    NOEGLE_KEYS_FILE: keys,
  };
}

export interface DemoFile {
  issuer: string;
  people: {
    name: string;
    userId: string;
    password: string;
    publicSites: boolean;
    role: string;
    cards: { cardNumber: string; keys: Record<string, string>; spent: string[] }[];
  }[];
  relyingParties: { clientId: string; clientSecret: string; kind: string; redirectUris: string[] }[];
}

export async function readDemo(dataDir: string): Promise<DemoFile> {
  return JSON.parse(await readFile(path.join(dataDir, 'demo.json'), 'utf8')) as DemoFile;
}

/** The sandbox's database, for a second node. */
export async function sandboxDatabaseUrl(dataDir: string): Promise<string> {
  const password = await readFile(path.join(dataDir, 'postgres-password'), 'utf8');
  const [, , , port] = (await readFile(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n');
  return `postgres://noegle:${password}@127.0.0.1:${port}/noegle`;
}

/**
 * The environment that a server needs to send letters and mail; without a print house nothing answers there.
 */
export async function postEnv(
  folder: string,
  house: { url: string; cardJwk: JWK; passwordJwk: JWK } | null = null,
): Promise<ProcessEnvironment> {
  const keyFile = async (name: string, jwk: JWK | undefined) => {
    const { publicKey } = await generateKeyPair('ECDH-ES+A256KW', { extractable: true });
    const file = path.join(folder, `${name}.jwk`);
    await writeFile(file, JSON.stringify(jwk ?? (await exportJWK(publicKey))));
    return file;
  };
  return {
    ...CONTACT_ENV,
    NOEGLE_PRINT_URL: house?.url ?? 'http://127.0.0.1:9/letters',
    NOEGLE_PRINT_CARD_KEY_FILE: await keyFile('cards', house?.cardJwk),
    NOEGLE_PRINT_PASSWORD_KEY_FILE: await keyFile('passwords', house?.passwordJwk),
    NOEGLE_SMTP_URL: 'smtp://127.0.0.1:9',
    NOEGLE_MAIL_FROM: 'Nøgle <no-reply@noegle.example>',
  };
}
