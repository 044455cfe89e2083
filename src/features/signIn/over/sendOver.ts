/**
 * Answers at the address of a sign-in that is over, or that this browser does not have: what happened, and
 * the way back to the relying party. A browser that keeps no cookies gets a page about that instead.
 */
import type { Context } from 'koa';
import { FIRST_PARTY_CLIENTS } from '../../../domain/relyingParty/firstPartyClient.ts';
import { sendCookiesNeeded } from '../../../http/cookiesNeeded.ts';
import { composePageFrame, followLanguageSwitch, sendPage } from '../../../ui/page.ts';
import type { SignInDeps } from '../step.ts';
import { HttpError } from '../../../ui/httpError.ts';
import { findWayBack } from './findWayBack.ts';
import { OverPage } from './over.page.tsx';
import { readSiteCookie } from './siteCookie.ts';

/** @param reason what is known of the request; what this browser got for it has precedence */
export async function sendOver(
  { context, stylesheet, isSecure }: SignInDeps,
  ctx: Context,
  reason: 'ended' | 'timed_out',
): Promise<void> {
  if (ctx.accepts('html', 'json') === 'json') {
    throw new HttpError(400, reason === 'ended' ? 'answered' : 'expired');
  }
  if (followLanguageSwitch(ctx, isSecure)) return;
  const site = readSiteCookie(ctx, isSecure);
  const wayBack = site && (await findWayBack(context, site.clientId));
  const frame = composePageFrame(ctx, stylesheet);
  ctx.status = 400;
  sendPage(
    ctx,
    OverPage({
      ...frame,
      reason: wayBack && site ? (site.progress === 'pending' ? reason : site.progress) : 'unknown',
      site: wayBack && { name: wayBack.names[frame.language], address: wayBack.address },
    }),
  );
}

/**
 * Refuses a request that is forged, of another browser, finished or expired, or whose cookies the browser did
 * not keep.
 * @param isFromUs the browser came from a page of this sign-in, or was redirected by Nøgle a moment ago
 */
export async function refuseRequest(deps: SignInDeps, ctx: Context, isFromUs: boolean): Promise<void> {
  if (!isFromUs || deps.interactions.hasInteractionCookie() || readSiteCookie(ctx, deps.isSecure))
    return await sendOver(deps, ctx, 'timed_out');
  const site = FIRST_PARTY_CLIENTS.find(({ clientId }) => clientId === ctx.query['site']);
  sendCookiesNeeded(ctx, deps.stylesheet, site?.path ?? null);
}
