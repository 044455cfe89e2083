/**
 * The lock ladder: how many wrong answers are borne, for how long a name or a key step is shut, and what comes
 * after that. The one place that decides; the SQL in store/attempts.ts applies these numbers and has none of its own.
 *
 * An answer is judged after it is compared, by the statement that counts it, and told after that is committed
 * (docs/decisions/0017-the-sign-in.md): at most `limit` wrong ones are told, and what a crash loses counts for nobody.
 *
 *   password, unknown browsers together   5 -> shut 8 h ... 100 in a row -> only known browsers
 *   password, a known browser             5 -> shut 8 h, 5 more -> known no longer
 *   key                                   5 -> shut 8 h, 5 more -> the card is blocked
 *   blocking                              10 -> shut 1 h
 *   orders online that did not match      3 for a CPR number, 20 from a network -> shut until the next day
 *   temporary password                    1 in 30 s from a network, never shut for longer; 600 an hour from all
 */
import type { Rules } from './rules.ts';

export interface Ladder {
  /** Wrong ones that are judged before it is locked. */
  readonly limit: number;
  readonly lockMs: number;
  /** A try that an older node counted and has not judged for this long counts no more: its node died. */
  readonly judgedWithinMs: number;
  /** Wrong ones in a row, over all locks, after which it does not open by itself; null for never. */
  readonly inARow: number | null;
}

export interface Ladders {
  readonly password: Ladder;
  readonly knownBrowser: Ladder;
  readonly key: Ladder;
  readonly block: Ladder;
  /** Of one day each: the day is part of what they count, so that the next begins anew at midnight. */
  readonly orderOfCpr: Ladder;
  readonly orderFromNetwork: Ladder;
  /** Of one name from one network: whoever tries elsewhere takes no time from its owner. */
  readonly temporary: Ladder;
}

const MINUTES = 60_000;
const JUDGED_WITHIN_MS = 30_000;
const TEMPORARY_MS = 30_000;

export function ladders({ password, key, block, order }: Rules): Ladders {
  const judgedWithinMs = JUDGED_WITHIN_MS;
  const ofDay = { lockMs: 24 * 60 * MINUTES, judgedWithinMs, inARow: null };
  const ofPassword = { limit: password.tries, lockMs: password.lockHours * 60 * MINUTES, judgedWithinMs };
  return {
    password: { ...ofPassword, inARow: password.inARow },
    knownBrowser: { ...ofPassword, inARow: password.browserInARow },
    key: { limit: key.tries, lockMs: key.lockHours * 60 * MINUTES, judgedWithinMs, inARow: key.inARow },
    block: { limit: block.tries, lockMs: block.lockMinutes * MINUTES, judgedWithinMs, inARow: null },
    orderOfCpr: { limit: order.perCpr, ...ofDay },
    orderFromNetwork: { limit: order.perNetwork, ...ofDay },
    temporary: { limit: 1, lockMs: TEMPORARY_MS, judgedWithinMs, inARow: null },
  };
}

/** A row of tries after it was judged. */
export interface LockState {
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

export type Standing =
  /** `left`: wrong answers that are still borne; `isLastRung`: with them it opens by itself no more. */
  | { kind: 'open'; left: number; isLastRung: boolean }
  | { kind: 'busy' }
  | { kind: 'locked'; opensAt: Date }
  | { kind: 'worn_out' };

/** Judges a row: `locked` after the last borne answer, `busy` while the tries left are all in flight. */
export function standing(attempts: Attempts | null, ladder: Ladder, now: Date): Standing {
  const { tries, wrong, inARow } = attempts ? judged(attempts, ladder, now) : NONE;
  const most = ladder.inARow ?? Number.POSITIVE_INFINITY;
  if (inARow >= most) return { kind: 'worn_out' };
  const isOver = !attempts || attempts.expiresAt <= now;
  if (!isOver && wrong >= ladder.limit) return { kind: 'locked', opensAt: attempts.expiresAt };
  if (!isOver && (tries >= ladder.limit || inARow + tries - wrong >= most)) return { kind: 'busy' };
  const left = Math.min(ladder.limit - (isOver ? 0 : wrong), most - inARow);
  return { kind: 'open', left, isLastRung: inARow + left >= most };
}

/**
 * Why a try was not counted. The row that came with the refusal can be older than the refusal: where it looks open,
 * others who were counted meanwhile have the tries that were left.
 */
export function whyRefused(attempts: Attempts | null, ladder: Ladder, now: Date): Refused {
  const stands = standing(attempts, ladder, now);
  return stands.kind === 'open' ? { kind: 'busy' } : stands;
}

export type Refused = Exclude<Standing, { kind: 'open' }>;

/**
 * Whether a try that was refused has to do what follows an exhausted row (block the card, forget the browser). The
 * wrong answer that exhausted it does that; the others find it done and take no connection for it. The node of that
 * answer can have died in between: then the first try after `judgedWithinMs` does it.
 */
export function isLeftUndone(attempts: Attempts | null, { judgedWithinMs }: Ladder, now: Date): boolean {
  return attempts !== null && now.getTime() - attempts.countedAt.getTime() > judgedWithinMs;
}

const NONE = { tries: 0, wrong: 0, inARow: 0 };

/** A try that an older node counted and did not judge in time was told to nobody, and counts for nobody. */
function judged(attempts: Attempts, { judgedWithinMs }: Ladder, now: Date): typeof NONE {
  const { tries, wrong, inARow, countedAt } = attempts;
  const isAbandoned = now.getTime() - countedAt.getTime() > judgedWithinMs;
  return { tries: isAbandoned ? wrong : tries, wrong, inARow };
}

/**
 * The budget of a network (an IPv4 address, an IPv6 /64) over all identities: a bucket that fills with tries that
 * were not right and runs out by the minute. A full one slows the network down; it never shuts it, for it may be a
 * library or a mobile operator. Known browsers are exempt.
 */
export interface NetworkBudget {
  readonly burst: number;
  readonly perMs: number;
}

export function networkBudget({ network }: Rules): NetworkBudget {
  return { burst: network.burst, perMs: network.perMinute / MINUTES };
}

/**
 * Kilobytes of authorization requests that are too long for an address: they are kept before anybody has shown
 * anything.
 */
export function longRequestBudget({ longRequests }: Rules): NetworkBudget {
  return { burst: longRequests.burstKb, perMs: longRequests.kbPerMinute / MINUTES };
}

/**
 * Tries at one temporary password from all networks together. More than any few networks bring about, one in half a
 * minute each: with less, a stranger who knows the ID number would keep its owner out. And far too few to guess 59 bits.
 */
export function temporaryBudget({ temporary }: Rules): NetworkBudget {
  return { burst: temporary.perHour, perMs: temporary.perHour / (60 * MINUTES) };
}

/** Whose budget an address counts against: `192.0.2.7`, or `2001:db8:1:2` of all addresses in that /64. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(8 - front.length - back.length, 0) }, () => '0');
  const groups = address.includes('::') ? [...front, ...zeros, ...back] : front;
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
