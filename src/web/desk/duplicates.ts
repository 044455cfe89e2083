/** `/desk/duplicates`: from the list of those who have two IDs by the register to one of the two, under a search of its own. */
import type Router from '@koa/router';
import { openDuplicate } from '../../usecases/desk/duplicates.ts';
import { field } from '../forms.ts';
import { seeOther } from '../page.ts';
import { deskRoute, type Desk } from './guard.ts';
import { isOverLimit, sendLimitPage } from './limit.ts';

export function addDuplicateRoutes(router: Router, desk: Desk): void {
  router.post(
    '/desk/duplicates',
    deskRoute(desk, 'judge_likeness', async (ctx, staff) => {
      const form = await desk.site.readForm(ctx, staff);
      const asked = { identityId: field(form, 'identity'), form: field(form, 'form') };
      const searchId = await openDuplicate(desk.world, staff, asked);
      if (isOverLimit(searchId)) return sendLimitPage(desk, ctx, staff, searchId.limit);
      seeOther(ctx, searchId === null ? '/desk/waiting?came=settled' : `/desk/search/${searchId}`);
    }),
  );
}
