/** What a sign-in shows next. On the way to the key page a challenge is drawn, unless the card has one. */
import { drawChallenge } from '../core/keyCard.ts';
import { nextStep, type SignIn, type Step } from '../core/signIn.ts';
import { setChallenge } from '../store/keyCards.ts';
import { findSignIn, type StoredSignIn } from '../store/signIns.ts';
import { readCard } from './readCard.ts';
import { INTERACTION_MS, interactionKey, type World } from './world.ts';

export type Shown =
  | Exclude<Step, { page: 'key' }>
  | { page: 'expired' }
  | (Extract<Step, { page: 'key' }> & { keyNumber: string });

/** @param startedAt when the interaction began; it expires an hour after its last step. */
export async function showSignIn(world: World, interactionId: string, startedAt: Date): Promise<Shown> {
  const now = world.clock.now();
  const interaction = interactionKey(world, interactionId);
  const stored = await findSignIn(world.database, interaction);
  if (isExpired(stored, startedAt, now)) return { page: 'expired' };

  const step = nextStep(openSignIn(world, interaction, stored), now);
  if (step.page !== 'key') return step;

  const challenge = step.card.challenge ?? (await drawFor(world, step.card.id, step.card.spent));
  const keyNumber = challenge === null ? undefined : readCard(world, step.card).keyNumbers[challenge];
  // The card went out of use between the two statements: the state says something else by now.
  if (keyNumber === undefined) return await showSignIn(world, interactionId, startedAt);
  return { ...step, keyNumber };
}

async function drawFor(world: World, cardId: string, spent: string): Promise<number | null> {
  const drawn = drawChallenge(spent, world.dice);
  return drawn === null ? null : await setChallenge(world.database, cardId, drawn);
}

function isExpired(stored: StoredSignIn | null, startedAt: Date, now: Date): boolean {
  return now.getTime() - (stored?.stepAt ?? startedAt).getTime() > INTERACTION_MS;
}

function openSignIn(world: World, interaction: Buffer, stored: StoredSignIn | null): SignIn {
  if (!stored) return { identity: null, card: null, signedInAt: null, outcome: null, typedName: '' };
  const { typedNameSealed, ...rest } = stored;
  const typedName = typedNameSealed ? world.keyring.open('records', typedNameSealed, interaction) : '';
  return { ...rest, typedName };
}
