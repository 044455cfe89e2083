/**
 * `npm run coverage`: lines and branches of `src` by folder, from the unit and story tests in their own
 * process. What runs in another process is not counted: `npm start`, commands of operators (`cli*.ts`), and
 * nodes that are killed.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { childEnv } from './build.ts';

const FOLDER = '.tmp/coverage';

/** The format of jest: counts by the number of a statement, and of each branch by its number. */
interface FileCoverage {
  readonly path: string;
  readonly statementMap: Record<string, { readonly start: { readonly line: number } }>;
  readonly s: Record<string, number>;
  readonly b: Record<string, readonly number[]>;
}

interface Count {
  files: number;
  lines: number;
  linesRun: number;
  branches: number;
  branchesRun: number;
}

const args = [
  '--coverage',
  '--coverageProvider=v8',
  '--coverageReporters=json',
  `--coverageDirectory=${FOLDER}`,
  '--collectCoverageFrom=src/**/*.{ts,tsx}',
  '--collectCoverageFrom=!src/**/*.test.ts',
  ...process.argv.slice(2),
];
const jest = spawn('jest', args, {
  stdio: 'inherit',
  env: childEnv({ NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' }),
});
const code = await new Promise<number>((resolve) => jest.on('exit', (ended) => resolve(ended ?? 1)));

const read = JSON.parse(readFileSync(`${FOLDER}/coverage-final.json`, 'utf8')) as Record<
  string,
  FileCoverage
>;
const folders = new Map<string, Count>();
const total = emptyCount();
for (const file of Object.values(read)) {
  const folder = path.dirname(path.relative('.', file.path));
  const count = folders.get(folder) ?? emptyCount();
  folders.set(folder, count);
  addFile(count, file);
  addFile(total, file);
}
const rows = [...folders].sort(([a], [b]) => a.localeCompare(b));
for (const line of [head(), ...[...rows, ['all', total] as const].map(([name, count]) => row(name, count))])
  process.stdout.write(`${line}\n`);
process.stdout.write('Not counted: what runs in a process of its own (npm start, commands of operators).\n');
process.exitCode = code;

function emptyCount(): Count {
  return { files: 0, lines: 0, linesRun: 0, branches: 0, branchesRun: 0 };
}

function addFile(count: Count, { statementMap, s, b }: FileCoverage): void {
  const lines = new Map<number, boolean>();
  for (const [id, { start }] of Object.entries(statementMap))
    lines.set(start.line, (lines.get(start.line) ?? false) || (s[id] ?? 0) > 0);
  const branches = Object.values(b).flat();
  count.files += 1;
  count.lines += lines.size;
  count.linesRun += [...lines.values()].filter(Boolean).length;
  count.branches += branches.length;
  count.branchesRun += branches.filter((times) => times > 0).length;
}

function head(): string {
  return `${'folder'.padEnd(32)} ${'files'.padStart(5)} ${'lines'.padStart(8)} ${'branches'.padStart(8)}`;
}

function row(name: string, count: Count): string {
  const percent = (part: number, whole: number) =>
    `${(whole === 0 ? 100 : (100 * part) / whole).toFixed(1)} %`.padStart(8);
  const { files, lines, linesRun, branches, branchesRun } = count;
  const cells = [String(files).padStart(5), percent(linesRun, lines), percent(branchesRun, branches)];
  return [name.padEnd(32), ...cells].join(' ');
}
