/** Limits on wall time. They hold in the proof's suites that run alone; a busy machine is no fault of the code. */
import { expect } from '@jest/globals';

/** How much longer anything may take beside other suites, so that what hangs is still found. */
const BESIDE_OTHERS = 5;

/** @param ms what was measured. @param limitMs what it may be with nothing beside. */
export function expectWithin(ms: number, limitMs: number): void {
  const isTimed = process.env['NOEGLE_TEST_TIMED'] === 'yes';
  expect(ms).toBeLessThan(isTimed ? limitMs : limitMs * BESIDE_OTHERS);
}
