/**
 * Log-out. The engine would tell within the request, and only those whom the session names; here what ends, whom it is
 * told to and the person's log are one transaction, and rows decide. The teller: backchannelLogout.ts.
 */
import type { Context, Middleware } from 'koa';
import { Provider, type Client, type KoaContextWithOIDC } from 'oidc-provider';
import type { Keyring } from '../../platform/keyring.ts';
import { endSessionInUnitOfWork, leaveClientInUnitOfWork } from '../../db/oidc/backchannelLogouts.ts';
import type { Database } from '../../db/database.ts';
import { isTokenFromSession } from '../../db/oidc/sessions.ts';
import { requireUnitOfWork } from '../../db/unitOfWork.ts';
import { clearSessionCookie } from '../signIn/browserSessions.ts';
import { findPostedHint } from './logoutRequest.ts';

type SessionOfProvider = InstanceType<Provider['Session']>;

const END_SESSION_ROUTE = 'end_session';
const END_SESSION_CONFIRM_ROUTE = 'end_session_confirm';

/** A session that ends, by its person or for somebody else's sign-in, takes with it what stands on it. */
export function revokeGrantsWithSession(provider: Provider): void {
  const { prototype } = provider.Session;
  const destroy = Reflect.get(prototype, 'destroy');
  const resetIdentifier = Reflect.get(prototype, 'resetIdentifier');
  const save = Reflect.get(prototype, 'save');

  prototype.destroy = async function endWhole(this: SessionOfProvider) {
    const { accountId: identityId, uid } = this;
    const clientIds = Object.keys(this.authorizations ?? {});
    const clientId = findRunningLogout()?.client?.clientId ?? requireUnitOfWork().signingOutOf;
    if (identityId) endSessionInUnitOfWork(requireUnitOfWork(), { uid, identityId, clientIds, clientId });
    await destroy.call(this);
  };

  // The engine has taken the relying party that asked out of the session, which its person said no to ending.
  prototype.resetIdentifier = function leaveOne(this: SessionOfProvider) {
    const { accountId: identityId, uid } = this;
    const oidc = findRunningLogout();
    const client = oidc?.route === END_SESSION_CONFIRM_ROUTE ? oidc.client : undefined;
    if (client && identityId) {
      leaveClientInUnitOfWork(requireUnitOfWork(), { uid, identityId, clientId: client.clientId });
    }
    resetIdentifier.call(this);
  };

  // A question to nobody leaves no session behind.
  prototype.save = async function saveSomebodys(this: SessionOfProvider, ttl: number) {
    if (this.accountId || !isLogoutRoute(Provider.ctx?.oidc.route)) return await save.call(this, ttl);
    Reflect.set(this, 'touched', false);
    return this.jti;
  };
}

/** What the provider knows of the log-out that it answers, where it is what runs. */
function findRunningLogout() {
  const oidc = Provider.ctx?.oidc;
  return isLogoutRoute(oidc?.route) ? oidc : undefined;
}

function isLogoutRoute(route: string | undefined): boolean {
  return route === END_SESSION_ROUTE || route === END_SESSION_CONFIRM_ROUTE;
}

export interface LogoutOptions {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly subjectOf: (accountId: string, client: Client) => string;
  /** Shows the question. */
  readonly ask: (ctx: KoaContextWithOIDC, form: string) => void;
}

/**
 * A site that has an ID token of this very session need not have its person asked: RP-Initiated Logout 1.0,
 * section 2, wants the question where there is none, or one of another session or person. So a forged link
 * cannot sign anybody out.
 */
