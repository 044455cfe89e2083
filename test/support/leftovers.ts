/**
 * Nothing outlives a run, however it ends. A separate process waits for the end of the run, which also `kill
 * -9` brings, and then ends every process that the run started and removes its folders. Such a process is
 * recognised by its environment, which children inherit; so this needs /proc, and elsewhere only the folders
 * are removed.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Names the run that started a process, in its environment. Variables of Nøgle's are removed from that of a
 * node.
 */
export const RUN_VARIABLE = 'TEST_RUN_FOLDER';

const CLEANER = path.resolve('test/support/leftoversCleaner.mjs');

/** @param folders the first one identifies the run */
export async function cleanUpAfter(folders: readonly string[]): Promise<void> {
  const [run = ''] = folders;
  const { NODE_OPTIONS: _, [RUN_VARIABLE]: __, ...env } = process.env;
  // In a separate session, so that Ctrl-C does not reach it; and without the variable by which it finds
  // processes.
  const cleaner = spawn(process.execPath, [CLEANER, RUN_VARIABLE, run, ...folders], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env,
  });
  await new Promise((resolve, reject) => cleaner.once('spawn', () => resolve(null)).once('error', reject));
  cleaner.unref();
  // The pipe closes when this process ends. It does not keep the process alive.
  (cleaner.stdin as unknown as { unref(): void }).unref();
  process.env[RUN_VARIABLE] = run;
}

/** For a process that gets a separate environment. */
export function markOfRun(): Record<string, string> {
  const run = process.env[RUN_VARIABLE];
  return run === undefined ? {} : { [RUN_VARIABLE]: run };
}

export interface Leftover {
  readonly pid: number;
  readonly command: string;
}

/** The processes that have this in their environment. */
export function findProcesses(mark: string): Leftover[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      if (!environment.includes(mark)) return [];
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return [{ pid: Number(pid), command }];
    } catch {
      // It ended in the meantime, or belongs to another user.
      return [];
    }
  });
}
