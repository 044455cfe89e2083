/** `npm run draw` writes the drawing of the imports into ARCHITECTURE.md, between its two marks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { homeOf, isWords, listImports, listSources, type Import } from './sources.ts';

const FILE = 'ARCHITECTURE.md';
const [BEGIN, END] = ['<!-- drawing: npm run draw -->', '<!-- end of the drawing -->'];

/**
 * Two Mermaid charts: the folders, and the features among each other. An arrow means "imports". Words are
 * left out: their table is put together from those of each feature.
 */
export function drawArrows(imports: readonly Import[]): string {
  const between = imports.filter(({ from, to }) => !isWords(from) && !isWords(to));
  const folderOf = (file: string) => homeOf(file).split('/')[0] ?? '';
  const isFolder = (name: string) => !name.endsWith('.ts');
  const featureOf = (file: string) => homeOf(file).split('/')[1] ?? '';
  return [
    drawChart('flowchart TD', groupTargets(between, folderOf, isFolder)),
    drawChart(
      'flowchart LR',
      groupTargets(between, featureOf, (name) => name !== ''),
    ),
  ].join('\n\n');
}

/** Name -> the names that it imports. */
type Targets = ReadonlyMap<string, ReadonlySet<string>>;

function groupTargets(
  imports: readonly Import[],
  nameOf: (file: string) => string,
  isDrawn: (name: string) => boolean,
): Targets {
  const targets = new Map<string, Set<string>>();
  for (const [from, to] of imports.map((one) => [nameOf(one.from), nameOf(one.to)] as const)) {
    if (from === to || !isDrawn(from) || !isDrawn(to)) continue;
    targets.set(from, (targets.get(from) ?? new Set()).add(to));
  }
  return targets;
}

/** An arrow that a longer way implies is left out, so that what is drawn can be read. */
function drawChart(head: string, targets: Targets): string {
  const lines = [...targets].flatMap(([from, all]) => {
    const implied = new Set([...all].flatMap((to) => [...listReached(targets, to)]));
    return [...all].filter((to) => !implied.has(to)).map((to) => `  ${from} --> ${to}`);
  });
  return ['```mermaid', head, ...lines.toSorted(), '```'].join('\n');
}

/** What can be reached from a name, itself left out. */
function listReached(targets: Targets, from: string): Set<string> {
  const reached = new Set<string>();
  const waiting = [...(targets.get(from) ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    waiting.push(...(targets.get(next) ?? []));
  }
  return reached;
}

if (process.argv[1] === import.meta.filename) {
  const imports = listSources('src').flatMap((file) => listImports('src', file));
  const drawn = drawArrows(imports.filter(({ to }) => /\.tsx?$/.test(to)));
  const text = readFileSync(FILE, 'utf8');
  const [before = '', rest = ''] = text.split(BEGIN);
  writeFileSync(FILE, `${before}${BEGIN}\n\n${drawn}\n\n${END}${rest.split(END)[1] ?? ''}`);
}
