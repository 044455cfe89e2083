/**
 * The recipes of CONTRIBUTING: each change that is there as a diff is made in a copy of the project,
 * compiles, and passes the test that its page names.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CHECKERS } from '../../dev/build.ts';
import { IS_WHOLE_PROOF } from '../support/index.ts';
import { ProjectCopy } from '../support/projectCopy.ts';

const FOLDER = 'docs/how-to/changes';

interface Recipe {
  readonly page: string;
  readonly diff: string;
  /** As they are typed: `npm run test:unit -- claims`. */
  readonly commands: readonly string[];
}

function blocksOf(text: string, language: string): string[] {
  const blocks = text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'));
  return [...blocks].map(([, block = '']) => block);
}

function readRecipe(page: string): Recipe {
  const text = readFileSync(path.join(FOLDER, page), 'utf8');
  const commands = blocksOf(text, 'sh').flatMap((block) => block.trim().split('\n'));
  return { page, diff: blocksOf(text, 'diff').join(''), commands };
}

const numberOf = (page: string) => Number.parseInt(page, 10);
const pages = readdirSync(FOLDER)
  .filter((page) => /^\d+-/.test(page))
  .sort((one, other) => numberOf(one) - numberOf(other));
const recipes = pages.map(readRecipe);
const whole = recipes.filter(({ diff }) => diff !== '');

/** The file that a part of a diff changes. */
function fileOf(part: string): string {
  return /^\+\+\+ b\/(.+)$/m.exec(part)?.[1] ?? '';
}

function partsOf(diff: string): string[] {
  return diff.split(/^(?=diff --git )/m).filter((part) => part !== '');
}

/** The diff without the hunks that match. */
function leaveOut(diff: string, isLeftOut: (hunk: string, file: string) => boolean): string {
  return partsOf(diff)
    .map((part) => {
      const [head = '', ...hunks] = part.split(/^(?=@@ )/m);
      const rest = hunks.filter((hunk) => !isLeftOut(hunk, fileOf(part)));
      return rest.length === 0 ? '' : head + rest.join('');
    })
    .join('');
}

let copy: ProjectCopy;
beforeAll(() => {
  copy = new ProjectCopy();
  // Of which a story has a type.
  for (const name of ['bench', 'failover', 'fleet'])
    cpSync(name, path.join(copy.folder, name), { recursive: true });
  expect(findTypeErrors()).toBe('');
});
afterAll(() => copy.remove());

function run(
  command: string,
  args: readonly string[],
  input = '',
): { status: number | null; output: string } {
  // The copy lies within the repository, and its paths are its own.
  const env = { ...process.env, NODE_OPTIONS: '', GIT_CEILING_DIRECTORIES: path.resolve('.tmp') };
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: copy.folder,
    input,
    env,
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}

function apply(diff: string, ...options: string[]): void {
  expect(run('git', ['apply', '--unidiff-zero', ...options], diff)).toEqual({ status: 0, output: '' });
}

/** As `npm run check` looks for them first. Compiled again is only what changed since the last time. */
function findTypeErrors(): string {
  const state = ['--incremental', '--tsBuildInfoFile', '.tmp/types.tsbuildinfo'];
  return run(process.execPath, ['node_modules/typescript/bin/tsc', '--noEmit', ...state, ...CHECKERS]).output;
}

async function withChanges(diffs: readonly string[], check: () => Promise<void> | void): Promise<void> {
  const applied: string[] = [];
  try {
    for (const diff of diffs) {
      apply(diff);
      applied.push(diff);
    }
    await check();
  } finally {
    for (const diff of applied.toReversed()) apply(diff, '--reverse');
  }
}

/** The words of a command; those in quotes are one. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/**
 * A change without a migration is tested on the database of this run; one with a migration makes a template
 * of its own on the same server. No story of a recipe runs what is built.
 */
function environmentFor(diff: string): Record<string, string> {
  const isMigrated = !partsOf(diff).some((part) => fileOf(part).startsWith('migrations/'));
  const names = ['NOEGLE_TEST_SERVER', 'NOEGLE_TEST_TEMPLATE', 'NOEGLE_TEST_CHROMIUM'];
  if (isMigrated) return Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']));
  return { TEST_DATABASE_URL: process.env['NOEGLE_TEST_SERVER'] ?? '', NOEGLE_TEST_BUILT: 'yes' };
}

/** The words after `npm` of one command for all that run alike: same script, with `-t` or without. */
function joinCommands(commands: readonly string[]): string[][] {
  const joined = new Map<string, { files: string[]; names: string[] }>();
  for (const command of commands) {
    const [npm, ...words] = wordsOf(command);
    const [from, to] = [words.indexOf('--'), words.indexOf('-t')];
    expect([command, npm, from > 0]).toEqual([command, 'npm', true]);
    const [files, names] =
      to < 0 ? [words.slice(from + 1), []] : [words.slice(from + 1, to), words.slice(to + 1)];
    const key = [...words.slice(0, from), '--', ...(to < 0 ? [] : ['-t'])].join(' ');
    const same = joined.get(key) ?? { files: [], names: [] };
    joined.set(key, { files: [...same.files, ...files], names: [...same.names, ...names] });
  }
  return [...joined].map(([key, { files, names }]) => [
    ...key.split(' ').filter((word) => word !== '-t'),
    ...new Set(files),
    ...(names.length === 0 ? [] : ['-t', names.join('|')]),
  ]);
}

