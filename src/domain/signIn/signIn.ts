/**
 * The state of a sign-in, and the only function that decides the next page. Every step does one action,
 * saves, and returns to this function, so reload, back and double-click are the same case.
 */
import type { Identity } from '../person/person.ts';
import type { CardState } from '../card/cardLife.ts';
import type { CredentialInputFault } from '../input/nameAndPassword.ts';
import {
  adaptToProofing,
  highestAcr,
  includesKinds,
  isAcrSatisfied,
  isProofingEnough,
  isResistant,
  isTwoFactor,
  kindsOf,
  POSSESSION,
  resistanceOf,
  type Factors,
} from './levels.ts';
import type { CodeDigits, CodeToken } from '../factors/codeToken.ts';
import {
  factorOf,
  listCountingKeys,
  type SecurityKey,
  type SecurityKeyFault,
} from '../factors/securityKey.ts';
import { countKeysLeft, type ComingCard, type KeyCard } from '../card/keyCard.ts';
import type { PendingRequest } from './pendingRequest.ts';
import type { PageRefusal } from '../errors/refusal.ts';

/** The last outcome in this sign-in, which the next page must mention. */
export type SignInOutcome =
  /** `left`: wrong answers still allowed before it is locked. */
  | { kind: 'wrong_password'; left: number }
  /** A fault of the input, found before anything was counted. */
  | { kind: CredentialInputFault }
  /** `isLastRung`: after the remaining attempts the card is blocked, instead of locked for some hours. */
  | { kind: 'wrong_key'; left: number; isLastRung: boolean }
  | { kind: 'malformed_key' }
  | { kind: 'stale_key' }
  /**
   * `far_code`: right at a step that two codes in a row could bring the code token back to. `beyond_code`: of
   * one that has to be exchanged.
   */
  | { kind: 'wrong_code' | 'far_code' | 'beyond_code'; left: number; isLastRung: boolean }
  | { kind: 'malformed_code'; digits: CodeDigits }
  /** A code of the last step, or of one before it. */
  | { kind: 'code_spent' }
  | { kind: 'security_key_refused'; why: SecurityKeyFault }
  /** Too many wrong keys and codes: card and code token were just blocked, which ended this sign-in. */
  | { kind: 'card_blocked' }
  /** The temporary password of an ID that is not activated yet. It gives no access here. */
  | { kind: 'not_activated' }
  /** The factor that said who the person is was right; the ID is refused, and nothing of it is kept. */
  | { kind: 'refused'; refusal: PageRefusal }
  /** The ID was just activated in this browser: the name is the chosen user ID. */
  | { kind: 'activated' }
  /** The last response to this browser is unknown: another form was handled since. */
  | { kind: 'begin_again' }
  /** `opensAt` is null when only a code unlocks it. `code`: the outcome of that code, if any. */
  | { kind: 'locked'; step: 'password' | 'key'; opensAt: Date | null; code?: SignInCodeOutcome };

/** `ordered`: a code was requested; whether one was sent is not revealed. */
export type SignInCodeOutcome = 'ordered' | 'wrong' | 'incomplete';

/**
 * One interaction of a browser, from the first page to the authorization code. Nothing here reaches the
 * session.
 */
export interface SignInState {
  /** Set when the password was right. */
  readonly identity: Identity | null;
  /** The card in use, if the identity has one. */
  readonly card: KeyCard | null;
  /** The card that is on the way, if any. */
  readonly comingCard: ComingCard | null;
  /** Those that have not ended, the last used first; some may still wait. */
  readonly securityKeys: readonly SecurityKey[];
  /** The one in use, if any. */
  readonly codeToken: CodeToken | null;
  /** The state of the newest card, when none is in use. */
  readonly lastCardState: CardState | null;
  /** Until then no key is accepted, after too many wrong ones; null while keys are accepted. */
  readonly keysLockedUntil: Date | null;
  /** The person continued without the new card. */
  readonly newCardSkipped: boolean;
  readonly passwordAt: Date | null;
  /** When the last required factor was right; from then on the interaction continues as signed in. */
  readonly signedInAt: Date | null;
  /** The factors given in this interaction; in a step-up, also the password of the session that it raises. */
  readonly factors: Factors;
  /** The person agreed on the consent page of this interaction. */
  readonly consented: boolean;
  readonly outcome: SignInOutcome | null;
  /** The name as typed, so that it is kept after a wrong password. */
  readonly typedName: string;
}

