/**
 * The table of docs/reference/interop.md and the lines of libraries that it cites. Columns of other suites
 * are ignored.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Row -> column -> cell. */
export type Table = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A line that is cited: `package/file:line` “what it says”. */
export interface Citation {
  readonly at: string;
  readonly states: string;
}

/** @param column that the table has; there may be other tables */
export function readDocs(column: string): { table: Table; citations: Citation[] } {
  const text = readFileSync(path.resolve('docs/reference/interop.md'), 'utf8');
  const tables = text.match(/(?:^\|.*\n)+/gm) ?? [];
  const rows = tables.find((one) => one.split('\n')[0]?.includes(`| ${column} `))?.split('\n') ?? [];
  const [head = [], , ...body] = rows.filter(Boolean).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((one) => one.trim()),
  );
  const columns = head.slice(1);
  const table = Object.fromEntries(
    body.map(([row = '', ...cells]) => [
      row,
      Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? ''])),
    ]),
  );
  const cited = text.matchAll(/`([\w./@-]+:\d+)`\s+“([^”]+)”/g);
  return {
    table,
    citations: [...cited].map(([, at = '', says = '']) => ({ at, states: says.replaceAll(/\s+/g, ' ') })),
  };
}

/** @param at `package/file:line`, in node_modules */
export function lineAt(at: string): string {
  const [, file = '', line = ''] = /^(.+):(\d+)$/.exec(at) ?? [];
  return readFileSync(path.resolve('node_modules', file), 'utf8').split('\n')[Number(line) - 1] ?? '';
}

export function versionOf(name: string): string {
  const text = readFileSync(path.resolve('node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
