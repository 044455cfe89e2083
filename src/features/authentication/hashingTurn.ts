/** Handles a password that cannot be hashed: nothing was verified, so nothing may be counted. */
import { findWidestNetwork } from '../../domain/network/networks.ts';
import { HashingAborted, HashingQueueFull } from '../../platform/hashing/passwordHasher.ts';
import type { AppContext } from '../appContext.ts';

/**
 * Returns `busy` when the hashing queue is full; the person may send the same form again.
 * @param removeCount removes what was counted before the hashing
 * @throws HashingAborted
 */
export async function toBusyWhenFull<T>(
  hashing: Promise<T>,
  removeCount: () => Promise<void> = async () => {},
): Promise<T | 'busy'> {
  try {
    return await hashing;
  } catch (error) {
    if (!(error instanceof HashingQueueFull) && !(error instanceof HashingAborted)) throw error;
    await removeCount();
    if (error instanceof HashingAborted) throw error;
    return 'busy';
  }
}

/**
 * Processes a form that costs a hash, in the queue of its network.
 * @throws HashingAborted
 */
export async function runInNetworkTurn<T>(
  { hasher }: AppContext,
  { address, signal }: { readonly address: string; readonly signal?: AbortSignal },
  work: () => Promise<T>,
): Promise<T | 'busy'> {
  return await toBusyWhenFull(hasher.runInNetworkTurn(findWidestNetwork(address), work, signal));
}
