/**
 * `npm run test:watch -- STORY`: jest in watch mode. PostgreSQL, its migrated template and Chromium are made
 * once, before the first run; a compiler keeps `dist` up to date in parallel with the tests, and only stories
 * that run `dist` wait for it.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { STAMP_VARIABLE } from '../test/support/builtInWatch.ts';
import { prepareRun } from '../test/support/globalSetup.ts';
import globalTeardown from '../test/support/globalTeardown.ts';
import { childEnv, compilerArgs, finishBuild } from './build.ts';

const patterns = process.argv.slice(2);
const FOLDER = 'dist';
const JEST_ENV = { NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' };
/** The imports and names of a story that starts Nøgle as a separate process. */
const RUNS_DIST = /support\/(process|server)\.ts|dist\//;

/** Read as jest reads them: case-insensitive expressions; without any, all files. */
const isAsked = (file: string) =>
  patterns.length === 0 || patterns.some((pattern) => new RegExp(pattern, 'i').test(file));
const stories = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((file) => path.join('test', file))
  .filter((file) => file.endsWith('.test.ts') && isAsked(file));
const isBuilt = stories.some((file) => RUNS_DIST.test(readFileSync(file, 'utf8')));

await prepareRun(isBuilt ? {} : { build: () => Promise.resolve() });
const compiler = isBuilt ? compileInParallel() : null;
const jest = spawn('jest', ['--watchAll', ...patterns], { stdio: 'inherit', env: childEnv(JEST_ENV) });
jest.on('exit', (code) => {
  compiler?.kill();
  void globalTeardown().finally(() => process.exit(code ?? 1));
});
// A terminal sends the signal to jest, too; a signal from elsewhere is passed on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => jest.kill(signal));

function compileInParallel() {
  const stamp = path.resolve(globalThis.testFolders?.[0] ?? '.tmp', 'built');
  writeFileSync(stamp, '');
  process.env[STAMP_VARIABLE] = stamp;
  const child = spawn('tsc', [...compilerArgs(FOLDER), '--watch', '--preserveWatchOutput'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: childEnv(),
  });
  let builds = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (/error TS/.test(line)) process.stdout.write(`${line}\n`);
    if (!/Found \d+ errors?\. Watching/.test(line)) return;
    utimesSync(stamp, new Date(), new Date());
    builds += 1;
    if (builds > 1)
      void finishBuild(FOLDER).catch((error: Error) => process.stdout.write(`${error.message}\n`));
  });
  return child;
}
