/** Each operator command, as built: its caller and its effect are in the audit log. */
import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { issueFromFile } from '../../src/cli/issue.ts';
import { COMMANDS, createCommandRecorder } from '../../src/cli/operator.ts';
import { commandEnv, createTestDatabase, request, runCli, useFolder, useNodes } from '../support/index.ts';
import { HOW_TO_RUN } from '../support/operatorCommands.ts';

const nodes = useNodes();
const folder = useFolder('commands');
let env: Record<string, string>;
beforeAll(async () => {
  const rules = await file('rules.json', { binding: 'write' });
  env = { ...(await commandEnv(nodes, folder)), NOEGLE_RULES_FILE: rules };
});

async function file(name: string, content: unknown): Promise<string> {
  const at = path.join(folder, name);
  await writeFile(at, typeof content === 'string' ? content : JSON.stringify(content));
  return at;
}

interface Written {
  readonly command: string;
  readonly account: string;
  readonly by: string | null;
  readonly about: object;
}

async function events(): Promise<Written[]> {
  const rows = await nodes.database.query<{ details: Written }>(
    `SELECT details FROM audit_events WHERE kind = 'operator_command' ORDER BY id`,
  );
  return rows.map(({ details }) => details);
}

test.each(Object.keys(HOW_TO_RUN))('%s', async (name) => {
  const { args, about, events: many = 1 } = HOW_TO_RUN[name] ?? { args: async () => [], about: {} };
  const before = await events();
  const words = await args(nodes, file);
  if (name === 'issue') {
    const record = createCommandRecorder({ account: userInfo().username, by: 'Erik Eskildsen' }, name);
    await issueFromFile(nodes.node(0).app, words[0] ?? '', record);
  } else {
    const isOwners = ['migrate', 'drill restore', 'after-restore'].includes(name);
    const as = isOwners ? { ...env, DATABASE_URL: nodes.database.ownerUrl } : env;
    const { code, stderr } = await runCli([...name.split(' '), ...words, '--by', 'Erik Eskildsen'], as);
    expect([name, code, code === 0 ? '' : stderr]).toEqual([name, 0, '']);
  }
  const written = (await events()).slice(before.length);
  expect(written).toHaveLength(many);
  for (const one of written) {
    expect(one).toMatchObject({ command: name, account: userInfo().username, by: 'Erik Eskildsen' });
  }
  expect(written.at(-1)?.about).toMatchObject(about);
});

test('what was refused, what only reads and what has no database leave nothing', async () => {
  const before = await events();
  const quiet = Object.keys(COMMANDS).filter((name) => COMMANDS[name] !== 'recorded');
  expect(quiet).toHaveLength(20);
  await runCli(['keys', 'make', path.join(folder, 'other.json')], env);
  await runCli(['keys', 'complete', path.join(folder, 'other.json')], env);
  await runCli(['keys', 'add', 'seal', path.join(folder, 'other.json')], env);
  await runCli(['keys', 'use', 'seal', 'k2', path.join(folder, 'other.json')], env);
  const rings = await runCli(['keys', 'rings'], env);
  expect([rings.code, rings.stdout]).toEqual([0, expect.stringContaining('seal (reseal)')]);
  await runCli(['keys', 'list'], env);
  await runCli(['check-config'], env);
  // Nothing answers at the addresses of mail and print house: 1, and a finding for each.
  const doctor = await runCli(['doctor', '--json'], env);
  expect([doctor.code, JSON.parse(doctor.stdout).severity]).toEqual([1, 'fault']);
  const offline = await runCli(['check-config', '--database', '--no-network'], env);
  // The server of the tests runs without fsync.
  expect([offline.code, offline.stdout]).toEqual([1, expect.stringContaining('ok      ring-keys')]);
  expect(offline.stdout).not.toMatch(/^\w+ +(mail|print-house|relying-parties)/m);
  // Another database, to which no node is connected.
  const other = await createTestDatabase();
  const alone = await runCli(['status'], { ...env, DATABASE_URL: other.appUrl });
  await other.drop();
  const notConnected = 'no node is connected';
  expect([alone.code, alone.stdout]).toEqual([2, expect.stringContaining(notConnected)]);
  await request(nodes.node(0)).get('/health/ready').expect(200);
  const status = (await runCli(['status'], env)).stdout;
  expect([status.includes('Database'), status.includes(`! ${notConnected}`)]).toEqual([true, false]);
  expect((await runCli(['logouts', 'list'], env)).code).toBe(0);
  expect((await runCli(['connections', 'list'], env)).code).toBe(0);
  expect(await runCli(['failures', '--hours', '2'], env)).toMatchObject({
    code: 0,
    stdout: 'no wrong answers\n',
  });
  expect((await runCli(['audit', 'verify'], env)).code).toBe(0);
  await runCli(['relying-party', 'list'], env);
  await runCli(['relying-party', 'show', 'skat'], env);
  for (const refused of [
    ['keys', 'rotate'],
    ['keys', 'withdraw', 'x'.repeat(43)],
    ['letters', 'retry', '00000000-0000-4000-8000-000000000000'],
    ['relying-party', 'remove', 'nobody'],
    ['relying-party', 'rotate-secret', 'nobody'],
    ['letters', '--by', '<b>'],
    ['letters', '--by', 'EE '],
  ]) {
    expect([refused, (await runCli(refused, env)).code]).toEqual([refused, 1]);
  }
  expect(await events()).toEqual(before);
});

test('the setting names who, and --by goes before it', async () => {
  const shared = { ...env, NOEGLE_OPERATOR: 'Elna Enevoldsen' };
  expect((await runCli(['letters'], shared)).code).toBe(0);
  expect((await events()).at(-1)).toMatchObject({ command: 'letters', by: 'Elna Enevoldsen' });
  expect((await runCli(['letters', '--by', 'EE'], shared)).code).toBe(0);
  expect((await events()).at(-1)).toMatchObject({ command: 'letters', by: 'EE' });
});

test('what only the database says of the binding binds nothing', async () => {
  await nodes.database.query(`UPDATE installation SET binding = 'write'`);
  const { NOEGLE_RULES_FILE: _, ...untold } = env;
  for (const args of [['bind-rows'], ['relying-party', 'rotate-secret', 'nobody']]) {
    const { code, stderr } = await runCli(args, untold);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('"binding" is "write" by the database alone'),
    ]);
  }
});

test('what an operator runs first answers at once', async () => {
  for (const args of [['--help'], ['help', 'keys'], ['check-config'], ['status'], ['nonsense']]) {
    const begun = performance.now();
    const { stdout, stderr } = await runCli(args, env);
    expect([args, stdout + stderr]).toEqual([args, expect.stringMatching(/./)]);
    // A whole app takes two to eight seconds on a busy machine.
    expect([args, Math.min(performance.now() - begun, 1_500)]).not.toEqual([args, 1_500]);
  }
});
