/** One sandbox a folder: a second one would stop the database under the first. */
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '../config/config.ts';

/** @returns the release. A claim that a killed process left behind is taken over. @throws ConfigError */
export async function lockDataDir(dataDir: string): Promise<() => Promise<void>> {
  const file = path.join(dataDir, 'running.pid');
  // Of two that start at once, the file system lets one make the file.
  const take = async () =>
    writeFile(file, `${process.pid} ${await readProcessStart(process.pid)}`, { flag: 'wx' });
  try {
    await take();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const [pid = '', startedAt = ''] = (await readFile(file, 'utf8')).split(' ');
    const holder = Number(pid);
    const isHeld = holder === 0 ? await isRecentlyCreated(file) : await isProcessRunning(holder, startedAt);
    if (isHeld) {
      throw new ConfigError([
        `a sandbox with the data in ${dataDir} is already running (process ${holder || 'just starting'}); ` +
          `stop it, or choose another folder: NOEGLE_DATA_DIR=…`,
      ]);
    }
    await rm(file);
    await take();
  }
  return () => rm(file, { force: true });
}

/** Whether a sandbox with this data is running, or just starting. */
export async function isDataDirLocked(dataDir: string): Promise<boolean> {
  const text = await readFile(path.join(dataDir, 'running.pid'), 'utf8').catch(() => '');
  const [pid = '', startedAt = ''] = text.split(' ');
  return Number(pid) > 0 && (await isProcessRunning(Number(pid), startedAt));
}

/** A file without a number: somebody is just writing it, or was killed before. */
async function isRecentlyCreated(file: string): Promise<boolean> {
  return performance.timeOrigin + performance.now() - (await stat(file)).mtimeMs < 5_000;
}

/** The same number may belong to another process by now: the time of its start tells, where the system tells that. */
async function isProcessRunning(pid: number, startedAt: string): Promise<boolean> {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return (await readProcessStart(pid)) === startedAt;
}

/** Ticks since the boot, from Linux' /proc; empty elsewhere. */
async function readProcessStart(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
