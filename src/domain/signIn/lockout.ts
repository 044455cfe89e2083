/**
 * The lockout policies: how many wrong answers are allowed, how long a name or a key step is then locked, and
 * what follows. Only this file decides; the SQL in db/signIn applies its numbers and has none of its own.
 * What operators may change (tries, hours, wrong ones in a row) is a setting, with its default in
 * domain/rules.ts.
 *
 * An answer is verified, then counted by the statement that decides it, and the response is sent after the
 * commit (docs/decisions/0017-the-sign-in.md): at most `limit` wrong answers get a response, and an answer
 * that a crash loses does not count.
 *
 *   password, unknown browsers together   5 -> locked 8 h, 100 in a row -> a code by e-mail or letter
 *   password, a known browser or network  5 -> locked 8 h, 5 more -> no longer known
 *   password, a sign-in with a code       5 -> another code
 *   current password, in self-service     5 -> locked 8 h
 *   key                                   5 -> locked 8 h, 5 more -> the card is blocked
 *   blocking                              10 from a network -> locked 1 h for it; 1,000 an hour from all
 *   new password, by a key                5 from a network -> locked 1 h for it; 100 an hour from all
 *   online orders that did not match      3 for a CPR number, 20 from a network -> locked until the next day
 *   sign-in code                          5 from a network -> locked 1 h for it; 1,000 an hour from all
 *   taken user IDs, at activation         5 -> no more for 24 h; the activation continues without one
 *   temporary password                    1 in 30 s from a network, never locked; 100,000 an hour from all
 */
import type { NetworkBudget } from '../network/networks.ts';
import type { Rules } from '../rules.ts';

export interface LockoutPolicy {
  /** Wrong answers before it is locked. */
  readonly limit: number;
  readonly lockMs: number;
  /** After this time an attempt that an older node counted and never verified is dropped: its node died. */
  readonly maxInFlightMs: number;
  /**
   * Wrong answers in a row, across locks, after which it does not reopen automatically; null: it always
   * reopens.
   */
  readonly inARow: number | null;
}

export interface LockoutPolicies {
  readonly password: LockoutPolicy;
  readonly knownBrowser: LockoutPolicy;
  /** For one sign-in, after a code that was sent to the person. */
  readonly passwordAfterCode: LockoutPolicy;
  /**
   * The current password for a change in self-service. Separate from the sign-in, which a stolen session must
   * not lock.
   */
  readonly currentPassword: LockoutPolicy;
  /** User IDs queried at activation: each response reveals whether the user ID is taken. */
  readonly userIdQueries: LockoutPolicy;
  readonly key: LockoutPolicy;
  readonly block: LockoutPolicy;
  /** Keys for a new password, for one name from one network: apart from the keys of sign-ins. */
  readonly newPassword: LockoutPolicy;
  /** For one day each: the day is part of the counter's subject, so counting restarts at midnight. */
  readonly orderOfCpr: LockoutPolicy;
  readonly orderFromNetwork: LockoutPolicy;
  /** For one name from one network: attempts from elsewhere do not delay the owner. */
  readonly temporary: LockoutPolicy;
  /** Sign-in codes for one name from one network. */
  readonly code: LockoutPolicy;
}

const MINUTE_MS = 60_000;
const MAX_IN_FLIGHT_MS = 30_000;
const TEMPORARY_MS = 30_000;
const MAX_USER_ID_QUERIES = 5;

export function readLockoutPolicies({ password, key, block, order, ...rules }: Rules): LockoutPolicies {
  const maxInFlightMs = MAX_IN_FLIGHT_MS;
  const daily = { lockMs: 24 * 60 * MINUTE_MS, maxInFlightMs, inARow: null };
  const hourly = { lockMs: 60 * MINUTE_MS, maxInFlightMs, inARow: null };
  const passwordLimits = {
    limit: password.tries,
    lockMs: password.lockHours * 60 * MINUTE_MS,
    maxInFlightMs,
  };
  return {
    password: { ...passwordLimits, inARow: password.inARow },
    knownBrowser: { ...passwordLimits, inARow: password.browserInARow },
    passwordAfterCode: { ...passwordLimits, inARow: password.tries },
    currentPassword: { ...passwordLimits, inARow: null },
    userIdQueries: { limit: MAX_USER_ID_QUERIES, ...daily },
    key: { limit: key.tries, lockMs: key.lockHours * 60 * MINUTE_MS, maxInFlightMs, inARow: key.inARow },
    block: { limit: block.tries, lockMs: block.lockMinutes * MINUTE_MS, maxInFlightMs, inARow: null },
    orderOfCpr: { limit: order.perCpr, ...daily },
    orderFromNetwork: { limit: order.perNetwork, ...daily },
    code: { limit: rules.signInCode.tries, ...hourly },
    newPassword: { limit: rules.newPassword.tries, ...hourly },
    temporary: { limit: 1, lockMs: TEMPORARY_MS, maxInFlightMs, inARow: null },
  };
}

