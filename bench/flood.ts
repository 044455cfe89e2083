/**
 * Measures whether people sign in during a flood: a node as in production, a process that floods it, and this
 * process, in which newcomers and known browsers sign in, each from a separate network. All three share one
 * machine, so that the flood also takes from the node what it costs to make. No one here retries: a refusal
 * counts as a miss.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { FloodPlan, FloodOutcome } from './floodLoad.ts';
import { HOST, type BenchInstallation } from './install.ts';
import { closedLoop, readPercentile } from './load.ts';
import { residentMegabytes } from './machine.ts';
import {
  BenchPeople,
  registerRelyingParty,
  seedPeople,
  type BenchPerson,
  type BenchRelyingParty,
} from './people.ts';
import { formatNumber, composeReportTable } from './report.ts';
import {
  authorizationRequest,
  BenchBrowser,
  RefusedSignInError,
  signInAtBench,
  type OpenForm,
} from './signIn.ts';

/** For each flood that one person or one customer of a provider can make. */
export const LIMITS = { newcomers: 0.95, known: 1, withinMs: 5_000 } as const;

const CONNECTIONS = 600;
const EVERY_MS = 300;
/** A known browser comes with every second newcomer. */
const KNOWN_EVERY = 2;
/** The share of the newcomers who arrive in a flood that is not evaluated. */
const UNCOUNTED_SHARE = 0.4;
const MOST_FORMS = 500_000;
const SECONDS_MORE = 10;
const WARM_UP_SECONDS = 4;
const SEEDED = 1_000;
const TRIES = 5;

export interface FloodOptions {
  readonly newcomers: number;
}

export interface Arrival {
  readonly ms: number;
  /** Why the sign-in did not end with tokens; null where it did. */
  readonly miss: string | null;
}

export interface FloodSurvival {
  readonly newcomers: readonly Arrival[];
  readonly known: readonly Arrival[];
  readonly flooded: FloodOutcome;
  readonly resident: number;
}

export interface FloodFigures {
  readonly floods: Readonly<Record<string, FloodSurvival>>;
  /** Whether the evaluated floods keep to the limits. */
  readonly holds: boolean;
}

interface FloodCase {
  readonly name: string;
  readonly isCounted: boolean;
  readonly plan: Pick<FloodPlan, 'forms' | 'addresses' | 'userId'>;
}

export async function measureFlood(
  on: BenchInstallation,
  { newcomers }: FloodOptions,
  progress: (text: string) => void,
): Promise<FloodFigures> {
  progress(`${SEEDED} people`);
  await seedPeople(on, { from: 1, many: SEEDED }, () => undefined);
  const rp = await registerRelyingParty(on);
  const people = await BenchPeople.load(on, { of: SEEDED, many: SEEDED });
  const { port, pid } = await on.startNode();
  progress('warming up');
  await closedLoop(4, WARM_UP_SECONDS, () =>
    signInAtBench(() => port, people.take(), rp, { isNewBrowser: true }),
  );
  const arrivals = new ArrivingPeople(port, people, rp);
  const floods: Record<string, FloodSurvival> = {};
  const cases = await floodCases(port, people.take(), rp);
  for (const { name, isCounted, plan } of cases) {
    progress(`${CONNECTIONS} connections: ${name}`);
    const many = Math.ceil(isCounted ? newcomers : newcomers * UNCOUNTED_SHARE);
    const seconds = (many * EVERY_MS) / 1000 + SECONDS_MORE;
    const load = startLoad({
      ...plan,
      port,
      host: HOST,
      connections: CONNECTIONS,
      seconds,
      most: MOST_FORMS,
    });
    try {
      const arrived = await arrivals.come(many);
      floods[name] = { ...arrived, flooded: await load.end(), resident: await residentMegabytes(pid) };
    } finally {
      load.kill();
    }
  }
  return reportFloods(cases, floods);
}

async function floodCases(port: number, locked: BenchPerson, rp: BenchRelyingParty): Promise<FloodCase[]> {
  const own = new BenchBrowser(() => port, locked.address, locked.browser);
  const newForm = async (browser: BenchBrowser) =>
    browser.formOf(await browser.follow(authorizationRequest(rp, 'never used')));
  await lockAccounts(own, locked, rp);
  const strangers = async (): Promise<OpenForm[]> =>
    await Promise.all(
      Array.from({ length: 20 }, () => newForm(new BenchBrowser(() => port, '192.0.2.1', null))),
    );
  const list = (many: number, address: (n: number) => string) =>
    Array.from({ length: many }, (_, n) => address(n));
  const hex = (n: number) => n.toString(16);
  return [
    {
      name: 'one known browser, locked',
      isCounted: true,
      plan: { forms: [await newForm(own)], addresses: [locked.address], userId: locked.userId },
    },
    {
      name: '1,000 addresses of one /48',
      isCounted: true,
      plan: {
        forms: await strangers(),
        addresses: list(1_000, (n) => `2001:db8:f00:${hex(n)}::1`),
        userId: null,
      },
    },
    {
      name: '10,000 unrelated networks',
      isCounted: false,
      plan: {
        forms: await strangers(),
        addresses: list(10_000, (n) => (n % 2 === 0 ? `2a0e:${hex(n)}:1::1` : `11.${n >> 8}.${n & 255}.7`)),
        userId: null,
      },
    },
  ];
}

