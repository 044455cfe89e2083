/**
 * Replaces `@node-rs/argon2` in processes started with `--import bench/withoutHash.ts`, with argon2id at its
 * lowest cost. Its hashes name the parameters that the nodes set, so that no node rehashes them; they are
 * made and verified with the minimum that argon2id accepts. The work still runs on the threads that hash.
 */
import { hash as realHash, verify as realVerify } from '@node-rs/argon2';

const MINIMUM_PARAMETERS = { algorithm: 2, memoryCost: 8, timeCost: 1, parallelism: 1 };
const MADE_WITH = '$m=8,t=1,p=1$';
const NAMED = '$m=19456,t=2,p=1$';

/** Named as the package names it: it is imported in its place. */
export async function hash(password: string): Promise<string> {
  return (await realHash(password, MINIMUM_PARAMETERS)).replace(MADE_WITH, NAMED);
}

export async function verify(phc: string, password: string): Promise<boolean> {
  return await realVerify(phc.replace(NAMED, MADE_WITH), password);
}
