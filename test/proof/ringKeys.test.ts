/**
 * The ring `seal` gets another key over two nodes while people sign in: `keys reseal` is killed ten times at
 * random, goes on, and ends; then the old key is taken out, and everything works.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { planReseal } from '../../src/cli/ringKeys/reseal.ts';
import { saveEntries } from '../support/manyEntries.ts';
import { Keyring, type KeyringFile } from '../../src/platform/keyring.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  cleanEnv,
  commandEnv,
  composeApplication,
  issueApplication,
  openCounterSession,
  redeemCode,
  runCli,
  sendAllLetters,
  signInAt,
  signInAtNode,
  TestBrowser,
  twoOperators,
  useFolder,
  IS_WHOLE_PROOF,
  useNodes,
  userinfo,
  type Operators,
  type TestPerson,
  type TestRelyingParty,
} from '../support/index.ts';
import { fillSealedColumns, openSealedColumns } from '../support/sealedRows.ts';

/** All ten take a minute: `NOEGLE_PROOF_WHOLE=yes`. */
const KILLS = IS_WHOLE_PROOF ? 10 : 4;
const PEOPLE = 150;
const ENTRIES = IS_WHOLE_PROOF ? 9_000 : 4_000;

const nodes = useNodes({ count: 2, binding: () => 'require', withoutErrors: true });
const folder = useFolder('reseal');
const file = path.join(folder, 'keys.json');
const read = () => JSON.parse(readFileSync(file, 'utf8')) as KeyringFile;

let people: TestPerson[] = [];
let operators: Operators;
let rp: TestRelyingParty;
let env: Record<string, string>;

/** Restarts the nodes one by one with the file, while people sign in at the other. */
async function rollOut(): Promise<void> {
  for (const index of [0, 1]) await nodes.replaceOne(index, read());
}

/** Keeps people signing in, over both nodes, until it is stopped. */
class SignIns {
  done = 0;
  readonly failures: string[] = [];
  #isOver = false;
  readonly #lanes: Promise<void>;
  #turn = 0;

  constructor(lanes: number) {
    this.#lanes = Promise.all(Array.from({ length: lanes }, () => this.#run())).then(() => undefined);
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#lanes;
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      const turn = this.#turn++;
      const person = people[turn % people.length];
      if (!person) return;
      await signInWithCpr(person, turn).then(
        () => (this.done += 1),
        (error: unknown) => this.failures.push(String(error)),
      );
    }
  }
}

async function signInWithCpr(person: TestPerson, turn = 0): Promise<void> {
  const request = authRequest(rp, { scope: 'openid profile ssn' });
  const browser = new TestBrowser(nodes, turn);
  const code = (await signInAtNode(browser, person, request)).get('code') ?? '';
  const tokens = await redeemCode(nodes, rp, code, request.verifier, turn + 1);
  if (tokens.status !== 200) throw new Error(`tokens: ${tokens.status} ${tokens.error}`);
  const claims = await userinfo(nodes, tokens.access_token, turn);
  if (!claims.text.includes(person.cpr)) throw new Error(`claims: ${claims.status}`);
}

/**
 * Starts `keys reseal` and kills it at random, before or while it writes.
 * @returns false when it ended first
 */
async function killReseal(): Promise<boolean> {
  const child = spawn(process.execPath, ['dist/cli.js', 'keys', 'reseal'], {
    env: cleanEnv(env, { folder: '.', knows: () => true }),
  });
  let output = '';
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()));
  if (Math.random() < 0.8) {
    while (!output.includes(' of ') && child.exitCode === null) await setTimeout(5);
    await setTimeout(Math.random() * 700);
  } else await setTimeout(Math.random() * 1_500);
  child.kill('SIGKILL');
  await closed;
  return child.signalCode === 'SIGKILL';
}

const countLeft = async () => {
  const { database } = nodes.context;
  return (await planReseal({ database, keyring: new Keyring(read()) })).total;
};

