/** A PostgreSQL server of Debian's: a primary or its standby, created, killed, promoted and created again. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);
const DEBIAN = '/usr/lib/postgresql';
const READY_MS = 30_000;

/** PostgreSQL does not run as root. */
export interface SystemUser {
  readonly uid?: number;
  readonly gid?: number;
}

export async function systemUser(): Promise<SystemUser> {
  if (process.getuid?.() !== 0) return {};
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}

export function binaries(): string {
  const [newest] = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  if (!newest) throw new Error('no PostgreSQL of Debian here: apt-get install postgresql');
  return path.join(DEBIAN, newest, 'bin');
}

/** Commits are acknowledged when the standby has them on its disk; `*` while there is a standby. */
const SYNCHRONOUS = 'synchronous.conf';

export class PostgresServer {
  readonly folder: string;
  readonly port: number;
  readonly #user: SystemUser;
  #child: ChildProcess | null = null;

  constructor(folder: string, port: number, user: SystemUser) {
    this.folder = folder;
    this.port = port;
    this.#user = user;
  }

  url(database = 'postgres'): string {
    return `postgres://postgres@127.0.0.1:${this.port}/${database}`;
  }

  async init(): Promise<void> {
    await this.#command('initdb', ['-D', this.folder, '-U', 'postgres', '-A', 'trust', '--no-sync']);
    await appendFile(
      path.join(this.folder, 'postgresql.conf'),
      ['max_connections = 100', 'wal_keep_size = 256MB', `include_if_exists = '${SYNCHRONOUS}'`, ''].join(
        '\n',
      ),
    );
  }

  async start(): Promise<void> {
    const args = ['-D', this.folder, '-p', String(this.port), '-h', '127.0.0.1', '-k', ''];
    // A separate process group, so that all of its processes are killed with one signal, as when a machine is
    // lost.
    const options = { ...this.#user, detached: true, stdio: 'ignore' } as const;
    this.#child = spawn(path.join(binaries(), 'postgres'), args, options);
    const end = performance.now() + READY_MS;
    while (!(await this.ask('SELECT 1').catch(() => null))) {
      if (performance.now() > end) throw new Error(`PostgreSQL does not start: ${this.folder}`);
      await setTimeout(50);
    }
  }

  /** Runs one statement on a separate connection, directly to this server. */
  async ask<Row extends pg.QueryResultRow>(text: string, database = 'postgres'): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url(database), connectionTimeoutMillis: 1_000 });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async kill9(): Promise<void> {
    const child = this.#child;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    process.kill(-child.pid, 'SIGKILL');
    await gone;
    this.#child = null;
  }

  async setSynchronous(isOn: boolean): Promise<void> {
    const names = isOn ? '*' : '';
    await writeFile(path.join(this.folder, SYNCHRONOUS), `synchronous_standby_names = '${names}'\n`);
    await this.ask('SELECT pg_reload_conf()');
  }

  async promote(): Promise<void> {
    // It has no standby yet, for which a commit would wait.
    await this.setSynchronous(false);
    await this.ask('SELECT pg_promote(true, 30)');
  }

  /** Creates it again from scratch, as the standby of another server. */
  async follow(primary: PostgresServer): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    const from = ['-h', '127.0.0.1', '-p', String(primary.port), '-U', 'postgres'];
    await this.#command('pg_basebackup', [...from, '-D', this.folder, '-R', '-X', 'stream', '-c', 'fast']);
    await this.start();
    await primary.setSynchronous(true);
    const end = performance.now() + READY_MS;
    for (;;) {
      const rows = await primary.ask<{ sync_state: string }>('SELECT sync_state FROM pg_stat_replication');
      if (rows.some(({ sync_state: state }) => state === 'sync')) return;
      if (performance.now() > end) throw new Error('the standby does not follow');
      await setTimeout(50);
    }
  }

  async #command(name: string, args: readonly string[]): Promise<void> {
    await run(path.join(binaries(), name), args, { ...this.#user, cwd: '/' });
  }
}
