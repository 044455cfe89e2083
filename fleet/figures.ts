/** Figures of faults, by the name of the fault. */
import { FAULTS, type FaultName } from './faults.ts';

/** One line of a run. */
export interface FaultLine {
  readonly fault: FaultName;
  readonly variant: string;
  /** How often another member became the primary. */
  readonly failovers: number;
  /** The longest time without a finished sign-in, from before the fault until all is well again. */
  readonly gapMs: number;
  /** From when the cause was gone to the next finished sign-in. */
  readonly afterMs: number;
  /** The longest that a person took for a sign-in that ended in this time. */
  readonly longestMs: number;
  readonly signIns: number;
  readonly failedRequests: number;
  readonly restarted: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

export interface FaultFigures {
  readonly times: number;
  readonly failovers: number;
  readonly gapMs: { readonly median: number; readonly p99: number; readonly max: number };
  readonly afterMs: { readonly median: number; readonly max: number };
  readonly longestMs: number;
  readonly limitMs: number | null;
}

/** The smallest value that at least this share of all do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

export function computeFigures(lines: readonly FaultLine[]): Map<FaultName, FaultFigures> {
  const figures = new Map<FaultName, FaultFigures>();
  for (const [fault, own] of Map.groupBy(lines, (line) => line.fault)) {
    const gaps = own.map(({ gapMs }) => gapMs);
    const after = own.map(({ afterMs }) => afterMs);
    figures.set(fault, {
      times: own.length,
      failovers: own.reduce((sum, { failovers }) => sum + failovers, 0),
      gapMs: { median: percentile(gaps, 0.5), p99: percentile(gaps, 0.99), max: Math.max(...gaps) },
      afterMs: { median: percentile(after, 0.5), max: Math.max(...after) },
      longestMs: Math.max(...own.map(({ longestMs }) => longestMs)),
      limitMs: FAULTS[fault].limitMs,
    });
  }
  return figures;
}

/** The gaps that exceed what is promised, each in a sentence. */
export function listExceeded(figures: ReadonlyMap<FaultName, FaultFigures>): string[] {
  return [...figures].flatMap(([fault, { gapMs, limitMs }]) =>
    limitMs !== null && gapMs.p99 > limitMs
      ? [`${fault}: a gap of ${gapMs.p99} ms at p99, where at most ${limitMs} is promised`]
      : [],
  );
}
