/**
 * Log-out. The engine would tell within the request, and only those whom the session names; here what ends, whom it is
 * told to and the person's log are one transaction, and rows decide. The teller: backchannelLogout.ts.
 */
import type { Context, Middleware } from 'koa';
import { Provider, type KoaContextWithOIDC } from 'oidc-provider';
import { endBesides, leaveBesides } from '../store/backchannelLogouts.ts';
import { currentUnitOfWork } from '../store/unitOfWork.ts';

type Session = InstanceType<Provider['Session']>;

const ASK = 'end_session';
const CONFIRM = 'end_session_confirm';

/** A session that ends, by its person or for somebody else's sign-in, takes with it what stands on it. */
export function endSessionsWhole(provider: Provider): void {
  const { prototype } = provider.Session;
  const destroy = Reflect.get(prototype, 'destroy');
  const resetIdentifier = Reflect.get(prototype, 'resetIdentifier');
  const save = Reflect.get(prototype, 'save');

  prototype.destroy = async function endWhole(this: Session) {
    const { accountId: identityId, uid } = this;
    const clientIds = Object.keys(this.authorizations ?? {});
    const clientId = confirming()?.client?.clientId ?? null;
    if (identityId) endBesides(currentUnitOfWork(), { uid, identityId, clientIds, clientId });
    await destroy.call(this);
  };

  // The engine has taken the relying party that asked out of the session, which its person said no to ending.
  prototype.resetIdentifier = function leaveOne(this: Session) {
    const { accountId: identityId, uid } = this;
    const client = confirming()?.client;
    if (client && identityId) {
      leaveBesides(currentUnitOfWork(), { uid, identityId, clientId: client.clientId });
    }
    resetIdentifier.call(this);
  };

  // A question to nobody leaves no session behind.
  prototype.save = async function saveSomebodys(this: Session, ttl: number) {
    if (this.accountId || !isLogoutRoute(Provider.ctx?.oidc.route)) return await save.call(this, ttl);
    Reflect.set(this, 'touched', false);
    return this.jti;
  };
}

/** The engine's own answer to the confirm page, where it is what runs. */
function confirming() {
  const oidc = Provider.ctx?.oidc;
  return oidc?.route === CONFIRM ? oidc : undefined;
}

function isLogoutRoute(route: string | undefined): boolean {
  return route === ASK || route === CONFIRM;
}

/**
 * Around the engine. Where nobody is signed in there is nothing to ask, and the engine would answer with a page that
 * sends itself by script: the browser goes straight on. What was asked in one language is answered in it.
 */
export function goOnFromLogout(provider: Provider): Middleware {
  return async (ctx, next) => {
    await next();
    const { oidc } = ctx as Partial<KoaContextWithOIDC>;
    if (!oidc?.session || !isLogoutRoute(oidc.route)) return;
    const success = new URL(provider.urlFor('end_session_success'));
    const uiLocales = uiLocalesOf(ctx);
    if (uiLocales) success.searchParams.set('ui_locales', uiLocales);
    if (oidc.session.accountId) {
      const { location } = ctx.response.headers;
      if (typeof location === 'string' && location.split('?')[0] === success.href.split('?')[0]) {
        goOn(ctx, success.href);
      }
      return;
    }
    ctx.remove('Set-Cookie');
    if (oidc.route === CONFIRM && ctx.status === 400) return goOn(ctx, success.href);
    if (oidc.route !== ASK || ctx.status !== 200) return;
    goOn(ctx, backTo(oidc.params ?? {}) ?? success.href);
  };
}

/** The wish of a relying party, on each of the addresses and forms that it has been handed on over. */
export function uiLocalesOf(ctx: Context): string {
  const { oidc } = ctx as Partial<KoaContextWithOIDC>;
  const wishes = [oidc?.params?.['ui_locales'], oidc?.body?.['ui_locales'], ctx.query['ui_locales']];
  return wishes.find((wish) => typeof wish === 'string') ?? '';
}

/** The engine has let only registered addresses stand. */
function backTo({ post_logout_redirect_uri: uri, state }: Readonly<Record<string, unknown>>): string | null {
  if (typeof uri !== 'string') return null;
  const back = new URL(uri);
  if (typeof state === 'string') back.searchParams.set('state', state);
  return back.href;
}

function goOn(ctx: Context, location: string): void {
  ctx.status = 303;
  ctx.set('Location', location);
  ctx.body = null;
  ctx.status = 303;
}
