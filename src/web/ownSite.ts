/**
 * A site of our own behind a sign-in. It is a relying party of Nøgle like others: an authorization code flow
 * with PKCE, and a session of its own afterwards, which is judged at each request by what it stands on
 * (store/ownSite/ownSessions.ts).
 *
 * Signing out takes one click: it ends this session and the one of Nøgle in this browser, without a question.
 * On a counter that several people use, a person who clicks and walks away leaves nothing open. Only where
 * somebody else is signed in to Nøgle with this browser by now are they asked, by Nøgle's own log-out.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { isWithin, type OwnSite } from '../core/ownSite.ts';
import type { Standing } from '../oidc/session.ts';
import {
  beginOwnSession,
  csrfOf,
  endOwnSession,
  findLeaving,
  findVisitor,
  readTimeLeft,
  type Visitor,
} from '../usecases/ownSite/ownSession.ts';
import { endSession } from '../usecases/selfService/access.ts';
import { beginArrival } from '../usecases/ownSite/arrival.ts';
import { beginPending, type Pending } from '../usecases/ownSite/pending.ts';
import type { World } from '../usecases/world.ts';
import { markOfSession } from './courtesy/timeout.tsx';
import type { WebContext } from './feature.ts';
import { field, isSameText, readForm, type Form } from './forms.ts';
import { addArrivalRoutes, continuePath } from './ownSite/arrival.ts';
import { NotSignedIn, OwnClient } from './ownSite/client.ts';
import { OwnCookies } from './ownSite/cookies.ts';
import { followLanguageSwitch, frameOf, seeOther, sendPage } from './page.ts';
import { NotSignedInPage, SignedOutPage, TimedOutPage } from './pages/ownSite.tsx';
import { Trouble } from './trouble.ts';

/** A site that knows who is there; its pages ask for nobody by themselves. */
export interface BehindSignIn {
  readonly site: OwnSite;
  /**
   * Whoever is signed in here. Null when nobody is: then the answer is given, and the browser on its way to sign in and
   * back. What was posted is not kept; the page that it came from is asked to say so, by `again` in its query. So forms
   * are posted to the address of the page on which they stand.
   */
  admit(ctx: Context): Promise<Visitor | null>;
  /**
   * To the sign-in and back, with password and key, also for who is signed in: what is asked for takes more
   * than a session.
   * @param to within the site.
   */
  signInAgain(ctx: Context, to: string): Promise<void>;
  /** Whoever is signed in here, or null; nothing is answered. */
  find(ctx: Context): Promise<Visitor | null>;
  /** A form of the page that this visitor was shown. @throws Trouble (400, 403, 413, 415) */
  readForm(ctx: Context, visitor: Visitor): Promise<Form>;
}

/** @returns where a person who has just signed in goes first. @param to where they were on the way to. */
export type FirstPage = (world: World, identityId: string, to: string) => Promise<string>;

