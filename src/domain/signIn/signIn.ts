/**
 * The sign-in as a state, and the one place that says which page is next. Every step does its one action, saves,
 * and comes back here: reload, back and double-click are all the same case.
 */
import type { Identity } from '../person/person.ts';
import type { CardState } from '../card/cardLife.ts';
import type { CredentialInputFault } from '../input/nameAndPassword.ts';
import { highestAcr, includesKinds, isTwoFactor, kindsOf, isAcrSatisfied, type Factors } from './levels.ts';
import { countKeysLeft, type ComingCard, type KeyCard } from '../card/keyCard.ts';
import type { PendingRequest } from './pendingRequest.ts';
import type { PageRefusal } from '../errors/refusal.ts';

/** The last thing that happened in this sign-in that the next page has to mention. */
export type SignInOutcome =
  /** `left`: wrong answers that are still borne before it is shut. */
  | { kind: 'wrong_password'; left: number }
  /** Seen in what was typed, before anything was counted. */
  | { kind: CredentialInputFault }
  /** `isLastRung`: after those that are left the card is blocked, not shut for some hours. */
  | { kind: 'wrong_key'; left: number; isLastRung: boolean }
  | { kind: 'malformed_key' }
  | { kind: 'stale_key' }
  /** Too many wrong keys: the card was blocked just now, and with it this sign-in ended. */
  | { kind: 'card_blocked' }
  /** The temporary password of an ID that was not taken into use yet. It opens nothing here. */
  | { kind: 'not_activated' }
  /** What this browser was told last is not known: another form was judged since. */
  | { kind: 'begin_again' }
  /** Null when it does not open by itself: a code does. `code`: what became of that, if anything. */
  | { kind: 'locked'; step: 'password' | 'key'; opensAt: Date | null; code?: SignInCodeOutcome };

/** `ordered`: asked for; whether one was sent is not said. */
export type SignInCodeOutcome = 'ordered' | 'wrong' | 'incomplete';

/** One interaction of a browser with Nøgle, from the first page to the code. Nothing here reaches the session. */
export interface SignInState {
  /** Set when the password was right. */
  readonly identity: Identity | null;
  /** The card in use, if the identity has one. */
  readonly card: KeyCard | null;
  /** The card that was ordered or sent, if one is on the way. */
  readonly comingCard: ComingCard | null;
  /** What became of the newest card, where none is in use. */
  readonly lastCardState: CardState | null;
  /** The person went on without the new card. */
  readonly newCardSkipped: boolean;
  readonly passwordAt: Date | null;
  /** When the last of what is asked for was right; from then on it goes on as signed in. */
  readonly signedInAt: Date | null;
  /** What was shown in this interaction; or, of the password, to the session that it raises. */
  readonly factors: Factors;
  /** The person said yes to the consent page of this interaction. */
  readonly consented: boolean;
  readonly outcome: SignInOutcome | null;
  /** The name as it was typed, so that nothing is lost after a wrong password. */
  readonly typedName: string;
}

export type SignInStep =
  | { page: 'password'; outcome: SignInOutcome | null; typedName: string }
  | { page: 'locked'; step: 'password' | 'key'; opensAt: Date | null; code: SignInCodeOutcome | null }
  | { page: 'refused'; refusal: PageRefusal; nextCard: ComingCard | null }
  /** The challenge may still have to be drawn: `card.challenge` is null then. */
  | {
      page: 'key';
      identity: Identity;
      card: KeyCard;
      nextCard: ComingCard | null;
      outcome: SignInOutcome | null;
    }
  /** `instead`: there is no card in use, and the first key of the new one begins the wait. */
  | {
      page: 'new-card';
      identity: Identity;
      card: ComingCard;
      instead: boolean;
      outcome: SignInOutcome | null;
    }
  /** `factors`: what was shown in this very request. */
  | { page: 'public-sites'; identity: Identity; factors: Factors }
  | { page: 'consent'; identity: Identity }
  /** The password was right and is all that is asked: the sign-in can be written down. */
  | { page: 'password-enough'; identity: Identity }
  /** Times are null where nobody had to sign in. */
  | { page: 'done'; identity: Identity; passwordAt: Date | null; signedInAt: Date | null; factors: Factors };

