/**
 * Wrong answers become audit events when their hour is over: in the log of each person, and over all names
 * for operators.
 */
import type { FailureKind } from '../../core/signIn/failure.ts';
import {
  countFailure,
  writeFailures,
  writeFailuresInAll,
  type FailuresInAll,
} from '../../store/signIn/failures.ts';
import type { World } from '../world.ts';

/** After the answer. @param identityId null for a name that nobody has. */
export function noteFailure(
  { database, clock }: Pick<World, 'database' | 'clock'>,
  identityId: string | null,
  kind: FailureKind,
): void {
  countFailure(database, { identityId, kind }, clock.offsetMs);
}

const AT_ONCE = 1_000;

/** @returns what was written over all names, an hour and kind each. */
export async function writeOverFailures({ database, clock }: World): Promise<readonly FailuresInAll[]> {
  const inAll = await writeFailuresInAll(database, clock.offsetMs);
  while ((await writeFailures(database, clock.offsetMs, AT_ONCE)) === AT_ONCE);
  return inAll;
}
