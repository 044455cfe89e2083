/**
 * The code that opens the sign-in to a browser that nobody knows, after so many wrong passwords in a row that
 * no lock opens by itself. It proves nothing: it only gives one sign-in tries of its own.
 */
import { businessDaysAfter, dayOf, daysAfter, startOfDay } from '../calendar.ts';
import { drawReadable, foldTemporaryPassword } from '../password.ts';
import type { Rules } from '../rules.ts';

export type CodeWay = 'email' | 'letter';

const LENGTH = 8;
const MINUTE_MS = 60_000;

/** @param bytes the `block`th 32 bytes of a stream that is derived from a key and the code's id. */
export function signInCode(bytes: (block: number) => Buffer): string {
  return drawReadable(bytes, LENGTH);
}

/** As it was typed from a screen or a letter. */
export function foldSignInCode(typed: string): string {
  return foldTemporaryPassword(typed);
}

/** A letter is reckoned from the day on which it is expected at the latest. */
export function codeValidUntil(way: CodeWay, now: Date, { signInCode: rules, arrival }: Rules): Date {
  if (way === 'email') return new Date(now.getTime() + rules.mailMinutes * MINUTE_MS);
  return startOfDay(daysAfter(businessDaysAfter(dayOf(now), arrival.to), rules.letterDays), 1);
}

/**
 * A stranger can ask for a code too: a person gets no heap of them. @param last when the last one of this way
 * was ordered.
 */
export function mayOrderCode(
  way: CodeWay,
  last: Date | null,
  now: Date,
  { signInCode: rules }: Rules,
): boolean {
  if (last === null) return true;
  if (way === 'email') return now.getTime() - last.getTime() >= rules.mailEveryMinutes * MINUTE_MS;
  return businessDaysAfter(dayOf(last), rules.letterEveryDays) <= dayOf(now);
}
