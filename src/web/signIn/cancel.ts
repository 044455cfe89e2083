/** Every page has a way out. The relying party is told what stood in the way, if anything did. */
import type { Refusal } from '../../core/errors/refusal.ts';
import { refuseConsent } from '../../usecases/signIn/consent.ts';
import type { Held } from '../../usecases/signIn/moveHolder.ts';
import { showSignIn, type StepToShow } from '../../usecases/signIn/showSignIn.ts';
import { showUnjudged } from '../../usecases/signIn/unjudgedForm.ts';
import type { StepResult, Submission } from './step.ts';
import { readUnjudged } from './unjudgedCookie.ts';

export async function cancel({ deps, request, secret }: Submission): Promise<StepResult> {
  const { world, interactions } = deps;
  const shown = await showSignIn(world, request, secret);
  if (shown.page === 'expired') return { next: 'repeat', holds: false };
  if (shown.page === 'consent') {
    const { identity, scopes } = shown;
    const isWhole = request.consentPage || scopes.includes('openid');
    await refuseConsent(world, { identityId: identity.id, clientId: request.clientId, scopes, isWhole });
  }
  await interactions.refuse(request, refusalOf(shown));
  return { next: 'end', secret };
}

/** The way out of a browser that holds no row. */
export async function cancelUnheld(submission: Submission, held: Held): Promise<StepResult | null> {
  const { deps, ctx, next, request } = submission;
  // It leads back to the relying party, and leaves the sign-in to the browser that holds it.
  if (held === 'foreign') {
    await deps.interactions.leave(ctx, next, request);
    return { next: 'answered' };
  }
  // No one has shown anything: nothing is written either, or anybody could fill a table by giving up.
  if (held === 'nothing' && request.signIn && !request.stepUp) {
    await deps.interactions.giveUpUnwritten(ctx, next, request, unwrittenRefusal(submission));
    return { next: 'answered' };
  }
  return null;
}

/** What stood in the way, where the browser carries it. */
function unwrittenRefusal({ deps, ctx, request }: Submission): Refusal {
  const unjudged = readUnjudged(deps, ctx, request.id);
  return unjudged ? refusalOf(showUnjudged(deps.world, request, unjudged)) : 'user_cancelled';
}

function refusalOf(shown: StepToShow): Refusal {
  switch (shown.page) {
    case 'refused':
      return shown.refusal;
    case 'locked':
      return 'locked';
    case 'public-sites':
      return 'public_sites_off';
    case 'consent':
      return 'consent_refused';
    default:
      return 'user_cancelled';
  }
}
