/**
 * The sign-in of a first-party client. The client is a relying party of Nøgle like others: an authorization
 * code flow with PKCE, followed by its own session, which is checked at each request against the session at
 * Nøgle that it depends on (db/oidc/firstPartySessions.ts).
 *
 * Signing out takes one click: it ends this session and the one at Nøgle in this browser, without a question.
 * On a counter that several people use, a person who clicks and walks away leaves nothing open. If another
 * person has signed in to Nøgle with this browser in the meantime, Nøgle's own log-out asks.
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

/** The functions by which the pages of a first-party client find or require the signed-in user. */
export interface SignInGuard {
  readonly site: FirstPartyClient;
  /**
   * Returns the signed-in user. Returns null when no one is signed in; then the response redirects to the
   * sign-in and back. A posted form is not stored: the page that it came from is asked, by `again` in its
   * query, to state that. So forms must be posted to the address of the page that they are on.
   */
  requireUser(ctx: Context): Promise<FirstPartyUser | null>;
  /**
   * Redirects to the sign-in and back, with password and key, also for a signed-in user: the request requires
   * more than a session.
   * @param to within the client's path
   */
  signInAgain(ctx: Context, to: string): Promise<void>;
  /** Returns the signed-in user or null, without responding. */
  findUser(ctx: Context): Promise<FirstPartyUser | null>;
  /**
   * Reads a form of the page that this user was shown.
   * @throws HttpError (400, 403, 413, 415)
   */
  readForm(ctx: Context, user: FirstPartyUser): Promise<PostedForm>;
}

/**
 * @param to where the person was going
 * @returns where a person who has just signed in goes first
 */
export type ChooseFirstPage = (context: AppContext, identityId: string, to: string) => Promise<string>;

