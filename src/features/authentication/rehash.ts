/**
 * A setting of operators reaches people at their next right password: that is the one moment at which the
 * password is known. It happens after the answer, and where it cannot be done, the next sign-in does it.
 */
import { HashingAborted, HashingQueueFull } from '../../platform/hashing/passwordHasher.ts';
import { findHashSettingShares, replacePasswordHash } from './passwordHashes.queries.ts';
import { isRehashNeeded, rehashPassword } from '../identity/index.ts';
import type { AppContext } from '../appContext.ts';

export interface VerifiedPasswordToRehash {
  readonly identityId: string;
  /** That it was compared with. */
  readonly passwordHash: string;
  /** As it was compared. */
  readonly password: string;
}

/** @param right not a temporary one, whose hash is that of a letter. */
export function rehashIfNeeded(context: AppContext, right: VerifiedPasswordToRehash): void {
  const { database, background } = context;
  const { identityId, passwordHash, password } = right;
  if (!isRehashNeeded(context, passwordHash)) return;
  background.run('a password was not rehashed', async (signal) => {
    const to = await rehashPassword(context, identityId, password, signal).catch(ignoreHashingLimits);
    if (to !== null) await replacePasswordHash(database, identityId, { from: passwordHash, to });
  });
}

function ignoreHashingLimits(error: unknown): null {
  if (error instanceof HashingQueueFull || error instanceof HashingAborted) return null;
  throw error;
}

const WATCH_MS = 10 * 60_000;

/** Names that nobody has cost what people cost, also while some of these have hashes of a former setting. */
export function watchHashSettings(context: AppContext): void {
  const fault = 'it was not read what the hashes of passwords cost';
  context.background.every(WATCH_MS, fault, async () => await imitateStoredHashes(context));
}

export async function imitateStoredHashes({ database, hasher }: AppContext): Promise<void> {
  hasher.imitate(await findHashSettingShares(database));
}
