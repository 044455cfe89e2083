/** `/self-service/activity`: what happened, a page at a time. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { seenOf } from '../../core/selfService/seen.ts';
import { readActivity } from '../../usecases/selfService/readActivity.ts';
import { visitOf } from '../door.ts';
import { sendPage } from '../page.ts';
import { SelfActivityPage } from '../pages/selfService/activity.tsx';
import { selfServiceFrame, selfServiceRoute, type SelfService } from './guard.ts';

export function addActivityRoutes(router: Router, selfService: SelfService): void {
  router.get(
    '/self-service/activity',
    selfServiceRoute(selfService, async (ctx, visitor) => {
      const before = beforeIn(ctx);
      const shown = await readActivity(selfService.world, visitor.identityId, before);
      const frame = selfServiceFrame(selfService, ctx, visitor);
      const { network } = seenOf(visitOf(ctx));
      sendPage(ctx, SelfActivityPage({ ...frame, ...shown, isNewest: before === null, network }));
    }),
  );
}

/** Anything that is no number means the newest. */
function beforeIn(ctx: Context): string | null {
  const { before } = ctx.query;
  return typeof before === 'string' && /^[0-9]{1,18}$/.test(before) ? before : null;
}
