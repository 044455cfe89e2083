/**
 * The state of an action in self-service that waits for a key; the next page is derived only from this state.
 */
import type { CardState } from '../../../domain/card/cardLife.ts';
import { countKeysLeft, type KeyCard } from '../../../domain/card/keyCard.ts';
import { listCountingKeys, type SecurityKey } from '../../../domain/factors/securityKey.ts';
import type { CodeToken } from '../../../domain/factors/codeToken.ts';
import type { SignInOutcome } from '../../../domain/signIn/signIn.ts';
import {
  takesSecondWay,
  type SelfServiceRefusal,
  type SelfServiceActionKind,
} from '../../../domain/selfServiceAction.ts';

/**
 * As long as a session may be idle: a key page that was left open is valid as long as the session it needs.
 */
export const CONFIRMATION_MS = 30 * 60_000;

export type ConfirmationOutcome =
  | SignInOutcome
  | { readonly kind: 'deed_refused'; readonly why: SelfServiceRefusal }
  /** The code token whose code was typed is not in use any more. */
  | { readonly kind: 'code_token_gone' }
  /** It was done, and a second way confirmed it. */
  | { readonly kind: 'confirmed_twice' };

export interface Confirmation {
  readonly kind: SelfServiceActionKind;
  readonly card: KeyCard | null;
  /** Those that have not ended; some may wait. */
  readonly securityKeys: readonly SecurityKey[];
  readonly codeToken: CodeToken | null;
  readonly lastCardState: CardState | null;
  readonly outcome: ConfirmationOutcome | null;
  readonly expiresAt: Date;
  readonly doneAt: Date | null;
}

export type ConfirmationStep =
  | { readonly page: 'gone' }
  | {
      readonly page: 'done';
      readonly kind: SelfServiceActionKind;
      readonly doneAt: Date;
      readonly isConfirmedTwice: boolean;
    }
  /** The challenge may not be drawn yet: `card.challenge` is null then. */
  | {
      readonly page: 'key';
      readonly kind: SelfServiceActionKind;
      readonly card: KeyCard;
      /** What may confirm it beside the card's key: what the person signs in with already. */
      readonly securityKeys: readonly SecurityKey[];
      readonly codeToken: CodeToken | null;
      readonly outcome: ConfirmationOutcome | null;
    }
  | { readonly page: 'locked'; readonly opensAt: Date }
  | { readonly page: 'refused'; readonly kind: SelfServiceActionKind; readonly why: SelfServiceRefusal }
  /** No active card from which a key could be given. */
  | { readonly page: 'no_card'; readonly lastCardState: CardState | null };

export function nextConfirmationStep(confirmation: Confirmation | null, now: Date): ConfirmationStep {
  if (!confirmation) return { page: 'gone' };
  const { kind, card, outcome, doneAt, expiresAt, lastCardState } = confirmation;
  if (doneAt) return { page: 'done', kind, doneAt, isConfirmedTwice: outcome?.kind === 'confirmed_twice' };
  if (expiresAt <= now) return { page: 'gone' };
  if (outcome?.kind === 'deed_refused') return { page: 'refused', kind, why: outcome.why };
  if (outcome?.kind === 'locked' && outcome.opensAt && outcome.opensAt > now) {
    return { page: 'locked', opensAt: outcome.opensAt };
  }
  if (!card || countKeysLeft(card.spent) === 0) return { page: 'no_card', lastCardState };
  const isOpen = takesSecondWay(kind);
  const securityKeys = isOpen ? listCountingKeys(confirmation.securityKeys, now) : [];
  return {
    page: 'key',
    kind,
    card,
    securityKeys,
    codeToken: isOpen ? confirmation.codeToken : null,
    outcome,
  };
}
