/** What an activation shows next. On the way to the key page a challenge is drawn, unless the card has one. */
import {
  isJustDone,
  isOfActivation,
  nextActivationStep,
  type ActivationStep,
} from '../../core/issuing/activation.ts';
import { drawChallenge } from '../../core/keyCard.ts';
import type { PublicSitesBar } from '../../core/publicSites.ts';
import { endActivation, findActivation, type StoredActivation } from '../../store/issuing/activations.ts';
import { setChallenge } from '../../store/keyCards.ts';
import { BY_SYSTEM, doCardDeed } from '../cardDeeds.ts';
import { findPublicSitesBar } from '../choosePublicSites.ts';
import { findEmailWaiting, type EmailWaiting } from '../contact/giveEmail.ts';
import { readKeyNumber } from '../readCard.ts';
import type { World } from '../world.ts';
import { activationKey } from './activationKey.ts';

type StepOf<Page extends ActivationStep['page']> = Extract<ActivationStep, { page: Page }>;

export type ActivationShown =
  | (StepOf<'start'> & { readonly typed: string })
  | StepOf<'told' | 'locked'>
  | (StepOf<'key'> & { readonly keyNumber: string })
  /** `typed`: the user ID as it was sent last. */
  | (StepOf<'choose'> & { readonly typed: string | null })
  /**
   * Taken into use. `waiting`: the e-mail address of the application, or another one that was given here,
   * which has not answered yet. `isFresh`: its person sits there.
   */
  | (StepOf<'done'> & {
      readonly bar: PublicSitesBar | null;
      readonly waiting: EmailWaiting | null;
      readonly isFresh: boolean;
    });

/** @param activation what the cookie of this browser holds. */
export async function showActivation(world: World, activation: string): Promise<ActivationShown> {
  const id = activationKey(world, activation);
  const now = world.clock.now();
  const stored = await findActivation(world.database, id);
  if (await hasWaitedLongEnough(world, stored, now)) return await showActivation(world, activation);
  const step = nextActivationStep(stored, now);
  const { typedSealed = null } = stored ?? {};
  const typed = typedSealed && world.keyring.open('records', typedSealed, id);
  switch (step.page) {
    case 'start':
      return { ...step, typed: stored?.identity ? '' : (typed ?? '') };
    case 'choose':
      return { ...step, typed: step.faults ? typed : null };
    case 'done':
      return {
        ...step,
        bar: await findPublicSitesBar(world, world.database, step.identity.id),
        waiting: await findWaiting(world, step),
        isFresh: isJustDone(step.doneAt, now),
      };
    case 'key': {
      const keyNumber = await keyNumberOf(world, step);
      // The card went out of use between the two statements: the state says something else by now.
      return keyNumber === null ? await showActivation(world, activation) : { ...step, keyNumber };
    }
    default:
      return step;
  }
}

async function findWaiting(world: World, { identity, doneAt }: StepOf<'done'>): Promise<EmailWaiting | null> {
  const waiting = identity.isBlocked ? null : await findEmailWaiting(world, identity.id);
  return waiting && isOfActivation(waiting, doneAt) ? waiting : null;
}

async function keyNumberOf(world: World, { card }: StepOf<'key'>): Promise<string | null> {
  const drawn = drawChallenge(card.spent, world.dice);
  const challenge =
    card.challenge ?? (drawn === null ? null : await setChallenge(world.database, card.id, drawn));
  return challenge === null ? null : readKeyNumber(world, card, challenge);
}

/** The job that looks at waits may be late; nobody is sent away for that. */
async function hasWaitedLongEnough(
  world: World,
  stored: StoredActivation | null,
  now: Date,
): Promise<boolean> {
  const { identity, comingCard } = stored ?? {};
  if (!identity || !comingCard?.activatesAt || comingCard.activatesAt > now) return false;
  const deed = { kind: 'end_wait', now, skip: false } as const;
  return (await doCardDeed(world, identity.id, deed, BY_SYSTEM)) === 'done';
}

/** Somebody else sits there, or the same person wants to begin anew. */
export async function leaveActivation(world: World, activation: string): Promise<void> {
  await endActivation(world.database, activationKey(world, activation));
}