/** Routes of the sign-in itself, below the path of the site. */
export function addOwnSite(
  router: Router,
  site: OwnSite,
  context: WebContext,
  firstPage: FirstPage | null = null,
): BehindSignIn {
  const { world, sessions, stylesheet, issuer, isSecure } = context;
  const client = new OwnClient(site, context);
  const cookies = new OwnCookies(world, site, isSecure);

  /** Of several the one that lives; the others were made by, or beside, a node of the version before. */
  const readSession = async (ctx: Context): Promise<string | null> => {
    const contents = cookies.readSessions(ctx);
    const [first = null] = contents;
    if (contents.length < 2) return first;
    for (const one of contents) if ((await readTimeLeft(world, site, one)) > 0) return one;
    return first;
  };

  const find = async (ctx: Context): Promise<Visitor | null> => {
    const content = await readSession(ctx);
    return content ? await findVisitor(world, site, content) : null;
  };

  const admit = async (ctx: Context): Promise<Visitor | null> => {
    const visitor = await find(ctx);
    if (visitor) return visitor;
    const again = ctx.method === 'POST';
    await beginSignIn(ctx, { to: again ? ctx.path : ctx.url, again }, false);
    return null;
  };

  const beginSignIn = async (ctx: Context, back: { to: string; again: boolean }, isWhole: boolean) => {
    const pending = beginPending(world, site, back);
    const { href } = await client.signInUrl(pending, isWhole);
    cookies.keepPending(ctx, pending);
    seeOther(ctx, href);
  };

  const signInAgain = async (ctx: Context, to: string): Promise<void> =>
    await beginSignIn(ctx, { to, again: false }, true);

  const readOwnForm = async (ctx: Context, { csrf }: Pick<Visitor, 'csrf'>): Promise<Form> => {
    const form = await readForm(ctx);
    if (!isSameText(csrf, field(form, 'csrf'))) throw new Trouble(403, 'bad_form');
    return form;
  };

  const refuse = async (ctx: Context, status: number): Promise<void> => {
    // An answer that comes twice: whoever is signed in goes on.
    if (await find(ctx)) return seeOther(ctx, site.path);
    ctx.status = status;
    sendPage(ctx, NotSignedInPage({ ...frameOf(ctx, stylesheet), languageSwitch: null, site }));
  };

  router.get(`${site.path}/callback`, async (ctx) => {
    const { state } = ctx.query;
    const pending = typeof state === 'string' ? cookies.readPending(ctx, state) : null;
    if (!pending) return await refuse(ctx, 400);
    const standing = await comeBack(ctx, pending);
    // Good for one answer. A fault of ours is thrown before: then the same address may be asked for again.
    cookies.forgetPending(ctx, pending);
    if (!standing) return await refuse(ctx, 200);
    if (standing.keyAt || site.freshKey) return await enter(ctx, standing, pending);
    // No key was given here: a session was there already. Nobody is taken along by a mere link.
    cookies.keepArrival(ctx, beginArrival(world, pending, standing));
    seeOther(ctx, continuePath(site, pending.state));
  });

  const enter = async (ctx: Context, standing: Standing, back: Pick<Pending, 'to' | 'again'>) => {
    const before = await readSession(ctx);
    if (before) await endOwnSession(world, site, before);
    cookies.setSession(ctx, await beginOwnSession(world, site, standing));
    const to = wayBack(site, back);
    // A form that was lost is said first.
    if (!firstPage || back.again) return seeOther(ctx, to);
    seeOther(ctx, await firstPage(world, standing.identityId, to));
  };

  addArrivalRoutes(router, {
    world,
    site,
    cookies,
    stylesheet,
    isSecure,
    enter: async (ctx, arrival) => {
      cookies.forgetPending(ctx, arrival);
      const { identityId, sessionUid, loginAt } = arrival;
      await enter(ctx, { identityId, sessionUid, loginAt: new Date(loginAt), keyAt: null }, arrival);
    },
    refuse: (ctx) => refuse(ctx, 400),
  });

  const comeBack = async (ctx: Context, pending: Pending) => {
    try {
      const { identityId, accessToken } = await client.redeem(new URL(ctx.url, issuer), pending);
      const standing = await sessions.findStanding(accessToken);
      return standing?.identityId === identityId ? standing : null;
    } catch (error) {
      if (error instanceof NotSignedIn) return null;
      throw error;
    }
  };

  router.post(`${site.path}/sign-out`, async (ctx: Context) => {
    const content = await readSession(ctx);
    const leaving = content ? await findLeaving(world, site, content) : null;
    const here = await sessions.find(ctx);
    const isTheirs = leaving !== null && here?.identityId === leaving.identityId;
    const location = here && !isTheirs ? (await client.signOutUrl()).href : `${site.path}/signed-out`;
    if (content && leaving) {
      await readOwnForm(ctx, leaving);
      await endOwnSession(world, site, content);
      if (here && isTheirs) await sessions.end(ctx, here, site.clientId);
      if (here?.uid !== leaving.sessionUid) await endSession(world, leaving, leaving.sessionUid);
    }
    // A form of another site brings no cookie: it takes none away either.
    if (content) cookies.setSession(ctx, null);
    seeOther(ctx, location);
  });

  router.get(`${site.path}/signed-out`, async (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    // Nobody is led to believe that a session is over which goes on.
    if ((await readOwnTimeLeft(ctx)) > 0) return seeOther(ctx, site.path);
    const isStillSignedIn = (await sessions.find(ctx)) !== null;
    sendPage(ctx, SignedOutPage({ ...frameOf(ctx, stylesheet), site, isStillSignedIn }));
  });

  const readOwnTimeLeft = async (ctx: Context): Promise<number> => {
    const content = await readSession(ctx);
    return content ? await readTimeLeft(world, site, content) : 0;
  };

  /** Whether a page that names its session (courtesy/timeout) is of the one that this browser has by now. */
  const isOfSession = async (ctx: Context): Promise<boolean> => {
    const { of } = ctx.query;
    const content = await readSession(ctx);
    return of === undefined || (content !== null && of === markOfSession(csrfOf(world, site, content)));
  };

  // For the script of a page that lies open (courtesy/timeout): other tabs and nodes may know more than its clock.
  router.get(`${site.path}/time-left`, async (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    ctx.body = String((await isOfSession(ctx)) ? await readOwnTimeLeft(ctx) : 0);
  });

  router.get(`${site.path}/timed-out`, async (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    const { to } = ctx.query;
    const backTo = typeof to === 'string' && isWithin(site, to) ? to : site.path;
    const isSignedIn = (await readOwnTimeLeft(ctx)) > 0;
    sendPage(ctx, TimedOutPage({ ...frameOf(ctx, stylesheet), site, backTo, isSignedIn }));
  });

  return { site, admit, signInAgain, find, readForm: readOwnForm };
}

/** Within the site, whatever the cookie says; and with a word where a form was lost. */
function wayBack(site: OwnSite, { to, again }: Pick<Pending, 'to' | 'again'>): string {
  const path = isWithin(site, to) ? to : site.path;
  return again ? `${path}${path.includes('?') ? '&' : '?'}again=1` : path;
}
