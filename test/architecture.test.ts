/** The layout, held: where code lives, who may import whom, and what a file of each suffix may do. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ARROWS, FEATURE_PAIRS, isAllowed, OWNED_PACKAGES, ownerOf } from '../dev/structure/arrows.ts';
import { drawArrows } from '../dev/structure/drawing.ts';
import { homeOf, isWords, listImports, listSources, type Import } from '../dev/structure/sources.ts';

const files = listSources('src');
const all = files.flatMap((file) => listImports('src', file));
const ours = all.filter(({ to }) => /\.tsx?$/.test(to));
const textOf = (file: string): string => readFileSync(path.join('src', file), 'utf8');

test('every import goes along an arrow of the table', () => {
  expect(files.length).toBeGreaterThan(400);
  expect(ours.length).toBeGreaterThan(1_000);
  expect(ours.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
});

test('control: a wrong arrow is seen', () => {
  const wrong: [string, string][] = [
    ['domain/person/person.ts', 'db/people/people.ts'],
    ['ui/layout.tsx', 'features/signIn/password.page.tsx'],
    ['features/info/routes.ts', 'features/desk/index.ts'],
    ['features/signIn/giveKey.ts', 'features/identity/cardCommands.ts'],
    ['features/signIn/routes.ts', 'oidc/provider/provider.ts'],
  ];
  const found = wrong.filter(([from, to]) => isAllowed({ from, to, isType: false }));
  expect(found).toEqual([]);
  const value = { from: 'oidc/records/adapter.ts', to: 'platform/keyring.ts', isType: false };
  expect(isAllowed(value)).toBe(false);
  expect(isAllowed({ ...value, isType: true })).toBe(true);
});

test('every arrow and every pair of the table is in use', () => {
  const used = new Set(ours.map(({ from, to }) => `${homeOf(from)} -> ${homeOf(to)}`));
  const pairs = FEATURE_PAIRS.map(([from, to]) => `features/${from} -> features/${to}`);
  expect(pairs.filter((pair) => !used.has(pair))).toEqual([]);
  expect(Object.keys(ARROWS).filter((home) => !files.some((file) => homeOf(file) === home))).toEqual([
    'features',
  ]);
});

test('no file imports itself over a circle, and no feature another one', () => {
  // Words are put together from those of each feature, and know the kinds that they have words for.
  const graphOf = (name: (file: string) => string, counts: (one: Import) => boolean = () => true) => {
    const next = new Map<string, string[]>();
    for (const { from, to } of ours.filter(counts)) {
      if (name(from) !== name(to)) next.set(name(from), [...(next.get(name(from)) ?? []), name(to)]);
    }
    return next;
  };
  expect(circlesOf(graphOf((file) => file))).toEqual([]);
  const homes = graphOf(homeOf, (one) => !isWords(one.from) && !isWords(one.to));
  expect(circlesOf(homes)).toEqual([]);
});

function circlesOf(next: Map<string, string[]>): string[] {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (at: string, way: string[]): void => {
    if (way.includes(at)) circles.push([...way.slice(way.indexOf(at)), at].join(' -> '));
    if (done.has(at) || way.includes(at)) return;
    for (const to of next.get(at) ?? []) visit(to, [...way, at]);
    done.add(at);
  };
  for (const at of next.keys()) visit(at, []);
  return circles;
}

test('a package that one folder owns is imported nowhere else', () => {
  expect(Object.keys(OWNED_PACKAGES).length).toBeGreaterThan(5);
  const strays = all.filter(({ from, to }) => {
    const owner = ownerOf(to);
    return owner !== undefined && !owner.some((home) => from.startsWith(home));
  });
  expect(strays).toEqual([]);
});

describe('suffixes', () => {
  test('SQL stands in *.queries.ts and db/ alone', () => {
    const sql = /`\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\b|\.raw\(|\bknex\(/;
    const found = files.filter((file) => sql.test(textOf(file)));
    expect(found.length).toBeGreaterThan(20);
    expect(found.filter((file) => !/^db\/|\.queries\.ts$/.test(file))).toEqual([]);
  });

  test('preact stands in *.page.tsx, ui/ and the samples of pages alone', () => {
    const found = files.filter((file) => file.endsWith('x') || /from 'preact\b/.test(textOf(file)));
    const rest = found.filter((file) => !/\.page\.tsx$|^ui\/|(^|\.|\/)samples\.tsx$|^gallery\//.test(file));
    const imported = all.filter(({ from, to }) => to.startsWith('preact') && rest.includes(from));
    expect(imported.filter(({ isType }) => !isType)).toEqual([]);
    expect(rest.filter((file) => file.endsWith('x'))).toEqual([]);
  });

  test('rules are pure: they import rules, and neither IO nor the platform', () => {
    const rules = files.filter((file) => /^domain\/|\.rules\.ts$/.test(file));
    const impure = all.filter(({ from, to, isType }) => {
      if (!rules.includes(from) || isType) return false;
      if (to.startsWith('node:'))
        return !['node:crypto', 'node:module', 'node:url', 'node:zlib'].includes(to);
      return /\.tsx?$/.test(to) && !/^domain\/|\.rules\.ts$/.test(to);
    });
    expect(rules.length).toBeGreaterThan(50);
    expect(impure).toEqual([]);
  });

  test('words import words', () => {
    const words = ours.filter(({ from, isType }) => isWords(from) && !isType);
    expect(words.filter(({ to }) => !isWords(to) && !to.startsWith('domain/'))).toEqual([]);
  });

  test('what answers HTTP asks a command: it reads no table itself', () => {
    const answers = new Set(
      all.filter(({ to }) => to === 'koa' || to === '@koa/router').map(({ from }) => from),
    );
    const reading = ours.filter(({ from, to, isType }) => {
      const answersHttp = from.startsWith('features/') && (answers.has(from) || from.endsWith('.page.tsx'));
      return answersHttp && !isType && /^db\/|\.queries\.ts$/.test(to);
    });
    expect(reading).toEqual([]);
  });
});

describe('time and chance are handed in', () => {
  const WORLD = [
    'platform/clock.ts',
    'platform/random.ts',
    'platform/keyring.ts',
    'platform/embeddedPostgres.ts',
  ];
  test.each([
    ['new Date()', /new Date\(\)|Date\.now\(\)/, [...WORLD, 'composition/provider.ts']],
    ['chance', /\brandom(Bytes|Int|UUID)\b|Math\.random/, [...WORLD, 'http/requestId.ts']],
  ] as const)('%s stands only where it is named', (_what, pattern, where) => {
    const found = files.filter((file) => pattern.test(textOf(file)));
    expect(found.filter((file) => !(where as readonly string[]).includes(file))).toEqual([]);
  });
});

describe('what a module keeps', () => {
  const KEEPS = /^(export )?(let |const \w+(: [^=]+)? = new (WeakMap|WeakSet|Map)\b)|new WeakMap/m;
  test('is no table and no variable: state belongs to an object that the composition root made', () => {
    expect(files.filter((file) => KEEPS.test(textOf(file)))).toEqual([]);
  });
  test.each(['let last = null;', 'const seen = new Map<string, number>();', '  #a = new WeakMap();'])(
    'control: %s is seen',
    (line) => expect(KEEPS.test(`/** x */\n${line}\n`)).toBe(true),
  );
});

describe('what is one logic is in one file', () => {
  test.each([
    ['the proof of a form', /csrf v1/, ['platform/keyring.ts']],
    ['a secret of 256 bits as text', /bytes\(32\)\.toString/, ['domain/random.ts']],
    ['a sealed address or e-mail', /`(address|email) \$\{/, ['features/contact/sealedContact.ts']],
    ['the button of a form', /type="submit"/, ['ui/form.tsx']],
    [
      'the summary of what is wrong',
      /<ErrorSummary/,
      ['features/activation/message.page.tsx', 'ui/form.tsx'],
    ],
    ['a field for a key', /class="noegle-key-input"/, ['ui/stepForm.tsx']],
  ])('%s', (_what, pattern, where) => {
    expect(files.filter((file) => pattern.test(textOf(file)))).toEqual(where);
  });
});

