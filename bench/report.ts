/** The table of results, and the budget that it is compared with. */
import type { SignInMeasurement } from './measure.ts';
import type { Verifications } from './verifications.ts';

/** The budget of a sign-in beyond its one password verification, at 16 concurrent ones. */
export const BUDGET = { nodeMs: 5.5, postgresMs: 2, statements: 10, commits: 5, share: 0.7 } as const;
/** The tolerance for each part of a run. */
const TOLERANCE = 1.15;

export interface CpuShares {
  /** Milliseconds of the node processes, beyond the verification. */
  readonly nodeMs: number;
  readonly postgresMs: number | null;
  /** The verification's share of all processor time on the server's side. */
  readonly share: number;
}

export function sharesOf({ nodeMs, postgresMs }: SignInMeasurement, { cpuMs }: Verifications): CpuShares {
  return { nodeMs: nodeMs - cpuMs, postgresMs, share: cpuMs / (nodeMs + (postgresMs ?? 0)) };
}

export function composeReportTable(rows: readonly (readonly [string, ...string[]])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))),
    )
    .map((cells) => cells.join('  ').trimEnd())
    .join('\n');
}

export function formatNumber(value: number | null, digits = 2): string {
  return value === null || Number.isNaN(value) ? '–' : value.toFixed(digits);
}

export const MEASURED_HEAD = [
  '',
  'a second',
  'node ms',
  'PostgreSQL ms',
  'statements',
  'commits',
  'transactions',
  'WAL bytes',
  'p50 ms',
  'p95 ms',
  'p99 ms',
  'MB',
] as const;

export function measuredRow(name: string, one: SignInMeasurement): [string, ...string[]] {
  return [
    name,
    formatNumber(one.perSecond, 1),
    formatNumber(one.nodeMs),
    formatNumber(one.postgresMs),
    formatNumber(one.statements),
    formatNumber(one.commits),
    formatNumber(one.transactions),
    formatNumber(one.walBytes, 0),
    formatNumber(one.p50, 1),
    formatNumber(one.p95, 1),
    formatNumber(one.p99, 1),
    formatNumber(one.resident, 0),
  ];
}

/** Each part of the budget with the measured value, and whether it holds. */
export function budgetRows(at16: SignInMeasurement, shares: CpuShares): [string, ...string[]][] {
  const rows: [string, number, number | null][] = [
    ['node, beyond the verification, ms', BUDGET.nodeMs, shares.nodeMs],
    ['PostgreSQL, ms', BUDGET.postgresMs, shares.postgresMs],
    ['statements', BUDGET.statements, at16.statements],
    ['commits', BUDGET.commits, at16.commits],
  ];
  const share: [string, ...string[]] = [
    'share of the verification',
    `>= ${BUDGET.share}`,
    formatNumber(shares.share),
    shares.share >= BUDGET.share ? 'holds' : 'does not hold',
  ];
  const verdict = (limit: number, value: number | null) => {
    if (value === null) return 'not measured';
    if (value <= limit) return 'holds';
    return value <= limit * TOLERANCE ? 'within 15 %' : 'does not hold';
  };
  const parts = rows.map(([name, limit, value]): [string, ...string[]] => [
    name,
    `<= ${limit}`,
    formatNumber(value),
    verdict(limit, value),
  ]);
  return [['of a sign-in, 16 at once', 'budget', 'measured', ''], ...parts, share];
}
