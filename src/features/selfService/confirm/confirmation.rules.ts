/**
 * The state of an action in self-service that waits for a key; the next page is derived only from this state.
 */
import type { CardState } from '../../../domain/card/cardLife.ts';
import { countKeysLeft, type KeyCard } from '../../../domain/card/keyCard.ts';
import type { SignInOutcome } from '../../../domain/signIn/signIn.ts';
import type { SelfServiceRefusal, SelfServiceActionKind } from '../../../domain/selfServiceAction.ts';

/**
 * As long as a session may be idle: a key page that was left open is valid as long as the session it needs.
 */
export const CONFIRMATION_MS = 30 * 60_000;

export type ConfirmationOutcome =
  | SignInOutcome
  | { readonly kind: 'deed_refused'; readonly why: SelfServiceRefusal };

export interface Confirmation {
  readonly kind: SelfServiceActionKind;
  readonly card: KeyCard | null;
  readonly lastCardState: CardState | null;
  readonly outcome: ConfirmationOutcome | null;
  readonly expiresAt: Date;
  readonly doneAt: Date | null;
}

export type ConfirmationStep =
  | { readonly page: 'gone' }
  | { readonly page: 'done'; readonly kind: SelfServiceActionKind; readonly doneAt: Date }
  /** The challenge may not be drawn yet: `card.challenge` is null then. */
  | {
      readonly page: 'key';
      readonly kind: SelfServiceActionKind;
      readonly card: KeyCard;
      readonly outcome: ConfirmationOutcome | null;
    }
  | { readonly page: 'locked'; readonly opensAt: Date }
  | { readonly page: 'refused'; readonly kind: SelfServiceActionKind; readonly why: SelfServiceRefusal }
  /** No active card from which a key could be given. */
  | { readonly page: 'no_card'; readonly lastCardState: CardState | null };

export function nextConfirmationStep(confirmation: Confirmation | null, now: Date): ConfirmationStep {
  if (!confirmation) return { page: 'gone' };
  const { kind, card, outcome, doneAt, expiresAt, lastCardState } = confirmation;
  if (doneAt) return { page: 'done', kind, doneAt };
  if (expiresAt <= now) return { page: 'gone' };
  if (outcome?.kind === 'deed_refused') return { page: 'refused', kind, why: outcome.why };
  if (outcome?.kind === 'locked' && outcome.opensAt && outcome.opensAt > now) {
    return { page: 'locked', opensAt: outcome.opensAt };
  }
  if (!card || countKeysLeft(card.spent) === 0) return { page: 'no_card', lastCardState };
  return { page: 'key', kind, card, outcome };
}
