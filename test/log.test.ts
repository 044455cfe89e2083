/** Log lines are written synchronously, and requests are answered even when the log cannot be written. */
import { openSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { DamagedSeal } from '../src/domain/damagedSeal.ts';
import { RowMacMismatch } from '../src/domain/rowMac.ts';
import { createLog, createSyncDestination } from '../src/platform/log.ts';
import { OutageLog } from '../src/platform/outageLog.ts';
import { runInRequest, setTracedClient } from '../src/platform/requestTrace.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.resolve('.tmp/log-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a line is in the file as soon as it is logged', () => {
  const file = path.join(folder, 'noegle.log');
  const log = createLog('info', createSyncDestination(file));
  log.info({ method: 'GET' }, 'request');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ method: 'GET', msg: 'request' });
});

test('what cannot be written is reported once, the caller continues, and no more than a little of it is held', async () => {
  const file = path.join(folder, 'readonly.log');
  await writeFile(file, '');
  const destination = createSyncDestination(openSync(file, 'r'));
  const log = createLog('info', destination);
  let lost = 0;
  destination.on('drop', () => (lost += 1));
  const stderrWrite = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    for (let i = 0; i < 3; i += 1) log.info('request');
    expect(lost).toBe(0);
    for (let i = 0; i < 20; i += 1) log.info('x'.repeat(100_000));
    expect(lost).toBeGreaterThan(5);
    expect(stderrWrite.mock.calls.map(([text]) => text)).toEqual([
      expect.stringContaining('The log cannot be written'),
    ]);
  } finally {
    stderrWrite.mockRestore();
  }
});

describe('an error that repeats', () => {
  const lines: Record<string, unknown>[] = [];
  const log = createLog(
    'debug',
    { write: (line: string) => void lines.push(JSON.parse(line) as never) },
    'a',
  );
  const fail = (message: string) => new Error(message);
  /** Longer than the second in which one line stands for all. */
  const waitForLine = () => setTimeout(1_150);

  test('has its stack once, then a line a second with the number of them', async () => {
    lines.length = 0;
    for (let i = 0; i < 500; i += 1) log.error({ err: fail(`letter ${i}`), letterId: i }, 'a request failed');
    await waitForLine();
    expect(lines.map((line) => [line['letterId'], line['many'], line['cause'], 'err' in line])).toEqual([
      [0, undefined, undefined, true],
      [1, 1, 'letter 1', false],
      [499, 498, 'letter 499', false],
    ]);
    expect(lines[0]).toMatchObject({
      level: 'error',
      node: 'a',
      err: { stack: expect.stringContaining('at ') },
    });
  });

  test('another error, or another matter, is a line of its own; below warn every line is written', () => {
    lines.length = 0;
    log.warn({ err: new TypeError('x') }, 'a task failed');
    log.warn({ err: new RangeError('x') }, 'a task failed');
    log.warn({ err: new RangeError('x') }, 'a table was not swept');
    for (let i = 0; i < 3; i += 1) log.debug({ err: new RangeError('x') }, 'a task failed');
    expect(lines).toHaveLength(6);
    for (const line of lines) expect(line).toHaveProperty('err.stack');
  });

  test('of rows that are not as they were written: each row is named, and each is one line a second', async () => {
    lines.length = 0;
    const rows = Array.from({ length: 1_500 }, (_, i) => `row-${i}`);
    const meet = (id: string, i: number) =>
      i % 2 ? new RowMacMismatch('identity', id) : new DamagedSeal('seal', id, null);
    for (const [i, id] of rows.entries()) log.error({ err: meet(id, i) }, 'a request failed');
    const text = JSON.stringify(lines);
    expect(rows.filter((id) => !text.includes(`(${id})`))).toEqual([]);
    expect(lines.filter((line) => 'err' in line).length).toBeLessThanOrEqual(2);
    // What wraps it names it, too; a row that comes again and again is no flood.
    lines.length = 0;
    for (let i = 0; i < 300; i += 1) {
      const cause = new RowMacMismatch('letter', `again-${i % 3}`);
      log.warn({ err: new Error('a task', { cause }) }, 'a task failed');
    }
    await waitForLine();
    const many = (id: string) =>
      lines
        .filter((line) => String(line['cause']).includes(`(${id})`))
        .reduce((sum, line) => sum + Number(line['many']), 0);
    expect([many('again-0'), many('again-1'), many('again-2')]).toEqual([99, 100, 100]);
    expect(lines).toHaveLength(1 + 3 * 2);
  });

  test('of an outage has no stack at all, whatever wraps it', () => {
    lines.length = 0;
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    log.warn({ err: new TypeError('fetch failed', { cause: refused }) }, 'keys could not be read');
    log.error(
      { err: Object.assign(new Error('no space left'), { code: 'ENOSPC' }) },
      'a file was not written',
    );
    log.error(
      { err: Object.assign(new Error('could not extend file'), { code: '53100' }) },
      'a request failed',
    );
    expect(lines.map(({ cause }) => cause)).toEqual([
      'fetch failed: connect (ECONNREFUSED)',
      'no space left (ENOSPC)',
      'could not extend file (53100)',
    ]);
    expect(JSON.stringify(lines)).not.toContain('stack');
  });
});

test('every line of a request names it, and a timer that it started for others does not', async () => {
  const lines: Record<string, unknown>[] = [];
  const log = createLog('info', { write: (line: string) => void lines.push(JSON.parse(line) as never) });
  const outage = new OutageLog(log, 'warn', 'the database is away');
  await runInRequest({ requestId: 'one' }, async () => {
    setTracedClient('netbank');
    log.info('first');
    outage.report(new Error('gone'));
    outage.report(new Error('gone'));
    await setTimeout(1_100);
    log.info('second');
  });
  log.info('outside');
  expect(lines.map(({ msg, requestId, clientId, many }) => [msg, requestId, clientId, many])).toEqual([
    ['first', 'one', 'netbank', undefined],
    ['the database is away', undefined, undefined, 1],
    ['the database is away', undefined, undefined, 1],
    ['second', 'one', 'netbank', undefined],
    ['outside', undefined, undefined, undefined],
  ]);
  for (const line of lines) expect(line).toMatchObject({ node: hostname(), time: expect.any(Number) });
});
