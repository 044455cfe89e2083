/** A sign-in begins again with a password, for the same person or for another. */
import { resumeSignInOfActivation } from '../../../db/people/activations.ts';
import { abandonStepUp } from './passwordSignIns.queries.ts';
import { readInteractionExpiry, hashInteractionId, type AppContext } from '../../appContext.ts';

/** A person who was asked to take their ID into use first says that they have. */
export async function resumeAtPassword(context: AppContext, interactionId: string): Promise<void> {
  await resumeSignInOfActivation(context.database, hashInteractionId(context, interactionId));
}

/** Not the person whom the session belongs to: the one who sits there begins with a password. */
export async function restartAsAnotherPerson(context: AppContext, interactionId: string): Promise<void> {
  const now = context.clock.now();
  const expiresAt = readInteractionExpiry(now);
  await abandonStepUp(context.database, hashInteractionId(context, interactionId), { now, expiresAt });
}
