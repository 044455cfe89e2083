/**
 * An authorization request that comes by POST (OpenID Connect Core, 3.1.2.1). Our cookies do not come along
 * with other sites' posts (SameSite), and nobody would be signed in: the browser is sent on by GET, with
 * which it brings them. What is too long for an address, or no matter for one, is carried there by the
 * browser, sealed, in up to three cookies. It counts as sent by the browser: never as pushed by the relying
 * party.
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

/** With the other headers of an answer it fits into the 4,096 bytes that some proxies have for them. */
const MAX_LOCATION = 2_000;
/** As much as the provider takes of a pushed request. */
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
    // No cookie reaches a frame on another site, by whatever method: there is nothing to lead it on for.
    if (isForeignFrame(ctx)) return await forwardAsGet(ctx, next, location);
    const sealed = sealPostedRequest(context, request);
    // What no browser can carry is refused by the provider, which knows where the relying party hears of it.
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
 * All that was sent, in the address as in the body: what is there twice is there twice, and judged as in a
 * GET.
 * @throws HttpError (400, 413, 415)
 */
async function readAuthorizationRequest(ctx: Context): Promise<string> {
  const body = await readEncoded(ctx.req, MAX_BODY).catch((error: unknown) => {
    // The site wrote this form, not the person.
    throw error instanceof HttpError ? new HttpError(error.statusCode, 'bad_request') : error;
  });
  const sent = Buffer.from(body, 'latin1').toString('utf8');
  return new URLSearchParams([
    ...new URLSearchParams(ctx.querystring),
    ...new URLSearchParams(sent),
  ]).toString();
}

/** An ID token that is posted names a person: it goes into no address, as at a log-out. */
function hasIdTokenHint(request: string): boolean {
  return new URLSearchParams(request).has('id_token_hint');
}

function isForeignFrame(ctx: Context): boolean {
  const isFrame = /^(?:i?frame|fencedframe|embed|object)$/.test(ctx.get('Sec-Fetch-Dest'));
  return isFrame && ctx.get('Sec-Fetch-Site') === 'cross-site';
}

/** The provider, which is next, sees the request as if its address had held all of it. */
async function forwardAsGet(ctx: Context, next: Next, address: string): Promise<void> {
  ctx.method = 'GET';
  ctx.url = address;
  await next();
}
