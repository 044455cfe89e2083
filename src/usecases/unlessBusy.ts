/** What a use case does where a password is not hashed: nothing was judged, so nothing may count. */
import { HashingAborted, TooBusy } from '../platform/passwordHasher.ts';

/**
 * `busy`: too much is being hashed, and the person may send the same again.
 * @param takeBack what was counted before. @throws HashingAborted
 */
export async function unlessBusy<T>(
  hashing: Promise<T>,
  takeBack: () => Promise<void> = async () => {},
): Promise<T | 'busy'> {
  try {
    return await hashing;
  } catch (error) {
    if (!(error instanceof TooBusy) && !(error instanceof HashingAborted)) throw error;
    await takeBack();
    if (error instanceof HashingAborted) throw error;
    return 'busy';
  }
}
