/** Log lines are written synchronously, and requests are answered even when the log cannot be written. */
import { openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { createLog, createSyncDestination } from '../src/platform/log.ts';

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
