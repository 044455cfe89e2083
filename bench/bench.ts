/**
 * Measures what a sign-in costs, as in production: node processes as they are started there, a real
 * PostgreSQL with durable commits, load from this process, and in the same run what a password verification
 * costs in isolation. docs/explanation/performance.md says how to read it.
 *
 *   npm run bench                             two minutes
 *   npm run bench -- --people 1000000         whether the cost grows with people and with expired records
 *   npm run bench -- --floor                  the bare provider with as many statements: two minutes
 *   npm run bench -- --nothing                without the hash, as a multiple of the floor: four minutes
 *   npm run bench -- --nothing --other DIR    the same next to a built checkout: five minutes
 *   npm run bench -- --nothing --bound        the same, with rows that need a MAC; --rounds 10: ten rounds
 *   npm run bench -- --nothing --judge        exits with 1 where the limits of besideHash.ts do not hold
 *   npm run bench -- --flood                  whether people sign in while someone floods: 90 s
 *   npm run bench -- --flood --newcomers 20   the same, shorter
 *   npm run bench -- --beside DIR             whether sign-ins fail or sessions end across two versions: 90 s
 *   npm run bench -- --soak 1800              whether memory and descriptors stay level: 20,000 sign-ins
 *   npm run bench -- --nodes 2                two node processes
 *   npm run bench -- --json FILE              the figures for a program
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { measureHashOverhead } from './besideHash.ts';
import { measureFlood } from './flood.ts';
import { measureSmallestNode } from './floor.ts';
import { measureGrowth } from './growth.ts';
import { installForBench, type BenchInstallation } from './install.ts';
import { measureStorage } from './kept.ts';
import { closedLoop, openLoop } from './load.ts';
import { startMailServer } from './mailServer.ts';
import { residentMegabytes } from './machine.ts';
import { measureSignIns, measureBackground, NOTHING, type SignInMeasurement } from './measure.ts';
import { otherRequests } from './others.ts';
import { BenchPeople, registerRelyingParty, seedPeople, type BenchRelyingParty } from './people.ts';
import {
  budgetRows,
  MEASURED_HEAD,
  measuredRow,
  formatNumber,
  sharesOf,
  composeReportTable,
} from './report.ts';
import { hangUp, signInAtBench, type BenchTokens } from './signIn.ts';
import { measureSoak } from './soak.ts';
import { twoVersions } from './twoVersions.ts';
import { measureVerifications, type Verifications } from './verifications.ts';

const { values } = parseArgs({
  options: {
    people: { type: 'string' },
    floor: { type: 'boolean', default: false },
    flood: { type: 'boolean', default: false },
    newcomers: { type: 'string', default: '100' },
    nothing: { type: 'boolean', default: false },
    other: { type: 'string' },
    beside: { type: 'string' },
    bound: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    judge: { type: 'boolean', default: false },
    soak: { type: 'string' },
    'sign-ins': { type: 'string', default: '20000' },
    nodes: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});
const SEEDED = 2_000;
const startedAt = performance.now();

function logProgress(text: string): void {
  process.stderr.write(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);
}

function computeMean(some: readonly Verifications[]): Verifications {
  const of = (name: keyof Verifications) => some.reduce((sum, one) => sum + one[name], 0) / some.length;
  return { perSecond: of('perSecond'), cpuMs: of('cpuMs'), wallMs: of('wallMs') };
}

const mail = await startMailServer();
logProgress('a database');
const installed = await installForBench(mail.port);
// An interrupted run leaves nothing behind.
process.once('SIGINT', () => void installed.stop().finally(() => process.exit(130)));
try {
  const figures = await measureAsAsked(installed);
  if (values.json) await writeFile(values.json, `${JSON.stringify(figures, null, 2)}\n`);
} finally {
  hangUp();
  await installed.stop();
  await mail.stop();
}
logProgress('done');

async function measureAsAsked(on: BenchInstallation): Promise<object> {
  if (values.floor) return await measureSmallestNode(on, logProgress);
  if (values.soak) {
    const asked = { seconds: Number(values.soak), signIns: Number(values['sign-ins']) };
    const figures = await measureSoak(on, asked, logProgress);
    if (!figures.holds) process.exitCode = 1;
    return figures;
  }
  if (values.flood) {
    const figures = await measureFlood(on, { newcomers: Number(values.newcomers) }, logProgress);
    if (!figures.holds) process.exitCode = 1;
    return figures;
  }
  if (values.beside) {
    const figures = await twoVersions(on, values.beside, logProgress);
    if (figures.failures.length > 0) process.exitCode = 1;
    return figures;
  }
  if (!values.nothing) return await measureNodes(on);
  const figures = await compareWithoutHash(on, values.other);
  if (values.judge && !figures.holds) process.exitCode = 1;
  return figures;
}

async function compareWithoutHash(on: BenchInstallation, checkout: string | undefined) {
  const asked = { isBound: values.bound, rounds: Number(values.rounds) };
  if (checkout === undefined) return await measureHashOverhead(on, { ...asked, other: null }, logProgress);
  const otherOn = await installForBench(mail.port, { name: 'noegle_bench_other', keysOf: checkout });
  try {
    return await measureHashOverhead(on, { ...asked, other: { checkout, on: otherOn } }, logProgress);
  } finally {
    hangUp();
    await otherOn.stop();
  }
}

async function measureNodes(on: BenchInstallation) {
  logProgress(`${SEEDED} people`);
  await seedPeople(on, { from: 1, many: SEEDED }, () => undefined);
  const rp = await registerRelyingParty(on);
  for (let i = 0; i < Number(values.nodes); i += 1) await on.startNode();
  return values.people
    ? await measureGrowth(on, rp, { from: SEEDED + 1, many: Number(values.people) }, logProgress)
    : await measureAll(on, rp);
}

async function measureAll(on: BenchInstallation, rp: BenchRelyingParty) {
  const people = await BenchPeople.load(on, { of: SEEDED, many: SEEDED });
  let turn = 0;
  const port = () => on.nodes[turn++ % on.nodes.length]?.port ?? 0;
  const one = () => signInAtBench(port, people.take(), rp);
  const inBackground = await measureBackground(on, 4);
  const idle = Math.max(...(await Promise.all(on.nodes.map(({ pid }) => residentMegabytes(pid)))));

  logProgress('password verifications alone');
  const verifications = [await measureVerifications(4)];
  logProgress('warming up');
  // V8 optimises permanently what ran three thousand times: the load at 16 concurrent requests is measured
  // last.
  await closedLoop(16, 17, one);
  const warm = await closedLoop(16, 6, one);
  const signIns: Record<string, SignInMeasurement> = {};
  const run = async (name: string, load: Parameters<typeof measureSignIns>[2]) => {
    logProgress(name);
    const measured = await measureSignIns(on, inBackground, load);
    signIns[name] = measured;
    return measured;
  };
  await run('1 at once', () => closedLoop(1, 8, one));
  await run('at half load', () => openLoop(warm.done / warm.seconds / 2, 15, one));
  const at16 = await run('16 at once', () => closedLoop(16, 20, one));
  verifications.push(await measureVerifications(4));
  const over = await run('at five times the load', () => openLoop(at16.perSecond * 5, 10, one));
  const back = await run('right after it', () => closedLoop(16, 6, one));
  await run('from a new browser', async () => {
    const loaded = await closedLoop(16, 6, () =>
      signInAtBench(port, people.take(), rp, { isNewBrowser: true }),
    );
    await mail.received(loaded.done);
    return loaded;
  });
  const verification = computeMean(verifications);

  logProgress('other requests');
  const tokens: BenchTokens[] = await Promise.all(
    Array.from({ length: 16 }, () => signInAtBench(port, people.take(), rp, { offline: true })),
  );
  const others: Record<string, SignInMeasurement> = {};
  for (const [name, request] of Object.entries(otherRequests(port, rp, tokens))) {
    await closedLoop(16, 0.5, request);
    others[name] = await measureSignIns(on, NOTHING, () => closedLoop(16, 2, request));
  }
  logProgress('the sweep');
  const storage = await measureStorage(on.database, on.databaseUrl);

  const shares = sharesOf(at16, verification);
  const readyMs = on.nodes.map((node) => node.readyMs);
  const half = signIns['at half load'] as SignInMeasurement;
  printReport('a sign-in', Object.entries(signIns));
  printReport('other requests', Object.entries(others));
  process.stdout.write(`\n${composeReportTable(budgetRows(at16, shares))}\n`);
  process.stdout.write(
    `\n${composeReportTable([
      [
        'password verifications alone',
        `${formatNumber(verification.perSecond, 1)} a second`,
        `${formatNumber(verification.cpuMs)} ms of processor time, ${formatNumber(verification.wallMs)} ms long`,
      ],
      [
        'within a sign-in',
        `${formatNumber(at16.poolMs)} ms on the threads that hash`,
        `${formatNumber(at16.poolMs / (at16.nodeMs + (at16.postgresMs ?? 0)))} of all that it costs`,
      ],
      [
        'p99 at half load',
        `${formatNumber(half.p99, 1)} ms`,
        `${formatNumber(half.p99 / verification.wallMs, 1)} verifications long`,
      ],
      ['ready after', `${formatNumber(Math.max(...readyMs), 0)} ms`, ''],
      [
        'resident, idle and at full load',
        `${formatNumber(idle, 0)} MB`,
        `${formatNumber(at16.resident, 0)} MB`,
      ],
      ['kept of a sign-in', `${formatNumber(storage.bytes, 0)} bytes`, `${storage.rows} other rows`],
      [
        'at five times the load',
        `${formatNumber((over.perSecond / at16.perSecond) * 100, 0)} % of the peak answered`,
        `${over.refused} refused, half within ${formatNumber(over.refusedP50, 0)} ms, 99 % within ${formatNumber(over.refusedP99, 0)} ms`,
      ],
      ['right after it', `${formatNumber((back.perSecond / at16.perSecond) * 100, 0)} % of the peak`, ''],
    ])}\n`,
  );
  return { verification, signIns, shares, others, kept: storage, readyMs, idleMegabytes: idle };
}

function printReport(title: string, measured: readonly [string, SignInMeasurement][]): void {
  const rows = measured.map(([name, one]) => measuredRow(name, one));
  process.stdout.write(`\n${composeReportTable([[title, ...MEASURED_HEAD.slice(1)], ...rows])}\n`);
}
