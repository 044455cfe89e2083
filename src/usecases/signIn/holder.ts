/**
 * The browser that shows the factors. At each judged form the holder's secret becomes one that only this form leads to: sent again,
 * to any node, it is known by it. Whoever has an older secret has none. docs/decisions/0017-the-sign-in.md
 */
import { hash, timingSafeEqual } from 'node:crypto';
import { FACTORS } from '../../core/levels.ts';
import type { SignInFacts, StoredSignIn } from '../../store/signIns.ts';
import type { World } from '../world.ts';
import { interactionKey } from '../world.ts';
import type { UnjudgedForm } from './unjudgedForm.ts';

type Keys = Pick<World, 'keyring'>;

/** What a form leads to: the secret of the answer's cookie, its keyed hash for the row, and 16 bytes by which tries know it. */
export interface SentForm {
  readonly secret: string;
  readonly holder: Buffer;
  readonly form: Buffer;
}

/** What became of a form. */
export interface FormAnswer<Kind extends string> {
  /** `again`: it was judged before, or the sign-in was answered. */
  readonly kind: Kind | 'again' | 'busy';
  /** The row is this browser's from now on, under the secret of this form. */
  readonly holds: boolean;
  /** It left nothing in a row that this browser holds: the browser carries what the next page mentions. */
  readonly unjudged?: UnjudgedForm;
}

export const BUSY = { kind: 'busy', holds: false } as const;

/**
 * @param nonce of the page that the form was on, 256 bits.
 * @param typed all fields that the answer depends on, in their order.
 */
export function readSentForm(
  world: Keys,
  interactionId: string,
  { nonce, typed }: { nonce: string; typed: readonly string[] },
): SentForm {
  const digest = hash('sha256', JSON.stringify(typed), 'base64url');
  const secret = mac(world, `holder v1 ${interactionId} ${nonce} ${digest}`).toString('base64url');
  const holder = holderKey(world, interactionId, secret);
  return { secret, holder, form: holder.subarray(0, 16) };
}

/** The keyed hash of a secret, as the row has it. */
export function holderKey(world: Keys, interactionId: string, secret: string): Buffer {
  return mac(world, `holder key v1 ${interactionId} ${secret}`);
}

/** The password is bound by its time, a card's key as a flag, as always; a later factor by its name. */
const LATER_FACTORS = FACTORS.filter((factor) => factor !== 'password' && factor !== 'card_key');

/** @param holder null where the row stands on a session alone. */
export function macOfFacts(
  world: Keys,
  interactionId: string,
  facts: SignInFacts,
  holder: Buffer | null,
): Buffer {
  const { identityId, passwordAt, sessionUid, signedInAt, factors } = facts;
  const text = JSON.stringify([
    interactionKey(world as World, interactionId).toString('base64url'),
    identityId,
    passwordAt?.getTime() ?? null,
    sessionUid,
    signedInAt?.getTime() ?? null,
    factors.has('card_key'),
    holder?.toString('base64url') ?? null,
    ...LATER_FACTORS.filter((factor) => factors.has(factor)),
  ]);
  return mac(world, `sign-in facts v1 ${text}`);
}

/** The MAC of the row's facts under the next holder; null where it has none to bind. */
export function bindAgain(
  world: Keys,
  interactionId: string,
  { facts }: StoredSignIn,
  sent: SentForm,
): Buffer | null {
  return facts.passwordAt === null ? null : macOfFacts(world, interactionId, facts, sent.holder);
}

/**
 * The row is this browser's, and says what it said when it was written. A row without a holder is one that no form was judged
 * for: it stands on a session, or on nothing.
 */
export function isTheirs(
  world: Keys,
  interactionId: string,
  secret: string | null,
  { holder, facts, mac: bound }: StoredSignIn,
): boolean {
  const theirs = secret === null ? null : holderKey(world, interactionId, secret);
  if (!isSameKey(holder, theirs)) return false;
  if (facts.passwordAt === null) return true;
  return bound !== null && isSameKey(bound, macOfFacts(world, interactionId, facts, holder));
}

export function isSameKey(a: Buffer | null, b: Buffer | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Under the key that all nodes have, also while a newer one is on its way to them. */
function mac({ keyring }: Keys, text: string): Buffer {
  return keyring.hmac('records', text, keyring.oldestKid('records'));
}
