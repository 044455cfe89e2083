/** The layout, held: who may import whom. The table is that of the README. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';

/** Floor -> what it may import; `type:` is for types alone. */
const ALLOWED: Record<string, readonly string[]> = {
  core: [],
  platform: ['type:core'],
  configPost: ['core', 'platform'],
  config: ['core', 'platform', 'configPost'],
  store: ['core'],
  post: ['core'],
  usecases: ['core', 'store', 'platform', 'post'],
  jobs: ['usecases', 'store', 'platform', 'post'],
  oidc: ['core', 'store', 'type:platform'],
  web: ['core', 'usecases', 'oidc/interaction', 'oidc/session', 'type:platform'],
  appHealth: ['oidc/signingKeys', 'store', 'web'],
  appJobs: ['jobs', 'post', 'type:appSettings', 'type:platform'],
  appKeys: ['platform', 'store', 'type:core'],
  appListener: ['platform', 'web'],
  appPost: ['platform', 'configPost'],
  appProvider: [
    'oidc',
    'platform',
    'store/issuing/register',
    'usecases/seen',
    'web/providerPages',
    'type:appSettings',
    'type:usecases',
    'type:web',
  ],
  appSettings: [
    'type:core',
    'type:configPost',
    'type:jobs',
    'type:oidc',
    'type:platform',
    'type:usecases',
    'type:web',
  ],
  appWorld: ['core', 'platform', 'type:store', 'type:usecases'],
  app: [
    'core',
    'store',
    'platform',
    'usecases',
    'oidc',
    'web',
    'jobs',
    'configPost',
    'appHealth',
    'appJobs',
    'appKeys',
    'appListener',
    'appPost',
    'appProvider',
    'appSettings',
    'appWorld',
  ],
  sandbox: ['core', 'store', 'platform', 'usecases', 'oidc', 'app', 'config'],
  main: ['app', 'config', 'sandbox', 'platform', 'store'],
  cliBinding: [
    'app',
    'oidc/records/fillRecords',
    'store',
    'usecases/signIn/fillBrowserTries',
    'type:cliKeys',
    'type:cliOperator',
  ],
  cliIssue: ['app', 'core', 'store', 'usecases', 'cliKeys', 'type:cliOperator'],
  cliKeys: ['app', 'config', 'platform', 'oidc/keyRotation', 'type:cliOperator'],
  cliFailures: ['app', 'store', 'type:cliKeys'],
  cliLetters: ['app', 'store', 'type:cliKeys', 'type:cliOperator'],
  cliOperator: ['store'],
  cliProgress: [],
  cliRelyingParty: ['app', 'core', 'store', 'usecases', 'type:cliKeys', 'type:cliOperator'],
  cliRegister: ['app', 'usecases', 'type:core', 'type:cliKeys', 'type:cliOperator', 'cliProgress'],
  cli: [
    'app',
    'config',
    'platform',
    'store',
    'usecases',
    'cliKeys',
    'cliBinding',
    'cliIssue',
    'cliFailures',
    'cliLetters',
    'cliOperator',
    'cliProgress',
    'cliRegister',
    'cliRelyingParty',
    'sandbox/settings',
  ],
};

/** What only one floor may know. */
const OWNED_PACKAGES: Record<string, string> = {
  nodemailer: 'platform',
  pdfkit: 'post',
  fontkit: 'post',
  'date-holidays': 'core',
  'csv-parse': 'platform',
  bowser: 'core',
  'oidc-provider': 'oidc',
  pg: 'store',
  knex: 'store',
  '@node-rs/argon2': 'platform',
  preact: 'web',
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
  (name) => /\.tsx?$/.test(name) && !name.endsWith('.test.ts'),
);

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join('src', file), 'utf8');
  const found = text.matchAll(/^(?:import|export)\s+(type\s+)?([\s\S]*?from\s+)?'([^']+)';/gm);
  return [...found].map(([, type, , to = '']) => ({
    from: file,
    to: to.startsWith('.') ? path.join(path.dirname(file), to) : to,
    isType: type !== undefined,
  }));
}

const all = files.flatMap(importsOf);
const ours = all.filter(({ to }) => /\.tsx?$/.test(to));

function floorOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : file.replace(/\.tsx?$/, '');
}

function isAllowed({ from, to, isType }: Import): boolean {
  const [here, there] = [floorOf(from), floorOf(to)];
  if (here === there) return true;
  return (ALLOWED[here] ?? []).some((rule) => {
    const wanted = rule.replace('type:', '');
    if (rule.startsWith('type:') && !isType) return false;
    return wanted === there || `${wanted}.ts` === to;
  });
}