test('the composition root fits on one page, with every feature and every step of a request', () => {
  const text = textOf('app.ts');
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  const features = files.filter((file) => /^export const \w+: Feature = /m.test(textOf(file)));
  expect(features.length).toBeGreaterThan(10);
  const inRoot = new Set(ours.filter(({ from }) => from === 'composition/features.ts').map(({ to }) => to));
  expect(features.filter((file) => !inRoot.has(file))).toEqual([]);
  expect(text.match(/^ +const steps: Middleware\[\] = \[$/gm)).toHaveLength(1);
});

test('no folder has more than 25 files, no file more than 300 lines, and there is no drawer', () => {
  const folders = Map.groupBy(files, (file) => path.dirname(file));
  for (const [folder, inIt] of folders) expect([folder, inIt.length <= 25]).toEqual([folder, true]);
  for (const file of files) {
    expect([file, textOf(file).split('\n').length <= 300]).toEqual([file, true]);
  }
  expect(files.filter((file) => /(^|\/)(helpers|utils|types|shared|common)(\/|\.)/.test(file))).toEqual([]);
});

test('no two files of styles have a rule of their own for the same class', () => {
  const owners = new Map<string, Set<string>>();
  for (const file of files.filter((one) => /^ui\/styles\/(?!dark|paper|plain)/.test(one))) {
    const rules = textOf(file).matchAll(/^ *(\.noegle-[a-z0-9-]+)(?= [{]|,)/gm);
    for (const [, name = ''] of rules) owners.set(name, (owners.get(name) ?? new Set()).add(file));
  }
  expect(owners.get('.noegle-answer')).toEqual(new Set(['ui/styles/signIn.ts']));
  expect([...owners].filter(([, where]) => where.size > 1)).toEqual([]);
});

test('the drawing in ARCHITECTURE.md is that of the imports: npm run draw makes it', () => {
  expect(readFileSync('ARCHITECTURE.md', 'utf8')).toContain(drawArrows(ours));
});

test('the image runs the same Node as everything else', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    dependencies: { node: string };
  };
  const images = [...readFileSync('Dockerfile', 'utf8').matchAll(/^FROM node:([0-9.]+)-/gm)].map(
    ([, version]) => version,
  );
  expect(images).toEqual([dependencies.node, dependencies.node]);
});

test('the command can be run after each build: npx makes it so once, and the next build would undo it', () => {
  expect(statSync('dist/cli.js').mode & 0o111).toBe(0o111);
});
