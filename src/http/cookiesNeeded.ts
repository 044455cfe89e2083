/**
 * Tells a browser that it keeps no cookies, once one should have been sent back
 * (domain/errors/cookieProbe.ts).
 */
import type { Context } from 'koa';
import { FIRST_PARTY_CLIENTS } from '../domain/relyingParty/firstPartyClient.ts';
import type { Interactions } from '../oidc/signIn/interaction.ts';
import { composePageFrame, sendPage } from '../ui/page.ts';
import { CookiesNeededPage } from '../ui/pages/cookiesNeeded.page.tsx';
import { HttpError } from '../ui/httpError.ts';

/**
 * @param tryAgain where a browser that accepts cookies can start again; null where only the relying party
 *   that it came from knows.
 */
export function sendCookiesNeeded(ctx: Context, stylesheet: string, tryAgain: string | null): void {
  ctx.status = 400;
  const frame = { ...composePageFrame(ctx, stylesheet), languageSwitch: null };
  sendPage(ctx, CookiesNeededPage({ ...frame, host: ctx.host, tryAgain }));
}

/**
 * Refuses a request that is forged, of another browser, finished or expired, or whose cookies the browser did
 * not keep.
 * @param isFromUs the browser came from a page of this sign-in, or was redirected by Nøgle a moment ago
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
