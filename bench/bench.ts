/**
 * What a sign-in costs, measured as it is in production: node processes as they are started there, a real PostgreSQL with
 * durable commits, load from this process, and beside it, in the same run, what a password verification alone costs.
 * docs/explanation/performance.md says how to read it.
 *
 *   npm run bench                          two minutes
 *   npm run bench -- --people 1000000      whether the cost grows with people and with what has expired
 *   npm run bench -- --floor               what the bare engine costs here with as many statements: two minutes
 *   npm run bench -- --nothing             what it costs beside the hash, as a multiple of the floor: four minutes
 *   npm run bench -- --nothing --other DIR the same beside another checkout, which is built: five minutes
 *   npm run bench -- --nothing --bound       the same with rows that have to be bound; --rounds 10: ten rounds
 *   npm run bench -- --nothing --judge     ends with 1 where the limits of bench/besideHash.ts do not hold
 *   npm run bench -- --flood               whether people sign in while somebody floods: 90 s
 *   npm run bench -- --flood --newcomers 20   the same, shorter
 *   npm run bench -- --beside DIR          whether sign-ins fail or sessions end while that version and this one run: 90 s
 *   npm run bench -- --nodes 2             two node processes
 *   npm run bench -- --json FILE           the figures for a program
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { besideHash } from './besideHash.ts';
import { flood } from './flood.ts';
import { floor } from './floor.ts';
import { growth } from './growth.ts';
import { install, type Install } from './install.ts';
import { measureKept } from './kept.ts';
import { closedLoop, openLoop } from './load.ts';
import { startMailServer } from './mailServer.ts';
import { residentMegabytes } from './machine.ts';
import { measure, measureBackground, NOTHING, type Measured } from './measure.ts';
import { otherRequests } from './others.ts';
import { People, registerRelyingParty, seedPeople, type RelyingParty } from './people.ts';
import { budgetRows, MEASURED_HEAD, measuredRow, number, sharesOf, table } from './report.ts';
import { hangUp, signIn, type Tokens } from './signIn.ts';
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
    nodes: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});
const SEEDED = 2_000;
const startedAt = performance.now();

function progress(text: string): void {
  process.stderr.write(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);
}

function mean(some: readonly Verifications[]): Verifications {
  const of = (name: keyof Verifications) => some.reduce((sum, one) => sum + one[name], 0) / some.length;
  return { perSecond: of('perSecond'), cpuMs: of('cpuMs'), wallMs: of('wallMs') };
}

const mail = await startMailServer();
progress('a database');
const installed = await install(mail.port);
// Broken off: nothing of it stays behind.
process.once('SIGINT', () => void installed.stop().finally(() => process.exit(130)));
try {
  const figures = await measureAsAsked(installed);
  if (values.json) await writeFile(values.json, `${JSON.stringify(figures, null, 2)}\n`);
} finally {
  hangUp();
  await installed.stop();
  await mail.stop();
}
progress('done');

async function measureAsAsked(on: Install): Promise<object> {
  if (values.floor) return await floor(on, progress);
  if (values.flood) {
    const figures = await flood(on, { newcomers: Number(values.newcomers) }, progress);
    if (!figures.holds) process.exitCode = 1;
    return figures;
  }
  if (values.beside) {
    const figures = await twoVersions(on, values.beside, progress);
    if (figures.failures.length > 0) process.exitCode = 1;
    return figures;
  }
  if (!values.nothing) return await measureNodes(on);
  const figures = await besideHash(
    on,
    { other: values.other ?? null, isBound: values.bound, rounds: Number(values.rounds) },
    progress,
  );
  if (values.judge && !figures.holds) process.exitCode = 1;
  return figures;
}

async function measureNodes(on: Install) {
  progress(`${SEEDED} people`);
  await seedPeople(on, { from: 1, many: SEEDED }, () => undefined);
  const rp = await registerRelyingParty(on);
  for (let i = 0; i < Number(values.nodes); i += 1) await on.startNode();
  return values.people
    ? await growth(on, rp, { from: SEEDED + 1, many: Number(values.people) }, progress)
    : await measureAll(on, rp);
}

async function measureAll(on: Install, rp: RelyingParty) {
  const people = await People.load(on, { of: SEEDED, many: SEEDED });
  let turn = 0;
  const port = () => on.nodes[turn++ % on.nodes.length]?.port ?? 0;
  const one = () => signIn(port, people.take(), rp);
  const inBackground = await measureBackground(on, 4);
  const idle = Math.max(...(await Promise.all(on.nodes.map(({ pid }) => residentMegabytes(pid)))));

  progress('password verifications alone');
  const verifications = [await measureVerifications(4)];
  progress('warming up');
  // V8 compiles for good what ran three thousand times: what is measured at 16 at once comes last of these.
  await closedLoop(16, 17, one);
  const warm = await closedLoop(16, 6, one);
  const signIns: Record<string, Measured> = {};
  const run = async (name: string, load: Parameters<typeof measure>[2]) => {
    progress(name);
    const measured = await measure(on, inBackground, load);
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
    const loaded = await closedLoop(16, 6, () => signIn(port, people.take(), rp, { isNewBrowser: true }));
    await mail.received(loaded.done);
    return loaded;
  });
  const verification = mean(verifications);

  progress('other requests');
  const tokens: Tokens[] = await Promise.all(
    Array.from({ length: 16 }, () => signIn(port, people.take(), rp, { offline: true })),
  );
  const others: Record<string, Measured> = {};
  for (const [name, request] of Object.entries(otherRequests(port, rp, tokens))) {
    await closedLoop(16, 0.5, request);
    others[name] = await measure(on, NOTHING, () => closedLoop(16, 2, request));
  }
  progress('the sweep');
  const kept = await measureKept(on.database, on.databaseUrl);

  const shares = sharesOf(at16, verification);
  const readyMs = on.nodes.map((node) => node.readyMs);
  const half = signIns['at half load'] as Measured;
  print('a sign-in', Object.entries(signIns));
  print('other requests', Object.entries(others));
  process.stdout.write(`\n${table(budgetRows(at16, shares))}\n`);
  process.stdout.write(
    `\n${table([
      [
        'password verifications alone',
        `${number(verification.perSecond, 1)} a second`,
        `${number(verification.cpuMs)} ms of processor time, ${number(verification.wallMs)} ms long`,
      ],
      [
        'within a sign-in',
        `${number(at16.poolMs)} ms on the threads that hash`,
        `${number(at16.poolMs / (at16.nodeMs + (at16.postgresMs ?? 0)))} of all that it costs`,
      ],
      [
        'p99 at half load',
        `${number(half.p99, 1)} ms`,
        `${number(half.p99 / verification.wallMs, 1)} verifications long`,
      ],
      ['ready after', `${number(Math.max(...readyMs), 0)} ms`, ''],
      ['resident, idle and at full load', `${number(idle, 0)} MB`, `${number(at16.resident, 0)} MB`],
      ['kept of a sign-in', `${number(kept.bytes, 0)} bytes`, `${kept.rows} rows besides`],
      [
        'at five times the load',
        `${number((over.perSecond / at16.perSecond) * 100, 0)} % of the peak answered`,
        `${over.refused} refused, half within ${number(over.refusedP50, 0)} ms, 99 % within ${number(over.refusedP99, 0)} ms`,
      ],
      ['right after it', `${number((back.perSecond / at16.perSecond) * 100, 0)} % of the peak`, ''],
    ])}\n`,
  );
  return { verification, signIns, shares, others, kept, readyMs, idleMegabytes: idle };
}

function print(title: string, measured: readonly [string, Measured][]): void {
  const rows = measured.map(([name, one]) => measuredRow(name, one));
  process.stdout.write(`\n${table([[title, ...MEASURED_HEAD.slice(1)], ...rows])}\n`);
}
