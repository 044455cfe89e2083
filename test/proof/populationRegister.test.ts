/**
 * The population register at size, by the command as operators run it: killed and restarted, twice
 * concurrently, next to the sandbox. Its duration is measured separately, in registerTiming.test.ts.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, expect, test } from '@jest/globals';
import type { ImportReport } from '../../src/features/populationRegister/importRegister.ts';
import {
  aPerson,
  commandEnv,
  cprAt,
  freePort,
  freePorts,
  HEADER,
  IS_WHOLE_PROOF,
  runCli,
  RunningNoegle,
  type TestPerson,
  useFolder,
  useNodes,
  writeRow,
  PATIENT_DATABASE_MS,
  markOfRun,
} from '../support/index.ts';

const isTimed = process.env['NOEGLE_TEST_TIMED'] === 'yes';
/** The time is measured with all of them; the rest asks only for more than one batch. */
const ROWS = isTimed || IS_WHOLE_PROOF ? 100_000 : 30_000;
const WITH_ID = 40;
/** A hundred thousand rows and the objects made of them do not fit into so many MB. */
const SMALL_HEAP = 96;

const nodes = useNodes();
const folder = useFolder('register');
let env: Record<string, string>;
const people: TestPerson[] = [];
beforeAll(async () => {
  env = { ...(await commandEnv(nodes, folder)), PORT: String(await freePort()) };
  for (let i = 0; i < WITH_ID; i += 1)
    people.push(await aPerson(nodes, { cpr: cprAt((i * ROWS) / WITH_ID) }));
  nodes.secrets.add(cprAt(77), 'CPR number');
});

/** Everyone lives at `street`; those who have an ID move with it. */
async function write(name: string, street: string, rows = ROWS): Promise<string> {
  const names = new Map(people.map(({ cpr, fullName }) => [cpr, fullName]));
  const lines = Array.from({ length: rows }, (_, i) => {
    const cpr = cprAt(i);
    return writeRow({
      cpr,
      name: names.get(cpr) ?? `Prøve Nummer ${i} Østergård`,
      address: `${street} ${i}, 2. tv.`,
    });
  });
  const file = path.join(folder, name);
  await writeFile(file, `${[HEADER, ...lines].join('\n')}\n`);
  return file;
}

/** @param heap the most that the command's objects may take, in MB; Node's default if absent */
async function load(
  file: string,
  heap?: number,
): Promise<{ imported: ImportReport; seconds: number; megabytes: number; blocker: string }> {
  const startedAt = performance.now();
  const limit = heap === undefined ? [] : [`--max-old-space-size=${heap}`];
  const args = [...limit, 'dist/cli.js', 'register', 'import', file, '--json'];
  const child = spawn(process.execPath, args, { env: { ...pathOnly(), ...PATIENCE, ...env } });
  let [stdout, blocker, megabytes] = ['', '', 0];
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (blocker += text.toString()));
  const look = setInterval(() => {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    megabytes = Math.max(megabytes, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  }, 100);
  child.on('exit', () => clearInterval(look));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  nodes.keepLog(`${stdout}${blocker}`);
  if (code !== 0) throw new Error(blocker);
  const seconds = (performance.now() - startedAt) / 1000;
  return { imported: JSON.parse(stdout) as ImportReport, seconds, megabytes, blocker };
}
/** A busy machine is not an outage: this tests the import, not how soon it gives up. */
const PATIENCE = { NOEGLE_DATABASE_TIMEOUT_MS: String(PATIENT_DATABASE_MS) };
const pathOnly = () => ({ PATH: process.env['PATH'] ?? '', ...markOfRun() });

async function countEvents(kind: string): Promise<{ notices: number; people: number }> {
  const [found] = await nodes.database.query<{ notices: number; people: number }>(
    `SELECT count(*)::int AS notices, count(DISTINCT identity_id)::int AS people FROM notices WHERE kind = $1`,
    [kind],
  );
  return found ?? { notices: 0, people: 0 };
}

