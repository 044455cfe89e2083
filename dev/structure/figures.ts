/**
 * `npm run structure [CHECKOUT]`: how the sources are laid out and named, in figures; of this checkout unless
 * another is named, so that two versions can be put side by side.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { homeOf, listDeclared, listImports, listSources } from './sources.ts';
import { listBanned } from './vocabulary.ts';

const COMMENT_COLUMNS = 110;
const FOLDER_FILES = 25;

const root = process.argv[2] ?? '.';
const src = path.join(root, 'src');
const files = listSources(src);
const declared = files.flatMap((file) => listDeclared(src, file));
const textOf = (file: string): string => readFileSync(path.join(src, file), 'utf8');

function namesIn(kind: string, atLeast: number): string[] {
  const where = Map.groupBy(
    declared.filter((one) => one.kind === kind),
    ({ name }) => name,
  );
  return [...where]
    .filter(([, all]) => new Set(all.map(({ file }) => file)).size >= atLeast)
    .map(([name]) => name);
}

/** Of imports from a feature into a feature, those that stay in its folder. */
function shareWithin(): string {
  const isFeature = (file: string) => homeOf(file).startsWith('features/');
  const between = files
    .flatMap((file) => listImports(src, file))
    .filter(({ from, to }) => isFeature(from) && isFeature(to));
  const within = between.filter(({ from, to }) => homeOf(from) === homeOf(to)).length;
  return `${within} of ${between.length} (${((100 * within) / between.length).toFixed(1)} %)`;
}

function countLongComments(): number {
  const isLong = (line: string) =>
    /^\s*(\/\/|\/\*\*|\* |\*\/)/.test(line) && [...line].length > COMMENT_COLUMNS;
  return ['src', 'test', 'bench', 'failover', 'fleet', 'dev']
    .map((top) => path.join(root, top))
    .filter((top) => existsSync(top))
    .flatMap((top) =>
      readdirSync(top, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name))
        .flatMap((name) => readFileSync(path.join(top, name), 'utf8').split('\n')),
    )
    .filter(isLong).length;
}

const many = (names: readonly string[]): string => [names.length, ...names].join(' ');
const folders = Map.groupBy(files, (file) => path.dirname(file));
const functions = namesIn('function', 1);

const FIGURES: Readonly<Record<string, string | number>> = {
  'files in src': files.length,
  'imports between features that stay in a folder': shareWithin(),
  'names with a banned word': many([...new Set(listBanned(declared).map(({ name }) => name))]),
  'types defined in two files or more': many(namesIn('type', 2)),
  'functions defined in three files or more': many(namesIn('function', 3)),
  'functions of one word': many(functions.filter((name) => /^[a-z]+$/.test(name))),
  [`comment lines over ${COMMENT_COLUMNS} columns`]: countLongComments(),
  'WeakMaps of a module': files.filter((file) => /^(export )?const .*new WeakMap/m.test(textOf(file))).length,
  'lines of app.ts': textOf('app.ts').split('\n').length - 1,
  [`folders over ${FOLDER_FILES} files`]: many(
    [...folders].filter(([, inIt]) => inIt.length > FOLDER_FILES).map(([name]) => name),
  ),
};
for (const [what, figure] of Object.entries(FIGURES)) process.stdout.write(`${what}: ${figure}\n`);
