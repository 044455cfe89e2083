/** Begins a sign-in again with a password, for the same person or for another one. */
import { resumeSignInOfActivation } from '../../../db/people/activations.ts';
import { abandonStepUp } from './passwordSignIns.queries.ts';
import { readInteractionExpiry, hashInteractionId, type AppContext } from '../../appContext.ts';

/** A person who was asked to activate their ID first states that they have. */
export async function resumeAtPassword(context: AppContext, interactionId: string): Promise<void> {
  await resumeSignInOfActivation(context.database, hashInteractionId(context, interactionId));
}

/** Another person than the session's is at the browser, and begins with a password. */
export async function restartAsAnotherPerson(context: AppContext, interactionId: string): Promise<void> {
  const now = context.clock.now();
  const expiresAt = readInteractionExpiry(now);
  await abandonStepUp(context.database, hashInteractionId(context, interactionId), { now, expiresAt });
}
