/** What an e-mail address looks like; whether it arrives is seen later. */
import { z } from 'zod';

/** 254: RFC 5321, 4.5.3.1.3, less the angle brackets. */
const EMAIL = z.email().max(254);

export function isEmail(text: string): boolean {
  return EMAIL.safeParse(text).success;
}
