/** A run that is ended leaves nothing behind: no PostgreSQL, no Chromium, no node, no folder. */
import { afterAll, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { findProcesses, waitUntil } from '../support/index.ts';

const folder = mkdtempSync(path.resolve('.tmp/leftovers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A separate run, with a separate database. */
function startRun(file: string) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(NOEGLE_|JEST_)/.test(name));
  const args = ['--config', 'jest.config.js', '--roots', 'test/support', '--testMatch', '**/hangs.story.ts'];
  return spawn(process.execPath, ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', ...args], {
    env: { ...Object.fromEntries(inherited), NOEGLE_TEST_BUILT: 'yes', TEST_HANGS_FILE: file },
    stdio: 'ignore',
  });
}

test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('a run that ends by %s', async (signal) => {
  const file = path.join(folder, signal);
  const mark = `TEST_HANGS_FILE=${file}`;
  const run = startRun(file);
  await waitUntil('the story is open', () => existsSync(file));
  const before = findProcesses(mark).map(({ command }) => command);
  // The control: the processes are found.
  for (const program of [/postgres/, /chrom/, /dist\/main\.js/, /leftoversCleaner/])
    expect([program.source, before.some((command) => program.test(command))]).toEqual([program.source, true]);
  const findFolder = (pattern: RegExp) => before.map((one) => pattern.exec(one)?.[1]).find(Boolean) ?? '';
  // What was built and unpacked, and the database.
  const folders = [findFolder(/(\S+\/run-\w+)\//), findFolder(/(\S+\/noegle-run-\w+)\//)];
  expect(folders.map((one) => existsSync(one))).toEqual([true, true]);

  run.kill(signal);
  await once(run, 'exit');
  await waitUntil('nothing of it runs', () => findProcesses(mark).length === 0);
  expect(folders.map((one) => existsSync(one))).toEqual([false, false]);
  rmSync(readFileSync(file, 'utf8'), { recursive: true, force: true });
});
