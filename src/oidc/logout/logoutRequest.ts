/**
 * What a log-out is asked for with, before the provider reads it. The provider refuses the whole request for
 * one part that does not validate, and the person could not sign out: on the day on which a key is withdrawn,
 * nobody could. Here such a part is not used. The person is asked then, and is sent nowhere that is not
 * registered.
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
    // Whom a person stayed signed in for is of no use to the page.
    if (ctx.path === LOGOUT_SUCCESS_PATH)
      ctx.query = pickParameters(dropRepeatedParameters(ctx.query), ['ui_locales']);
    await next();
  };
}

/**
 * What was posted, as a link: the browser brings its session with that. An ID token does not go into it.
 * @param asked as it was sent; what is there twice stays there twice
 */
export function createPostedLogout({ hints, log }: LogoutRequestOptions) {
  return async (ctx: Context, asked: URLSearchParams): Promise<URLSearchParams> => {
    const tokens = asked.getAll('id_token_hint');
    const linked = new URLSearchParams([...asked].filter(([name]) => !NOT_LINKED.has(name)));
    const [token = ''] = tokens;
    if (token === '') return linked;
    const name = tokens.length === 1 ? await hints.keep(ctx, token) : null;
    if (name !== null) linked.append(POSTED_HINT, name);
    else logUnusedParameters(log, Object.fromEntries(linked), ['id_token_hint']);
    return linked;
  };
}

const NOT_LINKED: ReadonlySet<string> = new Set(['id_token_hint', POSTED_HINT]);

const POSTED = new RequestValue<LogoutHint | null>('the hint that was posted');

/** What was posted, and by which cookie; read by what judges whether the person has to be asked. */
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

/** What is there twice says nothing: nobody knows which of them was meant. */
function dropRepeatedParameters(query: LogoutQuery): LogoutParameters {
  const once = Object.entries(query).filter(([, value]) => typeof value === 'string' && value !== '');
  return Object.fromEntries(once) as LogoutParameters;
}

async function selectUsedParameters(
  { provider, hints }: LogoutRequestOptions,
  ctx: Context,
  asked: LogoutParameters,
) {
  const { id_token_hint: token, client_id: clientId, post_logout_redirect_uri: backTo } = asked;
  const { [POSTED_HINT]: name = '' } = asked;
  const posted = token === undefined ? hints.find(ctx, name) : null;
  const hint = token === undefined ? posted : await readHint(provider, token);
  // Two that say two things: neither is believed.
  const contradicts = hint && clientId !== undefined && clientId !== hint.clientId;
  const meant = contradicts ? undefined : (hint?.clientId ?? clientId);
  const client = meant === undefined ? null : await findUsableClient(provider, meant);
  const mayGoBack = client && backTo !== undefined && client.postLogoutRedirectUriAllowed(backTo);
  const used = pickParameters(asked, [
    'ui_locales',
    ...(client && hint ? ['id_token_hint'] : []),
    ...(client ? ['client_id'] : []),
    ...(mayGoBack ? ['post_logout_redirect_uri', 'state'] : []),
  ]);
  if (!client || !posted) return used;
  POSTED.set(ctx, posted);
  return { ...used, client_id: posted.clientId };
}

function pickParameters(asked: LogoutParameters, names: readonly string[]): LogoutParameters {
  return Object.fromEntries(Object.entries(asked).filter(([name]) => names.includes(name)));
}
