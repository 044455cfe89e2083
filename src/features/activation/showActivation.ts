/** Chooses what an activation shows next. For the key page a challenge is drawn, unless the card has one. */
import {
  isRecentlyDone,
  isEmailOfActivation,
  nextActivationStep,
  type ActivationStep,
} from '../../domain/issuing/activation.ts';
import { locateKey, type KeyPlace } from '../../domain/card/cardLayout.ts';
import { drawChallenge } from '../../domain/card/keyCard.ts';
import type { PublicSitesBlocker } from '../../domain/signIn/publicSites.ts';
import { endActivation, findActivation, type StoredActivation } from '../../db/people/activations.ts';
import { setChallenge } from '../../db/cards/keyCards.ts';
import { applyCardCommand, BY_SYSTEM, findBlockerOfIdentity, readKeyNumberAt } from '../identity/index.ts';
import { findUnconfirmedEmail, type UnconfirmedEmail } from '../contact/index.ts';
import type { AppContext } from '../appContext.ts';
import { isGuardianNeeded } from '../guardian/index.ts';
import { hasAcceptedTerms } from './acceptedTerms.ts';
import { hashActivationId } from './activationId.ts';

type ActivationStepOf<Page extends ActivationStep['page']> = Extract<ActivationStep, { page: Page }>;

export type ActivationView =
  | (ActivationStepOf<'start'> & { readonly typed: string })
  | ActivationStepOf<'told' | 'locked'>
  | (ActivationStepOf<'key'> & { readonly keyNumber: string; readonly place: KeyPlace | null })
  /** `typed`: the user ID as it was last sent. */
  | (ActivationStepOf<'choose'> & { readonly typed: string | null; readonly hasAcceptedTerms: boolean })
  /**
   * The ID is activated. `waiting`: the e-mail address of the application, or another one that was given
   * here, which is not confirmed yet. `isFresh`: its person is present.
   */
  | (ActivationStepOf<'done'> & {
      readonly blocker: PublicSitesBlocker | null;
      readonly waiting: UnconfirmedEmail | null;
      readonly isFresh: boolean;
      /** Under 15: a security key is added at a desk. */
      readonly needsGuardian: boolean;
    });

/** @param activation the content of this browser's cookie */
export async function showActivation(context: AppContext, activation: string): Promise<ActivationView> {
  const id = hashActivationId(context, activation);
  const now = context.clock.now();
  const stored = await findActivation(context.database, id);
  if (await isActivationWaitOver(context, stored, now)) return await showActivation(context, activation);
  const step = nextActivationStep(stored, now);
  const { typedSealed = null } = stored ?? {};
  const typed = typedSealed && context.keyring.open('records', typedSealed, id);
  switch (step.page) {
    case 'start':
      return { ...step, typed: stored?.identity ? '' : (typed ?? '') };
    case 'choose':
      return {
        ...step,
        typed: step.faults ? typed : null,
        hasAcceptedTerms: await hasAcceptedTerms(context, step.identity.id),
      };
    case 'done':
      return {
        ...step,
        blocker: await findBlockerOfIdentity(context, context.database, step.identity.id),
        waiting: await findEmailOfDoneActivation(context, step),
        isFresh: isRecentlyDone(step.doneAt, now),
        needsGuardian: await isGuardianNeeded(context, step.identity.id),
      };
    case 'key': {
      const asked = await readAskedKey(context, step);
      // The card went out of use between the two statements: the state has changed since.
      return asked === null ? await showActivation(context, activation) : { ...step, ...asked };
    }
    default:
      return step;
  }
}

async function findEmailOfDoneActivation(
  context: AppContext,
  { identity, doneAt }: ActivationStepOf<'done'>,
): Promise<UnconfirmedEmail | null> {
  const waiting = identity.isBlocked ? null : await findUnconfirmedEmail(context, identity.id);
  return waiting && isEmailOfActivation(waiting, doneAt) ? waiting : null;
}

async function readAskedKey(
  context: AppContext,
  { card }: ActivationStepOf<'key'>,
): Promise<{ keyNumber: string; place: KeyPlace | null } | null> {
  const drawn = drawChallenge(card.spent, context.random);
  const challenge =
    card.challenge ?? (drawn === null ? null : await setChallenge(context.database, card.id, drawn));
  if (challenge === null) return null;
  return {
    keyNumber: readKeyNumberAt(context, card, challenge),
    place: locateKey(challenge, card.format),
  };
}

/**
 * Ends a wait whose time has passed: the scheduled job may be late, and no one is turned away because of
 * that.
 */
async function isActivationWaitOver(
  context: AppContext,
  stored: StoredActivation | null,
  now: Date,
): Promise<boolean> {
  const { identity, comingCard } = stored ?? {};
  if (!identity || !comingCard?.activatesAt || comingCard.activatesAt > now) return false;
  const command = { kind: 'end_wait', now, skip: false } as const;
  return (await applyCardCommand(context, identity.id, command, BY_SYSTEM)) === 'done';
}

/** Another person is at the browser, or the same person wants to begin again. */
export async function abandonActivation(context: AppContext, activation: string): Promise<void> {
  await endActivation(context.database, hashActivationId(context, activation));
}
