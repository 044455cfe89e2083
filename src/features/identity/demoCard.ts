/**
 * Reads a demo person's key card as it is printed. Only for the sandbox: elsewhere no one is ever shown a
 * key.
 */
import { formatCardNumber } from '../../domain/card/keyCard.ts';
import { foldName } from '../../domain/person/userId.ts';
import { findActiveCard } from '../../db/cards/keyCards.ts';
import { findCredentials } from '../../db/people/identities.ts';
import { readCard } from './readCard.ts';
import type { AppContext } from '../appContext.ts';

export interface DemoCard {
  /** In the printed format. */
  readonly cardNumber: string;
  readonly keys: readonly { readonly number: string; readonly key: string; readonly isSpent: boolean }[];
  /** The key number of the current challenge; null when there is none. */
  readonly asked: string | null;
}

/** Returns null when no card is in use. */
export async function readDemoCard(context: AppContext, userId: string): Promise<DemoCard | null> {
  const found = await findCredentials(context.database, foldName(userId), null, context.clock.now());
  const card = found && (await findActiveCard(context.database, found.identityId));
  if (!card) return null;
  const { keyNumbers, keys } = readCard(context, card);
  return {
    cardNumber: formatCardNumber(card.cardNumber),
    keys: keyNumbers.map((number, i) => ({ number, key: keys[i] ?? '', isSpent: card.spent[i] === '1' })),
    asked: card.challenge === null ? null : (keyNumbers[card.challenge] ?? null),
  };
}
