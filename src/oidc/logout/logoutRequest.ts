/**
 * What a log-out is asked for with, before the provider reads it. The provider refuses the whole request for
 * one part that does not validate, and the person could not sign out: on the day on which a key is withdrawn,
 * nobody could. Here such a part is not used. The person is asked then, and is sent nowhere that is not
 * registered.
 */
import { decodeJwt } from 'jose';
import type { Middleware } from 'koa';
import { errors, type Client, type Provider } from 'oidc-provider';
import type { Log } from '../../platform/log.ts';

/** The provider takes its paths in any case and with a slash at the end. */
const ASK = /^\/session\/end\/?$/i;
const SUCCESS = /^\/session\/end\/success\/?$/i;

type Query = Readonly<Record<string, string | readonly string[] | undefined>>;
type Parameters = Record<string, string>;

export function vetLogoutRequest(provider: Provider, log: Log): Middleware {
  return async (ctx, next) => {
    if (ASK.test(ctx.path)) {
      const asked = readOnce(ctx.query);
      const used = await selectUsed(provider, asked);
      const unused = Object.keys(ctx.query).filter((name) => IS_JUDGED.has(name) && !(name in used));
      if (unused.length > 0) {
        log.info({ clientId: used['client_id'], unused }, 'a log-out was asked for with what is not valid');
      }
      ctx.query = used;
    }
    // Whom a person stayed signed in for is of no use to the page.
    if (SUCCESS.test(ctx.path)) ctx.query = pick(readOnce(ctx.query), ['ui_locales']);
    await next();
  };
}

const IS_JUDGED: ReadonlySet<string> = new Set(['id_token_hint', 'client_id', 'post_logout_redirect_uri']);

/** What is there twice says nothing: nobody knows which of them was meant. */
function readOnce(query: Query): Parameters {
  const once = Object.entries(query).filter(([, value]) => typeof value === 'string' && value !== '');
  return Object.fromEntries(once) as Parameters;
}

async function selectUsed(provider: Provider, asked: Parameters): Promise<Parameters> {
  const { id_token_hint: hint, client_id: clientId, post_logout_redirect_uri: backTo } = asked;
  const hinted = hint === undefined ? null : await findHinted(provider, hint);
  const named = clientId === undefined || hinted ? null : await findClient(provider, clientId);
  // Two that say two things: neither is believed.
  const contradicts = hinted && clientId !== undefined && clientId !== hinted.clientId;
  const client = contradicts ? null : (hinted ?? named);
  const mayGoBack = client && backTo !== undefined && client.postLogoutRedirectUriAllowed(backTo);
  return pick(asked, [
    'ui_locales',
    ...(client && hinted ? ['id_token_hint'] : []),
    ...(client ? ['client_id'] : []),
    ...(mayGoBack ? ['post_logout_redirect_uri', 'state'] : []),
  ]);
}

function pick(asked: Parameters, names: readonly string[]): Parameters {
  return Object.fromEntries(Object.entries(asked).filter(([name]) => names.includes(name)));
}

/** For whom an ID token of ours was made; one that has expired will do. Null for all else. */
async function findHinted(provider: Provider, hint: string): Promise<Client | null> {
  const audience = readAudience(hint);
  const client = audience === null ? null : await findClient(provider, audience);
  if (!client) return null;
  const isValid = await provider.IdToken.validate(hint, client).then(
    () => true,
    () => false,
  );
  return isValid ? client : null;
}

function readAudience(hint: string): string | null {
  try {
    const { aud } = decodeJwt(hint);
    return typeof aud === 'string' ? aud : null;
  } catch {
    return null;
  }
}

/** One whose registration the provider cannot use is none. @throws when the database is away */
async function findClient(provider: Provider, clientId: string): Promise<Client | null> {
  try {
    return (await provider.Client.find(clientId)) ?? null;
  } catch (error) {
    if (error instanceof errors.OIDCProviderError && error.statusCode < 500) return null;
    throw error;
  }
}