async function expectToPass(args: readonly string[], env: Record<string, string>): Promise<void> {
  const started = copy.run(args[0] === 'run' ? args.slice(1) : args, env);
  const code = await started.exited();
  const outcome = code === 0 ? /^Tests: .*\d+ passed/m.test(started.output) : started.output;
  expect([args, outcome]).toEqual([args, true]);
}

test('there are twelve everyday changes, each with a test, and at least six are whole', () => {
  expect(pages.map(numberOf)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  for (const { page, commands } of recipes) expect([page, commands.length]).toEqual([page, 1]);
  expect(whole.length).toBeGreaterThanOrEqual(6);
});

test('CONTRIBUTING leads to each', () => {
  const text = readFileSync('CONTRIBUTING.md', 'utf8');
  expect(pages.filter((page) => !text.includes(`(${FOLDER}/${page})`))).toEqual([]);
});

/** All together takes a third of the time of one after the other: `NOEGLE_PROOF_WHOLE=yes`. */
const TRIED = IS_WHOLE_PROOF ? whole.map((recipe) => [recipe]) : [whole];

test.each(TRIED.map((tried) => ({ tried, named: tried.map(({ page }) => page).join(', ') })))(
  '$named: it compiles, and its test passes',
  async ({ tried }) => {
    const diffs = tried.map(({ diff }) => diff);
    await withChanges(diffs, async () => {
      expect(findTypeErrors()).toBe('');
      for (const args of joinCommands(tried.flatMap(({ commands }) => commands)))
        await expectToPass(args, environmentFor(diffs.join('')));
    });
  },
);

test.each(whole)('$page names each file of its diff', ({ page, diff }) => {
  const text = readFileSync(path.join(FOLDER, page), 'utf8').replaceAll(/^```diff[\s\S]*?^```$/gm, '');
  const missing = partsOf(diff)
    .map(fileOf)
    .filter((file) => {
      const { dir, base } = path.parse(file);
      // The second of two that stand together is named without its folder, and a migration by its folder.
      return !text.includes(dir) || !(text.includes(base) || dir === 'migrations');
    });
  expect(missing).toEqual([]);
});

function diffOf(number: number): string {
  return recipes.find(({ page }) => numberOf(page) === number)?.diff ?? '';
}

test('control: a claim without its words and a role without its permissions do not compile', async () => {
  const words = (_hunk: string, file: string) => file.startsWith('src/features/signIn/words.');
  const permissions = (hunk: string, file: string) =>
    file === 'src/domain/staff/staff.ts' && /^\+ .*: \{ officer: (true|false),/m.test(hunk);
  await withChanges([leaveOut(diffOf(1), words), leaveOut(diffOf(2), permissions)], () => {
    const errors = findTypeErrors();
    for (const file of ['src/features/signIn/words.da.ts', 'src/features/signIn/consent/consent.page.tsx'])
      expect(errors).toContain(file);
    expect(errors).toContain("Property 'birth_year' is missing");
    expect(errors).toMatch(/^src\/domain\/staff\/staff\.ts.*Property 'reviewer' is missing/m);
    expect(errors.match(/^src\/domain\/staff\/staff\.ts/gm)?.length).toBeGreaterThan(30);
  });
});

/** Of `src`: where the files of a change lie. Tests and migrations are not counted. */
function foldersOf(diff: string): string[] {
  const files = partsOf(diff)
    .map(fileOf)
    .filter((file) => file.startsWith('src/') && !file.endsWith('.test.ts'));
  return [...new Set(files.map((file) => path.dirname(file)))];
}

test('eight everyday changes touch at most 23 folders together', () => {
  const counted = [1, 2, 3, 5, 8, 10, 11, 12].map((number) => ({
    number,
    folders: foldersOf(diffOf(number)),
  }));
  const sum = counted.reduce((total, { folders }) => total + folders.length, 0);
  const lines = counted.map(({ number, folders }) => `${number}: ${folders.length} (${folders.join(', ')})`);
  console.info([`${sum} folders`, ...lines].join('\n'));
  expect(counted.filter(({ folders }) => folders.length === 0)).toEqual([]);
  expect(sum).toBeLessThanOrEqual(23);
  // A folder that is gone would hide that the recipe is old.
  const gone = counted.flatMap(({ folders }) => folders).filter((folder) => !existsSync(folder));
  expect(gone).toEqual([]);
});
