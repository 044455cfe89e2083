/**
 * What the page of an action that waits for a key shows. A challenge is drawn for it, unless the card has
 * one.
 */
import { locateKey, type KeyPlace } from '../../../domain/card/cardLayout.ts';
import { drawChallenge, countKeysLeft } from '../../../domain/card/keyCard.ts';
import { nextConfirmationStep, type ConfirmationStep } from './confirmation.rules.ts';
import type { SelfServiceAction } from '../../../domain/selfServiceAction.ts';
import { listSecurityKeys } from '../../../db/factors/securityKeyLife.ts';
import { setChallenge } from '../../../db/cards/keyCards.ts';
import { findConfirmation, type ConfirmationOwner } from './confirmations.queries.ts';
import { readKeyNumberAt } from '../../identity/index.ts';
import type { AppContext } from '../../appContext.ts';
import { openRequestedAction } from './requestConfirmation.ts';

export type ConfirmationView =
  | Exclude<ConfirmationStep, { page: 'key' }>
  | (Extract<ConfirmationStep, { page: 'key' }> & {
      readonly action: SelfServiceAction;
      readonly keyNumber: string;
      readonly place: KeyPlace | null;
      readonly keysLeft: number;
    });

/**
 * The name of the security key that a confirmation added: in the transaction of `doneAt`, and not before it.
 * Null once it is deleted.
 */
export async function findAddedKeyName(
  { database }: AppContext,
  identityId: string,
  doneAt: Date,
): Promise<string | null> {
  const keys = await listSecurityKeys(database, identityId, { withEnded: true });
  const added = keys.find(({ addedAt, addedBy }) => addedBy === 'self_service' && addedAt >= doneAt);
  return added?.name ?? null;
}

const CONFIRMATION_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** @param id the id in the address. `gone` unless this user requested it in this session. */
export async function showConfirmation(
  context: AppContext,
  id: string,
  owner: ConfirmationOwner,
): Promise<ConfirmationView> {
  if (!CONFIRMATION_ID.test(id)) return { page: 'gone' };
  const stored = await findConfirmation(context.database, id, owner);
  const step = nextConfirmationStep(stored, context.clock.now());
  if (step.page !== 'key') return step;
  const { card } = step;
  const drawn = drawChallenge(card.spent, context.random);
  const challenge =
    card.challenge ?? (drawn === null ? null : await setChallenge(context.database, card.id, drawn));
  const keyNumber = challenge === null ? undefined : readKeyNumberAt(context, card, challenge);
  // The card ended between the two statements: the state is read again.
  if (challenge === null || keyNumber === undefined || !stored?.actionSealed)
    return await showConfirmation(context, id, owner);
  const action = openRequestedAction(context, id, owner, stored.actionSealed);
  const place = locateKey(challenge, card.format);
  return { ...step, action, keyNumber, place, keysLeft: countKeysLeft(card.spent) };
}