export type SignInStep =
  | { page: 'password'; outcome: SignInOutcome | null; typedName: string }
  | { page: 'locked'; step: 'password' | 'key'; opensAt: Date | null; code: SignInCodeOutcome | null }
  | { page: 'refused'; refusal: PageRefusal; nextCard: ComingCard | null }
  /**
   * The second factor, or the one in place of both: a key of the card, a code, a security key, or one of
   * them.
   * `card.challenge` may be null: the challenge must then be drawn.
   */
  | {
      page: 'key';
      identity: Identity;
      card: KeyCard | null;
      securityKeys: readonly SecurityKey[];
      codeToken: CodeToken | null;
      nextCard: ComingCard | null;
      outcome: SignInOutcome | null;
    }
  /**
   * `instead`: no card is in use, and the first key of the new card is asked in place of one. `waits`: no key
   * of the old card was given in this sign-in, and the first key of the new one starts the wait.
   */
  | {
      page: 'new-card';
      identity: Identity;
      card: ComingCard;
      instead: boolean;
      waits: boolean;
      outcome: SignInOutcome | null;
    }
  /** `factors`: those given within this request. */
  | { page: 'public-sites'; identity: Identity; factors: Factors }
  | { page: 'consent'; identity: Identity }
  /** The password was right and is all that is required: the sign-in can be recorded. */
  | { page: 'password-enough'; identity: Identity }
  /** Times are null when no sign-in was required. */
  | { page: 'done'; identity: Identity; passwordAt: Date | null; signedInAt: Date | null; factors: Factors };

/**
 * Decides the next step. A blocked ID or an empty card is revealed only after a right password.
 * @param missingScopes the scopes that still need consent
 */
export function nextSignInStep(
  signIn: SignInState,
  pending: PendingRequest,
  missingScopes: readonly string[],
  now: Date,
): SignInStep {
  const { identity, outcome } = signIn;
  const request = identity ? adaptToProofing(pending, identity.proofing) : pending;
  // A sign-in with only a password does not count if a second factor has become required since.
  const isWhole =
    includesKinds(kindsOf(signIn.factors), request.requiredKinds) &&
    isResistant(resistanceOf(signIn.factors), request.resistance);
  const signedInAt = isWhole ? signIn.signedInAt : null;
  const isLocked = outcome?.kind === 'locked' && (!outcome.opensAt || outcome.opensAt > now);
  // Wrong keys of the card do not keep a security key out.
  const isOpenToOther =
    isLocked && outcome.step === 'key' && listAcceptedKeys(signIn, request, now).length > 0;
  if (!signedInAt && isLocked && !isOpenToOther) {
    return { page: 'locked', step: outcome.step, opensAt: outcome.opensAt, code: outcome.code ?? null };
  }
  // The block ends this sign-in, even if it is not visible in the card's state yet.
  if (!signedInAt && outcome?.kind === 'card_blocked') {
    return { page: 'refused', refusal: 'card_blocked', nextCard: null };
  }
  if (!identity && outcome?.kind === 'not_activated') {
    return { page: 'refused', refusal: 'not_activated', nextCard: null };
  }
  if (!identity && outcome?.kind === 'refused') {
    return { page: 'refused', refusal: outcome.refusal, nextCard: null };
  }
  if (!identity) return { page: 'password', outcome, typedName: signIn.typedName };
  if (identity.isBlocked) return { page: 'refused', refusal: 'id_blocked', nextCard: null };
  // No key is spent on a level that it cannot reach.
  if (!isProofingEnough(identity.proofing, request.minimumProofing)) {
    return { page: 'refused', refusal: 'proofing_too_low', nextCard: null };
  }
  const isTwoFactorRequired = isTwoFactor(request.requiredKinds);
  if (
    request.signIn &&
    isTwoFactorRequired &&
    !isAcrSatisfied(highestAcr(identity.proofing), request.minimumAcr)
  ) {
    return { page: 'refused', refusal: 'acr_unattainable', nextCard: null };
  }
  if (signedInAt || !request.signIn) {
    return composeStepAfterSignIn(signIn, identity, request, missingScopes);
  }
  if (!isTwoFactorRequired) return { page: 'password-enough', identity };
  return composeSecondFactor(signIn, identity, request, now);
}

