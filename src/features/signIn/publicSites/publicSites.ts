/** Switches public sites on, if that is still asked. */
import { choosePublicSites } from '../../identity/index.ts';
import { showSignIn } from '../showSignIn.ts';
import type { StepResult, Submission } from '../step.ts';

export async function acceptPublicSites({ deps, request, secret }: Submission): Promise<StepResult> {
  const shown = await showSignIn(deps.context, request, secret);
  if (shown.page === 'public-sites' && shown.blocker === null) {
    await choosePublicSites(deps.context, shown.identity.id, true);
  }
  return { next: 'resume', secret };
}
