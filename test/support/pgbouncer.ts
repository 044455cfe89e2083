/** PgBouncer of this machine, in front of one database of a suite. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './ports.ts';

export interface PgBouncer {
  readonly url: string;
  readonly output: () => string;
  stop(): Promise<void>;
}

const WAIT_MS = 10_000;

/**
 * The binary of `NOEGLE_PGBOUNCER`, or Debian's. @returns null where there is none that fits
 * @param fits of the version, such as `1.21.0`
 */
export function findPgBouncer(fits: (minor: number) => boolean): string | null {
  const places = [process.env['NOEGLE_PGBOUNCER'], '/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'];
  return (
    places.find((file): file is string => {
      if (!file || !existsSync(file)) return false;
      const version = execFileSync(file, ['--version'], { encoding: 'utf8' });
      return fits(Number(/PgBouncer 1\.(\d+)/.exec(version)?.[1] ?? -1));
    }) ?? null
  );
}

/** @param settings of the section `[pgbouncer]` */
export async function startPgBouncer(
  binary: string,
  url: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<PgBouncer> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const own = await freePort();
  // Below the folder of the system: it runs as another user.
  const folder = await mkdtemp(path.join(tmpdir(), 'noegle-pgbouncer-'));
  await chmod(folder, 0o755);
  const database = pathname.slice(1);
  const all = {
    listen_addr: '127.0.0.1',
    listen_port: String(own),
    unix_socket_dir: '',
    auth_type: 'any',
    pool_mode: 'transaction',
    ...settings,
  };
  const ini = [
    '[databases]',
    `${database} = host=${hostname} port=${port} dbname=${database} user=${username} password=${password}`,
    '[pgbouncer]',
    ...Object.entries(all).map(([name, value]) => `${name} = ${value}`),
  ].join('\n');
  const file = path.join(folder, 'pgbouncer.ini');
  await writeFile(file, `${ini}\n`, { mode: 0o644 });
  // It does not run as root.
  const as = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = spawn(binary, [file], { ...as, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (output += text.toString()));
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const end = performance.now() + WAIT_MS;
  while (!(await isListening(own))) {
    if (child.exitCode !== null || performance.now() > end) throw new Error(`no PgBouncer: ${output}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    url: `postgres://${username}:${password}@127.0.0.1:${own}/${database}`,
    output: () => output,
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function isListening(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const probe = connect(port, '127.0.0.1');
    probe.on('connect', () => resolve(true)).on('error', () => resolve(false));
    probe.on('connect', () => probe.destroy());
  });
}
