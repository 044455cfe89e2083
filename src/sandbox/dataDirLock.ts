/** One sandbox for each folder: a second one would stop the database of the first. */
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '../config/config.ts';

/**
 * @param port of the sandbox: what runs beside it, such as a command, asks for it (`readRunningPort`)
 * @returns the function that releases the lock. A lock that a killed process left behind is taken over.
 *   @throws ConfigError when another sandbox has it
 */
export async function lockDataDir(dataDir: string, port: number): Promise<() => Promise<void>> {
  const file = path.join(dataDir, 'running.pid');
  // When two start concurrently, the file system lets exactly one create the file.
  const createLockFile = async () =>
    writeFile(file, `${process.pid} ${await readProcessStart(process.pid)} ${port}`, { flag: 'wx' });
  try {
    await createLockFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const [pid = '', startedAt = ''] = (await readFile(file, 'utf8')).split(' ');
    const holder = Number(pid);
    const isLocked = holder === 0 ? await isRecentlyCreated(file) : await isProcessRunning(holder, startedAt);
    if (isLocked) {
      throw new ConfigError([
        `a sandbox with the data in ${dataDir} is already running (process ${holder || 'just starting'}); ` +
          `stop it, or choose another folder: NOEGLE_DATA_DIR=…`,
      ]);
    }
    await rm(file);
    await createLockFile();
  }
  return () => rm(file, { force: true });
}

/** Whether a sandbox with this data is running, or just starting. */
export async function isDataDirLocked(dataDir: string): Promise<boolean> {
  const text = await readFile(path.join(dataDir, 'running.pid'), 'utf8').catch(() => '');
  const [pid = '', startedAt = ''] = text.split(' ');
  return Number(pid) > 0 && (await isProcessRunning(Number(pid), startedAt));
}

/** The port of the sandbox that has the lock; null where it did not write it. */
export async function readRunningPort(dataDir: string): Promise<number | null> {
  const text = await readFile(path.join(dataDir, 'running.pid'), 'utf8').catch(() => '');
  return Number(text.split(' ')[2]) || null;
}

/** A file without a process id: it is being written now, or its writer was killed. */
async function isRecentlyCreated(file: string): Promise<boolean> {
  return performance.timeOrigin + performance.now() - (await stat(file)).mtimeMs < 5_000;
}

/**
 * The process id may belong to another process now: the start time distinguishes them, where the system
 * provides it.
 */
async function isProcessRunning(pid: number, startedAt: string): Promise<boolean> {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return (await readProcessStart(pid)) === startedAt;
}

/** Clock ticks since boot, from Linux' /proc; empty on other systems. */
async function readProcessStart(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
