/**
 * The pages of the docs: every link leads somewhere, the index leaves none out, and paths of files are right.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const pages = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .map((name) => `docs/${name}`)
    .filter((name) => name.endsWith('.md')),
];

/** Without code, in which brackets are no links. */
const proseOf = (page: string): string => readFileSync(page, 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');

/** What a page links to within the repository: the file, and the heading where one is named. */
function linksOf(page: string): { readonly file: string; readonly heading: string | undefined }[] {
  return [...proseOf(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(
    ([, to = '', heading]) => ({ file: to === '' ? page : path.join(path.dirname(page), to), heading }),
  );
}

/** As the readers of Markdown on the web name a heading. */
function anchorsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
}

test('every link leads to a file and a heading that are there', () => {
  expect(pages.length).toBeGreaterThan(40);
  const broken = pages.flatMap((page) =>
    linksOf(page)
      .filter(({ file, heading }) => {
        if (!existsSync(file)) return true;
        return heading !== undefined && file.endsWith('.md') && !anchorsOf(file).includes(heading);
      })
      .map(({ file, heading }) => `${page} -> ${file}${heading === undefined ? '' : `#${heading}`}`),
  );
  expect(broken).toEqual([]);
});

test('the index of the docs leaves no page out', () => {
  const reached = new Set<string>();
  const requestSource = (page: string): void => {
    if (reached.has(page) || !existsSync(page)) return;
    reached.add(page);
    if (page.endsWith('README.md')) for (const { file } of linksOf(page)) requestSource(file);
  };
  requestSource('docs/README.md');
  // An old address has one line that points to the new one.
  const isMoved = (page: string) => /^This page is at .* now\.\n$/.test(readFileSync(page, 'utf8'));
  const own = pages.filter((page) => page.startsWith('docs/') && !isMoved(page));
  expect(own.filter((page) => !reached.has(page))).toEqual([]);
});

test('a file that ARCHITECTURE.md or CONTRIBUTING.md names is there', () => {
  for (const page of ['ARCHITECTURE.md', 'CONTRIBUTING.md'].filter((one) => existsSync(one))) {
    const named = [...proseOf(page).matchAll(/`((?:[\w-]+\/)+[\w.-]+\.(?:tsx?|sql|md|csv))`/g)].map(
      ([, name = '']) => name,
    );
    const missing = named.filter((name) => !existsSync(name) && !existsSync(`src/${name}`));
    expect([page, missing]).toEqual([page, []]);
  }
  expect(readFileSync('ARCHITECTURE.md', 'utf8').match(/`[\w/.]+\.tsx?`/g)?.length).toBeGreaterThan(80);
});

test('README is short enough to be read: 100 lines and 1,000 words', () => {
  const text = readFileSync('README.md', 'utf8');
  expect(text.split('\n').length - 1).toBeLessThanOrEqual(100);
  expect(text.split(/\s+/).length).toBeLessThanOrEqual(1_000);
});

test('a decision says when it was taken, and whether it is followed', () => {
  const decisions = readdirSync('docs/decisions').filter((name) => /^\d{4}-/.test(name));
  expect(decisions.length).toBeGreaterThan(15);
  const without = decisions.filter(
    (name) => !/^Decided \d{4}-\d\d-\d\d\. Status: \S/m.test(readFileSync(`docs/decisions/${name}`, 'utf8')),
  );
  expect(without).toEqual([]);
});
