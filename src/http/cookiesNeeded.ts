/** A browser that keeps no cookies is told so once one should have come back (core/errors/cookieProbe). */
import type { Context } from 'koa';
import { FIRST_PARTY_CLIENTS } from '../domain/relyingParty/firstPartyClient.ts';
import type { Interactions } from '../oidc/signIn/interaction.ts';
import { composePageFrame, sendPage } from '../ui/page.ts';
import { CookiesNeededPage } from '../ui/pages/cookiesNeeded.page.tsx';
import { HttpError } from '../ui/httpError.ts';

/** @param tryAgain where a browser that keeps them now begins; null where only the site that it came from knows. */
export function sendCookiesNeeded(ctx: Context, stylesheet: string, tryAgain: string | null): void {
  ctx.status = 400;
  const frame = { ...composePageFrame(ctx, stylesheet), languageSwitch: null };
  sendPage(ctx, CookiesNeededPage({ ...frame, host: ctx.host, tryAgain }));
}

/**
 * A request that is forged, foreign, finished or expired; or one whose cookies the browser did not keep.
 * @param isFromUs led here by a page of this sign-in, or by us a moment ago
 * @throws HttpError (400)
 */
export function refuseRequest(
  { interactions, stylesheet }: { interactions: Interactions; stylesheet: string },
  ctx: Context,
  isFromUs: boolean,
): void {
  if (!isFromUs || interactions.hasInteractionCookie()) throw new HttpError(400, 'expired');
  const site = FIRST_PARTY_CLIENTS.find(({ clientId }) => clientId === ctx.query['site']);
  sendCookiesNeeded(ctx, stylesheet, site?.path ?? null);
}