test('every import goes along an arrow of the table', () => {
  expect(files.length).toBeGreaterThan(40);
  expect(ours.length).toBeGreaterThan(100);
  expect(ours.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
});

test('control: a wrong arrow is seen', () => {
  expect(isAllowed({ from: 'domain/person/person.ts', to: 'db/people/people.ts', isType: true })).toBe(false);
  expect(isAllowed({ from: 'web/login.tsx', to: 'oidc/provider/provider.ts', isType: false })).toBe(false);
  expect(isAllowed({ from: 'oidc/records/adapter.ts', to: 'platform/keyring.ts', isType: false })).toBe(
    false,
  );
});

test('no file imports itself over a circle', () => {
  const next = new Map<string, string[]>();
  for (const { from, to } of ours) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const circles: string[] = [];
  const requestSource = (file: string, way: string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' -> '));
    if (done.has(file) || way.includes(file)) return;
    for (const to of next.get(file) ?? []) requestSource(to, [...way, file]);
    done.add(file);
  };
  for (const file of files) requestSource(file, []);
  expect(circles).toEqual([]);
});

test('the floors form no circle either', () => {
  const order = [
    'core',
    'platform',
    'configPost',
    'config',
    'store',
    'post',
    'usecases',
    'jobs',
    'oidc',
    'web',
    'appSettings',
    'appHealth',
    'appJobs',
    'appKeys',
    'appListener',
    'appPost',
    'appProvider',
    'appWorld',
    'app',
    'sandbox',
    'main',
    'cliOperator',
    'cliKeys',
    'cliBinding',
    'cliFailures',
    'cliIssue',
    'cliLetters',
    'cliProgress',
    'cliRegister',
    'cliRelyingParty',
    'cli',
  ];
  const upward = ours.filter(({ from, to }) => order.indexOf(floorOf(to)) > order.indexOf(floorOf(from)));
  expect(upward).toEqual([]);
});

test('a package that one floor owns is imported nowhere else', () => {
  const strays = all.filter(({ from, to }) => {
    const owner =
      OWNED_PACKAGES[
        to
          .split('/')
          .slice(0, to.startsWith('@') ? 2 : 1)
          .join('/')
      ];
    return owner !== undefined && floorOf(from) !== owner;
  });
  expect(strays).toEqual([]);
});

test('pages are drawn in their folders alone: what answers requests is plain TypeScript', () => {
  const drawn = files.filter((file) => file.endsWith('.tsx'));
  expect(drawn.length).toBeGreaterThan(40);
  const strays = drawn.filter((file) => !/^web\/(pages\/|courtesy\/|signIn\/|layout\.tsx$)/.test(file));
  expect(strays).toEqual([]);
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
    ['chance', /\brandom(Bytes|Int|UUID)\b|Math\.random/, [...WORLD, 'http/middleware.ts']],
  ] as const)('%s stands only where it is named', (_what, pattern, where) => {
    const found = files.filter((file) => pattern.test(readFileSync(path.join('src', file), 'utf8')));
    expect(found.filter((file) => !(where as readonly string[]).includes(file))).toEqual([]);
  });
});

describe('what a module keeps', () => {
  const KEEPS = /^(export )?(let |const \w+(: [^=]+)? = new (WeakMap|WeakSet|Map)\b)|new WeakMap/m;
  test('is no table and no variable: state belongs to an object that the composition root made', () => {
    expect(files.filter((file) => KEEPS.test(readFileSync(path.join('src', file), 'utf8')))).toEqual([]);
  });
  test.each(['let last = null;', 'const seen = new Map<string, number>();', '  #a = new WeakMap();'])(
    'control: %s is seen',
    (line) => expect(KEEPS.test(`/** x */\n${line}\n`)).toBe(true),
  );
});

describe('what is one logic stands in one file', () => {
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
    const found = files.filter((file) => pattern.test(readFileSync(path.join('src', file), 'utf8')));
    expect(found.sort()).toEqual(where);
  });
});

test('the composition root fits on one page, with every feature and every step of a request', () => {
  const text = readFileSync('src/app.ts', 'utf8');
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  const features = files.filter((file) =>
    /^export const \w+: Feature = /m.test(readFileSync(path.join('src', file), 'utf8')),
  );
  expect(features.length).toBeGreaterThan(10);
  const inRoot = ours.filter(({ from }) => from === 'app.ts').map(({ to }) => to);
  expect(features.filter((file) => !inRoot.includes(file))).toEqual([]);
  expect(text.match(/^ +const steps: Middleware\[\] = \[$/gm)).toHaveLength(1);
});

test('no floor has more than 25 files, no file more than 300 lines, and there is no drawer', () => {
  const floors = Map.groupBy(files, (file) => path.dirname(file));
  for (const [folder, inIt] of floors) expect([folder, inIt.length <= 25]).toEqual([folder, true]);
  for (const file of files) {
    const lines = readFileSync(path.join('src', file), 'utf8').split('\n').length;
    expect([file, lines <= 300]).toEqual([file, true]);
  }
  expect(files.filter((file) => /(^|\/)(helpers|utils|types)(\/|\.)/.test(file))).toEqual([]);
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