/**
 * Reads the state, says the step. A blocked ID or an empty card is told only after a right password.
 * @param missingScopes that no one agreed to yet
 */
export function nextSignInStep(
  signIn: SignInState,
  request: PendingRequest,
  missingScopes: readonly string[],
  now: Date,
): SignInStep {
  const { identity, card, outcome } = signIn;
  // By the password alone is not signed in where a second factor is required by now.
  const isWhole = includesKinds(kindsOf(signIn.factors), request.requiredKinds);
  const signedInAt = isWhole ? signIn.signedInAt : null;
  if (!signedInAt && outcome?.kind === 'locked' && (!outcome.opensAt || outcome.opensAt > now)) {
    return { page: 'locked', step: outcome.step, opensAt: outcome.opensAt, code: outcome.code ?? null };
  }
  // The block ends this sign-in, and may still be on its way.
  if (!signedInAt && outcome?.kind === 'card_blocked') {
    return { page: 'refused', refusal: 'card_blocked', nextCard: null };
  }
  if (!identity && outcome?.kind === 'not_activated') {
    return { page: 'refused', refusal: 'not_activated', nextCard: null };
  }
  if (!identity) return { page: 'password', outcome, typedName: signIn.typedName };
  if (identity.isBlocked) return { page: 'refused', refusal: 'id_blocked', nextCard: null };
  if (signedInAt || !request.signIn) {
    return composeStepAfterSignIn(signIn, identity, request, missingScopes);
  }
  if (!isTwoFactor(request.requiredKinds)) return { page: 'password-enough', identity };
  // No key is spent for what it cannot give.
  if (!isAcrSatisfied(highestAcr(identity.proofing), request.minimumAcr)) {
    return { page: 'refused', refusal: 'acr_unattainable', nextCard: null };
  }
  if (!card || countKeysLeft(card.spent) === 0) return composeStepWithoutCard(signIn, identity);
  return { page: 'key', identity, card, nextCard: signIn.comingCard, outcome };
}

/** No card is in use. One that was sent may take over, after a wait in which it can be stopped. */
function composeStepWithoutCard(signIn: SignInState, identity: Identity): SignInStep {
  const { card, comingCard: nextCard, lastCardState, outcome } = signIn;
  if (nextCard?.activatesAt) return { page: 'refused', refusal: 'card_waiting', nextCard };
  if (nextCard?.state === 'sent')
    return { page: 'new-card', identity, card: nextCard, instead: true, outcome };
  switch (card ? 'used_up' : lastCardState) {
    case 'blocked':
      return { page: 'refused', refusal: 'card_blocked', nextCard };
    case 'used_up':
      return { page: 'refused', refusal: 'no_keys_left', nextCard };
    default:
      return { page: 'refused', refusal: 'no_active_card', nextCard };
  }
}

/** All that is asked for was shown. Nothing reaches the session before what follows is answered too. */
function composeStepAfterSignIn(
  signIn: SignInState,
  identity: Identity,
  request: PendingRequest,
  missingScopes: readonly string[],
): SignInStep {
  const { comingCard: card, outcome } = signIn;
  // A key of the old card was given in this very interaction: the moment to take the new one into use.
  if (signIn.factors.has('card_key') && card?.state === 'sent' && !signIn.newCardSkipped) {
    return { page: 'new-card', identity, card, instead: false, outcome };
  }
  if (request.kind === 'public' && !identity.publicSites) {
    return { page: 'public-sites', identity, factors: signIn.factors };
  }
  const mustAsk = missingScopes.length > 0 || (request.consentPage && !signIn.consented);
  if (mustAsk) return { page: 'consent', identity };
  const { passwordAt, signedInAt, factors } = signIn;
  return { page: 'done', identity, passwordAt, signedInAt, factors };
}
