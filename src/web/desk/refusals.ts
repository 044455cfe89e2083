/** `/desk/staff/refusals`: for operators, what was refused at the desk. */
import type Router from '@koa/router';
import { readRefusals } from '../../usecases/desk/refusals.ts';
import { sendPage } from '../page.ts';
import { RefusalsPage } from '../pages/desk/refusals.tsx';
import { deskFrame, deskRoute, type Desk } from './guard.ts';

export function addRefusalRoutes(router: Router, desk: Desk): void {
  router.get(
    '/desk/staff/refusals',
    deskRoute(desk, 'refusals_see', async (ctx, staff) => {
      const refusals = await readRefusals(desk.world);
      sendPage(ctx, RefusalsPage({ ...deskFrame(desk, ctx, staff), refusals }));
    }),
  );
}
