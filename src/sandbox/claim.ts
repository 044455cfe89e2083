/** One sandbox a folder: a second one would stop the database under the first. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ConfigFault } from '../config.ts';

/** @returns the release. A claim that a killed process left behind is taken over. @throws ConfigFault */
export async function claim(dataDir: string): Promise<() => Promise<void>> {
  const file = path.join(dataDir, 'running.pid');
  const holder = Number(await readFile(file, 'utf8').catch(() => ''));
  if (holder > 0 && holder !== process.pid && isRunning(holder)) {
    throw new ConfigFault([
      `a sandbox with the data in ${dataDir} is already running (process ${holder}); ` +
        `stop it, or choose another folder: NOEGLE_DATA_DIR=…`,
    ]);
  }
  await writeFile(file, String(process.pid));
  return () => rm(file, { force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
