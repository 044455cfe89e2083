/** `npm run draw` writes the drawing of the imports into ARCHITECTURE.md, between its two marks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { homeOf, listImports, isWords, listSources, type Import } from './sources.ts';

const FILE = 'ARCHITECTURE.md';
const [BEGIN, END] = ['<!-- drawing: npm run draw -->', '<!-- end of the drawing -->'];

/** Two Mermaid charts: the folders, and the features among each other. An arrow says "imports". */
export function drawArrows(imports: readonly Import[]): string {
  const folder = (file: string) => homeOf(file).split('/')[0] ?? '';
  const feature = (file: string) => homeOf(file).split('/')[1];
  const between = imports.filter(({ from, to }) => !isWords(to) || isWords(from));
  const folders = between
    .map(({ from, to }) => [folder(from), folder(to)] as const)
    .filter(([from, to]) => from !== to && ![from, to].some((one) => /\.ts$/.test(one)));
  const features = between
    .map(({ from, to }) => [feature(from), feature(to)] as const)
    .filter(([from, to]) => from !== undefined && to !== undefined && from !== to);
  return [chart('flowchart TD', folders), chart('flowchart LR', features)].join('\n\n');
}

function chart(head: string, pairs: readonly (readonly [string | undefined, string | undefined])[]): string {
  const lines = new Set(pairs.map(([from, to]) => `  ${from} --> ${to}`));
  return ['```mermaid', head, ...[...lines].toSorted(), '```'].join('\n');
}

if (process.argv[1] === import.meta.filename) {
  const imports = listSources('src').flatMap((file) => listImports('src', file));
  const drawn = drawArrows(imports.filter(({ to }) => /\.tsx?$/.test(to)));
  const text = readFileSync(FILE, 'utf8');
  const [before = '', rest = ''] = text.split(BEGIN);
  const after = rest.split(END)[1] ?? '';
  writeFileSync(FILE, `${before}${BEGIN}\n\n${drawn}\n\n${END}${after}`);
}
