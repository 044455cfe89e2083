/**
 * `/order/sign-in`: a person with an ID signs in with both factors, to use it on public sites. The sign-in
 * itself asks for that, as at every public site; these routes only receive its outcome. No one stays signed
 * in at this client, so it has no session, and its final pages may be reloaded.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { ORDER_CLIENT } from '../../domain/relyingParty/firstPartyClient.ts';
import { wasPublicSitesOn } from './publicSitesHistory.ts';
import {
  createFirstPartyRequest,
  FirstPartyCookies,
  FirstPartyOidcClient,
  NotSignedInError,
} from '../firstPartyClients/index.ts';
import type { Feature, FeatureDeps } from '../feature.ts';
import { followLanguageSwitch, composePageFrame, redirectWithGet, sendPage } from '../../ui/page.ts';
import { OrderPublicSitesPage, OrderUnchangedPage } from './answers.page.tsx';
import { deriveSessionCsrfToken } from '../sessions/index.ts';
import { HttpError } from '../../ui/httpError.ts';

export const orderSignIn: Feature = { mount: addOrderSignInRoutes };

function addOrderSignInRoutes(router: Router, context: FeatureDeps): void {
  const { context: appContext, sessions, stylesheet, issuer, isSecure } = context;
  const client = new FirstPartyOidcClient(ORDER_CLIENT, context);
  const cookies = new FirstPartyCookies(appContext, ORDER_CLIENT, isSecure);

  router.get('/order/sign-in', async (ctx) => {
    const pending = createFirstPartyRequest(appContext, ORDER_CLIENT, {
      to: ORDER_CLIENT.path,
      again: false,
    });
    const { href } = await client.signInUrl(pending, false);
    cookies.setPending(ctx, pending);
    redirectWithGet(ctx, href);
  });

  router.get('/order/callback', async (ctx) => {
    const { state } = ctx.query;
    const pending = typeof state === 'string' ? cookies.readPending(ctx, state) : null;
    // The request did not begin in this browser, or took too long.
    if (!pending) throw new HttpError(400, 'expired');
    const outcome = await client.redeem(new URL(ctx.url, issuer), pending).catch(nullIfNotSignedIn);
    // Valid for one response. An error of Nøgle is thrown before this: then the same address may be requested
    // again.
    cookies.clearPending(ctx, pending);
    if (outcome) {
      const signInProof = await sessions.findSignInProof(outcome.accessToken);
      if (!signInProof) throw new HttpError(400, 'expired');
      const wasOn = await wasPublicSitesOn(appContext, signInProof.identityId);
      return redirectWithGet(ctx, wasOn ? '/order/public-sites/already' : '/order/public-sites');
    }
    if (ctx.query['error'] === 'access_denied') return redirectWithGet(ctx, '/order/unchanged');
    throw new HttpError(400, 'expired');
  });

  const addPage = (path: string, send: (ctx: Context) => void | Promise<void>) => {
    router.get(path, async (ctx) => {
      if (!followLanguageSwitch(ctx, isSecure)) await send(ctx);
    });
  };
  // The page has a one-click sign-out: the person came here only for this.
  const sendOutcome = async (ctx: Context, wasOn: boolean) => {
    const session = await sessions.findSession(ctx);
    const csrf = session && deriveSessionCsrfToken(appContext, session);
    sendPage(ctx, OrderPublicSitesPage({ ...composePageFrame(ctx, stylesheet), wasOn, csrf }));
  };
  addPage('/order/public-sites', (ctx) => sendOutcome(ctx, false));
  addPage('/order/public-sites/already', (ctx) => sendOutcome(ctx, true));
  addPage('/order/unchanged', (ctx) => sendPage(ctx, OrderUnchangedPage(composePageFrame(ctx, stylesheet))));
}

function nullIfNotSignedIn(error: unknown): null {
  if (error instanceof NotSignedInError) return null;
  throw error;
}
