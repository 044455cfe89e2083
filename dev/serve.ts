/**
 * `npm run dev`: the sandbox from a separate build (`.dev`), compiled again at each save and then restarted.
 * People, cards and sessions stay in `.data`. While a file has a type error it is printed, and the last build
 * keeps serving.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { buildChanged, childEnv, compilerArgs, finishBuild } from './build.ts';

const FOLDER = '.dev';

let server: ChildProcess | null = null;
let isEnding = false;
/** Restarts run one after another; saves during a restart share the next one. */
let restarting: Promise<void> | null = null;
let isStale = false;

function printLine(text: string): void {
  process.stdout.write(`dev: ${text}\n`);
}

function start(): void {
  const child = spawn('node', ['--enable-source-maps', `${FOLDER}/main.js`], {
    stdio: 'inherit',
    env: childEnv(),
  });
  child.on('exit', (code, signal) => {
    if (server === child) server = null;
    if (!isEnding && restarting === null)
      printLine(`the server ended (${signal ?? code}); the next save starts it`);
  });
  server = child;
}

async function stop(): Promise<void> {
  if (server === null) return;
  const child = server;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function restart(): Promise<void> {
  isStale = true;
  restarting ??= restartUntilFresh().finally(() => (restarting = null));
  await restarting.catch((error: Error) => printLine(error.message));
}

async function restartUntilFresh(): Promise<void> {
  if (!isStale || isEnding) return;
  isStale = false;
  const builtAt = performance.now();
  await finishBuild(FOLDER);
  await stop();
  if (isEnding) return;
  start();
  printLine(`restarted ${Math.round(performance.now() - builtAt)} ms after the build`);
  await restartUntilFresh();
}

printLine('building');
await buildChanged(FOLDER);
start();

const compiler = spawn(
  'tsc',
  [...compilerArgs(FOLDER), '--watch', '--noEmitOnError', '--preserveWatchOutput'],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: childEnv(),
  },
);
let builds = 0;
createInterface({ input: compiler.stdout }).on('line', (line) => {
  if (line === '') return;
  const [, errors] = /Found (\d+) errors?\. Watching/.exec(line) ?? [];
  if (errors === undefined) {
    if (!/Starting (incremental )?compilation/.test(line)) process.stdout.write(`${line}\n`);
    return;
  }
  builds += 1;
  if (errors !== '0') printLine(`${errors} errors of types; what was built last goes on`);
  // The first build is the one that was just made.
  else if (builds > 1) void restart();
  else printLine('watching');
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (isEnding) return;
    isEnding = true;
    compiler.kill();
    void stop().then(() => process.exit(0));
  });
}
