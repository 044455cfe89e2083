/** Yes to what the relying party would be given, if that is still asked. */
import { giveConsent } from '../../usecases/signIn/consent.ts';
import { showSignIn } from '../../usecases/signIn/showSignIn.ts';
import type { StepResult, Submission } from './step.ts';

export async function acceptConsent({ deps, request, secret }: Submission): Promise<StepResult> {
  const shown = await showSignIn(deps.world, request, secret);
  if (shown.page === 'consent') {
    const { id: interactionId, clientId } = request;
    const { scopes, identity } = shown;
    await giveConsent(deps.world, { interactionId, clientId, scopes, identityId: identity.id });
  }
  return { next: 'resume', secret };
}
