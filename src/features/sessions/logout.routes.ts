/**
 * A log-out that a site asks for by a form. Our session cookie does not come along with other sites' posts
 * (SameSite), and the provider would see nobody: what is posted is asked once more as a link, with which the
 * browser brings it. The site wrote the form, not the person: whatever is wrong with it, the person is led on
 * (oidc/logout/logoutRequest.ts). An ID token is no part of the link (oidc/logout/postedHint.ts).
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { Feature, FeatureDeps } from '../feature.ts';
import { readEncoded } from '../../http/forms.ts';
import { redirectWithGet } from '../../ui/page.ts';
import { HttpError } from '../../ui/httpError.ts';

/** With the other headers of an answer it fits into the 4,096 bytes that some proxies have for them. */
const MAX_QUERY = 2_400;
const MAX_BODY = 56 * 1024;

export const logout: Feature = { mount: addLogoutRoutes };

function addLogoutRoutes(router: Router, { linkPostedLogout }: FeatureDeps): void {
  router.post('/session/end', async (ctx: Context) => {
    const sent = Buffer.from(await readPosted(ctx), 'latin1').toString('utf8');
    const asked = new URLSearchParams([
      ...new URLSearchParams(ctx.querystring),
      ...new URLSearchParams(sent),
    ]);
    const query = shortenParameters(await linkPostedLogout(ctx, asked));
    redirectWithGet(ctx, query === '' ? '/session/end' : `/session/end?${query}`);
  });
}

/** Nothing, where it cannot be read. */
async function readPosted(ctx: Context): Promise<string> {
  try {
    return await readEncoded(ctx.req, MAX_BODY);
  } catch (error) {
    if (error instanceof HttpError) return '';
    throw error;
  }
}

/** Without what is longest, as long as the rest is too long for an address. */
function shortenParameters(parameters: URLSearchParams): string {
  let remaining = [...parameters];
  while (new URLSearchParams(remaining).toString().length > MAX_QUERY) {
    const longest = Math.max(...remaining.map(([, value]) => value.length));
    remaining = remaining.filter(([, value]) => value.length < longest);
  }
  return new URLSearchParams(remaining).toString();
}
