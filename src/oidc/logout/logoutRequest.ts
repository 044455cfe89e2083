/**
 * Checks the parameters of a logout before the provider reads them. The provider refuses the whole request
 * for one parameter that does not validate, and the person could not sign out: on the day on which a signing
 * key is withdrawn, no one could. Here such a parameter is dropped. The person is then asked, and is
 * redirected to no address that is not registered.
 */
import type { Context, Middleware } from 'koa';
import type { Provider } from 'oidc-provider';
import { RequestValue } from '../../domain/requestValue.ts';
import type { Log } from '../../platform/log.ts';
import { findUsableClient, POSTED_HINT, readHint, type LogoutHint, type PostedHints } from './postedHint.ts';

const LOGOUT_PATH = '/session/end';
const LOGOUT_SUCCESS_PATH = '/session/end/success';

type LogoutQuery = Readonly<Record<string, string | readonly string[] | undefined>>;
type LogoutParameters = Record<string, string>;

export interface LogoutRequestOptions {
  readonly provider: Provider;
  readonly hints: PostedHints;
  readonly log: Log;
}

export function validateLogoutRequest(options: LogoutRequestOptions): Middleware {
  return async (ctx, next) => {
    if (ctx.path === LOGOUT_PATH) {
      const asked = dropRepeatedParameters(ctx.query);
      const used = await selectUsedParameters(options, ctx, asked);
      logUnusedParameters(options.log, used, Object.keys(ctx.query));
      ctx.query = used;
    }
    // The page does not use the name of the relying party for which the person stayed signed in.
    if (ctx.path === LOGOUT_SUCCESS_PATH)
      ctx.query = pickParameters(dropRepeatedParameters(ctx.query), ['ui_locales']);
    await next();
  };
}

/**
 * Turns a posted logout into a link, because the browser sends its session cookie with a link (SameSite). The
 * ID token is not part of the link.
 * @param asked the parameters as they were sent; a repeated parameter stays repeated
 */
export function createPostedLogout({ hints, log }: LogoutRequestOptions) {
  return async (ctx: Context, asked: URLSearchParams): Promise<URLSearchParams> => {
    const tokens = asked.getAll('id_token_hint');
    const link = new URLSearchParams([...asked].filter(([name]) => !NOT_LINKED.has(name)));
    const [token = ''] = tokens;
    if (token === '') return link;
    const name = tokens.length === 1 ? await hints.keep(ctx, token) : null;
    if (name !== null) link.append(POSTED_HINT, name);
    else logUnusedParameters(log, Object.fromEntries(link), ['id_token_hint']);
    return link;
  };
}

const NOT_LINKED: ReadonlySet<string> = new Set(['id_token_hint', POSTED_HINT]);

const POSTED = new RequestValue<LogoutHint | null>('the hint that was posted');

/**
 * The posted hint, if the cookie that the link names was there; used to decide whether the person has to be
 * asked.
 */
export function findPostedHint(ctx: Context): LogoutHint | null {
  return POSTED.find(ctx) ?? null;
}

const VERIFIED_PARAMETERS: ReadonlySet<string> = new Set([
  'id_token_hint',
  'client_id',
  'post_logout_redirect_uri',
]);

function logUnusedParameters(log: Log, used: LogoutParameters, asked: readonly string[]): void {
  const unused = asked.filter((name) => VERIFIED_PARAMETERS.has(name) && !(name in used));
  if (unused.length === 0) return;
  log.info({ clientId: used['client_id'], unused }, 'a log-out was asked for with what is not valid');
}

/** Drops repeated parameters: which of the values was meant is unknown. */
function dropRepeatedParameters(query: LogoutQuery): LogoutParameters {
  const once = Object.entries(query).filter(([, value]) => typeof value === 'string' && value !== '');
  return Object.fromEntries(once) as LogoutParameters;
}

async function selectUsedParameters(
  { provider, hints }: LogoutRequestOptions,
  ctx: Context,
  asked: LogoutParameters,
) {
  const { id_token_hint: token, client_id: clientId, post_logout_redirect_uri: redirectUri } = asked;
  const { [POSTED_HINT]: name = '' } = asked;
  const posted = token === undefined ? hints.find(ctx, name) : null;
  const hint = token === undefined ? posted : await readHint(provider, token);
  // A hint and a `client_id` that contradict each other are both ignored.
  const contradicts = hint && clientId !== undefined && clientId !== hint.clientId;
  const effectiveClientId = contradicts ? undefined : (hint?.clientId ?? clientId);
  const client = effectiveClientId === undefined ? null : await findUsableClient(provider, effectiveClientId);
  const mayRedirectBack =
    client && redirectUri !== undefined && client.postLogoutRedirectUriAllowed(redirectUri);
  const used = pickParameters(asked, [
    'ui_locales',
    ...(client && hint ? ['id_token_hint'] : []),
    ...(client ? ['client_id'] : []),
    ...(mayRedirectBack ? ['post_logout_redirect_uri', 'state'] : []),
  ]);
  if (!client || !posted) return used;
  POSTED.set(ctx, posted);
  return { ...used, client_id: posted.clientId };
}

function pickParameters(asked: LogoutParameters, names: readonly string[]): LogoutParameters {
  return Object.fromEntries(Object.entries(asked).filter(([name]) => names.includes(name)));
}
