/**
 * What a sign-in costs beside the hash: people whose hash costs next to nothing, and in one run, in turn, another
 * build, this one, and the floor. A figure of one machine says little; how often the floor goes into it says what is
 * ours. All nodes run all the time, and what they do by themselves is taken off PostgreSQL's part.
 */
import { access } from 'node:fs/promises';
import path from 'node:path';
import { hash } from './cheapArgon2.ts';
import { signInAtFloor, startFloor } from './floor.ts';
import type { Install, RunningNode } from './install.ts';
import { closedLoop } from './load.ts';
import { measure, measureBackground, type Measured } from './measure.ts';
import { PASSWORD, People, registerRelyingParty, seedPeople } from './people.ts';
import { number, table } from './report.ts';
import { requestsMade, signIn } from './signIn.ts';

/** How often the floor may go into a sign-in. */
export const LIMITS = { nodeMs: 1.55, postgresMs: 1.9 } as const;

const SEEDED = 2_000;
const AT_ONCE = 16;
/** V8 compiles for good what ran three thousand times. */
const WARM_UP_SECONDS = 25;
/** After others had the machine. */
const WARM_AGAIN_SECONDS = 2;
const MEASURED_SECONDS = 10;
const BACKGROUND_SECONDS = 8;
const WITHOUT_HASH = ['--import', new URL('./withoutHash.ts', import.meta.url).href];

interface Contender {
  readonly name: string;
  readonly node: RunningNode;
  readonly signIn: () => Promise<unknown>;
}

type Figures = Measured & { readonly requests: number };

export interface BesideHash {
  /** By contender, a figure for each round. */
  readonly rounds: Readonly<Record<string, readonly Figures[]>>;
  /** Whether this build keeps to the limits. */
  readonly holds: boolean;
}

export interface BesideHashOptions {
  /** A checkout that is built, or null. */
  readonly other: string | null;
  /** This build alone: rows have to be bound, as in a new installation. */
  readonly isBound: boolean;
  readonly rounds: number;
}

/** @throws where the other checkout is not built */
export async function besideHash(
  on: Install,
  { other, isBound, rounds: many }: BesideHashOptions,
  progress: (text: string) => void,
): Promise<BesideHash> {
  if (other !== null) await access(path.join(other, 'dist/main.js'));
  progress(`${SEEDED} people whose hash costs next to nothing`);
  const passwordHash = await hash(PASSWORD);
  await seedPeople(on, { from: 1, many: SEEDED, passwordHash }, () => undefined);
  const floor = await startFloor(on, WITHOUT_HASH);
  try {
    const contenders = await start(on, other, floor, isBound);
    for (const contender of contenders) {
      progress(`warming up ${contender.name}`);
      await closedLoop(AT_ONCE, WARM_UP_SECONDS, contender.signIn);
    }
    progress('what goes on by itself');
    const background = await measureBackground(on, BACKGROUND_SECONDS);
    const rounds: Record<string, Figures[]> = {};
    for (let round = 1; round <= many; round += 1) {
      progress(`round ${round} of ${many}`);
      for (const contender of inTurn(contenders, round)) {
        (rounds[contender.name] ??= []).push(await measureOne(on, background, contender));
      }
    }
    return report(rounds);
  } finally {
    await floor.stop();
  }
}

async function start(
  on: Install,
  other: string | null,
  floor: RunningNode,
  isBound: boolean,
): Promise<Contender[]> {
  const rp = await registerRelyingParty(on);
  const half = SEEDED / 2;
  if (isBound) await on.runCommand(['bind-rows'], await on.rulesAs({ binding: 'write' }));
  const build = async (name: string, checkout: string): Promise<Contender> => {
    const isThis = name === THIS;
    // Each has people of its own: a password that one keyed is none to the other.
    const people = await People.load(on, { of: half, many: half, after: isThis ? half : 0 });
    const env = isThis && isBound ? await on.rulesAs({ binding: 'require' }) : {};
    const node = await on.startNode(env, { checkout, flags: WITHOUT_HASH });
    return { name, node, signIn: () => signIn(() => node.port, people.take(), rp) };
  };
  return [
    ...(other === null ? [] : [await build(OTHER, path.resolve(other))]),
    await build(THIS, process.cwd()),
    { name: FLOOR, node: floor, signIn: () => signInAtFloor(floor.port) },
  ];
}

const THIS = 'this build';
const OTHER = 'the other build';
const FLOOR = 'the floor';

/** Each comes first, in the middle and last. */
function inTurn(contenders: readonly Contender[], round: number): Contender[] {
  const first = round % contenders.length;
  return [...contenders.slice(first), ...contenders.slice(0, first)];
}

async function measureOne(
  { database, postgresPid }: Install,
  background: Parameters<typeof measure>[1],
  { node, signIn: one }: Contender,
): Promise<Figures> {
  await closedLoop(AT_ONCE, WARM_AGAIN_SECONDS, one);
  const before = requestsMade();
  let after = before;
  let done = 0;
  const site = { database, postgresPid, nodes: [node] };
  const measured = await measure(site, background, async () => {
    const loaded = await closedLoop(AT_ONCE, MEASURED_SECONDS, one);
    after = requestsMade();
    done = loaded.done;
    return loaded;
  });
  return { ...measured, requests: (after - before) / done };
}

function report(rounds: Record<string, readonly Figures[]>): BesideHash {
  const floor = rounds[FLOOR] ?? [];
  const shown = Object.entries(rounds).map(([name, of]): [string, ...string[]] => [
    name,
    ...FIGURES.map(([, figure, digits]) => spread(of.map(figure), digits)),
  ]);
  const head = FIGURES.map(([title]) => title);
  process.stdout.write(`\n${table([['a sign-in, 16 at once, no hash', ...head], ...shown])}\n`);

  const builds = Object.entries(rounds).filter(([name]) => name !== FLOOR);
  const ratios = builds.map(([name, of]) => ({
    name,
    nodeMs: of.map(({ nodeMs }, round) => nodeMs / (floor[round]?.nodeMs ?? Number.NaN)),
    postgresMs: of.map(
      (one, round) => (one.postgresMs ?? Number.NaN) / (floor[round]?.postgresMs ?? Number.NaN),
    ),
  }));
  const verdict = (name: string, what: keyof typeof LIMITS, some: readonly number[]) => {
    if (name !== THIS) return '';
    return `<= ${LIMITS[what]}: ${median(some) <= LIMITS[what] ? 'holds' : 'does not hold'}`;
  };
  const rows = ratios.flatMap(({ name, nodeMs, postgresMs }): [string, ...string[]][] => [
    [`${name}, node`, spread(nodeMs, 2), verdict(name, 'nodeMs', nodeMs)],
    [`${name}, PostgreSQL`, spread(postgresMs, 2), verdict(name, 'postgresMs', postgresMs)],
  ]);
  process.stdout.write(`\n${table([['times the floor, round by round', '', ''], ...rows])}\n`);

  const ours = ratios.find(({ name }) => name === THIS);
  const holds =
    ours !== undefined &&
    median(ours.nodeMs) <= LIMITS.nodeMs &&
    median(ours.postgresMs) <= LIMITS.postgresMs;
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

function median(some: readonly number[]): number {
  const ascending = some.toSorted((a, b) => a - b);
  return ascending[Math.floor(ascending.length / 2)] ?? Number.NaN;
}

/** The median, and the lowest and highest of all rounds. */
function spread(some: readonly number[], digits: number): string {
  const [lowest, highest] = [Math.min(...some), Math.max(...some)];
  return `${number(median(some), digits)} (${number(lowest, digits)}-${number(highest, digits)})`;
}
