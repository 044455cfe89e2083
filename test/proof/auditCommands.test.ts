/** The commands on the audit log, as built: what they print, their exit codes, and what they refuse. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { composeHeadObject, readHeadObject } from '../../src/features/auditLog/sinkObjects.ts';
import { AuditSigner } from '../../src/platform/auditSigner.ts';
import { Keyring } from '../../src/platform/keyring.ts';
import { AuditLogBench, closeId } from '../support/auditLog.ts';
import { HAS_PYTHON, readVerifierKey, runProgram } from '../support/auditProgram.ts';
import { aPerson, commandEnv, runCli, useFolder, useNodes, type TestPerson } from '../support/index.ts';

const nodes = useNodes();
const folder = useFolder('audit-commands');
let bench: AuditLogBench;
let person: TestPerson;
let env: Record<string, string>;
beforeAll(async () => {
  bench = await AuditLogBench.open(nodes);
  person = await aPerson(nodes);
  for (let burst = 0; burst < 3; burst += 1) {
    await bench.write(50, [person.identityId, null]);
    await bench.settle();
  }
  env = { ...(await commandEnv(nodes, folder)), NOEGLE_AUDIT_SINK: bench.sinkFolder };
});

const verify = async (...args: string[]) => await runCli(['audit', 'verify', ...args], env);

/** The files of the sink's segments, in their order. */
function segmentFiles(): string[] {
  return readdirSync(bench.sinkFolder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /segments\/.*\d{12}$/.test(name))
    .sort()
    .map((name) => path.join(bench.sinkFolder, name));
}

async function asOwner(statement: string): Promise<void> {
  await nodes.database.query('ALTER TABLE audit_events DISABLE TRIGGER USER');
  await nodes.database.query(statement);
  await nodes.database.query('ALTER TABLE audit_events ENABLE TRIGGER USER');
}

test('a whole log: 0; and one line for each finding: 1', async () => {
  const { code, stdout } = await verify();
  expect([code, stdout]).toEqual([0, expect.stringMatching(/nothing was altered\n$/)]);
  expect(stdout).toContain(`of the sink ${bench.sinkFolder}`);
  const [{ id } = { id: '' }] = await nodes.database.query<{ id: string }>(
    `SELECT id FROM audit_events WHERE details ? 'n' ORDER BY id OFFSET 60 LIMIT 1`,
  );
  await asOwner(`UPDATE audit_events SET kind = 'x' || kind WHERE id = ${id}`);
  const altered = await verify();
  expect([altered.code, altered.stdout]).toEqual([
    1,
    expect.stringMatching(new RegExp(`^event ${id} was changed`)),
  ]);
  const json = await verify('--json');
  expect([json.code, JSON.parse(json.stdout)]).toMatchObject([
    1,
    { isUnaltered: false, findings: [{ kind: 'event_changed', id }] },
  ]);
  await asOwner(`UPDATE audit_events SET kind = substr(kind, 2) WHERE id = ${id}`);
  expect((await verify()).code).toBe(0);
});

test('a checkpoint that a witness stored: of this log, of before, of another log, and one that is ahead', async () => {
  const [{ checkpoint } = { checkpoint: '' }] = await nodes.database.query<{ checkpoint: string }>(
    'SELECT checkpoint FROM audit_tree',
  );
  const file = path.join(folder, 'checkpoint');
  const tryOut = async (text: string) => {
    writeFileSync(file, text);
    const { code, stdout } = await verify('--checkpoint', file);
    return [code, stdout.split('\n')[0]];
  };
  expect(await tryOut(checkpoint)).toEqual([0, expect.stringContaining('are in the tree')]);
  expect(await tryOut('nonsense')).toEqual([1, 'the checkpoint that was given is no signed checkpoint']);
  const size = Number(checkpoint.split('\n')[1]);
  expect(await tryOut(checkpoint.replace(`\n${size}\n`, `\n${size + 1}\n`))).toEqual([
    1,
    'the checkpoint that was given was changed: its signature does not fit',
  ]);
  const [origin = '', , root = ''] = checkpoint.split('\n');
  expect(await tryOut(bench.signer.signNote(`${origin}\n${size + 9}\n${root}\n`))).toEqual([
    1,
    `the checkpoint that was given (size ${size + 9}) is ahead of the tree: the log was rolled back`,
  ]);
  expect(await tryOut(bench.signer.signNote(`${origin}\n9\n${root}\n`))).toEqual([
    1,
    'the checkpoint that was given (size 9) does not fit the tree: the tree of that size has another root',
  ]);
  const missing = await verify('--checkpoint', path.join(folder, 'none'));
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('--checkpoint: ENOENT')]);
});

