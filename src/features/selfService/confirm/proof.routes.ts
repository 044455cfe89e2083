/**
 * `/self-service/again`: the whole sign-in, for what a session alone does not show, and back to the page that
 * asked.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { SelfServiceDeps } from '../guard.ts';

const PATH = '/self-service/again';

export function addKeyProofRoutes(router: Router, { site }: SelfServiceDeps): void {
  router.get(PATH, async (ctx) => {
    const { to } = ctx.query;
    await site.signInAgain(ctx, typeof to === 'string' ? to : site.site.path);
  });
}

/**
 * A form that takes a key given a moment ago: what it asked for is not done, and its page says so afterwards.
 */
export async function redirectToKeyProof(
  { site }: SelfServiceDeps,
  ctx: Context,
  page: string,
): Promise<void> {
  await site.signInAgain(ctx, `${page}?again=late`);
}