/** Adds the routes of the sign-in, below the client's path. */
export function addFirstPartySignIn(
  router: Router,
  site: FirstPartyClient,
  context: FeatureDeps,
  firstPage: ChooseFirstPage | null = null,
): SignInGuard {
  const { context: appContext, sessions, stylesheet, issuer, isSecure } = context;
  const client = new FirstPartyOidcClient(site, context);
  const cookies = new FirstPartyCookies(appContext, site, isSecure);

  /**
   * Returns the live session of several; the others were made by, or in parallel with, a node of the previous
   * version.
   */
  const readSession = async (ctx: Context): Promise<string | null> => {
    const contents = cookies.readSessions(ctx);
    const [first = null] = contents;
    if (contents.length < 2) return first;
    for (const one of contents) if ((await readSessionTimeLeft(appContext, site, one)) > 0) return one;
    return first;
  };

  const findUser = async (ctx: Context): Promise<FirstPartyUser | null> => {
    const content = await readSession(ctx);
    return content ? await findFirstPartyUser(appContext, site, content) : null;
  };

  const requireUser = async (ctx: Context): Promise<FirstPartyUser | null> => {
    const user = await findUser(ctx);
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

  const readUserForm = async (ctx: Context, { csrf }: Pick<FirstPartyUser, 'csrf'>): Promise<PostedForm> => {
    const form = await readForm(ctx);
    if (!isSameText(csrf, requireField(form, 'csrf'))) throw new HttpError(403, 'bad_form');
    return form;
  };

  const refuse = async (ctx: Context, status: number): Promise<void> => {
    // A callback that is repeated: a person who is signed in continues.
    if (await findUser(ctx)) return redirectWithGet(ctx, site.path);
    ctx.status = status;
    sendPage(ctx, NotSignedInPage({ ...composePageFrame(ctx, stylesheet), languageSwitch: null, site }));
  };

  router.get(`${site.path}/callback`, async (ctx) => {
    const { state } = ctx.query;
    const pending = typeof state === 'string' ? cookies.readPending(ctx, state) : null;
    if (!pending) return await refuse(ctx, 400);
    const signInProof = await redeemCallback(ctx, pending);
    // Valid for one response. An error of Nøgle is thrown before this: then the same address may be requested
    // again.
    cookies.clearPending(ctx, pending);
    if (!signInProof) return await refuse(ctx, 200);
    if (signInProof.keyAt || site.freshKey) return await enter(ctx, signInProof, pending);
    // No key was given for this request: a session existed already. A mere link must not sign anyone in here.
    cookies.setArrival(ctx, beginArrival(appContext, pending, signInProof));
    redirectWithGet(ctx, composeContinuePath(site, pending.state));
  });

  const enter = async (
    ctx: Context,
    signInProof: SignInProof,
    back: Pick<FirstPartyRequest, 'to' | 'again'>,
  ) => {
    const previous = await readSession(ctx);
    if (previous) await endFirstPartySession(appContext, site, previous);
    cookies.setSession(ctx, await createFirstPartySession(appContext, site, signInProof));
    const to = composeReturnPath(site, back);
    // A lost form is reported first.
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

  const redeemCallback = async (ctx: Context, pending: FirstPartyRequest) => {
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
    const owner = content ? await findUserSigningOut(appContext, site, content) : null;
    const session = await sessions.findSession(ctx);
    const isSamePerson = owner !== null && session?.identityId === owner.identityId;
    const location = session && !isSamePerson ? (await client.signOutUrl()).href : `${site.path}/signed-out`;
    if (content && owner) {
      await readUserForm(ctx, owner);
      await endFirstPartySession(appContext, site, content);
      if (session && isSamePerson) await sessions.endSession(ctx, session, site.clientId);
      if (session?.uid !== owner.sessionUid) await endSessionByPerson(appContext, owner, owner.sessionUid);
    }
    // A form from another site sends no cookie, so it must not remove one either.
    if (content) cookies.setSession(ctx, null);
    redirectWithGet(ctx, location);
  });

  router.get(`${site.path}/signed-out`, async (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    // The page must not claim that a session is over while it lives.
    if ((await readTimeLeft(ctx)) > 0) return redirectWithGet(ctx, site.path);
    const isStillSignedIn = (await sessions.findSession(ctx)) !== null;
    sendPage(ctx, SignedOutPage({ ...composePageFrame(ctx, stylesheet), site, isStillSignedIn }));
  });

  const readTimeLeft = async (ctx: Context): Promise<number> => {
    const content = await readSession(ctx);
    return content ? await readSessionTimeLeft(appContext, site, content) : 0;
  };

  /** Checks that a page which names its session (courtesy/timeout) belongs to this browser's current one. */
  const isOfSession = async (ctx: Context): Promise<boolean> => {
    const { of } = ctx.query;
    const content = await readSession(ctx);
    return (
      of === undefined ||
      (content !== null && of === hashSessionForPage(readCsrfOfSession(appContext, site, content)))
    );
  };

  // For the script of an open page (courtesy/timeout): other tabs and nodes may know more than its clock.
  router.get(`${site.path}/time-left`, async (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    ctx.body = String((await isOfSession(ctx)) ? await readTimeLeft(ctx) : 0);
  });

  router.get(`${site.path}/timed-out`, async (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    const { to } = ctx.query;
    const backTo = typeof to === 'string' && isPathOfClient(site, to) ? to : site.path;
    const isSignedIn = (await readTimeLeft(ctx)) > 0;
    sendPage(ctx, TimedOutPage({ ...composePageFrame(ctx, stylesheet), site, backTo, isSignedIn }));
  });

  return { site, requireUser, signInAgain, findUser, readForm: readUserForm };
}

/** Returns a path within the client, regardless of the cookie; `again=1` when a form was lost. */
function composeReturnPath(
  site: FirstPartyClient,
  { to, again }: Pick<FirstPartyRequest, 'to' | 'again'>,
): string {
  const path = isPathOfClient(site, to) ? to : site.path;
  return again ? `${path}${path.includes('?') ? '&' : '?'}again=1` : path;
}
