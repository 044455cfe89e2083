/**
 * Logout. The provider would notify within the request, and only the relying parties that the session names.
 * Here the end of the session, the notifications and the person's audit log are one transaction, and the
 * affected rows decide. The notifier is in backchannelLogout.ts.
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

/**
 * Overrides the provider's session: when a session ends, by its person or because another person signs in,
 * the grants that depend on it end too.
 */
export function revokeGrantsWithSession(provider: Provider): void {
  const { prototype } = provider.Session;
  const destroy = Reflect.get(prototype, 'destroy');
  const resetIdentifier = Reflect.get(prototype, 'resetIdentifier');
  const save = Reflect.get(prototype, 'save');

  prototype.destroy = async function endSession(this: SessionOfProvider) {
    const { accountId: identityId, uid } = this;
    const clientIds = Object.keys(this.authorizations ?? {});
    const clientId = findRunningLogout()?.client?.clientId ?? requireUnitOfWork().signingOutOf;
    if (identityId) endSessionInUnitOfWork(requireUnitOfWork(), { uid, identityId, clientIds, clientId });
    await destroy.call(this);
  };

  // The person chose to stay signed in; the provider has removed only the relying party that asked from the
  // session.
  prototype.resetIdentifier = function leaveClient(this: SessionOfProvider) {
    const { accountId: identityId, uid } = this;
    const oidc = findRunningLogout();
    const client = oidc?.route === END_SESSION_CONFIRM_ROUTE ? oidc.client : undefined;
    if (client && identityId) {
      leaveClientInUnitOfWork(requireUnitOfWork(), { uid, identityId, clientId: client.clientId });
    }
    resetIdentifier.call(this);
  };

  // A logout question in a browser without a signed-in person saves no session.
  prototype.save = async function saveSignedIn(this: SessionOfProvider, ttl: number) {
    if (this.accountId || !isLogoutRoute(Provider.ctx?.oidc.route)) return await save.call(this, ttl);
    Reflect.set(this, 'touched', false);
    return this.jti;
  };
}

/** The provider's context of this request, if the request is a logout. */
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
  /** Shows the page that asks whether to log out. */
  readonly ask: (ctx: KoaContextWithOIDC, form: string) => void;
}

/**
 * Logs out without asking when the relying party has an ID token of this very session. RP-Initiated Logout
 * 1.0, section 2, requires the question when there is no ID token, or one of another session or person. So a
 * forged link cannot sign anyone out.
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
    if (!session) throw new Error('a logout question requires a session');
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

/**
 * False for a scanner that sends HEAD, and for a browser that prefetches a link before the person clicks it.
 */
function isPersonNavigating(ctx: Context): boolean {
  return ctx.method === 'GET' && !/prefetch|prerender/i.test(ctx.get('Sec-Purpose') + ctx.get('Purpose'));
}

/**
 * The provider draws a new CSRF proof for each question and forgets the one in another tab, where the person
 * could no longer sign out. One proof for the session, which only this browser has, serves all tabs.
 */
function reuseLogoutProof(keyring: Keyring, session: SessionOfProvider, form: string): string {
  const sessionWithState = session as SessionOfProvider & { state: { secret: string } };
  const { secret: providerSecret } = sessionWithState.state;
  const secret = keyring.csrfToken(`logout ${session.uid}`);
  sessionWithState.state = { ...sessionWithState.state, secret };
  return form.replace(providerSecret, secret);
}

/**
 * Wraps the provider. Where no one is signed in there is nothing to ask; the provider would respond with a
 * page that submits itself by script, and this redirects the browser instead. The response keeps the language
 * of the request.
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

/** The `ui_locales` of the relying party, from any of the URLs and forms that passed it along. */
export function readUiLocales(ctx: Context): string {
  const { oidc } = ctx as Partial<KoaContextWithOIDC>;
  const candidates = [oidc?.params?.['ui_locales'], oidc?.body?.['ui_locales'], ctx.query['ui_locales']];
  return candidates.find((candidate) => typeof candidate === 'string') ?? '';
}

/** The provider has removed an address that is not registered. */
function composePostLogoutUri({
  post_logout_redirect_uri: uri,
  state,
}: Readonly<Record<string, unknown>>): string | null {
  if (typeof uri !== 'string') return null;
  const target = new URL(uri);
  if (typeof state === 'string') target.searchParams.set('state', state);
  return target.href;
}

function redirectBrowser(ctx: Context, location: string): void {
  ctx.status = 303;
  ctx.set('Location', location);
  ctx.body = null;
  ctx.status = 303;
}
