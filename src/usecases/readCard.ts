/** The printed contents of a card, made anew each time from the card key and the card's row. */
import {
  cardSecretInput,
  deriveCardContents,
  deriveKey,
  deriveKeyNumbers,
  type CardContents,
  type KeyCard,
} from '../core/keyCard.ts';
import type { World } from './world.ts';

type Keys = Pick<World, 'keyring'>;

export function readCard(world: Keys, card: KeyCard): CardContents {
  return deriveCardContents(secretOf(world, card));
}

/** What is printed at a position, 0-147, beside its key. */
export function readKeyNumber(world: Keys, card: KeyCard, position: number): string {
  const number = deriveKeyNumbers(secretOf(world, card))[position];
  if (number === undefined) throw new Error(`a card has no position ${position}`);
  return number;
}

export function readKey(world: Keys, card: KeyCard, position: number): string {
  return deriveKey(secretOf(world, card), position);
}

function secretOf({ keyring }: Keys, card: KeyCard): Buffer {
  return keyring.hmac('cards', cardSecretInput(card.identityId, card.id, card.salt), card.kid);
}
