/**
 * The parts of `npm run fleet` that need none of its programs: the examples that it fills in, its order of
 * faults, its record and its figures.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import type { FailoverPerson } from '../failover/install.ts';
import { DatabaseMachine } from '../fleet/databaseMachine.ts';
import { FAULTS, orderFaults, type FaultName } from '../fleet/faults.ts';
import { computeFigures, listExceeded, percentile, type FaultLine } from '../fleet/figures.ts';
import { DatabaseProxy } from '../fleet/proxies.ts';
import { SeededRandom } from '../fleet/random.ts';
import { ClientRecord, type AcknowledgedSignIn } from '../fleet/record.ts';
import { useFolder } from './support/index.ts';
import { findProgram } from './support/proxyExamples.ts';

const folder = useFolder('fleet');
const EXAMPLES = 'examples/operations';
const GUIDE = 'docs/how-to/high-availability.md';
const read = (file: string) => readFileSync(file, 'utf8');
const numberIn = (text: string, name: string) =>
  Number(new RegExp(`^ +${name}: (\\d+)$`, 'm').exec(text)?.[1]);
const programs = { patroni: '', etcd: '', haproxy: '', postgresBin: '/bin', faketime: '' };

test('Patroni: a lock lives longer than an etcd that is slow, and no commit is on one disk alone', () => {
  const text = read(path.join(EXAMPLES, 'patroni.yml'));
  const [ttl, wait, retry] = ['ttl', 'loop_wait', 'retry_timeout'].map((name) => numberIn(text, name));
  expect(ttl).toBeGreaterThan((wait ?? NaN) + 2 * (retry ?? NaN));
  // Debian 12's Patroni takes a lock back by the interface of etcd 3.
  expect(text).toMatch(/^etcd:$/m);
  expect(text).toMatch(/^ +synchronous_mode: true$/m);
  expect(text).toMatch(/^ +synchronous_mode_strict: true$/m);
});

test('the guide fills in what the examples leave open', () => {
  const guide = read(GUIDE);
  for (const name of ['patroni.yml', 'haproxy-database.cfg']) {
    const open = [...read(path.join(EXAMPLES, name)).matchAll(/<([A-Z]+[A-Z0-9-]*)>/g)].map(([, one]) => one);
    const unfilled = [...new Set(open)].filter(
      (one) => one !== 'LIKE-THIS' && !guide.includes(`s|<${one}>|`),
    );
    expect([name, unfilled]).toEqual([name, []]);
  }
});

test('the fleet fills them in as well, and HAProxy accepts its own', () => {
  const machine = { name: 'db1', address: '127.0.9.1', disk: '/data', folder, etcdAddress: '127.0.9.10' };
  const made = [true, false].map(
    (isAsynchronous) => new DatabaseMachine({ ...machine, user: {}, programs, isAsynchronous }),
  );
  expect(made.map(({ url }) => new URL(url).host)).toEqual(['127.0.9.1:5432', '127.0.9.1:5432']);
  expect(read(path.join(folder, 'db1.yml'))).not.toMatch(/<[A-Z0-9-]+>(?<!<LIKE-THIS>)/);
  const addresses = ['127.0.9.1', '127.0.9.2', '127.0.9.3'];
  const proxy = new DatabaseProxy({ program: '', name: 'proxy', port: 5_000, folder, machines: addresses });
  expect(proxy.port).toBe(5_000);
  const program = findProgram('haproxy');
  if (program === null) return console.info('skipped: haproxy is not installed');
  const checked = spawnSync(program, ['-c', '-f', path.join(folder, 'proxy.cfg')], { encoding: 'utf8' });
  expect([checked.status, checked.stderr]).toEqual([0, expect.not.stringMatching(/ALERT|WARNING/)]);
});

test('a seed gives the same faults again, and each cycle has all of them', () => {
  const names = Object.keys(FAULTS) as FaultName[];
  const take = (seed: string) => {
    const order = orderFaults(names, new SeededRandom(seed));
    return Array.from({ length: 40 }, () => order.next().value);
  };
  expect(take('1')).toEqual(take('1'));
  expect(take('1')).not.toEqual(take('2'));
  expect(new Set(take('1').slice(0, 18))).toEqual(new Set(names));
});

test('the record notices a key that is accepted twice, or asked for again', () => {
  const record = new ClientRecord(path.join(folder, 'record.jsonl'));
  const person = { cardId: 'card' } as FailoverPerson;
  const spend = { person, keyNumber: '0087', code: 'a' };
  record.noteChallenge(person, '0087');
  record.noteSpend(spend);
  record.noteSignIn(spend as AcknowledgedSignIn);
  // The same form sent again gets the same code.
  record.noteSpend({ ...spend });
  record.noteChallenge({ ...person, cardId: 'other' }, '0087');
  expect(record.faults).toEqual([]);
  record.noteSpend({ ...spend, code: 'b' });
  record.noteChallenge(person, '0087');
  expect(record.faults).toEqual([
    'card card: key 0087 was accepted twice',
    'card card: key 0087 was accepted, and is asked for again',
  ]);
  expect(read(path.join(folder, 'record.jsonl')).trim().split('\n')).toHaveLength(6);
});

test('a gap above its limit at p99 is named; one of two hundred is not', () => {
  const line = (gapMs: number): FaultLine => ({
    fault: 'node-killed',
    variant: 'node1',
    failovers: 0,
    gapMs,
    afterMs: 1,
    longestMs: 2,
    signIns: 3,
    failedRequests: 0,
    restarted: {},
    faults: [],
  });
  expect(percentile([5, 1, 4, 2, 3], 0.5)).toBe(3);
  const usual = Array.from({ length: 199 }, () => line(500));
  expect(listExceeded(computeFigures([...usual, line(9_000)]))).toEqual([]);
  const many = listExceeded(computeFigures([...usual, line(9_000), line(9_000), line(9_000)]));
  expect(many).toEqual(['node-killed: a gap of 9000 ms at p99, where at most 3000 is promised']);
});