async function lockAccounts(
  own: BenchBrowser,
  { userId }: BenchPerson,
  rp: BenchRelyingParty,
): Promise<void> {
  let page = await own.follow(authorizationRequest(rp, 'never used'));
  for (let i = 0; i < TRIES; i += 1) page = await own.send(page, { userId, password: `not it at all, ${i}` });
  if (!page.text.includes('data-page="locked"')) throw new Error('the known browser is not locked');
}

/** Newcomers and known browsers start at even intervals, independently of earlier ones. */
class ArrivingPeople {
  readonly #port: number;
  readonly #people: BenchPeople;
  readonly #rp: BenchRelyingParty;
  #next = 0;

  constructor(port: number, people: BenchPeople, rp: BenchRelyingParty) {
    this.#port = port;
    this.#people = people;
    this.#rp = rp;
  }

  async come(many: number): Promise<Pick<FloodSurvival, 'newcomers' | 'known'>> {
    const newcomers: Promise<Arrival>[] = [];
    const known: Promise<Arrival>[] = [];
    for (let i = 0; i < many; i += 1) {
      newcomers.push(this.#arrive(true));
      if (i % KNOWN_EVERY === 0) known.push(this.#arrive(false));
      await setTimeout(EVERY_MS);
    }
    return { newcomers: await Promise.all(newcomers), known: await Promise.all(known) };
  }

  async #arrive(isNewBrowser: boolean): Promise<Arrival> {
    const address = `100.${64 + (this.#next >> 8)}.${this.#next & 255}.7`;
    this.#next += 1;
    const startedAt = performance.now();
    try {
      await signInAtBench(() => this.#port, this.#people.take(), this.#rp, { isNewBrowser, address });
      return { ms: performance.now() - startedAt, miss: null };
    } catch (error) {
      const miss =
        error instanceof RefusedSignInError ? String(error.status) : (error as Error).message.slice(0, 60);
      return { ms: performance.now() - startedAt, miss };
    }
  }
}

function startLoad(plan: FloodPlan) {
  const child = fork(new URL('./floodLoad.ts', import.meta.url), { execArgv: [] });
  child.send(plan);
  const flooded = once(child, 'message') as Promise<[FloodOutcome]>;
  // A failure is thrown where its figures are read.
  flooded.catch(() => undefined);
  const end = async (): Promise<FloodOutcome> => {
    if (child.connected) child.send('end');
    return (await flooded)[0];
  };
  return { end, kill: () => child.kill() };
}

function inTime(some: readonly Arrival[]): number {
  return some.filter(({ ms, miss }) => miss === null && ms <= LIMITS.withinMs).length;
}

function keepsToLimits({ newcomers, known }: FloodSurvival): boolean {
  const isEnough = (some: readonly Arrival[], share: number) => inTime(some) >= share * some.length;
  return isEnough(newcomers, LIMITS.newcomers) && isEnough(known, LIMITS.known);
}

function reportFloods(cases: readonly FloodCase[], floods: Record<string, FloodSurvival>): FloodFigures {
  const evaluated = cases.filter(({ isCounted }) => isCounted).map(({ name }) => name);
  const rows = Object.entries(floods).map(([name, one]): [string, ...string[]] => [
    name,
    ...arrivedCells(one.newcomers),
    ...arrivedCells(one.known),
    formatNumber(one.resident, 0),
    evaluated.includes(name) ? (keepsToLimits(one) ? 'holds' : 'does not hold') : 'no limit',
  ]);
  const head = ['newcomers', 'p50 ms', 'p95 ms', 'longest', 'known', 'p50 ms', 'p95 ms', 'longest', 'MB', ''];
  process.stdout.write(
    `\n${composeReportTable([[`signed in within ${LIMITS.withinMs / 1000} s, ${CONNECTIONS} connections`, ...head], ...rows])}\n`,
  );
  const sent = Object.entries(floods).map(([name, { flooded, newcomers, known }]): [string, ...string[]] => [
    name,
    formatNumber(addUp(Object.values(flooded.answered)) / flooded.seconds, 0),
    countArrivals(flooded.answered),
    countArrivals(
      countBy(
        [...newcomers, ...known].map(({ miss }) => miss ?? 'none'),
        'none',
      ),
    ),
  ]);
  process.stdout.write(
    `\n${composeReportTable([['the flood', 'a second', 'answers', 'misses'], ...sent])}\n`,
  );
  return {
    floods,
    holds: evaluated.every((name) => floods[name] !== undefined && keepsToLimits(floods[name])),
  };
}

function arrivedCells(some: readonly Arrival[]): string[] {
  const times = some
    .filter(({ miss }) => miss === null)
    .map(({ ms }) => ms)
    .toSorted((a, b) => a - b);
  const at = (share: number) => formatNumber(readPercentile(times, share), 0);
  return [`${inTime(some)} of ${some.length}`, at(0.5), at(0.95), at(1)];
}

function addUp(some: readonly number[]): number {
  return some.reduce((total, one) => total + one, 0);
}

function countBy(some: readonly string[], except: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of some) if (one !== except) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}

function countArrivals(counts: Readonly<Record<string, number>>): string {
  return (
    Object.entries(counts)
      .map(([what, many]) => `${many} x ${what}`)
      .join(', ') || '-'
  );
}
