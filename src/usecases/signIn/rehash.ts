/**
 * A setting of operators reaches people at their next right password: that is the one moment at which the
 * password is known. It happens after the answer, and where it cannot be done, the next sign-in does it.
 */
import { HashingAborted, TooBusy } from '../../platform/passwordHasher.ts';
import { findSettingShares, replacePasswordHash } from '../../store/signIn/passwordHashes.ts';
import { needsRehash, rehashPassword } from '../passwords/keyedPassword.ts';
import type { World } from '../world.ts';

export interface RightPassword {
  readonly identityId: string;
  /** That it was compared with. */
  readonly passwordHash: string;
  /** As it was compared. */
  readonly password: string;
}

/** @param right not a temporary one, whose hash is that of a letter. */
export function rehashIfNeeded(world: World, right: RightPassword): void {
  const { database, background } = world;
  const { identityId, passwordHash, password } = right;
  if (!needsRehash(world, passwordHash)) return;
  background.run('a password was not rehashed', async (signal) => {
    const to = await rehashPassword(world, identityId, password, signal).catch(nullIfUnhashed);
    if (to !== null) await replacePasswordHash(database, identityId, { from: passwordHash, to });
  });
}

function nullIfUnhashed(error: unknown): null {
  if (error instanceof TooBusy || error instanceof HashingAborted) return null;
  throw error;
}

const FOLLOW_MS = 10 * 60_000;

/** Names that nobody has cost what people cost, also while some of these have hashes of a former setting. */
export function followHashSettings(world: World): void {
  const fault = 'it was not read what the hashes of passwords cost';
  world.background.every(FOLLOW_MS, fault, async () => await imitateStoredHashes(world));
}

export async function imitateStoredHashes({ database, hasher }: World): Promise<void> {
  hasher.imitate(await findSettingShares(database));
}
