/** One sandbox a folder: a second one would stop the database under the first. */
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ConfigFault } from '../config.ts';

/** @returns the release. A claim that a killed process left behind is taken over. @throws ConfigFault */
export async function claim(dataDir: string): Promise<() => Promise<void>> {
  const file = path.join(dataDir, 'running.pid');
  // Of two that start at once, the file system lets one make the file.
  const take = () => writeFile(file, String(process.pid), { flag: 'wx' });
  try {
    await take();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const holder = Number(await readFile(file, 'utf8'));
    const isHeld = holder === 0 ? await isYoung(file) : holder !== process.pid && isRunning(holder);
    if (isHeld) {
      throw new ConfigFault([
        `a sandbox with the data in ${dataDir} is already running (process ${holder || 'just starting'}); ` +
          `stop it, or choose another folder: NOEGLE_DATA_DIR=…`,
      ]);
    }
    await rm(file);
    await take();
  }
  return () => rm(file, { force: true });
}

/** A file without a number: somebody is just writing it, or was killed before. */
async function isYoung(file: string): Promise<boolean> {
  return performance.timeOrigin + performance.now() - (await stat(file)).mtimeMs < 5_000;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