test('a sink with a hole, a segment changed, a head that lies, and none', async () => {
  const [first = '', second = ''] = segmentFiles();
  const whole = readFileSync(second, 'utf8');
  const tryOut = async (text: string | null, file = second) => {
    const before = readFileSync(file);
    if (text === null) rmSync(file);
    else writeFileSync(file, text);
    const { code, stdout } = await verify();
    writeFileSync(file, before);
    return [code, stdout];
  };
  expect(await tryOut(null)).toEqual([1, expect.stringMatching(/^segment 1 is missing in the sink/)]);
  expect(await tryOut(whole.replace('segment v1', 'segment v2'))).toEqual([
    1,
    expect.stringContaining('was changed: its signature does not fit'),
  ]);
  expect(await tryOut(readFileSync(first, 'utf8'))).toEqual([
    1,
    expect.stringContaining('is segment 0 under another name'),
  ]);
  const headFile = path.join(bench.sinkFolder, 'head');
  const head = readHeadObject(bench.signer, readFileSync(headFile));
  for (const [text, what] of [
    ['', 'head is no signed note'],
    [readFileSync(headFile, 'utf8').replace(/"lastSegment":\d+/, '"lastSegment":0'), 'head was changed'],
    [
      composeHeadObject(bench.signer, { ...head, lastSegment: 999 }).toString(),
      'head says that segment 999 is there',
    ],
    [
      composeHeadObject(new AuditSigner(new Keyring(Keyring.generate()), nodes.issuer), head).toString(),
      'head was signed by another key',
    ],
  ] as const)
    expect(await tryOut(text, headFile)).toEqual([1, expect.stringContaining(`sink: ${what}`)]);
  // Segments that are older than every backup are removed: what is left is compared.
  const gone = readFileSync(first);
  rmSync(first);
  const later = await verify();
  writeFileSync(first, gone);
  expect([later.code, later.stdout]).toEqual([0, expect.stringContaining('compared with segments 1 to')]);
  const [, , third = ''] = segmentFiles();
  const thirdBytes = readFileSync(third);
  for (const file of [first, third]) rmSync(file);
  const holed = await verify();
  writeFileSync(first, gone);
  writeFileSync(third, thirdBytes);
  expect([holed.code, holed.stdout]).toEqual([
    1,
    expect.stringMatching(/^segment 2 is missing in the sink[^]*compared with segments 1 to/),
  ]);
  const none = await verify('--sink', path.join(folder, 'none'));
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('ENOENT')]);
  const odd = await verify('--sink', 'ftp://sink.example');
  expect([odd.code, odd.stderr]).toEqual([
    1,
    expect.stringContaining('--sink must be the absolute path of a folder'),
  ]);
  expect((await verify()).code).toBe(0);
});

test('an export is recorded, and the independent program verifies it', async () => {
  for (const args of [[], ['--proofs'], ['--proofs', '--from', '20', '--to', '40']]) {
    const { code, stdout } = await runCli(['audit', 'export', ...args], env);
    expect(code).toBe(0);
    const file = path.join(folder, 'export.jsonl');
    writeFileSync(file, stdout);
    if (HAS_PYTHON) expect(runProgram(file, readVerifierKey(bench.signer))).toMatchObject({ isRight: true });
  }
  const [{ details } = { details: {} }] = await nodes.database.query<{ details: object }>(
    `SELECT details FROM audit_events WHERE kind = 'operator_command' ORDER BY id DESC LIMIT 1`,
  );
  expect(details).toMatchObject({ command: 'audit export', about: { from: '20', to: '40', proofs: true } });
  expect((await runCli(['audit', 'export', '--from', 'x'], env)).code).toBe(1);
  expect((await runCli(['audit', 'sweep'], env)).code).toBe(1);
});

test('a person is erased by two', async () => {
  const erase = async (by: string, ...args: string[]) => {
    const { code, stdout, stderr } = await runCli(
      ['audit', 'erase', person.idNumber, ...args, '--by', by],
      env,
    );
    return [code, (stdout + stderr).trim()];
  };
  expect(await erase('Anna')).toEqual([1, expect.stringContaining('the ID is not closed')]);
  await closeId(nodes, person.identityId);
  expect(await erase('Bo', '--confirm')).toEqual([1, expect.stringContaining('no one has proposed this')]);
  expect(await erase('Anna')).toEqual([0, expect.stringContaining('proposed')]);
  expect(await erase('Bo', '--confirm')).toEqual([
    1,
    expect.stringMatching(/^event \d+ is not in the tree yet/),
  ]);
  await bench.settle();
  expect(await erase('Anna', '--confirm')).toEqual([
    1,
    expect.stringContaining('another person has to confirm it'),
  ]);
  expect(await erase('Bo', '--confirm')).toEqual([0, expect.stringMatching(/^erased: \d+ events/)]);
  expect(await erase('Bo', '--confirm')).toEqual([1, 'the person was erased before']);
  await bench.settle();
  const { code, stdout } = await verify();
  expect([code, stdout]).toEqual([0, expect.stringMatching(/are of people who were erased/)]);
  const [row] = await nodes.database.query<{ both: string[] }>(
    `SELECT array_agg(details -> 'operator' ->> 'by' ORDER BY id) AS both FROM audit_events
     WHERE identity_id = $1 AND kind LIKE 'person_eras%'`,
    [person.identityId],
  );
  expect(row?.both).toEqual(['Anna', 'Bo']);
});

test('a database that was rolled back is verified, though no node would serve from it', async () => {
  await nodes.database.query('DELETE FROM audit_segments WHERE number > 1');
  const { code, stdout } = await verify();
  expect([code, stdout]).toEqual([1, expect.stringMatching(/segments 2 to \d+ are missing in the database/)]);
  await nodes.database.query('TRUNCATE audit_tree');
  const none = await verify();
  expect([none.code, none.stdout]).toEqual([1, expect.stringContaining('the row of audit_tree is missing')]);
});
