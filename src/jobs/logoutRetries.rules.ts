/** How long a logout notification is retried for a relying party that does not accept it. Pure. */
import { letterRetryDelayMs } from '../domain/letter.ts';

const MINUTE_MS = 60_000;

/** A relying party that has been unavailable for a day has ended its sessions by timeout. */
export const LOGOUT_MAX_AGE_MS = 24 * 60 * MINUTE_MS;

/**
 * The delay before the next attempt after `failures` attempts. It doubles each time, but is at most a minute
 * while the notification is young, so that a restarted relying party is notified soon. Later it is at most a
 * tenth of the age.
 */
export function logoutRetryDelayMs(failures: number, ageMs: number): number {
  return Math.min(letterRetryDelayMs(failures), Math.max(MINUTE_MS, ageMs / 10));
}
