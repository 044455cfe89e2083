/**
 * How many key numbers of different names a network is shown. With a card that they found, someone could go
 * through names until the number that is asked for is on it.
 */
import { listNetworks, readNetworkBudget } from '../../domain/network/networks.ts';
import { findNetworkLevels, queueWrongAttempt, type NetworkBucket } from '../../db/signIn/networkLevels.ts';
import { isAnyBucketFull } from '../authentication/index.ts';
import type { AppContext } from '../appContext.ts';

/** @returns false when the budget is exhausted: the number is not to be shown */
export async function countLook(context: AppContext, address: string): Promise<boolean> {
  const { database, clock } = context;
  const buckets = listLookBuckets(context, address);
  const levels = await findNetworkLevels(database, buckets, clock.offsetMs);
  if (isAnyBucketFull(buckets, levels)) return false;
  queueWrongAttempt(database, buckets, clock.offsetMs);
  return true;
}

/** As many as wrong answers, in buckets of their own: someone who looks slows no sign-in down. */
function listLookBuckets({ keyring, rules }: AppContext, address: string): readonly NetworkBucket[] {
  return listNetworks(address).map(({ name, width }) => {
    const subject = keyring.hmac('attempts', `names at the new password from network ${name}`);
    return { subject, budget: readNetworkBudget(width, rules) };
  });
}
