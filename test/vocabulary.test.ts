/**
 * The words of the code are those of the field: names, comments and docs, held to
 * dev/structure/vocabulary.ts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { listDeclared, listSources } from '../dev/structure/sources.ts';
import { listBanned, listBannedPhrases, STORED_NAMES } from '../dev/structure/vocabulary.ts';

const CODE = ['src', 'test', 'bench', 'failover', 'fleet', 'dev', 'interop', 'examples'];

/** Prose without what is in backticks or quotes: code, names of things, titles of tests. */
const withoutCode = (text: string): string => text.replaceAll(/`[^`]*`|"[^"]*"/g, '');

/** The comments of a file, each with the line that it begins in. */
function listComments(text: string): { readonly line: number; readonly text: string }[] {
  const found = text.matchAll(/^[ \t]*\/\*\*?([\s\S]*?)\*\/|^[ \t]*\/\/(.*)$/gm);
  return [...found].map((one) => ({
    line: text.slice(0, one.index).split('\n').length,
    text: (one[1] ?? one[2] ?? '').replaceAll(/\n[ \t]*\*/g, ''),
  }));
}

function listFiles(top: string, ending: RegExp): string[] {
  return readdirSync(top, { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name) && !name.includes('node_modules'))
    .map((name) => path.join(top, name));
}

test('no name has a banned word', () => {
  const declared = CODE.flatMap((top) => listSources(top).flatMap((file) => listDeclared(top, file)));
  expect(declared.length).toBeGreaterThan(5_000);
  expect(listBanned(declared).map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
});

test('a stored name is excused only while it is there', () => {
  const names = new Set(
    listSources('src').flatMap((file) => listDeclared('src', file).map(({ name }) => name)),
  );
  expect([...STORED_NAMES].filter((name) => !names.has(name))).toEqual([]);
});

test('no comment and no page of the docs has a banned phrase', () => {
  const files = CODE.flatMap((top) => listFiles(top, /\.(tsx?|mjs|cjs)$/));
  const comments = files.flatMap((file) =>
    listComments(readFileSync(file, 'utf8')).flatMap(({ line, text }) =>
      listBannedPhrases(withoutCode(text)).map((phrase) => `${file}:${line} ${phrase}`),
    ),
  );
  const pages = [...listFiles('docs', /\.md$/), ...readdirSync('.').filter((name) => name.endsWith('.md'))];
  const phrases = pages.flatMap((page) =>
    readFileSync(page, 'utf8')
      .split('\n')
      .flatMap((text, i) =>
        listBannedPhrases(withoutCode(text)).map((phrase) => `${page}:${i + 1} ${phrase}`),
      ),
  );
  expect(files.length).toBeGreaterThan(700);
  expect(pages.length).toBeGreaterThan(40);
  expect([...comments, ...phrases]).toEqual([]);
});

test('no line of a comment is longer than 110 columns', () => {
  const isLong = (line: string) => /^\s*(\/\/|\/\*\*|\* |\*\/)/.test(line) && [...line].length > 110;
  const long = CODE.flatMap((top) => listFiles(top, /\.tsx?$/)).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, i) => (isLong(line) ? [`${file}:${i + 1}`] : [])),
  );
  expect(isLong(`  // ${'x'.repeat(110)}`)).toBe(true);
  expect(long).toEqual([]);
});

test('control: a banned word is seen in a name and in a comment', () => {
  const declare = (name: string) => listBanned([{ file: 'a.ts', kind: 'function', name }]).length;
  expect(['doCardDeed', 'GatherOptions', 'WORN_OUT', 'isApart', 'world'].map(declare)).toEqual([
    1, 1, 1, 1, 1,
  ]);
  expect(['applyCardCommand', 'leadTime2', 'grounded', 'BatchOptions'].map(declare)).toEqual([0, 1, 0, 0]);
  expect(listBannedPhrases('The engine makes it anew.')).toHaveLength(2);
  expect(listComments('/** One. */\nconst a = 1;\n// Two.\n').map(({ line }) => line)).toEqual([1, 3]);
});