export function createLogoutSource({ database, keyring, subjectOf, ask }: LogoutOptions) {
  const isProven = async (ctx: KoaContextWithOIDC): Promise<boolean> => {
    const { session, client, entities } = ctx.oidc;
    const hint: Readonly<Record<string, unknown>> = {
      ...(entities.IdTokenHint?.payload ?? findPostedHint(ctx)),
    };
    const identityId = session?.accountId;
    if (!client || !identityId || hint['sub'] !== subjectOf(identityId, client)) return false;
    const { uid } = session;
    const { clientId } = client;
    const [sid, iat] = [hint['sid'], hint['iat']];
    if (typeof iat !== 'number') return false;
    const token = { clientId, sid: typeof sid === 'string' ? sid : null, issuedAt: new Date(iat * 1000) };
    return await isTokenFromSession(database, { uid, identityId }, token);
  };

  return async (ctx: KoaContextWithOIDC, form: string): Promise<void> => {
    const { session, provider, params } = ctx.oidc;
    if (!session) throw new Error('nobody is asked without a session');
    if (isPersonNavigating(ctx) && (await isProven(ctx))) {
      await session.destroy();
      clearSessionCookie(provider, ctx);
      return redirectBrowser(
        ctx,
        composePostLogoutUri(params ?? {}) ?? provider.urlFor('end_session_success'),
      );
    }
    ask(ctx, reuseLogoutProof(keyring, session, form));
  };
}

/** Not a scanner that only looks, nor a browser that fetches beforehand what nobody has clicked yet. */
function isPersonNavigating(ctx: Context): boolean {
  return ctx.method === 'GET' && !/prefetch|prerender/i.test(ctx.get('Sec-Purpose') + ctx.get('Purpose'));
}

/**
 * The provider draws a new proof for each question, and forgets that of the question in another tab, whose
 * person could not sign out any more. One for the session, which only this browser has, does for all of them.
 */
function reuseLogoutProof(keyring: Keyring, session: SessionOfProvider, form: string): string {
  const asked = session as SessionOfProvider & { state: { secret: string } };
  const { secret: drawn } = asked.state;
  const secret = keyring.csrfToken(`logout ${session.uid}`);
  asked.state = { ...asked.state, secret };
  return form.replace(drawn, secret);
}

/**
 * Around the engine. Where nobody is signed in there is nothing to ask, and the engine would answer with a page that
 * sends itself by script: the browser goes straight on. What was asked in one language is answered in it.
 */
export function redirectAfterLogout(provider: Provider): Middleware {
  return async (ctx, next) => {
    await next();
    const { oidc } = ctx as Partial<KoaContextWithOIDC>;
    if (!oidc?.session || !isLogoutRoute(oidc.route)) return;
    const success = new URL(provider.urlFor('end_session_success'));
    const uiLocales = readUiLocales(ctx);
    if (uiLocales) success.searchParams.set('ui_locales', uiLocales);
    if (oidc.session.accountId) {
      const { location } = ctx.response.headers;
      if (typeof location === 'string' && location.split('?')[0] === success.href.split('?')[0]) {
        redirectBrowser(ctx, success.href);
      }
      return;
    }
    ctx.remove('Set-Cookie');
    if (oidc.route === END_SESSION_CONFIRM_ROUTE && ctx.status === 400)
      return redirectBrowser(ctx, success.href);
    if (oidc.route !== END_SESSION_ROUTE || ctx.status !== 200) return;
    redirectBrowser(ctx, composePostLogoutUri(oidc.params ?? {}) ?? success.href);
  };
}

/** The wish of a relying party, on each of the addresses and forms that it has been handed on over. */
export function readUiLocales(ctx: Context): string {
  const { oidc } = ctx as Partial<KoaContextWithOIDC>;
  const wishes = [oidc?.params?.['ui_locales'], oidc?.body?.['ui_locales'], ctx.query['ui_locales']];
  return wishes.find((wish) => typeof wish === 'string') ?? '';
}

/** The engine has let only registered addresses stand. */
function composePostLogoutUri({
  post_logout_redirect_uri: uri,
  state,
}: Readonly<Record<string, unknown>>): string | null {
  if (typeof uri !== 'string') return null;
  const back = new URL(uri);
  if (typeof state === 'string') back.searchParams.set('state', state);
  return back.href;
}

function redirectBrowser(ctx: Context, location: string): void {
  ctx.status = 303;
  ctx.set('Location', location);
  ctx.body = null;
  ctx.status = 303;
}
