/** What the page of a deed that waits for a key shows. On the way there a challenge is drawn, unless the card has one. */
import { drawChallenge, keysLeft } from '../../core/keyCard.ts';
import { nextConfirmationStep, type ConfirmationStep } from '../../core/selfService/confirmation.ts';
import type { SelfDeed } from '../../core/selfService/deed.ts';
import { setChallenge } from '../../store/keyCards.ts';
import { findConfirmation, type Asker } from '../../store/selfService/confirmations.ts';
import { readKeyNumber } from '../readCard.ts';
import type { World } from '../world.ts';
import { openProposed } from './propose.ts';

export type ConfirmationShown =
  | Exclude<ConfirmationStep, { page: 'key' }>
  | (Extract<ConfirmationStep, { page: 'key' }> & {
      readonly deed: SelfDeed;
      readonly keyNumber: string;
      readonly keysLeft: number;
    });

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** @param id as the address had it. `gone` for whatever this visitor did not ask for in this session. */
export async function showConfirmation(world: World, id: string, asker: Asker): Promise<ConfirmationShown> {
  if (!UUID.test(id)) return { page: 'gone' };
  const stored = await findConfirmation(world.database, id, asker);
  const step = nextConfirmationStep(stored, world.clock.now());
  if (step.page !== 'key') return step;
  const { card } = step;
  const drawn = drawChallenge(card.spent, world.dice);
  const challenge =
    card.challenge ?? (drawn === null ? null : await setChallenge(world.database, card.id, drawn));
  const keyNumber = challenge === null ? undefined : readKeyNumber(world, card, challenge);
  // The card went out of use between the two statements: the state says something else by now.
  if (keyNumber === undefined || !stored?.deedSealed) return await showConfirmation(world, id, asker);
  const deed = openProposed(world, id, asker, stored.deedSealed);
  return { ...step, deed, keyNumber, keysLeft: keysLeft(card.spent) };
}
