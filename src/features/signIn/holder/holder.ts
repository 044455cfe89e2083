/**
 * The browser that shows the factors. At each judged form the holder's secret becomes one that only this form leads to: sent again,
 * to any node, it is known by it. Whoever has an older secret has none. docs/decisions/0017-the-sign-in.md
 */
import { hash, timingSafeEqual } from 'node:crypto';
import { FACTORS } from '../../../domain/signIn/levels.ts';
import type { SignInFacts, StoredSignIn } from '../../../db/signIn/signIns.ts';
import type { AppContext } from '../../appContext.ts';
import { hashInteractionId } from '../../appContext.ts';
import type { CookieOutcome } from './outcomeOfCookie.ts';

type HolderKeyring = Pick<AppContext, 'keyring'>;

/** What a form leads to: the secret of the answer's cookie, its keyed hash for the row, and 16 bytes by which tries know it. */
export interface SubmittedForm {
  readonly secret: string;
  readonly holder: Buffer;
  readonly form: Buffer;
}

/** What became of a form. */
export interface FormResult<Kind extends string> {
  /** `again`: it was judged before, or the sign-in was answered. */
  readonly kind: Kind | 'again' | 'busy';
  /** The row is this browser's from now on, under the secret of this form. */
  readonly holds: boolean;
  /** It left nothing in a row that this browser holds: the browser carries what the next page mentions. */
  readonly cookieOutcome?: CookieOutcome;
}

export const BUSY = { kind: 'busy', holds: false } as const;

/**
 * @param nonce of the page that the form was on, 256 bits.
 * @param typed all fields that the answer depends on, in their order.
 */
export function readSubmittedForm(
  context: HolderKeyring,
  interactionId: string,
  { nonce, typed }: { nonce: string; typed: readonly string[] },
): SubmittedForm {
  const digest = hash('sha256', JSON.stringify(typed), 'base64url');
  const secret = makeRecordMac(context, `holder v1 ${interactionId} ${nonce} ${digest}`).toString(
    'base64url',
  );
  const holder = hashHolder(context, interactionId, secret);
  return { secret, holder, form: holder.subarray(0, 16) };
}

/** The keyed hash of a secret, as the row has it. */
export function hashHolder(context: HolderKeyring, interactionId: string, secret: string): Buffer {
  return makeRecordMac(context, `holder key v1 ${interactionId} ${secret}`);
}

/** The password is bound by its time, a card's key as a flag, as always; a later factor by its name. */
const LATER_FACTORS = FACTORS.filter((factor) => factor !== 'password' && factor !== 'card_key');

/** @param holder null where the row stands on a session alone. */
export function makeSignInMac(
  context: HolderKeyring,
  interactionId: string,
  facts: SignInFacts,
  holder: Buffer | null,
): Buffer {
  const { identityId, passwordAt, sessionUid, signedInAt, factors } = facts;
  const text = JSON.stringify([
    hashInteractionId(context as AppContext, interactionId).toString('base64url'),
    identityId,
    passwordAt?.getTime() ?? null,
    sessionUid,
    signedInAt?.getTime() ?? null,
    factors.has('card_key'),
    holder?.toString('base64url') ?? null,
    ...LATER_FACTORS.filter((factor) => factors.has(factor)),
  ]);
  return makeRecordMac(context, `sign-in facts v1 ${text}`);
}

/** The MAC of the row's facts under the next holder; null where it has none to bind. */
export function remakeSignInMac(
  context: HolderKeyring,
  interactionId: string,
  { facts }: StoredSignIn,
  sent: SubmittedForm,
): Buffer | null {
  return facts.passwordAt === null ? null : makeSignInMac(context, interactionId, facts, sent.holder);
}

/**
 * The row is this browser's, and says what it said when it was written. A row without a holder is one that no form was judged
 * for: it stands on a session, or on nothing.
 */
export function isHeldByBrowser(
  context: HolderKeyring,
  interactionId: string,
  secret: string | null,
  { holder, facts, mac: bound }: StoredSignIn,
): boolean {
  const theirs = secret === null ? null : hashHolder(context, interactionId, secret);
  if (!isSameHash(holder, theirs)) return false;
  if (facts.passwordAt === null) return true;
  return bound !== null && isSameHash(bound, makeSignInMac(context, interactionId, facts, holder));
}

export function isSameHash(a: Buffer | null, b: Buffer | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Under the key that all nodes have, also while a newer one is on its way to them. */
function makeRecordMac({ keyring }: HolderKeyring, text: string): Buffer {
  return keyring.hmac('records', text, keyring.oldestKid('records'));
}
