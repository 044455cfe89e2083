/** The forms of a sign-in that show no factor: a yes, a no, and what leads elsewhere. */
import type { Refusal } from '../../core/errors/refusal.ts';
import { choosePublicSites } from '../../usecases/choosePublicSites.ts';
import { giveConsent, refuseConsent } from '../../usecases/signIn/consent.ts';
import { goOnWithoutNewCard } from '../../usecases/signIn/giveNewKey.ts';
import { askPasswordAgain, signInAsAnother } from '../../usecases/signIn/beginAgain.ts';
import { moveHolder } from '../../usecases/signIn/moveHolder.ts';
import { showSignIn, type StepToShow } from '../../usecases/signIn/showSignIn.ts';
import { showUnjudged } from '../../usecases/signIn/unjudgedForm.ts';
import { field } from '../forms.ts';
import type { Sending } from './loginRequest.ts';
import { seeOther } from '../page.ts';
import { end, goOn, lead, repeatAnswer } from './loginEnd.ts';
import { readUnjudged } from './unjudgedCookie.ts';

/** Forms that show no factor, by the name of their button. */
export const ACTS = ['cancel', 'again', 'another', 'accept', 'skip', 'continue'] as const;

export async function perform(sending: Sending, act: (typeof ACTS)[number]): Promise<void> {
  const { login, ctx, request, form, sent } = sending;
  const sessionUid = request.stepUp?.sessionUid ?? null;
  const held = await moveHolder(login.world, request.id, { sent, secret: sending.secret, sessionUid });
  if (held === 'answered') return await repeatAnswer(sending);
  // Its way out leads back to the relying party, and leaves the sign-in to the browser that holds it.
  if (held === 'foreign' && act === 'cancel')
    return await login.interactions.leave(ctx, sending.next, request);
  // Nobody has shown anything: nothing is written either, or anybody could fill a table by giving up.
  if (held === 'nothing' && act === 'cancel' && request.signIn && !request.stepUp)
    return await login.interactions.giveUpUnwritten(ctx, sending.next, request, unwrittenRefusal(sending));
  if (held === 'foreign' || held === 'over') return seeOther(ctx, ctx.path);
  // Where there is no row the answer makes one, held by this form.
  const holding = { ...sending, secret: held === 'held' ? sent.secret : null };
  switch (act) {
    case 'cancel':
      return await giveUp(holding);
    case 'accept':
      return await agree(holding, field(form, 'step'));
    case 'skip':
      return await skip(holding);
    case 'continue':
      return await goOn(holding, holding.secret);
    case 'again':
      await askPasswordAgain(login.world, request.id);
      break;
    case 'another':
      // Of a session alone: elsewhere nobody is signed in for whom another could come.
      if (request.stepUp) await signInAsAnother(login.world, request.id);
  }
  lead(sending, held === 'held');
}

/**
 * Yes to what the page asked that the form was on, if it is still asked; anywhere else there is nothing to say yes to.
 * Without the form's own word a second click on one page would be a yes to the next, which nobody has seen.
 */
async function agree(sending: Sending, step: string): Promise<void> {
  const { login, request, secret } = sending;
  const { world } = login;
  const shown = await showSignIn(world, request, secret);
  if (shown.page === step && shown.page === 'public-sites' && shown.bar === null) {
    await choosePublicSites(world, shown.identity.id, true);
  }
  if (shown.page === step && shown.page === 'consent') {
    const { id: interactionId, clientId } = request;
    const { scopes, identity } = shown;
    await giveConsent(world, { interactionId, clientId, scopes, identityId: identity.id });
  }
  await goOn(sending, secret);
}

/** Not now: only where the new card is asked for beside the old one. */
async function skip(sending: Sending): Promise<void> {
  const { login, request, secret } = sending;
  const shown = await showSignIn(login.world, request, secret);
  if (shown.page === 'new-card' && !shown.instead) await goOnWithoutNewCard(login.world, request.id);
  await goOn(sending, secret);
}

/** Every page has a way out. The relying party is told what stood in the way, if anything did. */
async function giveUp(sending: Sending): Promise<void> {
  const { login, request, secret } = sending;
  const { world, interactions } = login;
  const shown = await showSignIn(world, request, secret);
  if (shown.page === 'expired') return await repeatAnswer(sending);
  if (shown.page === 'consent') {
    const { identity, scopes } = shown;
    const isWhole = request.consentPage || scopes.includes('openid');
    await refuseConsent(world, { identityId: identity.id, clientId: request.clientId, scopes, isWhole });
  }
  await interactions.refuse(request, refusalOf(shown));
  await end(sending, secret);
}

/** What stood in the way, where the browser carries it. */
function unwrittenRefusal({ login, ctx, request }: Sending): Refusal {
  const unjudged = readUnjudged(login, ctx, request.id);
  if (!unjudged) return 'user_cancelled';
  return refusalOf(showUnjudged(login.world, request, unjudged));
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
