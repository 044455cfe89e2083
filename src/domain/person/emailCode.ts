/**
 * An e-mail address gets nothing before a code that was sent to it came back: a person who mistypes, or who
 * names somebody else's, is not to have a stranger told of their ID, nor the warnings of it lost. What is
 * decided of such a code: docs/decisions/0022-email-answers-first.md.
 */
import type { NetworkBudget } from '../network/networks.ts';
import type { Rules } from '../rules.ts';
import { EMAIL_WAIT_MS } from '../selfServiceAction.ts';

/**
 * `given`: with an application for the ID. `change`: by its person, with a key, or right after an activation.
 * `kept`: the address in use, which is from before codes were asked for.
 */
export type EmailRequestKind = 'given' | 'change' | 'kept';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export function readEmailCodeExpiry(now: Date, { emailCode }: Rules): Date {
  return new Date(now.getTime() + emailCode.minutes * MINUTE_MS);
}

/**
 * When the address counts that has answered. A change waits for a day from when it was asked for: it was told
 * then where notices went before.
 */
export function readTakeoverTime(kind: 'given' | 'change', givenAt: Date, now: Date): Date {
  return kind === 'given' ? now : new Date(Math.max(now.getTime(), givenAt.getTime() + EMAIL_WAIT_MS));
}

/** Codes are counted by the mailbox: case and a `+word` make no other one. */
export function foldMailbox(email: string): string {
  const folded = email.normalize('NFC').toLowerCase();
  const at = folded.lastIndexOf('@');
  const name = folded.slice(0, at);
  const plus = name.indexOf('+');
  return `${plus > 0 ? name.slice(0, plus) : name}${folded.slice(at)}`;
}

/**
 * So many codes to one mailbox, for one ID, and from one network; then as many again in the course of the
 * time.
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

/** Each tells its person of it in a letter: so many at activations, then as many again in a day. */
export const CHANGES_AT_ACTIVATION: NetworkBudget = { burst: 3, perMs: 3 / DAY_MS };

/** One mailbox, as people mean it: a phone that begins with a capital letter names no other one. */
export function isSameEmail(one: string, other: string): boolean {
  return one.normalize('NFC').toLowerCase() === other.normalize('NFC').toLowerCase();
}

/** Why a code opened nothing. */
export type EmailCodeRefusal =
  | 'incomplete'
  | 'wrong'
  /** It is too old, it was used, or too many wrong ones were tried: it takes a new one. */
  | 'over'
  /** No more codes for now. */
  | 'limit';
