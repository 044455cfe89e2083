/** The one place that throws real dice: the operating system's generator (OWASP ASVS 5.0, 6.5.3). */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Random } from '../domain/random.ts';

export const realRandom: Random = {
  below: (limit) => randomInt(limit),
  bytes: (length) => randomBytes(length),
  uuid: () => randomUUID(),
};
