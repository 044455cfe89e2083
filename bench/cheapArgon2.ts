/**
 * argon2id with next to nothing to do, in the place of `@node-rs/argon2` in processes started with
 * `--import bench/withoutHash.ts`. Its hashes name the parameters that the nodes set, so that no node replaces them;
 * they were made, and are verified, with the least that argon2id takes. The work still goes to the threads that hash.
 */
import { hash as realHash, verify as realVerify } from '@node-rs/argon2';

const MINIMUM_PARAMETERS = { algorithm: 2, memoryCost: 8, timeCost: 1, parallelism: 1 };
const MADE_WITH = '$m=8,t=1,p=1$';
const NAMED = '$m=19456,t=2,p=1$';

export async function hashCheaply(password: string): Promise<string> {
  return (await realHash(password, MINIMUM_PARAMETERS)).replace(MADE_WITH, NAMED);
}

export async function verifyCheaply(phc: string, password: string): Promise<boolean> {
  return await realVerify(phc.replace(NAMED, MADE_WITH), password);
}
