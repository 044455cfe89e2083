/**
 * Counts failed attempts, and writes them as audit events when their hour is over: one in the log of each
 * person, and one over all names for operators.
 */
import type { FailureKind } from '../../domain/signIn/failure.ts';
import {
  queueFailureCount,
  writeFailures,
  writeFailureTotals,
  type FailureTotals,
} from '../../db/signIn/failures.ts';
import type { AppContext } from '../appContext.ts';

/**
 * Called after the response.
 * @param identityId null for an unknown name
 */
export function recordSignInFailure(
  { database, clock }: Pick<AppContext, 'database' | 'clock'>,
  identityId: string | null,
  kind: FailureKind,
): void {
  queueFailureCount(database, { identityId, kind }, clock.offsetMs);
}

const BATCH_SIZE = 1_000;

/** @returns the totals over all names that were written, one for each hour and kind */
export async function writeFailuresOfPastHours({
  database,
  clock,
}: AppContext): Promise<readonly FailureTotals[]> {
  const totals = await writeFailureTotals(database, clock.offsetMs);
  while ((await writeFailures(database, clock.offsetMs, BATCH_SIZE)) === BATCH_SIZE);
  return totals;
}
