/**
 * Limits on wall time. They hold in the proof's suites that run without other load, which select the tests
 * that are named here; a busy machine is not an error of the code.
 */
import { expect, test } from '@jest/globals';
import { DATABASE_TIMEOUT_MS } from '../../src/config/config.ts';

/** The statement time-out of nodes in tests: a busy machine does not count as an unavailable database. */
export const PATIENT_DATABASE_MS = Number(process.env['TEST_DATABASE_TIMEOUT_MS'] ?? 30_000);

const isTimed = process.env['NOEGLE_TEST_TIMED'] === 'yes';

/**
 * The same in suites that test an unavailable database: as in production where time counts, and otherwise
 * twice that.
 */
export const UNAVAILABLE_AFTER_MS = isTimed ? DATABASE_TIMEOUT_MS : 2 * DATABASE_TIMEOUT_MS;

/**
 * A test that checks more than time. It runs once more in the proof's suite, without other load, and there
 * time counts.
 */
export const timedToo = isTimed ? test.only : test;

/** A test that checks only time. */
export function timedOnly(name: string, run: () => Promise<void>): void {
  if (isTimed) test.only(name, run);
}

/**
 * @param ms the measured time. @param limitMs the limit with no other load; with other load there is no limit
 */
export function expectWithin(ms: number, limitMs: number): void {
  if (isTimed) expect(ms).toBeLessThan(limitMs);
}
