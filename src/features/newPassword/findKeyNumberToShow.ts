/**
 * Step 1: a name, for which the page of the key is shown. It is the same for every name. Looking is
 * limited by network: with a card that they found, someone could go through names until its number is asked.
 */
import { foldName } from '../../domain/person/userId.ts';
import { listNetworks, readNetworkBudget } from '../../domain/network/networks.ts';
import { findNetworkLevels, queueWrongAttempt, type NetworkBucket } from '../../db/signIn/networkLevels.ts';
import { isAnyBucketFull, runInNetworkTurn } from '../authentication/index.ts';
import { respondOnFixedTick } from '../../platform/fixedTick.ts';
import type { AppContext } from '../appContext.ts';
import { findNewPasswordKey } from './findNewPasswordKey.ts';

export interface NameSubmission {
  readonly typedName: string;
  readonly address: string;
  /** Aborted when the connection is closed. */
  readonly signal?: AbortSignal;
}

/** A card is read where there is one. Responses on a fixed tick hide the difference. */
const RESPONSE_TICK_MS = 100;

/** `slowed`: too many names from this network. `busy`: too many of its forms at a time. */
export async function findKeyNumberToShow(
  context: AppContext,
  submission: NameSubmission,
): Promise<{ readonly keyNumber: string } | 'slowed' | 'busy'> {
  return await respondOnFixedTick(RESPONSE_TICK_MS, () =>
    runInNetworkTurn(context, submission, () => readKeyNumber(context, submission)),
  );
}

async function readKeyNumber(
  context: AppContext,
  { typedName, address }: NameSubmission,
): Promise<{ readonly keyNumber: string } | 'slowed'> {
  const { database, clock } = context;
  const { offsetMs } = clock;
  const buckets = listLookBuckets(context, address);
  const levels = await findNetworkLevels(database, buckets, offsetMs);
  if (isAnyBucketFull(buckets, levels)) return 'slowed';
  const { keyNumber } = await findNewPasswordKey(context, foldName(typedName));
  queueWrongAttempt(database, buckets, offsetMs);
  return { keyNumber };
}

/** As many as wrong answers, in buckets of their own: who looks here slows no sign-in down. */
function listLookBuckets({ keyring, rules }: AppContext, address: string): readonly NetworkBucket[] {
  return listNetworks(address).map(({ name, width }) => {
    const subject = keyring.hmac('attempts', `names at the new password from network ${name}`);
    return { subject, budget: readNetworkBudget(width, rules) };
  });
}