test('rows of every kind, under the first key', async () => {
  env = { ...(await commandEnv(nodes, folder)) };
  rp = await aRelyingParty(nodes);
  operators = await twoOperators(nodes);
  people = [...(await fillSealedColumns(nodes))];
  while (people.length < PEOPLE) people.push(await aPerson(nodes));
  await saveEntries(nodes, ENTRIES);
  await issueApplication(nodes, composeApplication());
  writeFileSync(path.join(folder, 'rules.json'), JSON.stringify({ binding: 'require' }));
  env = { ...env, NOEGLE_RULES_FILE: path.join(folder, 'rules.json') };
});

test('added, then current: node by node; killed ten times; 0 failed sign-ins, 0 rows on the old key', async () => {
  const signIns = new SignIns(2);
  expect(await runCli(['keys', 'add', 'seal', file], env)).toMatchObject({ code: 0 });
  await rollOut();
  expect(await runCli(['keys', 'use', 'seal', 'k2', file], env)).toMatchObject({ code: 0 });
  await rollOut();
  const before = signIns.done;
  const left: number[] = [await countLeft()];
  let kills = 0;
  for (let i = 0; i < KILLS; i += 1) {
    if (await killReseal()) kills += 1;
    left.push(await countLeft());
  }
  const last = await runCli(['keys', 'reseal', '--json'], env);
  await signIns.stop();
  console.info(
    `${signIns.done} sign-ins (${signIns.done - before} during the reseals), ${signIns.failures.length} failures; ` +
      `${kills} kills; rows left after each: ${left.join(', ')}`,
  );
  expect(signIns.failures).toEqual([]);
  expect(kills).toBe(KILLS);
  expect(left.at(-1)).toBeGreaterThan(0);
  expect(left[0]).toBeGreaterThan(left.at(-1) ?? 0);
  expect([last.code, last.code === 0 ? '' : last.stderr]).toEqual([0, '']);
  expect(JSON.parse(last.stdout)).toMatchObject({ kid: 'k2', left: 0, faults: [] });
  expect(await countLeft()).toBe(0);
  expect(signIns.done - before).toBeGreaterThan(50);
});

test('the old key taken out: everyone signs in; contact, log, export, desk and letters work', async () => {
  const { k1: _, ...withoutOld } = read().seal.keys;
  const retired = await runCli(['keys', 'retire', 'k1', file], env);
  expect([retired.code, retired.stderr]).toEqual([0, '']);
  expect(read().seal).toMatchObject({ current: 'k2', keys: withoutOld, retired: { k1: expect.any(String) } });
  const signIns = new SignIns(2);
  await rollOut();
  await setTimeout(1_000);
  await signIns.stop();
  expect([signIns.failures, signIns.done > 0]).toEqual([[], true]);
  await openSealedColumns(nodes, read().seal);

  // These two have not signed in since: their passwords and the log are under the old key.
  const { first, second } = operators;
  const browser = new TestBrowser(nodes, 1);
  expect((await signInAt(browser, first, '/self-service')).page).toBe('self-home');
  expect((await browser.follow('/self-service/contact')).text).toContain('Prøvegade');
  expect((await browser.follow('/self-service/activity')).status).toBe(200);
  await signInWithCpr(second);
  for (const person of people.slice(-10)) await signInWithCpr(person, 1);
  const officer = await openCounterSession(nodes, operators, 'officer');
  const [person] = people;
  if (!person) throw new Error('nobody');
  expect((await officer.find(person)).text).toContain(person.fullName);
  const data = await browser.follow('/self-service/data/read');
  expect([data.status, data.text.includes(first.cpr.slice(0, 6))]).toEqual([200, true]);
  await nodes.database.query(`UPDATE notices SET try_at = now() WHERE state = 'waiting'`);
  await sendAllLetters(nodes);
  await nodes.node(1).app.tasks['sendNotices']?.({});
  const setAside = await nodes.database.query(
    `SELECT kind, fault FROM letters WHERE state = 'set_aside' UNION ALL SELECT kind, fault FROM notices WHERE state = 'set_aside'`,
  );
  expect(setAside).toEqual([]);
  const rings = await runCli(['keys', 'rings'], env);
  expect(rings.stdout).toMatch(/k1 {2}retired, \d+ rows/);
});
