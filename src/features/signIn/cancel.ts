/**
 * Cancels a sign-in; every page offers it. The relying party is notified of what prevented the sign-in, if
 * anything did.
 */
import type { SignInRefusal } from '../../domain/errors/refusal.ts';
import { keepCancellation } from './complete.ts';
import { refuseConsent } from './consent/consentValues.ts';
import type { HolderResult } from './holder/moveHolder.ts';
import { showSignIn, type StepToShow } from './showSignIn.ts';
import { showCookieOutcome } from './holder/outcomeOfCookie.ts';
import type { StepResult, Submission } from './step.ts';
import { readOutcomeCookie } from './holder/signInOutcomeCookie.ts';

export async function cancelRequest({ deps, request, secret }: Submission): Promise<StepResult> {
  const { context, interactions } = deps;
  const shown = await showSignIn(context, request, secret);
  if (shown.page === 'expired') return { next: 'repeat', holds: false };
  if (shown.page === 'consent') {
    const { identity, scopes } = shown;
    const isWhole = request.consentPage || scopes.includes('openid');
    await refuseConsent(context, { identityId: identity.id, clientId: request.clientId, scopes, isWhole });
  }
  await interactions.refuse(request, refusalOf(shown));
  return { next: 'end', secret };
}

/** Cancels for a browser that does not hold a row. */
export async function cancelUnheld(submission: Submission, held: HolderResult): Promise<StepResult | null> {
  const { deps, ctx, next, request } = submission;
  // Redirects to the relying party, and leaves the sign-in to the browser that holds it.
  if (held === 'foreign') {
    await deps.interactions.abandon(ctx, next, request);
    keepCancellation(submission);
    return { next: 'answered' };
  }
  // No factor was given, and nothing is written: otherwise anyone could fill a table by cancelling.
  if (held === 'nothing' && request.signIn && !request.stepUp) {
    await deps.interactions.cancelWithoutRow(ctx, next, request, unwrittenRefusal(submission));
    keepCancellation(submission);
    return { next: 'answered' };
  }
  return null;
}

/** Reads what prevented the sign-in from the browser's cookie. */
function unwrittenRefusal({ deps, ctx, request }: Submission): SignInRefusal {
  const cookieOutcome = readOutcomeCookie(deps, ctx, request.id);
  return cookieOutcome
    ? refusalOf(showCookieOutcome(deps.context, request, cookieOutcome))
    : 'user_cancelled';
}

function refusalOf(shown: StepToShow | ReturnType<typeof showCookieOutcome>): SignInRefusal {
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
