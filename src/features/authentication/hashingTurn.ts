/** What a use case does where a password is not hashed: nothing was judged, so nothing may count. */
import { findWidestNetwork } from '../../domain/network/networks.ts';
import { HashingAborted, HashingQueueFull } from '../../platform/hashing/passwordHasher.ts';
import type { AppContext } from '../appContext.ts';

/**
 * `busy`: too much is being hashed, and the person may send the same again.
 * @param removeAndRecord what was counted before. @throws HashingAborted
 */
export async function toBusyWhenFull<T>(
  hashing: Promise<T>,
  takeBack: () => Promise<void> = async () => {},
): Promise<T | 'busy'> {
  try {
    return await hashing;
  } catch (error) {
    if (!(error instanceof HashingQueueFull) && !(error instanceof HashingAborted)) throw error;
    await takeBack();
    if (error instanceof HashingAborted) throw error;
    return 'busy';
  }
}

/** A form that costs a hash, in the turn of its network. @throws HashingAborted */
export async function runInNetworkTurn<T>(
  { hasher }: AppContext,
  { address, signal }: { readonly address: string; readonly signal?: AbortSignal },
  work: () => Promise<T>,
): Promise<T | 'busy'> {
  return await toBusyWhenFull(hasher.runInNetworkTurn(findWidestNetwork(address), work, signal));
}
