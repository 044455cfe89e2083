/**
 * The code that opens the sign-in to a browser that nobody knows, after so many wrong passwords in a row that
 * no lock opens by itself. It proves nothing: it only gives one sign-in tries of its own.
 */
import { businessDaysAfter, toDanishDay, daysAfter, startOfDay } from '../calendar.ts';
import { drawReadable, foldTemporaryPassword } from './password.ts';
import type { Rules } from '../rules.ts';

export type CodeDelivery = 'email' | 'letter';

const CODE_LENGTH = 8;
const MINUTE_MS = 60_000;

/** @param bytes the `block`th 32 bytes of a stream that is derived from a key and the code's id. */
export function composeSignInCode(bytes: (block: number) => Buffer): string {
  return drawReadable(bytes, CODE_LENGTH);
}

/** As it was typed from a screen or a letter. */
export function foldSignInCode(typed: string): string {
  return foldTemporaryPassword(typed);
}

/** A letter is reckoned from the day on which it is expected at the latest. */
export function readCodeExpiry(way: CodeDelivery, now: Date, { signInCode: rules, arrival }: Rules): Date {
  if (way === 'email') return new Date(now.getTime() + rules.mailMinutes * MINUTE_MS);
  return startOfDay(daysAfter(businessDaysAfter(toDanishDay(now), arrival.to), rules.letterDays), 1);
}

/**
 * A stranger can ask for a code too: a person gets no heap of them. @param last when the last one of this way
 * was ordered.
 */
export function isCodeOrderAllowed(
  way: CodeDelivery,
  last: Date | null,
  now: Date,
  { signInCode: rules }: Rules,
): boolean {
  if (last === null) return true;
  if (way === 'email') return now.getTime() - last.getTime() >= rules.mailEveryMinutes * MINUTE_MS;
  return businessDaysAfter(toDanishDay(last), rules.letterEveryDays) <= toDanishDay(now);
}
