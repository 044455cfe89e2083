/**
 * An ID is taken into use, or gets a new password: a temporary password from one letter, a key from a card that came
 * in another, then a user ID and a password of one's own. What is next is said here and nowhere else: reload, back and
 * double-click are all the same case.
 */
import type { CardState } from '../cardLife.ts';
import type { EmailRequestKind } from '../contact/emailCode.ts';
import { keysLeft, type ComingCard, type KeyCard } from '../keyCard.ts';
import { PROOF_MINUTES } from '../ownSite.ts';
import { checkPassword, type PasswordFault } from '../password.ts';
import type { Identity } from '../person.ts';
import type { Outcome } from '../signIn.ts';
import { checkUserId, foldName, type UserIdFault } from '../userId.ts';
import { TERMS_VERSION } from './terms.ts';

/** From the right temporary password to the end. */
export const ACTIVATION_MS = 60 * 60_000;

export interface ChoiceFaults {
  /** `asked_too_often`: no more is said of user IDs; the field may stay empty, and the ID number signs in. */
  readonly userId: UserIdFault | 'taken' | 'asked_too_often' | null;
  readonly password: PasswordFault | null;
  readonly terms: boolean;
  readonly understood: boolean;
}

/** The last thing that happened and that the next page has to mention. */
export type ActivationOutcome =
  | Outcome
  | { readonly kind: 'wrong_temporary' }
  /** One try in half a minute: this one was not judged. */
  | { readonly kind: 'too_soon' }
  /** The hour is over, or it was ended elsewhere. */
  | { readonly kind: 'over' }
  /** What was ticked stays ticked. */
  | { readonly kind: 'choice'; readonly faults: ChoiceFaults };

/** Where a browser is on its way. */
export interface Activation {
  /** Set when the temporary password was right. */
  readonly identity: Identity | null;
  /** It has a password of its own already: this one is to take its place. */
  readonly hasPassword: boolean;
  /** What was signed in and begun before is over: somebody blocked a card, or chose a password. */
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

export type Told =
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
  | { readonly page: 'told'; readonly told: Told; readonly opensAt: Date | null }
  | { readonly page: 'locked'; readonly opensAt: Date }
  /** `isFirst`: its first key, which takes the card into use. */
  | {
      readonly page: 'key';
      readonly identity: Identity;
      readonly card: KeyCard;
      readonly isFirst: boolean;
      readonly outcome: ActivationOutcome | null;
    }
  | { readonly page: 'choose'; readonly identity: Identity; readonly faults: ChoiceFaults | null }
  | { readonly page: 'done'; readonly identity: Identity; readonly doneAt: Date };

export function nextActivationStep(activation: Activation | null, now: Date): ActivationStep {
  if (!activation || activation.expiresAt <= now) return { page: 'start', outcome: null };
  const { identity, letter, outcome, keyGivenAt, doneAt } = activation;
  if (!identity || !letter) return { page: 'start', outcome };
  if (doneAt) return { page: 'done', identity, doneAt };
  if (identity.isBlocked) return told('id_blocked');
  if (letter.isUsed) return told('used');
  if (letter.isReplaced) return told('replaced');
  if (outcome?.kind === 'card_blocked') return told('card_blocked');
  if (activation.isEnded) return { page: 'start', outcome: { kind: 'over' } };
  // It was given in time: nobody is sent away between two steps.
  if (letter.validUntil.getTime() <= activation.expiresAt.getTime() - ACTIVATION_MS) return told('expired');
  if (keyGivenAt)
    return { page: 'choose', identity, faults: outcome?.kind === 'choice' ? outcome.faults : null };
  if (outcome?.kind === 'locked' && outcome.opensAt && outcome.opensAt > now) {
    return { page: 'locked', opensAt: outcome.opensAt };
  }
  return stepToKey(activation, identity);
}

/**
 * For so long the letters and the key show that their person sits there. After that the browser may have been
 * left open at a library: what it is good for yet shows nothing personal, and changes nothing.
 */
export function isJustDone(doneAt: Date, now: Date): boolean {
  return now.getTime() - doneAt.getTime() <= PROOF_MINUTES * 60_000;
}

/** Whether an address that waits for its code came with the application, or in its place right after. */
export function isOfActivation(
  { kind, givenAt }: { readonly kind: EmailRequestKind; readonly givenAt: Date },
  doneAt: Date,
): boolean {
  return kind === 'given' || (kind === 'change' && givenAt >= doneAt && isJustDone(doneAt, givenAt));
}

/** A key of the card in use, where there is one; else of the one that was sent. */
function stepToKey(
  { card, comingCard, lastCardState, outcome }: Activation,
  identity: Identity,
): ActivationStep {
  if (card && keysLeft(card.spent) > 0) return { page: 'key', identity, card, isFirst: false, outcome };
  if (comingCard?.activatesAt) return told('card_waiting', comingCard.activatesAt);
  if (comingCard?.state === 'sent')
    return { page: 'key', identity, card: comingCard, isFirst: true, outcome };
  if (comingCard) return told('card_ordered');
  return told(lastCardState === 'blocked' ? 'card_blocked' : 'no_card');
}

function told(what: Told, opensAt: Date | null = null): ActivationStep {
  return { page: 'told', told: what, opensAt };
}

/** What the last form was sent with. */
export interface Choice {
  readonly userId: string;
  readonly password: string;
  /** The version that was shown and agreed to; null without the tick. */
  readonly terms: string | null;
  readonly understood: boolean;
}

/** All faults at once; null when there is none. @param mayAsk no more user IDs are looked up without. */
export function judgeChoice(
  choice: Choice,
  { idNumber, userId }: Identity,
  mayAsk: boolean,
): ChoiceFaults | null {
  const chosen = foldName(choice.userId);
  const check = () => (mayAsk ? checkUserId(choice.userId) : chosen === '' ? null : 'asked_too_often');
  const faults: ChoiceFaults = {
    // A user ID that somebody has stays good, whatever is asked of new ones.
    userId: chosen === userId ? null : check(),
    password: checkPassword(choice.password, [chosen, idNumber]),
    terms: choice.terms !== TERMS_VERSION,
    understood: !choice.understood,
  };
  return hasFault(faults) ? faults : null;
}

function hasFault({ userId, password, terms, understood }: ChoiceFaults): boolean {
  return userId !== null || password !== null || terms || understood;
}
