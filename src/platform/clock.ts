/** The one place that reads the system clock for Nøgle's rules. Tests pass their own clock. */
export interface Clock {
  now(): Date;
  /**
   * How far the rules' time is ahead of real time, in ms. The database adds it to its own time when it
   * compares.
   */
  readonly offsetMs: number;
}

export const realClock: Clock = { now: () => new Date(), offsetMs: 0 };

/** A clock that started at `startAt` when it was created and runs on from there (sandbox only). */
export function createShiftedClock(startAt: Date): Clock {
  const offset = startAt.getTime() - Date.now();
  return { now: () => new Date(Date.now() + offset), offsetMs: offset };
}
