/**
 * Detects browsers that reject cookies. That shows only when a cookie should have been returned, so the
 * redirect that sets a browser's first cookie has the time in its URL. A browser that arrives without the
 * cookie shortly after rejects cookies; one that arrives later may only be late. The probe proves nothing and
 * gives no access, so it is not sealed: a person who forges one is shown a page about cookies.
 */
export const PROBE_PARAMETER = 'at';

/** Allows for a slow connection, and for an app that opens its own browser first. */
const PROBE_SECONDS = 60;

/** @returns the value of `PROBE_PARAMETER` in such a URL */
export function makeProbe(now: Date): string {
  return Math.floor(now.getTime() / 1000).toString(36);
}

export function isFreshProbe(value: unknown, now: Date): boolean {
  if (typeof value !== 'string' || !/^[0-9a-z]{6}$/.test(value)) return false;
  const ageSeconds = now.getTime() / 1000 - Number.parseInt(value, 36);
  // The absolute difference, because the clocks of nodes differ a little.
  return Math.abs(ageSeconds) <= PROBE_SECONDS;
}
