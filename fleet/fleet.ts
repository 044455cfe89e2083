/**
 * A fleet that loses nothing: `npm run fleet [-- --rounds N --faults a,b --seconds S --seed X --results
 * FILE]`. People sign in and out while faults strike, and the client's own record is compared with the
 * database. Needs Debian's PostgreSQL, Patroni, etcd, HAProxy and faketime, and nothing outside of this
 * computer.
 *
 * This process checks what is needed; the run itself (fleet/run.ts) has its files and disks in memory, in a
 * mount namespace of its own. So no mount, process or file is left, however either of them ends. Without root
 * there is no such namespace: files are in a folder that is removed, and no disk can be filled.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cleanUpAfter } from '../test/support/leftovers.ts';
import { findPrograms } from './programs.ts';

const MEMORY = '/dev/shm';
const MEMORY_SIZE = '8g';

try {
  findPrograms();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}
const folder = await mkdtemp(path.join(tmpdir(), 'noegle-fleet-'));
await cleanUpAfter([folder]);
const isRoot = process.getuid?.() === 0;
const inside = isRoot ? path.join(MEMORY, 'fleet') : folder;
const command = [process.execPath, 'fleet/run.ts', '--folder', inside, ...process.argv.slice(2)];
const mountMemory = `mount -t tmpfs -o size=${MEMORY_SIZE},mode=1777 fleet ${MEMORY} && exec "$@"`;
const [program = '', ...args] = isRoot
  ? ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', mountMemory, 'sh', ...command]
  : command;
const child = spawn(program, args, { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
const [code] = (await once(child, 'exit')) as [number | null];
await rm(folder, { recursive: true, force: true });
process.exit(code ?? 1);
