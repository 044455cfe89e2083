/**
 * The lock ladder: how many wrong answers are borne, for how long a name or a key step is shut, and what
 * comes after that. The one place that decides; the SQL in store/signIn applies these numbers and has
 * none of its own.
 *
 * An answer is judged after it is compared, by the statement that counts it, and told after that is committed
 * (docs/decisions/0017-the-sign-in.md): at most `limit` wrong ones are told, and what a crash loses counts
 * for nobody.
 *
 *   password, unknown browsers together   5 -> shut 8 h ... 100 in a row -> only with a code by e-mail or letter
 *   password, a known browser or network  5 -> shut 8 h, 5 more -> known no longer
 *   password, a sign-in with a code       5 -> another code
 *   current password, in self-service     5 -> shut 8 h
 *   key                                   5 -> shut 8 h, 5 more -> the card is blocked
 *   blocking                              10 from a network -> shut 1 h for it; 1,000 an hour from all
 *   orders online that did not match      3 for a CPR number, 20 from a network -> shut until the next day
 *   code for the sign-in                  5 from a network -> shut 1 h for it; 1,000 an hour from all
 *   user IDs that others have, at activation  5 -> no more for 24 h; it goes on without one
 *   temporary password                    1 in 30 s from a network, never shut; 100,000 an hour from all
 */
import type { NetworkBudget } from '../network/networks.ts';
import type { Rules } from '../rules.ts';

export interface LockoutPolicy {
  /** Wrong ones that are judged before it is locked. */
  readonly limit: number;
  readonly lockMs: number;
  /** A try that an older node counted and has not judged for this long counts no more: its node died. */
  readonly maxInFlightMs: number;
  /** Wrong ones in a row, over all locks, after which it does not open by itself; null for never. */
  readonly inARow: number | null;
}

export interface LockoutPolicies {
  readonly password: LockoutPolicy;
  readonly knownBrowser: LockoutPolicy;
  /** Of one sign-in, after a code that the person was sent. */
  readonly passwordAfterCode: LockoutPolicy;
  /** Beside a change in self-service: apart from the sign-in, which a stolen session is not to lock. */
  readonly currentPassword: LockoutPolicy;
  /** User IDs asked for at activation: each answer says whether somebody has it. */
  readonly userIdQueries: LockoutPolicy;
  readonly key: LockoutPolicy;
  readonly block: LockoutPolicy;
  /** Of one day each: the day is part of what they count, so that the next begins anew at midnight. */
  readonly orderOfCpr: LockoutPolicy;
  readonly orderFromNetwork: LockoutPolicy;
  /** Of one name from one network: a person who tries elsewhere takes no time from its owner. */
  readonly temporary: LockoutPolicy;
  /** Codes for the sign-in, at one name from one network. */
  readonly code: LockoutPolicy;
}

const MINUTE_MS = 60_000;
const MAX_IN_FLIGHT_MS = 30_000;
const TEMPORARY_MS = 30_000;
const USER_ID_QUERIES_POLICY = 5;

export function readLockoutPolicies({ password, key, block, order, signInCode }: Rules): LockoutPolicies {
  const maxInFlightMs = MAX_IN_FLIGHT_MS;
  const ofDay = { lockMs: 24 * 60 * MINUTE_MS, maxInFlightMs, inARow: null };
  const ofPassword = { limit: password.tries, lockMs: password.lockHours * 60 * MINUTE_MS, maxInFlightMs };
  return {
    password: { ...ofPassword, inARow: password.inARow },
    knownBrowser: { ...ofPassword, inARow: password.browserInARow },
    passwordAfterCode: { ...ofPassword, inARow: password.tries },
    currentPassword: { ...ofPassword, inARow: null },
    userIdQueries: { limit: USER_ID_QUERIES_POLICY, ...ofDay },
    key: { limit: key.tries, lockMs: key.lockHours * 60 * MINUTE_MS, maxInFlightMs, inARow: key.inARow },
    block: { limit: block.tries, lockMs: block.lockMinutes * MINUTE_MS, maxInFlightMs, inARow: null },
    orderOfCpr: { limit: order.perCpr, ...ofDay },
    orderFromNetwork: { limit: order.perNetwork, ...ofDay },
    code: { limit: signInCode.tries, lockMs: 60 * MINUTE_MS, maxInFlightMs, inARow: null },
    temporary: { limit: 1, lockMs: TEMPORARY_MS, maxInFlightMs, inARow: null },
  };
}

