/**
 * Wrong answers become audit events when their hour is over: in the log of each person, and over all names
 * for operators.
 */
import type { FailureKind } from '../../domain/signIn/failure.ts';
import {
  queueFailureCount,
  writeFailures,
  writeFailureTotals,
  type FailureTotals,
} from '../../db/signIn/failures.ts';
import type { AppContext } from '../appContext.ts';

/** After the answer. @param identityId null for a name that nobody has. */
export function recordSignInFailure(
  { database, clock }: Pick<AppContext, 'database' | 'clock'>,
  identityId: string | null,
  kind: FailureKind,
): void {
  queueFailureCount(database, { identityId, kind }, clock.offsetMs);
}

const BATCH_SIZE = 1_000;

/** @returns what was written over all names, an hour and kind each. */
export async function writeFailuresOfPastHours({
  database,
  clock,
}: AppContext): Promise<readonly FailureTotals[]> {
  const inAll = await writeFailureTotals(database, clock.offsetMs);
  while ((await writeFailures(database, clock.offsetMs, BATCH_SIZE)) === BATCH_SIZE);
  return inAll;
}
