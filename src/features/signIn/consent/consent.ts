/** Saves the person's consent, if it is still asked for. */
import { saveConsentDecision } from './consentValues.ts';
import { showSignIn } from '../showSignIn.ts';
import { readRelyingParty, type StepResult, type Submission } from '../step.ts';

export async function acceptConsent({ deps, request, secret }: Submission): Promise<StepResult> {
  const shown = await showSignIn(deps.context, request, secret);
  if (shown.page === 'consent') {
    const { id: interactionId, clientId } = request;
    const { scopes, identity } = shown;
    await saveConsentDecision(deps.context, { interactionId, clientId, scopes, identityId: identity.id });
    const at = readRelyingParty(request);
    deps.context.report({ kind: 'step_accepted', step: 'consent', identityId: identity.id, ...at });
  }
  return { next: 'resume', secret };
}
