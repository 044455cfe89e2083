/**
 * `/desk/duplicates`: opens one ID of a pair that the register says is one person's, under a separate search.
 */
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
      const request = { identityId: requireField(form, 'identity'), form: requireField(form, 'form') };
      const searchId = await openDuplicate(desk.context, staff, request);
      if (isOverLimit(searchId)) return sendLimitPage(desk, ctx, staff, searchId.limit);
      redirectWithGet(ctx, searchId === null ? '/desk/waiting?came=settled' : `/desk/search/${searchId}`);
    }),
  );
}
