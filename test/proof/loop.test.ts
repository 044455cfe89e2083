/** The commands for developing Nøgle: what developers see after a save. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePorts, IS_WHOLE_PROOF, makeScratchFolder, request, waitUntil } from '../support/index.ts';
import { ProjectCopy } from '../support/projectCopy.ts';

let copy: ProjectCopy;
let data: string;
beforeAll(() => {
  copy = new ProjectCopy();
  data = makeScratchFolder('loop');
});
afterAll(async () => {
  await copy.remove();
  rmSync(data, { recursive: true, force: true });
});

/** It is at the foot of every page, and in one file. */
const WORD = 'Spær kort eller ID med det samme';
const OTHER = 'Noget helt andet';

function fileWith(text: string): string {
  const files = readdirSync(path.join(copy.folder, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join('src', file));
  const file = files.find((one) => readFileSync(path.join(copy.folder, one), 'utf8').includes(`'${text}'`));
  if (!file) throw new Error(`no file has ${text}`);
  return file;
}

test('npm run dev: a save is served, an error of types is printed and the last build keeps serving, data is kept', async () => {
  const port = await freePorts();
  const dev = copy.run(['dev'], { PORT: String(port), NOEGLE_DATA_DIR: data });
  const shows = async (text: string) => {
    const page = await request({ port, issuer: `http://localhost:${port}` })
      .get('/')
      .catch(() => null);
    return page?.text.includes(text) ?? false;
  };
  await dev.printed(/Nøgle is ready/);
  await dev.printed(/dev: watching/);
  const people = readFileSync(path.join(data, 'demo.json'), 'utf8');
  expect([await shows(WORD), await shows(OTHER)]).toEqual([true, false]);

  const file = fileWith(WORD);
  const before = copy.edit(file, (text) => text.replace(WORD, OTHER));
  await waitUntil('the new words are served', () => shows(OTHER));
  expect(readFileSync(path.join(data, 'demo.json'), 'utf8')).toBe(people);

  const from = dev.output.length;
  copy.edit(file, () => `${before}\nexport const wrong: number = 'a word';\n`);
  expect(await dev.printed(/what was built last goes on/, from)).toMatch(/wrong|TS2322/);
  // The compiler may have seen the first save twice: a second restart of that build can be under way.
  await waitUntil('the last build is served', () => shows(OTHER));

  copy.edit(file, () => before);
  await waitUntil('the former words are served', () => shows(WORD));
  expect(await dev.end()).toBe(0);
});

const inWhole = IS_WHOLE_PROOF ? test : test.skip;

inWhole('npm run test:watch: a story runs again after a save, with what was saved', async () => {
  // A story that only runs the build.
  writeFileSync(
    path.join(copy.folder, 'test/saved.test.ts'),
    `import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
test('built', () => expect(readFileSync('dist/saved.js', 'utf8')).toContain('first'));
`,
  );
  writeFileSync(path.join(copy.folder, 'src/saved.ts'), "export const saved = 'first';\n");
  const watch = copy.run(['test:watch', 'test/saved.test.ts']);
  await watch.printed(/1 passed/);
  const folders = () => readdirSync(path.join(copy.folder, '.tmp'));
  const before = folders();

  const failed = watch.output.length;
  const savedAt = performance.now();
  copy.edit('src/saved.ts', (text) => text.replace('first', 'other'));
  await watch.printed(/1 failed/, failed);
  console.info(`run again ${Math.round(performance.now() - savedAt)} ms after a save`);
  const passed = watch.output.length;
  // A type error stops no test.
  copy.edit('src/saved.ts', () => "export const saved: number = 'first';\n");
  expect(await watch.printed(/1 passed/, passed)).toContain('TS2322');
  // PostgreSQL and its template are those of the first run.
  expect(folders()).toEqual(before);
  await watch.end();
  expect(folders().filter((name) => name.startsWith('run-'))).toEqual([]);

  // Nor does it in a separate run.
  const run = copy.run(['test', '--', 'test/saved.test.ts']);
  expect(await run.exited()).toBe(0);
  expect(run.output).toMatch(/TS2322[\s\S]*1 passed/);
});

test('npm run test:unit: in seconds of the processor, without a build or a database, from the source', () => {
  const seconds = (...files: string[]) => {
    const unit = `TIMEFORMAT='%U %S'; time npm run -s test:unit -- ${files.join(' ')} 2>&1`;
    const output = execFileSync('bash', ['-c', `{ ${unit}; } 2>&1`], { cwd: copy.folder, encoding: 'utf8' });
    const [user = 0, sys = 0] = (output.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
    return { output, cpu: user + sys };
  };
  writeFileSync(
    path.join(copy.folder, 'src/beside.rules.test.ts'),
    "import { expect, test } from '@jest/globals';\ntest('beside', () => expect(1).toBe(1));\n",
  );
  const one = seconds('beside');
  expect(one.output).toContain('1 passed');
  const all = seconds();
  console.info(`one file ${one.cpu.toFixed(2)} s, all ${all.cpu.toFixed(2)} s of the processor`);
  expect(all.output).toMatch(/PASS src\/domain/);
  expect([one.cpu < 2.5, all.cpu < 15]).toEqual([true, true]);
});
