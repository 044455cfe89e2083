/** Measures whether a sign-in costs more among many people, and with a million expired records. */
import { addExpired, sweepAll } from './kept.ts';
import type { BenchInstallation } from './install.ts';
import { closedLoop, readPercentile } from './load.ts';
import { measureSignIns, measureBackground, type SignInMeasurement } from './measure.ts';
import { BenchPeople, seedPeople, type BenchRelyingParty } from './people.ts';
import { MEASURED_HEAD, measuredRow, formatNumber, composeReportTable } from './report.ts';
import { signInAtBench } from './signIn.ts';

const TAKE_PART = 1_000;
const SECONDS = 15;

interface StatementCost {
  readonly text: string;
  readonly blocks: number;
  readonly ms: number;
}

export async function measureGrowth(
  on: BenchInstallation,
  rp: BenchRelyingParty,
  more: { from: number; many: number },
  progress: (text: string) => void,
) {
  const few = await BenchPeople.load(on, { of: TAKE_PART, many: TAKE_PART });
  const port = () => on.nodes[0]?.port ?? 0;
  const background = await measureBackground(on, 4);
  progress('warming up');
  await closedLoop(16, 15, () => signInAtBench(port, few.take(), rp));
  const measureWith = async (people: BenchPeople) => {
    // The server would refresh statistics and remove dead rows on its own schedule.
    await on.database.query('/* bench */ VACUUM ANALYZE');
    await closedLoop(16, 4, () => signInAtBench(port, people.take(), rp));
    await on.database.query('/* bench */ SELECT pg_stat_statements_reset()');
    const cost = await measureSignIns(on, background, () =>
      closedLoop(16, SECONDS, () => signInAtBench(port, people.take(), rp)),
    );
    return { cost, statements: await hotStatements(on) };
  };
  progress(`with ${more.from - 1} people`);
  const before = await measureWith(few);

  const startedAt = performance.now();
  progress(`seeding ${more.many} people`);
  await seedPeople(on, more, (done) => {
    if (done % 100_000 === 0) progress(`  ${done}`);
  });
  const seedSeconds = (performance.now() - startedAt) / 1000;
  progress('a million records that have expired');
  await addExpired(on.database);
  const all = more.from - 1 + more.many;
  const many = await BenchPeople.load(on, { of: all, many: TAKE_PART });
  progress(`with ${all} people`);
  const after = await measureWith(many);
  const sweeping = await measureSweep(on, () => signInAtBench(port, many.take(), rp), progress);

  const rows = [
    measuredRow(`${more.from - 1} people`, before.cost),
    measuredRow(`${all} people`, after.cost),
    ratioRow(before.cost, after.cost),
  ];
  process.stdout.write(
    `\n${composeReportTable([['a sign-in, 16 at once', ...MEASURED_HEAD.slice(1)], ...rows])}\n`,
  );
  const statements = after.statements.flatMap((one): [string, ...string[]][] => {
    const same = before.statements.find(({ text }) => text === one.text);
    if (!same) return [];
    const ms = `${formatNumber(same.ms, 3)} -> ${formatNumber(one.ms, 3)}`;
    return [[one.text, `${formatNumber(same.blocks, 1)} -> ${formatNumber(one.blocks, 1)}`, ms]];
  });
  process.stdout.write(`\n${composeReportTable([['statement', 'blocks', 'ms'], ...statements])}\n`);
  process.stdout.write(`\n${composeReportTable(sweeping.rows)}\n`);
  process.stdout.write(`\n${more.many} people seeded in ${formatNumber(seedSeconds, 0)} s\n`);
  return { before, after, sweeping, seedSeconds };
}

/** Two at a time leave the machine room: they wait for the sweep, not for each other. */
async function measureSweep(
  { databaseUrl }: BenchInstallation,
  one: () => Promise<unknown>,
  progress: (text: string) => void,
) {
  progress('two at a time, without the sweep and beside it');
  const quiet = await closedLoop(2, 10, one);
  const sweeps = { isOver: false };
  const swept = sweepAll(databaseUrl).finally(() => (sweeps.isOver = true));
  // A failure is reported below.
  swept.catch(() => undefined);
  const times: number[] = [];
  let refused = 0;
  while (!sweeps.isOver) {
    const loaded = await closedLoop(2, 1, one);
    times.push(...loaded.times);
    refused += loaded.refused;
  }
  const { rounds, longestRoundMs } = await swept;
  times.sort((a, b) => a - b);
  const row = (name: string, some: readonly number[], no: number): [string, ...string[]] => [
    name,
    String(some.length),
    String(no),
    ...[0.5, 0.99, 1].map((share) => formatNumber(readPercentile(some, share), 1)),
  ];
  return {
    rounds,
    longestRoundMs,
    rows: [
      ['two at a time', 'answered', 'refused', 'p50 ms', 'p99 ms', 'longest ms'],
      row('without the sweep', quiet.times, quiet.refused),
      row(`beside ${rounds} rounds of it, ${formatNumber(longestRoundMs, 0)} ms the longest`, times, refused),
    ] as [string, ...string[]][],
  };
}

async function hotStatements({ database }: BenchInstallation): Promise<StatementCost[]> {
  const { rows } = await database.query<StatementCost>(
    `/* bench */ SELECT left(regexp_replace(query, '\\s+', ' ', 'g'), 60) AS text,
       (shared_blks_hit + shared_blks_read)::float8 / calls AS blocks, mean_exec_time AS ms
     FROM pg_stat_statements WHERE query NOT LIKE '%bench%' AND calls > 300 ORDER BY total_exec_time DESC`,
  );
  return rows;
}

function ratioRow(before: SignInMeasurement, after: SignInMeasurement): [string, ...string[]] {
  const ratio = (name: keyof SignInMeasurement) => formatNumber(Number(after[name]) / Number(before[name]));
  return [
    'ratio',
    ratio('perSecond'),
    ratio('nodeMs'),
    ratio('postgresMs'),
    ratio('statements'),
    ratio('commits'),
    ratio('transactions'),
    ratio('walBytes'),
    ratio('p50'),
    ratio('p95'),
    ratio('p99'),
    ratio('resident'),
  ];
}
