/** The one place that reads the clock for the rules of Nøgle. Tests hand in a clock of their own. */
export interface Clock {
  now(): Date;
}

export const realClock: Clock = { now: () => new Date() };

/** A clock that was set to `startAt` when it was made and runs on from there (sandbox only). */
export function shiftedClock(startAt: Date): Clock {
  const offset = startAt.getTime() - Date.now();
  return { now: () => new Date(Date.now() + offset) };
}
