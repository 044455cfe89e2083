/**
 * A site of our own behind a sign-in. It is a relying party of Nøgle like others: an authorization code flow
 * with PKCE, and a session of its own afterwards, which is judged at each request by what it stands on
 * (db/oidc/firstPartySessions.ts).
 *
 * Signing out takes one click: it ends this session and the one of Nøgle in this browser, without a question.
 * On a counter that several people use, a person who clicks and walks away leaves nothing open. Only where
 * somebody else is signed in to Nøgle with this browser by now are they asked, by Nøgle's own log-out.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { isPathOfClient, type FirstPartyClient } from '../../domain/relyingParty/firstPartyClient.ts';
import type { SignInProof } from '../../oidc/signIn/browserSessions.ts';
import {
  createFirstPartySession,
  readCsrfOfSession,
  endFirstPartySession,
  findUserSigningOut,
  findFirstPartyUser,
  readSessionTimeLeft,
  type FirstPartyUser,
} from './firstPartySession.ts';
import { endSessionByPerson } from '../access/index.ts';
import { beginArrival } from './firstPartyArrival.ts';
import { createFirstPartyRequest, type FirstPartyRequest } from './firstPartyRequest.ts';
import type { AppContext } from '../appContext.ts';
import { hashSessionForPage } from '../../ui/courtesy/timeout.tsx';
import type { FeatureDeps } from '../feature.ts';
import { requireField, isSameText, readForm, type PostedForm } from '../../http/forms.ts';
import { addArrivalRoutes, composeContinuePath } from './ownArrival.ts';
import { NotSignedInError, FirstPartyOidcClient } from './ownClient.ts';
import { FirstPartyCookies } from './ownCookies.ts';
import { followLanguageSwitch, composePageFrame, redirectWithGet, sendPage } from '../../ui/page.ts';
import { NotSignedInPage, SignedOutPage, TimedOutPage } from './signedOut.page.tsx';
import { HttpError } from '../../ui/httpError.ts';

/** A site that knows who is there; its pages ask for nobody by themselves. */
export interface SignInGuard {
  readonly site: FirstPartyClient;
  /**
   * Whoever is signed in here. Null when nobody is: then the answer is given, and the browser on its way to sign in and
   * back. What was posted is not kept; the page that it came from is asked to say so, by `again` in its query. So forms
   * are posted to the address of the page on which they stand.
   */
  requireUser(ctx: Context): Promise<FirstPartyUser | null>;
  /**
   * To the sign-in and back, with password and key, also for who is signed in: what is asked for takes more
   * than a session.
   * @param to within the site.
   */
  signInAgain(ctx: Context, to: string): Promise<void>;
  /** Whoever is signed in here, or null; nothing is answered. */
  findUser(ctx: Context): Promise<FirstPartyUser | null>;
  /** A form of the page that this visitor was shown. @throws HttpError (400, 403, 413, 415) */
  readForm(ctx: Context, user: FirstPartyUser): Promise<PostedForm>;
}

/** @returns where a person who has just signed in goes first. @param to where they were on the way to. */
export type ChooseFirstPage = (context: AppContext, identityId: string, to: string) => Promise<string>;