/** The counts of an attempts row after an answer was counted. */
export interface FailureCounts {
  /** Wrong answers since the last lock ended. */
  readonly wrong: number;
  /** Wrong answers since the last right answer, across locks. */
  readonly inARow: number;
  /** When a locked one reopens. */
  readonly opensAt: Date;
}

/** A row of `attempts` as stored. */
export interface Attempts {
  /** Counted and not refunded: wrong answers plus those in flight. */
  readonly tries: number;
  readonly wrong: number;
  /** Wrong answers since the last right answer, across locks. */
  readonly inARow: number;
  readonly countedAt: Date;
  /** When `tries` and `wrong` are reset; of a locked row, when it reopens. */
  readonly expiresAt: Date;
}

export type LockStatus =
  /** `left`: wrong answers still allowed; `isLastRung`: after them it no longer reopens automatically. */
  | { kind: 'open'; left: number; isLastRung: boolean }
  | { kind: 'busy' }
  | { kind: 'locked'; opensAt: Date }
  | { kind: 'worn_out' };

/**
 * Evaluates a row: `locked` after the last allowed wrong answer, `busy` while all remaining attempts are in
 * flight.
 */
export function readLockStatus(
  attempts: Attempts | null,
  lockoutPolicy: LockoutPolicy,
  now: Date,
): LockStatus {
  const { tries, wrong, inARow } = attempts
    ? dropAbandonedAttempts(attempts, lockoutPolicy, now)
    : NO_ATTEMPTS;
  const maxInARow = lockoutPolicy.inARow ?? Number.POSITIVE_INFINITY;
  if (inARow >= maxInARow) return { kind: 'worn_out' };
  const isExpired = !attempts || attempts.expiresAt <= now;
  if (!isExpired && wrong >= lockoutPolicy.limit) return { kind: 'locked', opensAt: attempts.expiresAt };
  if (!isExpired && (tries >= lockoutPolicy.limit || inARow + tries - wrong >= maxInARow))
    return { kind: 'busy' };
  const left = Math.min(lockoutPolicy.limit - (isExpired ? 0 : wrong), maxInARow - inARow);
  return { kind: 'open', left, isLastRung: inARow + left >= maxInARow };
}

/**
 * Whether a refused attempt must execute what follows exhaustion (block the card, forget the browser).
 * Normally the wrong answer that exhausts the row does it; later ones find it done and take no database
 * connection. If the node of that answer died in between, the first attempt after `maxInFlightMs` does it.
 */
export function isFollowUpPending(
  attempts: Attempts | null,
  { maxInFlightMs }: LockoutPolicy,
  now: Date,
): boolean {
  return attempts !== null && now.getTime() - attempts.countedAt.getTime() > maxInFlightMs;
}

const NO_ATTEMPTS = { tries: 0, wrong: 0, inARow: 0 };

/** Drops attempts that an older node counted and did not verify in time: no one got a response to them. */
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
 * The budget for one name from all networks together, on the public forms where each network has separate
 * attempts. It is large, so that a stranger needs many networks to exhaust it: a smaller one would let a few
 * lock out the owner.
 */
export function readTemporaryPasswordBudget({ temporary }: Rules): NetworkBudget {
  return composeHourlyBudget(temporary.perHour);
}

export function readBlockBudget({ block }: Rules): NetworkBudget {
  return composeHourlyBudget(block.perHour);
}

export function readNewPasswordBudget({ newPassword }: Rules): NetworkBudget {
  return composeHourlyBudget(newPassword.perHour);
}

export function readCodeBudget({ signInCode }: Rules): NetworkBudget {
  return composeHourlyBudget(signInCode.perHour);
}

function composeHourlyBudget(perHour: number): NetworkBudget {
  return { burst: perHour, perMs: perHour / (60 * MINUTE_MS) };
}
