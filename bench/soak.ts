/**
 * Whether a node stays as it is: people sign in at a steady pace at two nodes that stream their audit log,
 * and each minute memory and open descriptors are read. Memory rises while V8 optimises and caches fill, so
 * the second half of the run is compared with itself.
 */
import { readdir } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { BenchInstallation } from './install.ts';
import { openLoop } from './load.ts';
import { residentMegabytes } from './machine.ts';
import { BenchPeople, registerRelyingParty, seedPeople } from './people.ts';
import { composeReportTable, formatNumber } from './report.ts';
import { signInAtBench } from './signIn.ts';

const SEEDED = 2_000;
const NODES = 2;
/** How much the last quarter may be above the third one: the noise of a garbage collector. */
const LEVEL = { megabytes: 1.1, descriptors: 5 } as const;

interface SoakSample {
  readonly minute: number;
  readonly megabytes: number;
  readonly descriptors: number;
}

export interface SoakReport {
  readonly signIns: number;
  readonly refused: number;
  readonly p99: number;
  /** Node -> its samples. */
  readonly nodes: readonly (readonly SoakSample[])[];
  readonly holds: boolean;
}

export async function measureSoak(
  on: BenchInstallation,
  { seconds, signIns }: { readonly seconds: number; readonly signIns: number },
  progress: (text: string) => void,
): Promise<SoakReport> {
  progress(`${SEEDED} people`);
  await seedPeople(on, { from: 1, many: SEEDED }, () => undefined);
  const rp = await registerRelyingParty(on);
  const sink = await on.sinkAs();
  for (let i = 0; i < NODES; i += 1) await on.startNode(sink);
  const people = await BenchPeople.load(on, { of: SEEDED, many: SEEDED });
  let turn = 0;
  const port = () => on.nodes[turn++ % on.nodes.length]?.port ?? 0;
  const nodes: SoakSample[][] = on.nodes.map(() => []);
  const ending = new AbortController();
  const watching = watch(on, nodes, seconds / 30, ending.signal, progress);
  const load = await openLoop(signIns / seconds, seconds, () => signInAtBench(port, people.take(), rp));
  ending.abort();
  await watching;
  const holds = nodes.every(isLevel) && load.refused === 0;
  const p99 = load.times[Math.floor(load.times.length * 0.99)] ?? Number.NaN;
  const rows = nodes.map((samples, i): [string, ...string[]] => [
    `node ${i + 1}`,
    samples.map(({ megabytes }) => formatNumber(megabytes)).join(' '),
    samples.map(({ descriptors }) => String(descriptors)).join(' '),
    isLevel(samples) ? 'level' : 'rises',
  ]);
  process.stdout.write(`\n${composeReportTable([['a node', 'MB', 'descriptors', ''], ...rows])}\n`);
  process.stdout.write(`\n${load.done} sign-ins, ${load.refused} refused, p99 ${formatNumber(p99)} ms\n`);
  return { signIns: load.done, refused: load.refused, p99, nodes, holds };
}

async function watch(
  on: BenchInstallation,
  nodes: SoakSample[][],
  everySeconds: number,
  ending: AbortSignal,
  progress: (text: string) => void,
): Promise<void> {
  const startedAt = performance.now();
  while (!ending.aborted) {
    await setTimeout(everySeconds * 1_000, undefined, { signal: ending }).catch(() => undefined);
    for (const [i, { pid }] of on.nodes.entries()) {
      const megabytes = await residentMegabytes(pid);
      const descriptors = (await readdir(`/proc/${pid}/fd`)).length;
      nodes[i]?.push({ minute: (performance.now() - startedAt) / 60_000, megabytes, descriptors });
    }
    progress(nodes.map((samples) => `${formatNumber(samples.at(-1)?.megabytes ?? 0)} MB`).join(', '));
  }
}

function isLevel(samples: readonly SoakSample[]): boolean {
  const quarter = Math.floor(samples.length / 4);
  const of = (from: number, to: number, figure: (one: SoakSample) => number) =>
    Math.max(...samples.slice(from, to).map(figure));
  const [third, last] = [2 * quarter, 3 * quarter];
  const isMemoryLevel =
    of(last, samples.length, ({ megabytes }) => megabytes) <=
    of(third, last, ({ megabytes }) => megabytes) * LEVEL.megabytes;
  const areDescriptorsLevel =
    of(last, samples.length, ({ descriptors }) => descriptors) <=
    of(third, last, ({ descriptors }) => descriptors) + LEVEL.descriptors;
  return quarter > 0 && isMemoryLevel && areDescriptorsLevel;
}
