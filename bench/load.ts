/**
 * Generates load: a closed loop, in which each of a number of workers starts again when done, and an open
 * loop, at a rate.
 */
import { setTimeout } from 'node:timers/promises';
import { RefusedSignInError } from './signIn.ts';

export interface LoadReport {
  readonly seconds: number;
  /** How many succeeded, from the first to the last request. */
  readonly done: number;
  /** Milliseconds of each success, ascending. */
  readonly times: readonly number[];
  readonly refused: number;
  /** Milliseconds from the request that was refused to its answer, ascending. */
  readonly refusedAfter: readonly number[];
}

class LoadTally {
  readonly #startedAt = performance.now();
  readonly #times: number[] = [];
  readonly #refusedAfter: number[] = [];

  /** @throws everything that is neither an answer nor a refusal, so that no error is overlooked */
  async count(work: () => Promise<unknown>): Promise<void> {
    const startedAt = performance.now();
    try {
      await work();
      this.#times.push(performance.now() - startedAt);
    } catch (error) {
      if (!(error instanceof RefusedSignInError && error.status === 503)) throw error;
      this.#refusedAfter.push(error.afterMs);
    }
  }

  sum(): LoadReport {
    const ascending = (some: number[]) => some.toSorted((a, b) => a - b);
    return {
      seconds: (performance.now() - this.#startedAt) / 1000,
      done: this.#times.length,
      times: ascending(this.#times),
      refused: this.#refusedAfter.length,
      refusedAfter: ascending(this.#refusedAfter),
    };
  }
}

export async function closedLoop(
  atOnce: number,
  seconds: number,
  work: () => Promise<unknown>,
): Promise<LoadReport> {
  const tally = new LoadTally();
  const until = performance.now() + seconds * 1000;
  const one = async () => {
    while (performance.now() < until) await tally.count(work);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return tally.sum();
}

/** Starts the work at even intervals, independently of earlier ones; waits for the last. */
export async function openLoop(
  rate: number,
  seconds: number,
  work: () => Promise<unknown>,
): Promise<LoadReport> {
  const tally = new LoadTally();
  const startedAt = performance.now();
  const many = Math.round(rate * seconds);
  const running: Promise<void>[] = [];
  for (let i = 0; i < many; i += 1) {
    const wait = startedAt + (i * 1000) / rate - performance.now();
    if (wait > 1) await setTimeout(wait);
    running.push(tally.count(work));
  }
  await Promise.all(running);
  return tally.sum();
}

export function readPercentile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? Number.NaN;
}
