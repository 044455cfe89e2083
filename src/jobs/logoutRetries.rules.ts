/** How long a relying party that does not take a log-out is tried again. Pure. */
import { letterRetryDelayMs } from '../domain/letter.ts';

const MINUTE_MS = 60_000;

/** A relying party that has been away for a day has ended its sessions by itself. */
export const LOGOUT_MAX_AGE_MS = 24 * 60 * MINUTE_MS;

/**
 * After which time a log-out is told again that was not taken `failures` times. Twice as long each time, but no longer
 * than a minute while it is young: a relying party that is started anew hears of it soon. Later a tenth of its age.
 */
export function logoutRetryDelayMs(failures: number, ageMs: number): number {
  return Math.min(letterRetryDelayMs(failures), Math.max(MINUTE_MS, ageMs / 10));
}
