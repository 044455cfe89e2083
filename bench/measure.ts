/** Measures a stretch of load with all that it cost, per operation. */
import { compareSnapshots, takeSnapshot, type DatabaseCosts } from './costs.ts';
import type { BenchInstallation } from './install.ts';
import { readPercentile, type LoadReport } from './load.ts';
import { cpuOfThreads, cpuOfTree, residentMegabytes } from './machine.ts';

export interface SignInMeasurement {
  readonly perSecond: number;
  /** Processor milliseconds of all node processes per operation. */
  readonly nodeMs: number;
  /** The part of it on the threads that hash; the main thread and V8's own threads took the rest. */
  readonly poolMs: number;
  /** Processor milliseconds of PostgreSQL; null where it is not on this machine. */
  readonly postgresMs: number | null;
  readonly statements: number;
  /** Transactions that wrote. */
  readonly commits: number;
  /** All transactions, those that only read included (`xact_commit`). */
  readonly transactions: number;
  readonly walBytes: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Megabytes of the largest node process at the end. */
  readonly resident: number;
  readonly refused: number;
  /** Milliseconds until half of the refused requests were answered, and until nearly all were. */
  readonly refusedP50: number | null;
  readonly refusedP99: number | null;
}

/** Background work, per second: the polling of the job queue. */
export interface BackgroundMeasurement
  extends Pick<DatabaseCosts, 'statements' | 'commits' | 'transactions' | 'walBytes'> {
  /** Processor milliseconds of PostgreSQL. */
  readonly postgresMs: number;
}

export const NOTHING: BackgroundMeasurement = {
  statements: 0,
  commits: 0,
  transactions: 0,
  walBytes: 0,
  postgresMs: 0,
};

/** What is measured: the nodes, and the server with their database. */
export type MeasuredSite = Pick<BenchInstallation, 'database' | 'nodes' | 'postgresPid'>;

export async function measureBackground(
  { database, postgresPid }: MeasuredSite,
  seconds: number,
): Promise<BackgroundMeasurement> {
  const postgres = async () => (postgresPid === null ? 0 : await cpuOfTree(postgresPid));
  const [before, postgresBefore] = [await takeSnapshot(database), await postgres()];
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const postgresAfter = await postgres();
  const costs = await compareSnapshots(database, before, await takeSnapshot(database));
  return {
    postgresMs: (postgresAfter - postgresBefore) / costs.seconds,
    statements: costs.statements / costs.seconds,
    commits: costs.commits / costs.seconds,
    transactions: costs.transactions / costs.seconds,
    walBytes: costs.walBytes / costs.seconds,
  };
}

/** @param background subtracted from the costs of the database */
export async function measureSignIns(
  { database, nodes, postgresPid }: MeasuredSite,
  background: BackgroundMeasurement,
  load: () => Promise<LoadReport>,
): Promise<SignInMeasurement> {
  const sum = async (of: (pid: number) => Promise<number>) =>
    (await Promise.all(nodes.map(({ pid }) => of(pid)))).reduce((a, b) => a + b, 0);
  const look = async () => ({
    mark: await takeSnapshot(database),
    node: await sum(cpuOfTree),
    pool: await sum((pid) => cpuOfThreads(pid, 'libuv-worker')),
    postgres: postgresPid === null ? null : await cpuOfTree(postgresPid),
  });
  const before = await look();
  const loaded = await load();
  const after = await look();
  const resident = Math.max(...(await Promise.all(nodes.map(({ pid }) => residentMegabytes(pid)))));
  const costs = await compareSnapshots(database, before.mark, after.mark);
  const { done, times, seconds, refused, refusedAfter } = loaded;
  const each = (what: keyof DatabaseCosts & keyof BackgroundMeasurement) =>
    (costs[what] - background[what] * costs.seconds) / done;
  return {
    perSecond: done / seconds,
    nodeMs: (after.node - before.node) / done,
    poolMs: (after.pool - before.pool) / done,
    postgresMs:
      after.postgres === null || before.postgres === null
        ? null
        : (after.postgres - before.postgres - background.postgresMs * costs.seconds) / done,
    statements: each('statements'),
    commits: each('commits'),
    transactions: each('transactions'),
    walBytes: each('walBytes'),
    p50: readPercentile(times, 0.5),
    p95: readPercentile(times, 0.95),
    p99: readPercentile(times, 0.99),
    resident,
    refused,
    refusedP50: refused > 0 ? readPercentile(refusedAfter, 0.5) : null,
    refusedP99: refused > 0 ? readPercentile(refusedAfter, 0.99) : null,
  };
}
