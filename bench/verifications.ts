/**
 * Measures one password verification on this machine in isolation, with as many concurrent ones as there are
 * cores.
 */
import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';

export interface Verifications {
  readonly perSecond: number;
  /** Processor milliseconds of one verification. */
  readonly cpuMs: number;
  /** Wall-clock milliseconds of one verification. */
  readonly wallMs: number;
}

/** The parameters of platform/passwordHasher. */
const SETTING = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export async function measureVerifications(seconds: number): Promise<Verifications> {
  const phc = await hash('a password', SETTING);
  const atOnce = availableParallelism();
  let done = 0;
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const one = async () => {
    while (performance.now() - startedAt < seconds * 1000) {
      if (!(await verify(phc, 'a password'))) throw new Error('a right password was called wrong');
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(before);
  return {
    perSecond: (done * 1000) / ms,
    cpuMs: (user + system) / 1000 / done,
    wallMs: (ms * atOnce) / done,
  };
}
