/** The one place that uses the operating system's random generator (OWASP ASVS 5.0, 6.5.3). */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Random } from '../domain/random.ts';

export const realRandom: Random = {
  below: (limit) => randomInt(limit),
  bytes: (length) => randomBytes(length),
  uuid: () => randomUUID(),
};
