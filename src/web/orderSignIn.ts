/**
 * `/order/sign-in`: whoever has an ID signs in with both factors, to use it on public sites. The sign-in itself asks,
 * as at every public site; here is only where it comes back to. Nobody stays signed in at this site, so there is no
 * session of its own, and what it comes to are pages that may be loaded anew.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { ORDER } from '../core/ownSite.ts';
import { hadPublicSites } from '../usecases/ordering/hadPublicSites.ts';
import { beginPending } from '../usecases/ownSite/pending.ts';
import type { Feature, WebContext } from './feature.ts';
import { NotSignedIn, OwnClient } from './ownSite/client.ts';
import { OwnCookies } from './ownSite/cookies.ts';
import { followLanguageSwitch, frameOf, seeOther, sendPage } from './page.ts';
import { OrderPublicSitesPage, OrderUnchangedPage } from './pages/order/answers.tsx';
import { sessionCsrfToken } from './session.ts';
import { Trouble } from './trouble.ts';

export const orderSignIn: Feature = { mount: addOrderSignInRoutes };

function addOrderSignInRoutes(router: Router, context: WebContext): void {
  const { world, sessions, stylesheet, issuer, isSecure } = context;
  const client = new OwnClient(ORDER, context);
  const cookies = new OwnCookies(world, ORDER, isSecure);

  router.get('/order/sign-in', async (ctx) => {
    const pending = beginPending(world, ORDER, { to: ORDER.path, again: false });
    const { href } = await client.signInUrl(pending, false);
    cookies.keepPending(ctx, pending);
    seeOther(ctx, href);
  });

  router.get('/order/callback', async (ctx) => {
    const { state } = ctx.query;
    const pending = typeof state === 'string' ? cookies.readPending(ctx, state) : null;
    // Not begun in this browser, or it took too long.
    if (!pending) throw new Trouble(400, 'expired');
    const came = await client.redeem(new URL(ctx.url, issuer), pending).catch(nullIfNotSignedIn);
    // Good for one answer. A fault of ours is thrown before: then the same address may be asked for again.
    cookies.forgetPending(ctx, pending);
    if (came) {
      const standing = await sessions.findStanding(came.accessToken);
      if (!standing) throw new Trouble(400, 'expired');
      const wasOn = await hadPublicSites(world, standing.identityId);
      return seeOther(ctx, wasOn ? '/order/public-sites/already' : '/order/public-sites');
    }
    if (ctx.query['error'] === 'access_denied') return seeOther(ctx, '/order/unchanged');
    throw new Trouble(400, 'expired');
  });

  const addPage = (path: string, send: (ctx: Context) => void | Promise<void>) => {
    router.get(path, async (ctx) => {
      if (!followLanguageSwitch(ctx, isSecure)) await send(ctx);
    });
  };
  // With the way out in one click: the person came here for this alone.
  const sendOutcome = async (ctx: Context, wasOn: boolean) => {
    const session = await sessions.find(ctx);
    const csrf = session && sessionCsrfToken(world, session);
    sendPage(ctx, OrderPublicSitesPage({ ...frameOf(ctx, stylesheet), wasOn, csrf }));
  };
  addPage('/order/public-sites', (ctx) => sendOutcome(ctx, false));
  addPage('/order/public-sites/already', (ctx) => sendOutcome(ctx, true));
  addPage('/order/unchanged', (ctx) => sendPage(ctx, OrderUnchangedPage(frameOf(ctx, stylesheet))));
}

function nullIfNotSignedIn(error: unknown): null {
  if (error instanceof NotSignedIn) return null;
  throw error;
}