/** Routes of the sign-in itself, below the path of the site. */
export function addFirstPartySignIn(
  router: Router,
  site: FirstPartyClient,
  context: FeatureDeps,
  firstPage: ChooseFirstPage | null = null,
): SignInGuard {
  const { context: appContext, sessions, stylesheet, issuer, isSecure } = context;
  const client = new FirstPartyOidcClient(site, context);
  const cookies = new FirstPartyCookies(appContext, site, isSecure);

  /** Of several the one that lives; the others were made by, or beside, a node of the version before. */
  const readSession = async (ctx: Context): Promise<string | null> => {
    const contents = cookies.readSessions(ctx);
    const [first = null] = contents;
    if (contents.length < 2) return first;
    for (const one of contents) if ((await readSessionTimeLeft(appContext, site, one)) > 0) return one;
    return first;
  };

  const find = async (ctx: Context): Promise<FirstPartyUser | null> => {
    const content = await readSession(ctx);
    return content ? await findFirstPartyUser(appContext, site, content) : null;
  };

  const admit = async (ctx: Context): Promise<FirstPartyUser | null> => {
    const user = await find(ctx);
    if (user) return user;
    const again = ctx.method === 'POST';
    await beginSignIn(ctx, { to: again ? ctx.path : ctx.url, again }, false);
    return null;
  };

  const beginSignIn = async (ctx: Context, back: { to: string; again: boolean }, isWhole: boolean) => {
    const pending = createFirstPartyRequest(appContext, site, back);
    const { href } = await client.signInUrl(pending, isWhole);
    cookies.setPending(ctx, pending);
    redirectWithGet(ctx, href);
  };

  const signInAgain = async (ctx: Context, to: string): Promise<void> =>
    await beginSignIn(ctx, { to, again: false }, true);

  const readOwnForm = async (ctx: Context, { csrf }: Pick<FirstPartyUser, 'csrf'>): Promise<PostedForm> => {
    const form = await readForm(ctx);
    if (!isSameText(csrf, requireField(form, 'csrf'))) throw new HttpError(403, 'bad_form');
    return form;
  };

  const refuse = async (ctx: Context, status: number): Promise<void> => {
    // An answer that comes twice: whoever is signed in goes on.
    if (await find(ctx)) return redirectWithGet(ctx, site.path);
    ctx.status = status;
    sendPage(ctx, NotSignedInPage({ ...composePageFrame(ctx, stylesheet), languageSwitch: null, site }));
  };

  router.get(`${site.path}/callback`, async (ctx) => {
    const { state } = ctx.query;
    const pending = typeof state === 'string' ? cookies.readPending(ctx, state) : null;
    if (!pending) return await refuse(ctx, 400);
    const signInProof = await comeBack(ctx, pending);
    // Good for one answer. A fault of ours is thrown before: then the same address may be asked for again.
    cookies.clearPending(ctx, pending);
    if (!signInProof) return await refuse(ctx, 200);
    if (signInProof.keyAt || site.freshKey) return await enter(ctx, signInProof, pending);
    // No key was given here: a session was there already. Nobody is taken along by a mere link.
    cookies.setArrival(ctx, beginArrival(appContext, pending, signInProof));
    redirectWithGet(ctx, composeContinuePath(site, pending.state));
  });

  const enter = async (
    ctx: Context,
    signInProof: SignInProof,
    back: Pick<FirstPartyRequest, 'to' | 'again'>,
  ) => {
    const before = await readSession(ctx);
    if (before) await endFirstPartySession(appContext, site, before);
    cookies.setSession(ctx, await createFirstPartySession(appContext, site, signInProof));
    const to = composeReturnPath(site, back);
    // A form that was lost is said first.
    if (!firstPage || back.again) return redirectWithGet(ctx, to);
    redirectWithGet(ctx, await firstPage(appContext, signInProof.identityId, to));
  };

  addArrivalRoutes(router, {
    context: appContext,
    site,
    cookies,
    stylesheet,
    isSecure,
    enter: async (ctx, arrival) => {
      cookies.clearPending(ctx, arrival);
      const { identityId, sessionUid, loginAt } = arrival;
      await enter(ctx, { identityId, sessionUid, loginAt: new Date(loginAt), keyAt: null }, arrival);
    },
    refuse: (ctx) => refuse(ctx, 400),
  });

  const comeBack = async (ctx: Context, pending: FirstPartyRequest) => {
    try {
      const { identityId, accessToken } = await client.redeem(new URL(ctx.url, issuer), pending);
      const signInProof = await sessions.findSignInProof(accessToken);
      return signInProof?.identityId === identityId ? signInProof : null;
    } catch (error) {
      if (error instanceof NotSignedInError) return null;
      throw error;
    }
  };

  router.post(`${site.path}/sign-out`, async (ctx: Context) => {
    const content = await readSession(ctx);
    const leaving = content ? await findUserSigningOut(appContext, site, content) : null;
    const here = await sessions.findSession(ctx);
    const isTheirs = leaving !== null && here?.identityId === leaving.identityId;
    const location = here && !isTheirs ? (await client.signOutUrl()).href : `${site.path}/signed-out`;
    if (content && leaving) {
      await readOwnForm(ctx, leaving);
      await endFirstPartySession(appContext, site, content);
      if (here && isTheirs) await sessions.endSession(ctx, here, site.clientId);
      if (here?.uid !== leaving.sessionUid) await endSessionByPerson(appContext, leaving, leaving.sessionUid);
    }
    // A form of another site brings no cookie: it takes none away either.
    if (content) cookies.setSession(ctx, null);
    redirectWithGet(ctx, location);
  });

  router.get(`${site.path}/signed-out`, async (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    // Nobody is led to believe that a session is over which goes on.
    if ((await readOwnTimeLeft(ctx)) > 0) return redirectWithGet(ctx, site.path);
    const isStillSignedIn = (await sessions.findSession(ctx)) !== null;
    sendPage(ctx, SignedOutPage({ ...composePageFrame(ctx, stylesheet), site, isStillSignedIn }));
  });

  const readOwnTimeLeft = async (ctx: Context): Promise<number> => {
    const content = await readSession(ctx);
    return content ? await readSessionTimeLeft(appContext, site, content) : 0;
  };

  /** Whether a page that names its session (courtesy/timeout) is of the one that this browser has by now. */
  const isOfSession = async (ctx: Context): Promise<boolean> => {
    const { of } = ctx.query;
    const content = await readSession(ctx);
    return (
      of === undefined ||
      (content !== null && of === hashSessionForPage(readCsrfOfSession(appContext, site, content)))
    );
  };

  // For the script of a page that lies open (courtesy/timeout): other tabs and nodes may know more than its clock.
  router.get(`${site.path}/time-left`, async (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    ctx.body = String((await isOfSession(ctx)) ? await readOwnTimeLeft(ctx) : 0);
  });

  router.get(`${site.path}/timed-out`, async (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    const { to } = ctx.query;
    const backTo = typeof to === 'string' && isPathOfClient(site, to) ? to : site.path;
    const isSignedIn = (await readOwnTimeLeft(ctx)) > 0;
    sendPage(ctx, TimedOutPage({ ...composePageFrame(ctx, stylesheet), site, backTo, isSignedIn }));
  });

  return { site, requireUser: admit, signInAgain, findUser: find, readForm: readOwnForm };
}

/** Within the site, whatever the cookie says; and with a word where a form was lost. */
function composeReturnPath(
  site: FirstPartyClient,
  { to, again }: Pick<FirstPartyRequest, 'to' | 'again'>,
): string {
  const path = isPathOfClient(site, to) ? to : site.path;
  return again ? `${path}${path.includes('?') ? '&' : '?'}again=1` : path;
}
