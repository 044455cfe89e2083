/**
 * The activation of an ID, or of a new password: a temporary password from one letter, a key from a card that
 * came in another, then a user ID and a password of the person's choice. This file alone decides the next
 * step, so reload, back and double-click are the same case.
 */
import type { CardState } from '../card/cardLife.ts';
import type { EmailRequestKind } from '../person/emailCode.ts';
import { countKeysLeft, type ComingCard, type KeyCard } from '../card/keyCard.ts';
import { KEY_PROOF_MINUTES } from '../relyingParty/firstPartyClient.ts';
import { checkPassword, type PasswordFault } from '../signIn/password.ts';
import type { Identity } from '../person/person.ts';
import type { SignInOutcome } from '../signIn/signIn.ts';
import { checkUserId, foldName, type UserIdFault } from '../person/userId.ts';
import { TERMS_VERSION } from './terms.ts';

/** Time limit from the right temporary password to the end. */
export const ACTIVATION_MS = 60 * 60_000;

export interface CredentialChoiceFaults {
  /**
   * `asked_too_often`: availability is no longer reported. The field may stay empty: the person then signs in
   * with the ID number.
   */
  readonly userId: UserIdFault | 'taken' | 'asked_too_often' | null;
  readonly password: PasswordFault | null;
  readonly terms: boolean;
  readonly understood: boolean;
}

/** The last outcome, which the next page must mention. */
export type ActivationOutcome =
  | SignInOutcome
  | { readonly kind: 'wrong_temporary' }
  /** One attempt in 30 seconds is allowed: this one was not verified. */
  | { readonly kind: 'too_soon' }
  /** The hour is over, or the activation was ended elsewhere. */
  | { readonly kind: 'over' }
  /** Ticked boxes stay ticked. */
  | { readonly kind: 'choice'; readonly faults: CredentialChoiceFaults };

/** The state of one browser's activation. */
export interface Activation {
  /** Set when the temporary password was right. */
  readonly identity: Identity | null;
  /** The ID already has a chosen password, which the new one replaces. */
  readonly hasPassword: boolean;
  /** Sessions and activations that began earlier are over: a card was blocked, or a password was chosen. */
  readonly isEnded: boolean;
  readonly letter: {
    readonly validUntil: Date;
    readonly isUsed: boolean;
    readonly isReplaced: boolean;
  } | null;
  readonly card: KeyCard | null;
  readonly comingCard: ComingCard | null;
  readonly lastCardState: CardState | null;
  readonly keyGivenAt: Date | null;
  readonly doneAt: Date | null;
  readonly expiresAt: Date;
  readonly outcome: ActivationOutcome | null;
}

export type ActivationMessage =
  | 'expired'
  | 'used'
  | 'replaced'
  | 'id_blocked'
  | 'card_blocked'
  | 'card_waiting'
  | 'card_ordered'
  | 'no_card';

export type ActivationStep =
  | { readonly page: 'start'; readonly outcome: ActivationOutcome | null }
  | { readonly page: 'told'; readonly message: ActivationMessage; readonly opensAt: Date | null }
  | { readonly page: 'locked'; readonly opensAt: Date }
  /** `isFirst`: the card's first key, which activates it. */
  | {
      readonly page: 'key';
      readonly identity: Identity;
      readonly card: KeyCard;
      readonly isFirst: boolean;
      readonly outcome: ActivationOutcome | null;
    }
  | { readonly page: 'choose'; readonly identity: Identity; readonly faults: CredentialChoiceFaults | null }
  | { readonly page: 'done'; readonly identity: Identity; readonly doneAt: Date };