if (isTimed)
  test(`${ROWS} rows in less than 10 seconds, new or all changed; what has not changed in a heap that could not hold them`, async () => {
    await nodes.database.query('TRUNCATE register_entries');
    const first = await load(await write('first.csv', 'Førstegade'));
    const again = await load(path.join(folder, 'first.csv'), SMALL_HEAP);
    const second = await load(await write('second.csv', 'Andengade'));
    const runs = Object.entries({ first, again, second });
    for (const [name, { seconds, megabytes }] of runs) {
      console.info(`${name}: ${ROWS} rows in ${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB at most`);
    }
    for (const { seconds } of [first, second]) expect(seconds).toBeLessThan(10);
    const none = {
      rows: ROWS,
      added: 0,
      changed: 0,
      unchanged: 0,
      people: 0,
      toLookAt: 0,
      toLookAtLines: [],
      skippedCount: 0,
      skipped: [],
      advice: [],
    };
    expect(first.imported).toEqual({ ...none, added: ROWS, people: WITH_ID });
    expect(again.imported).toEqual({ ...none, unchanged: ROWS });
    expect(second.imported).toEqual({ ...none, changed: ROWS, people: WITH_ID });
    expect(first.blocker).toMatch(/\r\[#{40}\] 100000 rows\n$/);
    expect(await countEvents('address_changed')).toEqual({ notices: WITH_ID * 2, people: WITH_ID });
  });
else untimed();

function untimed(): void {
  test('killed in the middle and started again, everything is there once', async () => {
    const file = await write('killed.csv', 'Førstegade');
    const child = spawn(process.execPath, ['dist/cli.js', 'register', 'import', file], {
      env: { ...pathOnly(), ...env },
    });
    const many = async () => {
      const [found] = await nodes.database.query<{ many: number }>(
        'SELECT count(*)::int AS many FROM register_entries',
      );
      return found?.many ?? 0;
    };
    while ((await many()) < ROWS / 4) await setTimeout(5);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('close', resolve));
    const before = await many();
    expect(before).toBeLessThan(ROWS);
    const { people: early } = await countEvents('address_changed');
    const { imported } = await load(file);
    expect(imported).toMatchObject({ rows: ROWS, changed: 0, skippedCount: 0 });
    // What was in flight at the kill may have been committed after it was counted.
    expect(imported.added + imported.unchanged).toBe(ROWS);
    expect(imported.unchanged).toBeGreaterThanOrEqual(before);
    expect(imported.people).toBeLessThanOrEqual(WITH_ID - early);
    expect(early).toBeGreaterThan(0);
    expect(await countEvents('address_changed')).toEqual({ notices: WITH_ID, people: WITH_ID });
    console.info(
      `killed after ${before} rows, ${early} of ${WITH_ID} people; ${imported.added} rows were left`,
    );
  });

  test('two concurrently: each row is written once', async () => {
    const file = await write('both.csv', 'Tredjegade');
    const [one, two] = await Promise.all([load(file), load(file)]);
    const sum = (of: (imported: ImportReport) => number) => of(one.imported) + of(two.imported);
    expect([sum(({ changed }) => changed), sum(({ people: many }) => many)]).toEqual([ROWS, WITH_ID]);
    expect(await countEvents('address_changed')).toEqual({ notices: WITH_ID * 2, people: WITH_ID });
  });

  test('what was done is reported to people too, bad rows by line, and a file that is not there', async () => {
    const file = path.join(folder, 'few.csv');
    await writeFile(
      file,
      `${[HEADER, writeRow({ cpr: cprAt(77) }), writeRow({ cpr: 'x' }), 'y'].join('\n')}\n`,
    );
    const output = await runCli(['register', 'import', file], env);
    expect([output.code, output.stdout]).toEqual([
      1,
      '3 rows: 0 added, 1 changed, 0 unchanged, 2 left out\n0 people who have an ID were changed\n' +
        'line 3: no CPR number, or one with an impossible date\nline 4: too many fields, or too few\n',
    ]);
    expect(output.stderr).toContain('2 rows were left out, and at most 0 may be');
    const within = await runCli(['register', 'import', file, '--left-out-at-most', '2', '--json'], env);
    expect([within.code, within.stderr.includes('left out')]).toEqual([0, false]);
    await writeFile(file, writeRow({ cpr: cprAt(77) }));
    const wrong = await runCli(['register', 'import', file], env);
    expect([wrong.code, wrong.stdout]).toEqual([1, '']);
    expect(wrong.stderr).toMatch(/the header is not that of a register: it lacks cpr, /);
    expect((await runCli(['register', 'import', `${file}x`], env)).stderr).toMatch(/few\.csvx is not there/);
    expect((await runCli(['register'], env)).stderr).toMatch(/^Usage: .*register import FILE/s);
    for (const { stdout, stderr } of [output, wrong]) nodes.keepLog(`${stdout}${stderr}`);
  });

  test('next to the running sandbox: it has its own register, and takes another', async () => {
    const port = await freePorts();
    const sandbox = { NOEGLE_DATA_DIR: path.join(folder, 'sandbox'), PORT: String(port) };
    const running = new RunningNoegle(sandbox);
    try {
      await running.ready();
      const own = await runCli(['register', 'import', 'examples/register.csv', '--json'], sandbox);
      expect(JSON.parse(own.stdout)).toMatchObject({ rows: 22, unchanged: 22, skippedCount: 0 });
      const file = path.join(folder, 'moved.csv');
      const text = await readFile('examples/register.csv', 'utf8');
      await writeFile(file, text.replace('"Østergade 12, 2. tv."', 'Søndergade 1'));
      const moved = await runCli(['register', 'import', file, '--json'], sandbox);
      expect(JSON.parse(moved.stdout)).toMatchObject({ changed: 1, people: 1, unchanged: 21 });
    } finally {
      await running.stop();
    }
  });
}
