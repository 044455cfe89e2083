/** The one place that reads the clock for the rules of Nøgle. Tests hand in a clock of their own. */
export interface Clock {
  now(): Date;
  /** By how much the time of the rules is ahead of real time, in ms; what the database compares is its own time and this. */
  readonly offsetMs: number;
}

export const realClock: Clock = { now: () => new Date(), offsetMs: 0 };

/** A clock that was set to `startAt` when it was made and runs on from there (sandbox only). */
export function createShiftedClock(startAt: Date): Clock {
  const offset = startAt.getTime() - Date.now();
  return { now: () => new Date(Date.now() + offset), offsetMs: offset };
}
