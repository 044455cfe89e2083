/**
 * RP-initiated log-out by a form (POST). The session cookie is not sent with posts from other sites
 * (SameSite), so the provider would see no session: the browser is redirected to a GET, with which it sends
 * the cookie. The relying party wrote the form, not the person: the person is redirected even when it is
 * malformed (oidc/logout/logoutRequest.ts). An ID token is never part of the link
 * (oidc/logout/postedHint.ts).
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { Feature, FeatureDeps } from '../feature.ts';
import { readEncoded } from '../../http/forms.ts';
import { redirectWithGet } from '../../ui/page.ts';
import { HttpError } from '../../ui/httpError.ts';

/** With the other response headers it fits into the 4,096 bytes that some proxies allow for them. */
const MAX_QUERY = 2_400;
const MAX_BODY = 56 * 1024;

export const logout: Feature = { mount: addLogoutRoutes };

function addLogoutRoutes(router: Router, { linkPostedLogout }: FeatureDeps): void {
  router.post('/session/end', async (ctx: Context) => {
    const sent = Buffer.from(await readPosted(ctx), 'latin1').toString('utf8');
    const parameters = new URLSearchParams([
      ...new URLSearchParams(ctx.querystring),
      ...new URLSearchParams(sent),
    ]);
    const query = shortenParameters(await linkPostedLogout(ctx, parameters));
    redirectWithGet(ctx, query === '' ? '/session/end' : `/session/end?${query}`);
  });
}

/** Returns an empty string when the body cannot be read. */
async function readPosted(ctx: Context): Promise<string> {
  try {
    return await readEncoded(ctx.req, MAX_BODY);
  } catch (error) {
    if (error instanceof HttpError) return '';
    throw error;
  }
}

/** Drops the longest parameters until the rest fits into an address. */
function shortenParameters(parameters: URLSearchParams): string {
  let remaining = [...parameters];
  while (new URLSearchParams(remaining).toString().length > MAX_QUERY) {
    const longest = Math.max(...remaining.map(([, value]) => value.length));
    remaining = remaining.filter(([, value]) => value.length < longest);
  }
  return new URLSearchParams(remaining).toString();
}
