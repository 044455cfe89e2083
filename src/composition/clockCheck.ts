/**
 * Compares the clock of this node with that of the database. A code lives for sixty seconds from the node's
 * time and is judged by the database's: a node whose clock differs by more issues codes that have expired, or
 * lets them live too long.
 */
import type { Database } from '../db/database.ts';
import { readDatabaseTime } from '../db/installation.ts';
import type { Clock } from '../platform/clock.ts';

/** Half of the life of a code: it can still be redeemed for as long again. */
export const MAX_CLOCK_DIFFERENCE_MS = 30_000;
/** Reported before it does harm. A clock that NTP keeps differs by milliseconds. */
export const NOTABLE_CLOCK_DIFFERENCE_MS = 5_000;

/** The clock of this node differs from that of the database. Thrown at start. */
export class WrongClockError extends Error {}

/**
 * How far this node is ahead of the database, in milliseconds; negative when it is behind. The server read
 * its clock at some moment of the round trip: the middle is taken, and what the round trip leaves open is
 * subtracted, so that a slow answer is no difference.
 * @param startedAt when the statement was sent, as `performance.now()`
 */
export function measureClockDifference(clock: Clock, databaseTime: number, startedAt: number): number {
  const halfTripMs = (performance.now() - startedAt) / 2;
  // The rules' time may be ahead by intention (the sandbox, tests): that part is no fault.
  const nodeTime = clock.now().getTime() - clock.offsetMs;
  const difference = nodeTime - halfTripMs - databaseTime;
  return Math.sign(difference) * Math.max(0, Math.abs(difference) - halfTripMs);
}

/**
 * The clock of this node less the time since its start, which no one moves: it changes only when the clock is
 * moved, or when the computer was suspended.
 */
export function readClockOffset(clock: Clock): number {
  return clock.now().getTime() - clock.offsetMs - performance.now();
}

export function describeClockDifference(differenceMs: number): string {
  const seconds = Math.round(Math.abs(differenceMs) / 1_000);
  const side = differenceMs > 0 ? 'ahead of' : 'behind';
  return (
    `the clock of this node is ${seconds} s ${side} the clock of the database; ` +
    `at most ${MAX_CLOCK_DIFFERENCE_MS / 1_000} s are allowed. Synchronise both by NTP`
  );
}

/** @throws WrongClockError, DatabaseUnavailable */
export async function assertClockAgrees(database: Database, clock: Clock): Promise<void> {
  const startedAt = performance.now();
  const difference = measureClockDifference(clock, await readDatabaseTime(database), startedAt);
  if (Math.abs(difference) > MAX_CLOCK_DIFFERENCE_MS)
    throw new WrongClockError(describeClockDifference(difference));
}
