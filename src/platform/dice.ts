/** The one place that throws real dice: the operating system's generator (OWASP ASVS 5.0, 6.5.3). */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Dice } from '../core/dice.ts';

export const realDice: Dice = {
  below: (limit) => randomInt(limit),
  bytes: (length) => randomBytes(length),
  uuid: () => randomUUID(),
};
