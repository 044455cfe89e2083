/** The printed contents of a card, made anew each time from the card key and the card's row. */
import { cardSecretInput, deriveCardContents, type CardContents, type KeyCard } from '../core/keyCard.ts';
import type { World } from './world.ts';

export function readCard(world: Pick<World, 'keyring'>, card: KeyCard): CardContents {
  const input = cardSecretInput(card.identityId, card.id, card.salt);
  return deriveCardContents(world.keyring.hmac('cards', input, card.kid));
}
