/** Switches public sites on, if that is still asked. */
import { choosePublicSites } from '../../identity/index.ts';
import { showSignIn } from '../showSignIn.ts';
import { readRelyingParty, type StepResult, type Submission } from '../step.ts';

export async function acceptPublicSites({ deps, request, secret }: Submission): Promise<StepResult> {
  const shown = await showSignIn(deps.context, request, secret);
  if (shown.page === 'public-sites' && shown.blocker === null) {
    const { id: identityId } = shown.identity;
    await choosePublicSites(deps.context, identityId, true);
    const at = readRelyingParty(request);
    deps.context.report({ kind: 'step_accepted', step: 'public_sites', identityId, ...at });
  }
  return { next: 'resume', secret };
}
