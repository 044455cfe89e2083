/** A run of the fleet: see fleet/fleet.ts, which starts it. */
import { appendFileSync, copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { verifyOutboxes } from '../failover/verify.ts';
import { closeConnections } from '../test/support/http.ts';
import { CONTROL, FAULTS, isFaultName, orderFaults, type Fault, type FaultName } from './faults.ts';
import { computeFigures, listExceeded, type FaultLine } from './figures.ts';
import { installFleet, type Fleet } from './install.ts';
import { FleetPeople } from './people.ts';
import { until } from './processes.ts';
import { findPrograms } from './programs.ts';
import { SeededRandom } from './random.ts';
import { ClientRecord } from './record.ts';
import { tryAgain, verifyDatabase, verifyAuditLog, verifyLetters, type Replays } from './verify.ts';

const PER_SECOND = 3;
const PEOPLE = 180;
/** One cycle of all faults. */
const ROUNDS = 18;

const STEADY = { signIns: 8, gapMs: 1_500, forMs: 3_000 };
const STEADY_MS = 120_000;
/** Of what the control finds. */
const SHOWN = 5;
/** Jobs that a dead node had taken are given to others after two minutes. */
const OUTBOX_MS = 300_000;

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '' },
    rounds: { type: 'string', default: String(ROUNDS) },
    seconds: { type: 'string', default: 'Infinity' },
    faults: { type: 'string', default: Object.keys(FAULTS).join(',') },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    results: { type: 'string' },
    logs: { type: 'string' },
    control: { type: 'boolean', default: false },
  },
});
const printLine = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
  if (values.results && ('fault' in line || 'verdict' in line))
    appendFileSync(values.results, `${JSON.stringify(line)}\n`);
};

const names = values.faults.split(',').map((name) => {
  if (!isFaultName(name)) throw new Error(`no fault ${name}: ${Object.keys(FAULTS).join(', ')}`);
  return name;
});
const faults: string[] = [];
const lines: FaultLine[] = [];
const closing: (() => Promise<unknown>)[] = [];
const replays: Replays = { keys: 0, codes: 0, endedTokens: 0, liveTokens: 0 };
process.on('unhandledRejection', (error) => faults.push(`not awaited: ${describe(error)}`));
const asked = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => asked.abort());

const rounds = Number(values.rounds);
const endsAt = performance.now() + Number(values.seconds) * 1_000;
const random = new SeededRandom(values.seed);
const { folder } = values;
mkdirSync(folder, { recursive: true, mode: 0o711 });
const record = new ClientRecord(path.join(folder, 'record.jsonl'));
try {
  const fleet = await installFleet({
    folder,
    programs: findPrograms(),
    isControl: values.control,
    many: { people: PEOPLE, renewing: Math.min(400, rounds * 4) },
    closing,
    printProgress: (step) => printLine({ making: step }),
  });
  const people = new FleetPeople(fleet, record, new SeededRandom(`${values.seed} people`), PER_SECOND);
  closing.push(async () => await people.stop());
  if (values.control) {
    await untilSteady(fleet, people, performance.now());
    await runControl(fleet, people);
  }
  const possible = names.filter((name) => {
    const fault: Fault = FAULTS[name];
    const reason = fault.isImpossible?.(fleet) ?? null;
    if (reason !== null) printLine({ leftOut: name, because: reason });
    return reason === null;
  });
  await untilSteady(fleet, people, performance.now());
  printLine({ seed: values.seed, rounds, faults: possible.length, perSecond: PER_SECOND });

  const order = orderFaults(possible, random);
  for (let round = 1; round <= rounds && performance.now() < endsAt && !asked.signal.aborted; round += 1) {
    const name = order.next().value as FaultName;
    const line = await tryFault(name, fleet, people).catch((error: unknown) => {
      faults.push(`${name}: ${describe(error)}`);
      return null;
    });
    if (line === null) break;
    lines.push(line);
    faults.push(...line.faults.map((fault) => `${line.fault} (${line.variant}): ${fault}`));
    printLine({ round, ...line });
  }

  await people.stop();
  // What is not well is a fault already: what was acknowledged is looked for all the same.
  const primary = await fleet.cluster.untilWell().catch(async () => await fleet.cluster.primary());
  faults.push(...(await verifyDatabase(fleet, people, primary)));
  const renewing = new Set(fleet.renewing);
  const renewed = record.signIns.map(({ person }) => person).filter((person) => renewing.has(person));
  const outboxes = { printHouse: fleet.printHouse, notified: () => fleet.logoutSite.received };
  faults.push(
    ...(await verifyOutboxes(primary, outboxes, { logouts: record.logouts, renewed }, OUTBOX_MS)),
    ...(await verifyLetters(fleet, primary)),
    ...(await verifyAuditLog(fleet, primary, OUTBOX_MS)),
    ...fleet.nodes.flatMap(({ unexpectedEnds }) => unexpectedEnds),
  );
  const figures = computeFigures(lines);
  faults.push(...listExceeded(figures));
  printLine({
    verdict: faults.length === 0 ? 'nothing lost, nothing twice, no node ended' : 'FAULTS',
    seed: values.seed,
    rounds: lines.length,
    failovers: lines.reduce((sum, { failovers }) => sum + failovers, 0),
    otherFaults: lines.filter(({ failovers }) => failovers === 0).length,
    signIns: record.signIns.length,
    logouts: record.logouts.length,
    letters: fleet.printHouse.letters.size,
    letterPuts: [...fleet.printHouse.puts.values()].reduce((sum, many) => sum + many, 0),
    replays,
    ...people.tally,
    restarted: Object.fromEntries(people.tally.restarted),
    patroniRestarts: fleet.cluster.machines.map(({ patroniRestarts }) => patroniRestarts),
    faults: faults.length,
    figures: Object.fromEntries(figures),
  });
} catch (error) {
  faults.push(describe(error));
} finally {
  for (const close of closing.toReversed())
    await close().catch((error: unknown) => faults.push(`closing: ${String(error)}`));
  closeConnections();
}
for (const fault of faults) process.stdout.write(`${JSON.stringify({ wrong: fault })}\n`);
if (values.logs) saveLogs(folder, values.logs);
process.exit(faults.length === 0 ? 0 : 1);

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Exits with 0 when the verification finds what was lost. */
async function runControl(fleet: Fleet, people: FleetPeople): Promise<never> {
  const noteFault = (sentence: string) => printLine({ wrong: sentence });
  await CONTROL.run({ fleet, random, begin: () => undefined, noteFault });
  await untilSteady(fleet, people, performance.now());
  const found = await verifyDatabase(fleet, people, await fleet.cluster.primary());
  await people.stop();
  for (const close of closing.toReversed()) await close().catch(() => undefined);
  for (const fault of found.slice(0, SHOWN)) printLine({ found: fault });
  printLine({
    control: found.length > 0 ? 'what was lost is found' : 'NOTHING IS FOUND',
    many: found.length,
  });
  process.exit(found.length > 0 ? 0 : 1);
}

