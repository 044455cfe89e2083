/** Derives the printed contents of a card from the card key and the card's row, each time they are needed. */
import {
  composeCardSecretInput,
  deriveCardContents,
  deriveKey,
  deriveKeyNumbers,
  type CardContents,
  type KeyCard,
} from '../../domain/card/keyCard.ts';
import type { AppContext } from '../appContext.ts';

type CardKeyring = Pick<AppContext, 'keyring'>;

export function readCard(context: CardKeyring, card: KeyCard): CardContents {
  return deriveCardContents(deriveCardSecret(context, card));
}

/**
 * Returns the number that is printed next to the key.
 * @param position 0-147
 * @throws Error for another position
 */
export function readKeyNumberAt(context: CardKeyring, card: KeyCard, position: number): string {
  const number = deriveKeyNumbers(deriveCardSecret(context, card))[position];
  if (number === undefined) throw new Error(`a card has no position ${position}`);
  return number;
}

export function readKeyAt(context: CardKeyring, card: KeyCard, position: number): string {
  return deriveKey(deriveCardSecret(context, card), position);
}

function deriveCardSecret({ keyring }: CardKeyring, card: KeyCard): Buffer {
  return keyring.hmac('cards', composeCardSecretInput(card.identityId, card.id, card.salt), card.kid);
}
