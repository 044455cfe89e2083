/**
 * Authorization requests by POST (OpenID Connect Core, 3.1.2.1). Nøgle's cookies are not sent with posts from
 * other sites (SameSite), so no one would be signed in: the browser is redirected to a GET, with which it
 * sends them. A request that is too long for an address, or has parameters that must not be in one, is stored
 * in up to three sealed cookies. It counts as sent by the browser, never as pushed by the relying party.
 */
import type Router from '@koa/router';
import type { Context, Next } from 'koa';
import { isFreshProbe, PROBE_PARAMETER, makeProbe } from '../../../domain/errors/cookieProbe.ts';
import { POSTED_SECONDS, readPostedRequest, sealPostedRequest } from './postedRequest.ts';
import type { AppContext } from '../../appContext.ts';
import { readMultiPartCookie, setMultiPartCookie } from '../../../http/multiPartCookies.ts';
import { sendCookiesNeeded } from '../../../http/cookiesNeeded.ts';
import { readEncoded } from '../../../http/forms.ts';
import { redirectWithGet } from '../../../ui/page.ts';
import { HttpError } from '../../../ui/httpError.ts';

interface AuthorizeOptions {
  readonly context: AppContext;
  readonly stylesheet: string;
  readonly isSecure: boolean;
}

/** With the other response headers it fits into the 4,096 bytes that some proxies allow for them. */
const MAX_LOCATION = 2_000;
/** As much as the provider accepts of a pushed request. */
const MAX_BODY = 56 * 1024;

export function addAuthorizeRoutes(
  router: Router,
  { context, stylesheet, isSecure }: AuthorizeOptions,
): void {
  const cookieOf = (id: string) => {
    return { name: 'noegle-posted', path: `/auth/posted/${id}`, seconds: POSTED_SECONDS, isSecure };
  };

  router.post('/auth', async (ctx, next) => {
    const request = await readAuthorizationRequest(ctx);
    const location = request === '' ? '/auth' : `/auth?${request}`;
    if (location.length <= MAX_LOCATION && !hasIdTokenHint(request)) return redirectWithGet(ctx, location);
    // A frame on another site sends no cookies with any method, so a redirect would gain nothing.
    if (isForeignFrame(ctx)) return await forwardAsGet(ctx, next, location);
    const sealed = sealPostedRequest(context, request);
    // The provider rejects what no browser can store: it knows how to report the error to the relying party.
    if (!sealed || !setMultiPartCookie(ctx, cookieOf(sealed.id), sealed.text, context.random)) {
      return await forwardAsGet(ctx, next, location);
    }
    redirectWithGet(ctx, `/auth/posted/${sealed.id}?${PROBE_PARAMETER}=${makeProbe(context.clock.now())}`);
  });

  router.get('/auth/posted/:id', async (ctx, next) => {
    const id = ctx.params['id'] ?? '';
    const texts = readMultiPartCookie(ctx, cookieOf(id));
    if (texts.length === 0 && isFreshProbe(ctx.query[PROBE_PARAMETER], context.clock.now())) {
      sendCookiesNeeded(ctx, stylesheet, null);
      return;
    }
    const request = await readPostedRequest(context, { id, texts });
    if (request === null) throw new HttpError(400, 'expired');
    await forwardAsGet(ctx, next, `/auth?${request}`);
  });
}

/**
 * Returns the parameters of the query and the body together. A parameter that is in both stays there twice,
 * and is evaluated as in a GET.
 * @returns a query string
 * @throws HttpError (400, 413, 415)
 */
async function readAuthorizationRequest(ctx: Context): Promise<string> {
  const body = await readEncoded(ctx.req, MAX_BODY).catch((error: unknown) => {
    // The relying party wrote this form, not the person.
    throw error instanceof HttpError ? new HttpError(error.statusCode, 'bad_request') : error;
  });
  const sent = Buffer.from(body, 'latin1').toString('utf8');
  return new URLSearchParams([
    ...new URLSearchParams(ctx.querystring),
    ...new URLSearchParams(sent),
  ]).toString();
}

/** A posted ID token identifies a person, so it must not be in an address; the same holds at a log-out. */
function hasIdTokenHint(request: string): boolean {
  return new URLSearchParams(request).has('id_token_hint');
}

function isForeignFrame(ctx: Context): boolean {
  const isFrame = /^(?:i?frame|fencedframe|embed|object)$/.test(ctx.get('Sec-Fetch-Dest'));
  return isFrame && ctx.get('Sec-Fetch-Site') === 'cross-site';
}

/** The provider runs next and sees the request as if the query had held all of it. */
async function forwardAsGet(ctx: Context, next: Next, address: string): Promise<void> {
  ctx.method = 'GET';
  ctx.url = address;
  await next();
}
