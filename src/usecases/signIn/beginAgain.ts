/** A sign-in begins again with a password, for the same person or for another. */
import { leadBackToSignIn } from '../../store/issuing/activations.ts';
import { leaveStepUp } from '../../store/passwordSignIns.ts';
import { interactionExpiry, interactionKey, type World } from '../world.ts';

/** A person who was asked to take their ID into use first says that they have. */
export async function askPasswordAgain(world: World, interactionId: string): Promise<void> {
  await leadBackToSignIn(world.database, interactionKey(world, interactionId));
}

/** Not the person whom the session belongs to: the one who sits there begins with a password. */
export async function signInAsAnother(world: World, interactionId: string): Promise<void> {
  const now = world.clock.now();
  const expiresAt = interactionExpiry(now);
  await leaveStepUp(world.database, interactionKey(world, interactionId), { now, expiresAt });
}
