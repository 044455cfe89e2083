/**
 * Measures what a sign-in costs without the hash: people whose hash costs next to nothing sign in, in one
 * run, at another build, at this one and at the floor, in rotation. A figure of one machine says little; its
 * ratio to the floor says what Nøgle itself adds. Each build has a database server of its own. All nodes run
 * all the time, and what they do in the background is subtracted from PostgreSQL's part. This build streams
 * its audit log to a folder.
 */
import { access } from 'node:fs/promises';
import path from 'node:path';
import { hash as hashCheaply } from './cheapArgon2.ts';
import { signInAtFloor, startFloor } from './floor.ts';
import type { BenchInstallation, BenchNode } from './install.ts';
import { closedLoop } from './load.ts';
import {
  measureSignIns,
  measureBackground,
  NOTHING,
  type BackgroundMeasurement,
  type SignInMeasurement,
} from './measure.ts';
import { PASSWORD, BenchPeople, registerRelyingParty, seedPeople } from './people.ts';
import { formatNumber, composeReportTable } from './report.ts';
import { requestsMade, signInAtBench } from './signIn.ts';

/** The highest allowed ratio of a sign-in to the floor. */
export const LIMITS = { nodeMs: 1.55, postgresMs: 1.9 } as const;

const SEEDED = 2_000;
const CONCURRENT_SIGN_INS = 16;
/** V8 optimises permanently what ran three thousand times. */
const WARM_UP_SECONDS = 25;
/** The warm-up after other contenders had the machine. */
const WARM_AGAIN_SECONDS = 2;
const MEASURED_SECONDS = 10;
const BACKGROUND_SECONDS = 8;
const WITHOUT_HASH = ['--import', new URL('./withoutHash.ts', import.meta.url).href];

interface MeasuredNode {
  readonly on: BenchInstallation;
  /** What goes on by itself. */
  background: BackgroundMeasurement;
  readonly name: string;
  readonly node: BenchNode;
  readonly signIn: () => Promise<unknown>;
}

type Figures = SignInMeasurement & { readonly requests: number };

export interface HashOverheadReport {
  /** Contender -> its figures of each round. */
  readonly rounds: Readonly<Record<string, readonly Figures[]>>;
  /** Whether this build keeps to the limits. */
  readonly holds: boolean;
}

export interface HashOverheadOptions {
  /** A built checkout, and its installation; or null. */
  readonly other: { readonly checkout: string; readonly on: BenchInstallation } | null;
  /** Measures only this build, with rows that still need a MAC, as in a new installation. */
  readonly isBound: boolean;
  readonly rounds: number;
}

/** @throws when the other checkout is not built */
export async function measureHashOverhead(
  on: BenchInstallation,
  { other, isBound, rounds: many }: HashOverheadOptions,
  progress: (text: string) => void,
): Promise<HashOverheadReport> {
  if (other !== null) await access(path.join(other.checkout, 'dist/main.js'));
  progress(`${SEEDED} people whose hash costs next to nothing`);
  const passwordHash = await hashCheaply(PASSWORD);
  for (const one of [on, ...(other ? [other.on] : [])])
    await seedPeople(one, { from: 1, many: SEEDED, passwordHash }, () => undefined);
  const floor = await startFloor(on, WITHOUT_HASH);
  try {
    const contenders = await startContender(on, other, floor, isBound);
    for (const contender of contenders) {
      progress(`warming up ${contender.name}`);
      await closedLoop(CONCURRENT_SIGN_INS, WARM_UP_SECONDS, contender.signIn);
    }
    progress('what goes on by itself');
    for (const contender of contenders)
      contender.background = await measureBackground(contender.on, BACKGROUND_SECONDS);
    const rounds: Record<string, Figures[]> = {};
    for (let round = 1; round <= many; round += 1) {
      progress(`round ${round} of ${many}`);
      for (const contender of runRounds(contenders, round)) {
        (rounds[contender.name] ??= []).push(await measureOne(contender));
      }
    }
    return reportOverhead(rounds);
  } finally {
    await floor.stop();
  }
}

async function startContender(
  on: BenchInstallation,
  other: HashOverheadOptions['other'],
  floor: BenchNode,
  isBound: boolean,
): Promise<MeasuredNode[]> {
  if (isBound) await on.runCommand(['bind-rows'], await on.rulesAs({ binding: 'write' }));
  const build = async (name: string, checkout: string, at: BenchInstallation): Promise<MeasuredNode> => {
    const isThis = name === THIS_NODE;
    const rp = await registerRelyingParty(at);
    const people = await BenchPeople.load(at, { of: SEEDED, many: SEEDED });
    const rules = isThis && isBound ? await at.rulesAs({ binding: 'require' }) : {};
    const env = { ...rules, ...(await at.sinkAs()) };
    const node = await at.startNode(env, { checkout, flags: WITHOUT_HASH });
    const signIn = () => signInAtBench(() => node.port, people.take(), rp);
    return { name, on: at, background: NOTHING, node, signIn };
  };
  return [
    ...(other === null ? [] : [await build(OTHER_NODE, path.resolve(other.checkout), other.on)]),
    await build(THIS_NODE, process.cwd(), on),
    { name: FLOOR, on, background: NOTHING, node: floor, signIn: () => signInAtFloor(floor.port) },
  ];
}

