/** A person's factors, for pages and for the file of the person. */
import type { HeldFactor } from '../../domain/factors/heldFactors.ts';
import { listHeldFactors } from '../../db/factors/heldFactors.ts';
import type { AppContext } from '../appContext.ts';

/**
 * The oldest first.
 * @param options.withEnded also those that have ended, as long as they are kept
 */
export async function readHeldFactors(
  { database, clock }: Pick<AppContext, 'database' | 'clock'>,
  identityId: string,
  options: { readonly withEnded?: boolean } = {},
): Promise<readonly HeldFactor[]> {
  return await listHeldFactors(database, identityId, { now: clock.now(), ...options });
}
