/**
 * An e-mail address receives nothing before a code that was sent to it was entered. Otherwise a person who
 * mistypes an address, or enters another person's, would let a stranger receive the notices of their ID and
 * miss its warnings. The reasoning is in docs/decisions/0022-email-answers-first.md.
 */
import type { NetworkBudget } from '../network/networks.ts';
import type { Rules } from '../rules.ts';
import { EMAIL_WAIT_MS } from '../selfServiceAction.ts';

/**
 * `given`: with the application for the ID. `change`: by the person, with a key or right after an activation.
 * `kept`: the address in use, from a time when no code was required.
 */
export type EmailRequestKind = 'given' | 'change' | 'kept';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export function readEmailCodeExpiry(now: Date, { emailCode }: Rules): Date {
  return new Date(now.getTime() + emailCode.minutes * MINUTE_MS);
}

/**
 * When a confirmed address takes over. A change waits for a day from the request: the old address was
 * notified then.
 */
export function readTakeoverTime(kind: 'given' | 'change', givenAt: Date, now: Date): Date {
  return kind === 'given' ? now : new Date(Math.max(now.getTime(), givenAt.getTime() + EMAIL_WAIT_MS));
}

/** The mailbox by which codes are counted: case and a `+tag` do not make another one. */
export function foldMailbox(email: string): string {
  const folded = email.normalize('NFC').toLowerCase();
  const at = folded.lastIndexOf('@');
  const name = folded.slice(0, at);
  const plus = name.indexOf('+');
  return `${plus > 0 ? name.slice(0, plus) : name}${folded.slice(at)}`;
}

/**
 * Budgets of codes for one mailbox, one ID and one network: a burst, which refills evenly over the period.
 */
export function readEmailCodeBudgets({
  emailCode,
}: Rules): Readonly<Record<'mailbox' | 'identity' | 'network', NetworkBudget>> {
  return {
    mailbox: { burst: emailCode.perMailboxADay, perMs: emailCode.perMailboxADay / DAY_MS },
    identity: { burst: emailCode.perIdentityADay, perMs: emailCode.perIdentityADay / DAY_MS },
    network: { burst: emailCode.perNetworkAnHour, perMs: emailCode.perNetworkAnHour / (60 * MINUTE_MS) },
  };
}

/**
 * Changes of the address at activation, each of which sends the person a letter: three, refilled over a day.
 */
export const CHANGES_AT_ACTIVATION: NetworkBudget = { burst: 3, perMs: 3 / DAY_MS };

/**
 * Whether two addresses mean one mailbox: a phone that begins with a capital letter does not make another
 * one.
 */
export function isSameEmail(one: string, other: string): boolean {
  return one.normalize('NFC').toLowerCase() === other.normalize('NFC').toLowerCase();
}

/** Why a code was not accepted. */
export type EmailCodeRefusal =
  | 'incomplete'
  | 'wrong'
  /** The code is expired, used, or had too many wrong attempts: a new one is needed. */
  | 'over'
  /** No further codes for now. */
  | 'limit';
