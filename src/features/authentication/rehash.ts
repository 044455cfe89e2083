/**
 * Applies changed hashing settings at a person's next right password, the only moment at which the password
 * is known. It runs after the response; if it fails, the next sign-in does it.
 */
import { HashingAborted, HashingQueueFull } from '../../platform/hashing/passwordHasher.ts';
import { findHashSettingShares, replacePasswordHash } from './passwordHashes.queries.ts';
import { isRehashNeeded, rehashPassword } from '../identity/index.ts';
import type { AppContext } from '../appContext.ts';

export interface VerifiedPasswordToRehash {
  readonly identityId: string;
  /** The hash that the password was verified against. */
  readonly passwordHash: string;
  /** The password as it was verified. */
  readonly password: string;
}

/** @param right must not be a temporary password, whose hash belongs to a letter */
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

/**
 * Makes the dummy verification for an unknown name cost what stored hashes cost, also while some of these
 * still have previous settings.
 */
export function watchHashSettings(context: AppContext): void {
  const failureMessage = 'the settings of the stored password hashes could not be read';
  context.background.every(WATCH_MS, failureMessage, async () => await imitateStoredHashes(context));
}

export async function imitateStoredHashes({ database, hasher }: AppContext): Promise<void> {
  hasher.imitate(await findHashSettingShares(database));
}