export function nextActivationStep(activation: Activation | null, now: Date): ActivationStep {
  if (!activation || activation.expiresAt <= now) return { page: 'start', outcome: null };
  const { identity, letter, outcome, keyGivenAt, doneAt } = activation;
  if (!identity || !letter) return { page: 'start', outcome };
  if (doneAt) return { page: 'done', identity, doneAt };
  if (identity.isBlocked) return composeMessageStep('id_blocked');
  if (letter.isUsed) return composeMessageStep('used');
  if (letter.isReplaced) return composeMessageStep('replaced');
  if (outcome?.kind === 'card_blocked') return composeMessageStep('card_blocked');
  if (activation.isEnded) return { page: 'start', outcome: { kind: 'over' } };
  // The temporary password was accepted in time: an activation in progress does not expire between two steps.
  if (letter.validUntil.getTime() <= activation.expiresAt.getTime() - ACTIVATION_MS)
    return composeMessageStep('expired');
  if (keyGivenAt)
    return { page: 'choose', identity, faults: outcome?.kind === 'choice' ? outcome.faults : null };
  if (outcome?.kind === 'locked' && outcome.opensAt && outcome.opensAt > now) {
    return { page: 'locked', opensAt: outcome.opensAt };
  }
  return composeKeyStep(activation, identity);
}

/**
 * Whether the letters and the key still show that the person is present. After that time the browser may have
 * been left open at a library: what it can still do shows nothing personal and changes nothing.
 */
export function isRecentlyDone(doneAt: Date, now: Date): boolean {
  return now.getTime() - doneAt.getTime() <= KEY_PROOF_MINUTES * 60_000;
}

/**
 * Whether an unconfirmed e-mail address came with the application, or replaced that one right after the
 * activation.
 */
export function isEmailOfActivation(
  { kind, givenAt }: { readonly kind: EmailRequestKind; readonly givenAt: Date },
  doneAt: Date,
): boolean {
  return kind === 'given' || (kind === 'change' && givenAt >= doneAt && isRecentlyDone(doneAt, givenAt));
}

/** Asks for a key of the card in use, or, without one, of the card that was sent. */
function composeKeyStep(
  { card, comingCard, lastCardState, outcome }: Activation,
  identity: Identity,
): ActivationStep {
  if (card && countKeysLeft(card.spent) > 0) return { page: 'key', identity, card, isFirst: false, outcome };
  if (comingCard?.activatesAt) return composeMessageStep('card_waiting', comingCard.activatesAt);
  if (comingCard?.state === 'sent')
    return { page: 'key', identity, card: comingCard, isFirst: true, outcome };
  if (comingCard) return composeMessageStep('card_ordered');
  return composeMessageStep(lastCardState === 'blocked' ? 'card_blocked' : 'no_card');
}

function composeMessageStep(what: ActivationMessage, opensAt: Date | null = null): ActivationStep {
  return { page: 'told', message: what, opensAt };
}

/** The fields of the last form. */
export interface CredentialChoice {
  readonly userId: string;
  readonly password: string;
  /** The version of the terms that was shown and accepted; null without the tick. */
  readonly terms: string | null;
  readonly understood: boolean;
}

/**
 * @param mayAsk whether user IDs may still be looked up
 * @returns all faults, or null
 */
export function checkCredentialChoice(
  choice: CredentialChoice,
  { idNumber, userId }: Identity,
  mayAsk: boolean,
): CredentialChoiceFaults | null {
  const chosen = foldName(choice.userId);
  const check = () => (mayAsk ? checkUserId(choice.userId) : chosen === '' ? null : 'asked_too_often');
  const faults: CredentialChoiceFaults = {
    // A user ID that the person already has stays valid, even if the rules for new ones have changed.
    userId: chosen === userId ? null : check(),
    password: checkPassword(choice.password, [chosen, idNumber]),
    terms: choice.terms !== TERMS_VERSION,
    understood: !choice.understood,
  };
  return hasChoiceFault(faults) ? faults : null;
}

function hasChoiceFault({ userId, password, terms, understood }: CredentialChoiceFaults): boolean {
  return userId !== null || password !== null || terms || understood;
}