async function tryFault(name: FaultName, fleet: Fleet, people: FleetPeople): Promise<FaultLine> {
  const fault: Fault = FAULTS[name];
  const found: string[] = [];
  const before = { ...(await readTimeline(fleet)), ...tallyOf(people) };
  let struckAt = performance.now();
  const variant = await fault.run({
    fleet,
    random,
    begin: () => (struckAt = performance.now()),
    noteFault: (sentence) => found.push(sentence),
  });
  const goneAt = performance.now();
  await untilSteady(fleet, people, goneAt);
  const wellAt = performance.now();
  const primary = await fleet.cluster.primary();
  found.push(...(await verifyDatabase(fleet, people, primary)));
  found.push(...(await tryAgain(people, random, struckAt - 5_000, replays)));
  found.push(...fleet.nodes.flatMap(({ unexpectedEnds }) => unexpectedEnds.splice(0)));
  found.push(...record.faults.splice(0));
  const after = { ...(await readTimeline(fleet)), ...tallyOf(people) };
  const seen = record.signIns.filter(({ doneAt }) => doneAt > struckAt && doneAt <= wellAt);
  return {
    fault: name,
    variant,
    failovers: after.timeline - before.timeline,
    gapMs: longestGap(people.finishedAt, struckAt, wellAt),
    afterMs: Math.round((people.finishedAt.find((at) => at >= goneAt) ?? wellAt) - goneAt),
    longestMs: Math.round(Math.max(0, ...seen.map(({ startedAt, doneAt }) => doneAt - startedAt))),
    signIns: seen.length,
    failedRequests: after.failedRequests - before.failedRequests,
    restarted: subtract(after.restarted, before.restarted),
    faults: found,
  };
}

async function readTimeline(fleet: Fleet): Promise<{ timeline: number }> {
  const members = await until(
    'the members of the database',
    STEADY_MS,
    async () => await fleet.cluster.readMembers(),
  );
  return { timeline: members.find(({ role }) => role === 'leader')?.timeline ?? 0 };
}

function tallyOf({ tally }: FleetPeople): { failedRequests: number; restarted: Record<string, number> } {
  return { failedRequests: tally.failedRequests, restarted: Object.fromEntries(tally.restarted) };
}

function subtract(
  after: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
): Record<string, number> {
  const differences = Object.entries(after).map(
    ([name, many]) => [name, many - (before[name] ?? 0)] as const,
  );
  return Object.fromEntries(differences.filter(([, many]) => many > 0));
}

/** Between two finished sign-ins, of which the second one is in this time. */
function longestGap(finishedAt: readonly number[], from: number, to: number): number {
  const first = finishedAt.findIndex((at) => at >= from);
  const last = finishedAt.findLastIndex((at) => at <= to);
  let longest = 0;
  for (let i = Math.max(1, first); i <= last; i += 1)
    longest = Math.max(longest, (finishedAt[i] ?? 0) - (finishedAt[i - 1] ?? 0));
  return Math.round(longest);
}

/** All of the fleet runs, and people have been signing in without a gap for a while. */
async function untilSteady(fleet: Fleet, people: FleetPeople, since: number): Promise<void> {
  await fleet.cluster.untilWell();
  for (const node of fleet.nodes) await node.untilReady();
  const wellAt = performance.now();
  await until('people sign in without a gap', STEADY_MS, async () => {
    await setTimeout(100);
    const now = performance.now();
    const recent = people.finishedAt.filter((at) => at > Math.max(since, wellAt - 1_000));
    const end = recent.at(-1) ?? 0;
    return (
      recent.length >= STEADY.signIns &&
      now - end < STEADY.gapMs &&
      longestGap(people.finishedAt, now - STEADY.forMs, now) < STEADY.gapMs
    );
  });
}

/** For a person who wants to know what happened. */
function saveLogs(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from).filter((one) => /\.(log|jsonl|yml|cfg)$/.test(one)))
    copyFileSync(path.join(from, name), path.join(to, name));
}
