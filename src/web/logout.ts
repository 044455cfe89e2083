/**
 * A log-out that a site asks for by a form. Our session cookie does not come along with other sites' posts (SameSite),
 * and the engine would see nobody: what is posted is asked once more as a link, with which the browser brings it.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { readForm } from './forms.ts';
import { seeOther } from './page.ts';

export function addLogoutRoutes(router: Router): void {
  router.post('/session/end', async (ctx: Context) => {
    const query = new URLSearchParams([...(await readForm(ctx.req))]).toString();
    seeOther(ctx, query === '' ? '/session/end' : `/session/end?${query}`);
  });
}
