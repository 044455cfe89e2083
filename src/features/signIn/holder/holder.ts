/**
 * The holder of a sign-in is the browser that gives the factors. Each recorded form renews the holder's
 * secret to one that only this form results in: sent again, to any node, the form is recognised by it. An
 * older secret is no longer valid. docs/decisions/0017-the-sign-in.md
 */
import { hash, timingSafeEqual } from 'node:crypto';
import { FACTORS } from '../../../domain/signIn/levels.ts';
import type { Random } from '../../../domain/random.ts';
import type { SignInFacts, StoredSignIn } from '../../../db/signIn/signIns.ts';
import type { AppContext } from '../../appContext.ts';
import { hashInteractionId } from '../../appContext.ts';
import type { CookieOutcome } from './outcomeOfCookie.ts';

type HolderKeyring = Pick<AppContext, 'keyring'>;

/**
 * What is derived from a form: the secret for the cookie of the response, its keyed hash for the row, and 16
 * bytes that identify the form among the attempts.
 */
export interface SubmittedForm {
  readonly secret: string;
  readonly holder: Buffer;
  readonly form: Buffer;
}

/** The outcome of a form. */
export interface FormResult<Kind extends string> {
  /** `again`: the form was processed before, or the sign-in was answered. */
  readonly kind: Kind | 'again' | 'busy';
  /** This browser holds the row from now on, under the secret of this form. */
  readonly holds: boolean;
  /** The outcome for the browser's cookie, when this browser holds no row to record it in. */
  readonly cookieOutcome?: CookieOutcome;
}

export const BUSY = { kind: 'busy', holds: false } as const;

/**
 * @param options.nonce of the page that the form was on, 256 bits
 * @param options.typed all fields that the answer depends on, in their order
 */
export function readSubmittedForm(
  context: HolderKeyring,
  interactionId: string,
  { nonce, typed }: { nonce: string; typed: readonly string[] },
): SubmittedForm {
  const digest = hash('sha256', JSON.stringify(typed), 'base64url');
  const secret = makeHolderMac(context, `holder v1 ${interactionId} ${nonce} ${digest}`).toString(
    'base64url',
  );
  const holder = hashHolder(context, interactionId, secret);
  return { secret, holder, form: holder.subarray(0, 16) };
}

/** The keyed hash of a secret, as the row has it. */
export function hashHolder(context: HolderKeyring, interactionId: string, secret: string): Buffer {
  return makeHolderMac(context, `holder key v1 ${interactionId} ${secret}`);
}

/**
 * The MAC includes the password as its time and a card's key as a flag, as always; a later factor by its
 * name, and a factor that took the place of the password as such.
 */
const LATER_FACTORS = FACTORS.filter((factor) => factor !== 'password' && factor !== 'card_key');

/** @param holder null when the row is based only on a session */
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
    ...(passwordAt === null || factors.has('password') ? [] : ['without password']),
  ]);
  return makeHolderMac(context, `sign-in facts v1 ${text}`);
}

/** Returns the MAC of the row's facts under the next holder; null when there are no facts to authenticate. */
export function remakeSignInMac(
  context: HolderKeyring,
  interactionId: string,
  { facts }: StoredSignIn,
  sent: SubmittedForm,
): Buffer | null {
  return facts.passwordAt === null ? null : makeSignInMac(context, interactionId, facts, sent.holder);
}

/**
 * Returns true when this browser holds the row and the facts match their MAC. A row without a holder is one
 * for which no form was recorded: it is based on a session, or on nothing.
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

const NONCE_HALF = 16;

/**
 * The number of a page: one half is random, the other binds it to the secret under which its browser held
 * the sign-in. An answer of a security key for the page is of no use once the secret is another.
 * @param secret null before the first form
 */
export function drawPageNonce(random: Pick<Random, 'bytes'>, secret: string | null): string {
  const half = random.bytes(NONCE_HALF);
  return Buffer.concat([half, bindNonce(half, secret)]).toString('base64url');
}

/** Whether the page was shown to the browser that has this secret. */
export function isPageOf(secret: string | null, nonce: string): boolean {
  const bytes = Buffer.from(nonce, 'base64url');
  const half = bytes.subarray(0, NONCE_HALF);
  return isSameHash(bytes.subarray(NONCE_HALF), bindNonce(half, secret));
}

function bindNonce(half: Buffer, secret: string | null): Buffer {
  const text = `page v1 ${half.toString('base64url')} ${secret ?? ''}`;
  return hash('sha256', text, 'buffer').subarray(0, NONCE_HALF);
}

/** Uses the oldest key, which all nodes have, also while a newer one is being distributed. */
function makeHolderMac({ keyring }: HolderKeyring, text: string): Buffer {
  return keyring.hmac('records', text, keyring.oldestKid('records'));
}
