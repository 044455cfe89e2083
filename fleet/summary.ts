/**
 * `node fleet/summary.ts FILE…`: the figures of several runs, which `npm run fleet -- --results FILE` wrote,
 * as the table of docs/how-to/high-availability.md.
 */
import { readFileSync } from 'node:fs';
import { FAULTS, type FaultName } from './faults.ts';
import { computeFigures, listExceeded, type FaultLine } from './figures.ts';

interface VerdictLine {
  readonly verdict: string;
  readonly signIns: number;
  readonly logouts: number;
  readonly letters: number;
  readonly replays: Readonly<Record<string, number>>;
  readonly faults: number;
}

const lines = process.argv
  .slice(2)
  .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as FaultLine | VerdictLine);
const rounds = lines.filter((line): line is FaultLine => 'fault' in line);
const verdicts = lines.filter((line): line is VerdictLine => 'verdict' in line);
const figures = computeFigures(rounds);
const seconds = (ms: number) => (ms / 1_000).toFixed(1);
const print = (line: string) => void process.stdout.write(`${line}\n`);

print('| fault | times | gap, s: median / p99 / longest | promised at p99 | after it, s: median / longest |');
print('|---|---|---|---|---|');
for (const name of Object.keys(FAULTS) as FaultName[]) {
  const own = figures.get(name);
  if (!own) continue;
  const { gapMs, afterMs, limitMs } = own;
  const gap = [gapMs.median, gapMs.p99, gapMs.max].map(seconds).join(' / ');
  const after = [afterMs.median, afterMs.max].map(seconds).join(' / ');
  const limit = limitMs === null ? '–' : `${limitMs / 1_000} s`;
  print(`| ${FAULTS[name].title} | ${own.times} | ${gap} | ${limit} | ${after} |`);
}
const sum = (read: (one: VerdictLine) => number) => verdicts.reduce((total, one) => total + read(one), 0);
const failovers = rounds.reduce((total, one) => total + one.failovers, 0);
const without = rounds.filter((one) => one.failovers === 0).length;
print('');
print(
  `${verdicts.length} runs, ${failovers} fail-overs, ${without} other faults, ${sum(({ signIns }) => signIns)} sign-ins, ` +
    `${sum(({ logouts }) => logouts)} log-outs, ${sum(({ letters }) => letters)} letters; tried again: ` +
    `${sum(({ replays }) => replays['keys'] ?? 0)} keys, ${sum(({ replays }) => replays['codes'] ?? 0)} codes; ` +
    `${sum(({ faults }) => faults)} faults`,
);
for (const fault of [...rounds.flatMap((one) => one.faults), ...listExceeded(figures)]) print(fault);