/**
 * A security key is asked for beside a key of the card and a code, or in place of what cannot be given now.
 */
function composeSecondFactor(
  signIn: SignInState,
  identity: Identity,
  request: PendingRequest,
  now: Date,
): SignInStep {
  const { card, codeToken, comingCard: nextCard, outcome } = signIn;
  const cardWithKeys = card && countKeysLeft(card.spent) > 0 ? card : null;
  const securityKeys = listAcceptedKeys(signIn, request, now);
  const nothing = { card: null, codeToken: null } as const;
  const step = { page: 'key', identity, ...nothing, securityKeys, nextCard, outcome } as const;
  if (request.resistance !== null) {
    return securityKeys.length > 0 ? step : { page: 'refused', refusal: 'no_security_key', nextCard: null };
  }
  const ofCard =
    cardWithKeys || codeToken
      ? (composeLockOfKeys(signIn, now) ?? { ...step, card: cardWithKeys, codeToken })
      : composeStepWithoutCard(signIn, identity, now);
  if (securityKeys.length === 0 || ofCard.page === 'key') return ofCard;
  // The page says why no key of the card is asked for.
  const { opensAt } = ofCard.page === 'locked' ? ofCard : { opensAt: null };
  return opensAt && !outcome ? { ...step, outcome: { kind: 'locked', step: 'key', opensAt } } : step;
}

function listAcceptedKeys(
  { securityKeys }: SignInState,
  { resistance }: PendingRequest,
  now: Date,
): readonly SecurityKey[] {
  return listCountingKeys(securityKeys, now).filter((key) =>
    isResistant(resistanceOf(new Set([factorOf(key)])), resistance),
  );
}

/** Told before a key is asked for: only a person who gave the password sees it. */
function composeLockOfKeys({ keysLockedUntil, outcome }: SignInState, now: Date): SignInStep | null {
  const ofThis = outcome?.kind === 'locked' && outcome.step === 'key' ? outcome.opensAt : null;
  const opensAt = [ofThis, keysLockedUntil].find((at) => at !== null && at > now);
  return opensAt ? { page: 'locked', step: 'key', opensAt, code: null } : null;
}

/** No card is in use. A card that was sent may take over, after a wait in which it can be stopped. */
function composeStepWithoutCard(signIn: SignInState, identity: Identity, now: Date): SignInStep {
  const { card, comingCard: nextCard, lastCardState, outcome } = signIn;
  if (nextCard?.activatesAt) return { page: 'refused', refusal: 'card_waiting', nextCard };
  if (nextCard?.state === 'sent') {
    const step = { page: 'new-card', identity, card: nextCard, instead: true, waits: true, outcome } as const;
    return composeLockOfKeys(signIn, now) ?? step;
  }
  switch (card ? 'used_up' : lastCardState) {
    case 'blocked':
      return { page: 'refused', refusal: 'card_blocked', nextCard };
    case 'used_up':
      return { page: 'refused', refusal: 'no_keys_left', nextCard };
    default:
      return { page: 'refused', refusal: 'no_active_card', nextCard };
  }
}

/**
 * All required factors were given. The session changes only after the following questions are answered too.
 */
function composeStepAfterSignIn(
  signIn: SignInState,
  identity: Identity,
  request: PendingRequest,
  missingScopes: readonly string[],
): SignInStep {
  const { comingCard: card, outcome } = signIn;
  // A key of the old card, or another second factor, was given in this interaction: this is the time to
  // activate the new one, or to begin its wait.
  if (
    includesKinds(kindsOf(signIn.factors), POSSESSION) &&
    card?.state === 'sent' &&
    !signIn.newCardSkipped
  ) {
    const waits = !signIn.factors.has('card_key');
    if (!waits || card.activatesAt === null)
      return { page: 'new-card', identity, card, instead: false, waits, outcome };
  }
  if (request.kind === 'public' && !identity.publicSites) {
    return { page: 'public-sites', identity, factors: signIn.factors };
  }
  const mustAsk = missingScopes.length > 0 || (request.consentPage && !signIn.consented);
  if (mustAsk) return { page: 'consent', identity };
  const { passwordAt, signedInAt, factors } = signIn;
  return { page: 'done', identity, passwordAt, signedInAt, factors };
}
