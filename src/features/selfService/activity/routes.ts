/** `/self-service/activity`: the activity of the ID, a page at a time. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { readClientContext } from '../../../domain/clientContext.ts';
import { readActivity } from './readActivity.ts';
import { readRequestSource } from '../../../http/middleware.ts';
import { sendPage } from '../../../ui/page.ts';
import { SelfActivityPage } from './activity.page.tsx';
import { composeSelfServiceFrame, createSelfServiceRoute, type SelfServiceDeps } from '../guard.ts';

export function addActivityRoutes(router: Router, selfService: SelfServiceDeps): void {
  router.get(
    '/self-service/activity',
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const before = readBeforeId(ctx);
      const shown = await readActivity(selfService.context, user.identityId, before);
      const frame = composeSelfServiceFrame(selfService, ctx, user);
      const { network } = readClientContext(readRequestSource(ctx));
      sendPage(ctx, SelfActivityPage({ ...frame, ...shown, isNewest: before === null, network }));
    }),
  );
}

/** A value that is not a number means the newest. */
function readBeforeId(ctx: Context): string | null {
  const { before } = ctx.query;
  return typeof before === 'string' && /^[0-9]{1,18}$/.test(before) ? before : null;
}
