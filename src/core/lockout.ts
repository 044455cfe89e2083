/**
 * The lock ladder: how many wrong answers are borne, and for how long a name or a key step is shut.
 * The one place that knows; the SQL in store/attempts.ts applies these numbers and decides nothing of its own.
 *
 * An answer is counted before it is judged, by a statement with the limit in its WHERE, so that neither a crash
 * nor 200 parallel guesses get a free try. A right answer gives its try back, and forgives the wrong ones.
 */
export interface Ladder {
  /** Tries that may be counted (judged wrong or still in flight) before the door is shut. */
  readonly limit: number;
  readonly lockMs: number;
  /** A counted try that nobody has judged for this long is taken for wrong: its node died. */
  readonly judgedWithinMs: number;
}

const HOURS = 3_600_000;

/** PSD2 RTS art. 4: at most five consecutive failures. */
export const PASSWORD_LADDER: Ladder = { limit: 5, lockMs: 8 * HOURS, judgedWithinMs: 30_000 };
export const KEY_LADDER: Ladder = { limit: 5, lockMs: 8 * HOURS, judgedWithinMs: 30_000 };

/** A row of `attempts` as it stands. */
export interface Attempts {
  /** Counted and not given back: judged wrong plus in flight. */
  readonly tries: number;
  readonly wrong: number;
  readonly countedAt: Date;
  /** When all this is forgotten; for a shut door, when it opens. */
  readonly expiresAt: Date;
}

export type Standing = { kind: 'open' } | { kind: 'busy' } | { kind: 'locked'; opensAt: Date };

/** Judges a row: `locked` after the fifth wrong answer, `busy` while the tries left are all in flight. */
export function standing(attempts: Attempts | null, ladder: Ladder, now: Date): Standing {
  if (!attempts || attempts.expiresAt <= now) return { kind: 'open' };
  const abandoned = now.getTime() - attempts.countedAt.getTime() > ladder.judgedWithinMs;
  const wrong = abandoned ? attempts.tries : attempts.wrong;
  if (wrong >= ladder.limit) return { kind: 'locked', opensAt: attempts.expiresAt };
  return attempts.tries >= ladder.limit ? { kind: 'busy' } : { kind: 'open' };
}
