/**
 * Builds the changed part of `src` into a folder. A type error does not stop it: the code is written all the
 * same, and the error is printed. `npm run build`, which makes a release, starts from nothing and stops at an
 * error.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';

/**
 * Each checker looks at the shared types again. With one for two cores a build on two busy ones takes 5 s of
 * the processor; with the compiler's four it takes 8.
 */
export const CHECKERS: readonly string[] = [
  '--checkers',
  String(Math.min(4, Math.ceil(availableParallelism() / 2))),
];

/** The state of the compiler is in the same folder as the output that it describes. */
export function compilerArgs(folder: string): string[] {
  return [
    '-p',
    'tsconfig.build.json',
    '--outDir',
    folder,
    '--incremental',
    '--tsBuildInfoFile',
    path.join(folder, '.tsbuildinfo'),
    ...CHECKERS,
  ];
}

/** The exit code of `tsc` when it wrote everything and found type errors. */
const WRITTEN_WITH_ERRORS = 2;

/** @throws when nothing could be written, or the styles could not be made */
export async function buildChanged(folder: string): Promise<void> {
  const code = await run('tsc', compilerArgs(folder));
  if (code === WRITTEN_WITH_ERRORS) process.stdout.write('Built all the same.\n');
  else if (code !== 0) throw new Error(`tsc ended with ${code}`);
  await removeOrphans(folder);
  await finishBuild(folder);
}

/** Adds the script and the styles that pages are served with. */
export async function finishBuild(folder: string): Promise<void> {
  const code = await run('npm', ['run', '-s', 'build:assets'], { OUT: folder });
  if (code !== 0) throw new Error(`build:assets ended with ${code}`);
}

/** Removes compiled files whose sources are gone. */
async function removeOrphans(folder: string): Promise<void> {
  const written = await readdir(folder, { recursive: true });
  const orphans = written.filter((file) => {
    const [, name] = /^(.*)\.js(?:\.map)?$/.exec(file) ?? [];
    return name !== undefined && !['.ts', '.tsx', '.js'].some((end) => existsSync(`src/${name}${end}`));
  });
  await Promise.all(orphans.map((file) => rm(path.join(folder, file))));
}

async function run(command: string, args: string[], env: Record<string, string> = {}): Promise<number> {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: childEnv(env) });
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** Commands of the project are found without npm, too; the options for jest are left out. */
export function childEnv(env: Record<string, string> = {}): NodeJS.ProcessEnv {
  const bin = path.resolve('node_modules/.bin');
  const { NODE_OPTIONS: _, ...kept } = process.env;
  return { ...kept, PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`, ...env };
}
