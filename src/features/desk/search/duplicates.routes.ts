/** `/desk/duplicates`: from the list of those who have two IDs by the register to one of the two, under a search of its own. */
import type Router from '@koa/router';
import { openDuplicate } from './duplicates.ts';
import { requireField } from '../../../http/forms.ts';
import { redirectWithGet } from '../../../ui/page.ts';
import { createDeskRoute, type DeskDeps } from '../guard.ts';
import { isOverLimit, sendLimitPage } from '../limitPage.ts';

export function addDuplicateRoutes(router: Router, desk: DeskDeps): void {
  router.post(
    '/desk/duplicates',
    createDeskRoute(desk, 'judge_likeness', async (ctx, staff) => {
      const form = await desk.site.readForm(ctx, staff);
      const asked = { identityId: requireField(form, 'identity'), form: requireField(form, 'form') };
      const searchId = await openDuplicate(desk.context, staff, asked);
      if (isOverLimit(searchId)) return sendLimitPage(desk, ctx, staff, searchId.limit);
      redirectWithGet(ctx, searchId === null ? '/desk/waiting?came=settled' : `/desk/search/${searchId}`);
    }),
  );
}
