/**
 * `/self-service/again`: the whole sign-in, for data that a session without a recent key does not show, and
 * then back to the page that asked for it.
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
 * For a form that requires a recent key and did not have one: nothing was done, and its page states that
 * after the sign-in.
 */
export async function redirectToKeyProof(
  { site }: SelfServiceDeps,
  ctx: Context,
  page: string,
): Promise<void> {
  await site.signInAgain(ctx, `${page}?again=late`);
}
