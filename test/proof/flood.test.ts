/**
 * During a flood people sign in: the measurement of bench/flood.ts, shortened, with a node, a flood and
 * people as separate processes. No other test runs at that time.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import type { Arrival, FloodFigures } from '../../bench/flood.ts';

const NEWCOMERS = 20;
const MOST_MS = 120_000;

async function runFlood(): Promise<FloodFigures> {
  const folder = await mkdtemp(path.resolve('.tmp/flood-'));
  const file = path.join(folder, 'figures.json');
  const asked = ['--flood', '--newcomers', String(NEWCOMERS), '--json', file];
  const { NODE_OPTIONS: _, ...env } = process.env;
  const bench = spawn(process.execPath, ['bench/bench.ts', ...asked], { env });
  const late = setTimeout(() => bench.kill('SIGINT'), MOST_MS);
  let output = '';
  for (const stream of [bench.stdout, bench.stderr])
    stream.on('data', (text: Buffer) => (output += String(text)));
  await new Promise((resolve) => bench.on('close', resolve));
  clearTimeout(late);
  console.info(output);
  const figures = JSON.parse(await readFile(file, 'utf8')) as FloodFigures;
  await rm(folder, { recursive: true, force: true });
  return figures;
}

const inTime = (some: readonly Arrival[]) =>
  some.filter(({ ms, miss }) => miss === null && ms <= 5_000).length;

test('while 600 connections flood, newcomers and known browsers sign in', async () => {
  const { floods } = await runFlood();
  for (const name of ['one known browser, locked', '1,000 addresses of one /48']) {
    const { newcomers, known, flooded } = floods[name] ?? {
      newcomers: [],
      known: [],
      flooded: { answered: {} },
    };
    expect([name, newcomers.length, known.length]).toEqual([name, NEWCOMERS, NEWCOMERS / 2]);
    expect(inTime(newcomers)).toBeGreaterThanOrEqual(0.95 * NEWCOMERS);
    expect(inTime(known)).toBe(known.length);
    const statuses = Object.keys(flooded.answered);
    expect(statuses.filter((status) => !['303', '429', '503'].includes(status))).toEqual([]);
    expect(statuses.length).toBeGreaterThan(0);
  }
}, 180_000);
