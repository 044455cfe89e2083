/** `/desk/staff/refusals`: the refusals at the desk, for operators. */
import type Router from '@koa/router';
import { listRefusalsForOperators } from './deskRefusals.ts';
import { sendPage } from '../../../ui/page.ts';
import { RefusalsPage } from './refusals.page.tsx';
import { composeDeskFrame, createDeskRoute, type DeskDeps } from '../guard.ts';

export function addRefusalRoutes(router: Router, desk: DeskDeps): void {
  router.get(
    '/desk/staff/refusals',
    createDeskRoute(desk, 'refusals_see', async (ctx, staff) => {
      const refusals = await listRefusalsForOperators(desk.context);
      sendPage(ctx, RefusalsPage({ ...composeDeskFrame(desk, ctx, staff), refusals }));
    }),
  );
}
