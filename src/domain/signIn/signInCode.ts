/**
 * The sign-in code, for an unknown browser after so many wrong passwords in a row that no lock reopens
 * automatically. It proves nothing: it only gives one sign-in separate attempts.
 */
import { businessDaysAfter, toDanishDay, daysAfter, startOfDay } from '../calendar.ts';
import { drawReadable, foldTemporaryPassword } from './password.ts';
import type { Rules } from '../rules.ts';

export type CodeDelivery = 'email' | 'letter';

const CODE_LENGTH = 8;
const MINUTE_MS = 60_000;

/** @param bytes returns the `block`th 32 bytes of a stream that is derived from a key and the code's id */
export function composeSignInCode(bytes: (block: number) => Buffer): string {
  return drawReadable(bytes, CODE_LENGTH);
}

/** Folds a code as typed from a screen or a letter. */
export function foldSignInCode(typed: string): string {
  return foldTemporaryPassword(typed);
}

/** When a code expires. The time of a letter counts from the last day on which it is expected. */
export function readCodeExpiry(
  delivery: CodeDelivery,
  now: Date,
  { signInCode: rules, arrival }: Rules,
): Date {
  if (delivery === 'email') return new Date(now.getTime() + rules.mailMinutes * MINUTE_MS);
  return startOfDay(daysAfter(businessDaysAfter(toDanishDay(now), arrival.to), rules.letterDays), 1);
}

/**
 * Whether another code may be ordered. A stranger can order codes too, so the rate for one person is limited.
 * @param last when the last code of this delivery was ordered
 */
export function isCodeOrderAllowed(
  delivery: CodeDelivery,
  last: Date | null,
  now: Date,
  { signInCode: rules }: Rules,
): boolean {
  if (last === null) return true;
  if (delivery === 'email') return now.getTime() - last.getTime() >= rules.mailEveryMinutes * MINUTE_MS;
  return businessDaysAfter(toDanishDay(last), rules.letterEveryDays) <= toDanishDay(now);
}
