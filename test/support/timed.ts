/**
 * Limits on wall time. They hold in the proof's suites that run alone, which take the tests that are named
 * here from their suites; a busy machine is no fault of the code.
 */
import { expect, test } from '@jest/globals';
import { DATABASE_TIMEOUT_MS } from '../../src/config/config.ts';

/** What a statement may take, as a setting of nodes in tests: a busy machine is no database that is unavailable. */
export const PATIENT_DATABASE_MS = Number(process.env['TEST_DATABASE_TIMEOUT_MS'] ?? 30_000);

const isTimed = process.env['NOEGLE_TEST_TIMED'] === 'yes';

/**
 * The same in suites that look for a database that is unavailable: as in production where time counts, and else
 * twice that.
 */
export const UNAVAILABLE_AFTER_MS = isTimed ? DATABASE_TIMEOUT_MS : 2 * DATABASE_TIMEOUT_MS;

/**
 * A test that asks for more than time. In the proof's suite it runs once more, alone, and there time counts.
 */
export const timedToo = isTimed ? test.only : test;

/** A test of time alone. */
export function timedOnly(name: string, run: () => Promise<void>): void {
  if (isTimed) test.only(name, run);
}

/**
 * @param ms what was measured. @param limitMs what it may be with nothing beside; beside others there is no
 * limit.
 */
export function expectWithin(ms: number, limitMs: number): void {
  if (isTimed) expect(ms).toBeLessThan(limitMs);
}