/** A row of tries after it was judged. */
export interface FailureCounts {
  /** Judged wrong since it was last opened. */
  readonly wrong: number;
  /** Judged wrong since the last right answer, over all locks. */
  readonly inARow: number;
  /** When a locked one opens. */
  readonly opensAt: Date;
}

/** A row of `attempts` as it stands. */
export interface Attempts {
  /** Counted and not given back: judged wrong plus in flight. */
  readonly tries: number;
  readonly wrong: number;
  /** Judged wrong since the last right answer, over all locks. */
  readonly inARow: number;
  readonly countedAt: Date;
  /** When tries and wrong are forgotten; for a shut door, when it opens. */
  readonly expiresAt: Date;
}

export type LockStatus =
  /** `left`: wrong answers that are still borne; `isLastRung`: with them it opens by itself no more. */
  | { kind: 'open'; left: number; isLastRung: boolean }
  | { kind: 'busy' }
  | { kind: 'locked'; opensAt: Date }
  | { kind: 'worn_out' };

/** Judges a row: `locked` after the last borne answer, `busy` while the tries left are all in flight. */
export function readLockStatus(
  attempts: Attempts | null,
  lockoutPolicy: LockoutPolicy,
  now: Date,
): LockStatus {
  const { tries, wrong, inARow } = attempts
    ? dropAbandonedAttempts(attempts, lockoutPolicy, now)
    : NO_ATTEMPTS;
  const most = lockoutPolicy.inARow ?? Number.POSITIVE_INFINITY;
  if (inARow >= most) return { kind: 'worn_out' };
  const isOver = !attempts || attempts.expiresAt <= now;
  if (!isOver && wrong >= lockoutPolicy.limit) return { kind: 'locked', opensAt: attempts.expiresAt };
  if (!isOver && (tries >= lockoutPolicy.limit || inARow + tries - wrong >= most)) return { kind: 'busy' };
  const left = Math.min(lockoutPolicy.limit - (isOver ? 0 : wrong), most - inARow);
  return { kind: 'open', left, isLastRung: inARow + left >= most };
}

/**
 * Whether a try that was refused has to do what follows an exhausted row (block the card, forget the
 * browser). The wrong answer that exhausted it does that; the others find it done and take no connection for
 * it. The node of that answer can have died in between: then the first try after `judgedWithinMs` does it.
 */
export function isFollowUpPending(
  attempts: Attempts | null,
  { maxInFlightMs }: LockoutPolicy,
  now: Date,
): boolean {
  return attempts !== null && now.getTime() - attempts.countedAt.getTime() > maxInFlightMs;
}

const NO_ATTEMPTS = { tries: 0, wrong: 0, inARow: 0 };

/** A try that an older node counted and did not judge in time was told to nobody, and counts for nobody. */
function dropAbandonedAttempts(
  attempts: Attempts,
  { maxInFlightMs }: LockoutPolicy,
  now: Date,
): typeof NO_ATTEMPTS {
  const { tries, wrong, inARow, countedAt } = attempts;
  const isAbandoned = now.getTime() - countedAt.getTime() > maxInFlightMs;
  return { tries: isAbandoned ? wrong : tries, wrong, inARow };
}

/**
 * Tries at one name from all networks together, at the doors where each network has tries of its own. So wide
 * that a stranger needs many networks to fill it: with less, a few would keep its owner out.
 */
export function readTemporaryPasswordBudget({ temporary }: Rules): NetworkBudget {
  return composeHourlyBudget(temporary.perHour);
}

export function readBlockBudget({ block }: Rules): NetworkBudget {
  return composeHourlyBudget(block.perHour);
}

export function readCodeBudget({ signInCode }: Rules): NetworkBudget {
  return composeHourlyBudget(signInCode.perHour);
}

function composeHourlyBudget(perHour: number): NetworkBudget {
  return { burst: perHour, perMs: perHour / (60 * MINUTE_MS) };
}
