/**
 * Whether a browser keeps cookies shows only when one should have come back. An address to which we send a browser
 * together with its first cookie says when that was: who arrives at once and without the cookie has a browser that keeps
 * none, and who arrives later may only be late. It proves nothing and opens nothing, so it is not sealed: a person who
 * makes one up is shown a page about cookies.
 */
export const PROBE_PARAMETER = 'at';

/** A slow line, and an app that opens its own browser first. */
const PROBE_SECONDS = 60;

/** @returns the value of `PROBE` in such an address. */
export function makeProbe(now: Date): string {
  return Math.floor(now.getTime() / 1000).toString(36);
}

export function isFreshProbe(value: unknown, now: Date): boolean {
  if (typeof value !== 'string' || !/^[0-9a-z]{6}$/.test(value)) return false;
  const ageSeconds = now.getTime() / 1000 - Number.parseInt(value, 36);
  // Nodes' clocks differ a little.
  return Math.abs(ageSeconds) <= PROBE_SECONDS;
}