const THIS_NODE = 'this build';
const OTHER_NODE = 'the other build';
const FLOOR = 'the floor';

/** Each contender runs first, in the middle and last in some round. */
function runRounds(contenders: readonly MeasuredNode[], round: number): MeasuredNode[] {
  const first = round % contenders.length;
  return [...contenders.slice(first), ...contenders.slice(0, first)];
}

async function measureOne({ on, background, node, signIn: one }: MeasuredNode): Promise<Figures> {
  const { database, postgresPid } = on;
  await closedLoop(CONCURRENT_SIGN_INS, WARM_AGAIN_SECONDS, one);
  const before = requestsMade();
  let after = before;
  let done = 0;
  const site = { database, postgresPid, nodes: [node] };
  const measured = await measureSignIns(site, background, async () => {
    const loaded = await closedLoop(CONCURRENT_SIGN_INS, MEASURED_SECONDS, one);
    after = requestsMade();
    done = loaded.done;
    return loaded;
  });
  return { ...measured, requests: (after - before) / done };
}

function reportOverhead(rounds: Record<string, readonly Figures[]>): HashOverheadReport {
  const floor = rounds[FLOOR] ?? [];
  const shown = Object.entries(rounds).map(([name, of]): [string, ...string[]] => [
    name,
    ...FIGURES.map(([, figure, digits]) => computeSpread(of.map(figure), digits)),
  ]);
  const head = FIGURES.map(([title]) => title);
  process.stdout.write(`\n${composeReportTable([['a sign-in, 16 at once, no hash', ...head], ...shown])}\n`);

  const builds = Object.entries(rounds).filter(([name]) => name !== FLOOR);
  const ratios = builds.map(([name, of]) => ({
    name,
    nodeMs: of.map(({ nodeMs }, round) => nodeMs / (floor[round]?.nodeMs ?? Number.NaN)),
    postgresMs: of.map(
      (one, round) => (one.postgresMs ?? Number.NaN) / (floor[round]?.postgresMs ?? Number.NaN),
    ),
  }));
  const verdict = (name: string, what: keyof typeof LIMITS, some: readonly number[]) => {
    if (name !== THIS_NODE) return '';
    return `<= ${LIMITS[what]}: ${computeMedian(some) <= LIMITS[what] ? 'holds' : 'does not hold'}`;
  };
  const rows = ratios.flatMap(({ name, nodeMs, postgresMs }): [string, ...string[]][] => [
    [`${name}, node`, computeSpread(nodeMs, 2), verdict(name, 'nodeMs', nodeMs)],
    [`${name}, PostgreSQL`, computeSpread(postgresMs, 2), verdict(name, 'postgresMs', postgresMs)],
  ]);
  process.stdout.write(`\n${composeReportTable([['times the floor, round by round', '', ''], ...rows])}\n`);

  const ours = ratios.find(({ name }) => name === THIS_NODE);
  const holds =
    ours !== undefined &&
    computeMedian(ours.nodeMs) <= LIMITS.nodeMs &&
    computeMedian(ours.postgresMs) <= LIMITS.postgresMs;
  return { rounds, holds };
}

const FIGURES: readonly [string, (of: Figures) => number, digits: number][] = [
  ['node ms', ({ nodeMs }) => nodeMs, 2],
  ['of it on the pool', ({ poolMs }) => poolMs, 2],
  ['PostgreSQL ms', ({ postgresMs }) => postgresMs ?? Number.NaN, 2],
  ['statements', ({ statements }) => statements, 2],
  ['commits', ({ commits }) => commits, 2],
  ['WAL bytes', ({ walBytes }) => walBytes, 0],
  ['requests', ({ requests }) => requests, 2],
  ['a second', ({ perSecond }) => perSecond, 0],
];

function computeMedian(some: readonly number[]): number {
  const ascending = some.toSorted((a, b) => a - b);
  return ascending[Math.floor(ascending.length / 2)] ?? Number.NaN;
}

/** The median, and the lowest and highest of all rounds. */
function computeSpread(some: readonly number[], digits: number): string {
  const [lowest, highest] = [Math.min(...some), Math.max(...some)];
  return `${formatNumber(computeMedian(some), digits)} (${formatNumber(lowest, digits)}-${formatNumber(highest, digits)})`;
}
