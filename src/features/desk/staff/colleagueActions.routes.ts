/** `/desk/colleagues`: actions on the ID of a member of staff, for a second one to confirm or reject. */
import type Router from '@koa/router';
import {
  decideColleagueAction,
  listPendingColleagueActions,
  viewColleagueAction,
} from './settleColleagueAction.ts';
import { requireField } from '../../../http/forms.ts';
import { redirectWithGet, sendPage } from '../../../ui/page.ts';
import { COLLEAGUE_OUTCOMES, ColleaguePage, ColleaguesPage } from './colleagues.page.tsx';
import { HttpError } from '../../../ui/httpError.ts';
import { composeDeskFrame, createDeskRoute, type DeskDeps } from '../guard.ts';
import { isOverLimit, sendLimitPage } from '../limitPage.ts';
import { readSearchId } from '../search/routes.ts';

const PATH = '/desk/colleagues';

export function addColleagueRoutes(router: Router, desk: DeskDeps): void {
  const { context } = desk;
  router.get(
    PATH,
    createDeskRoute(desk, 'confirm_colleague', async (ctx, staff) => {
      const waiting = await listPendingColleagueActions(context, staff);
      const outcome = COLLEAGUE_OUTCOMES.find((one) => one === ctx.query['came']) ?? null;
      sendPage(ctx, ColleaguesPage({ ...composeDeskFrame(desk, ctx, staff), waiting, outcome }));
    }),
  );
  router.get(
    `${PATH}/:id`,
    createDeskRoute(desk, 'confirm_colleague', async (ctx, staff) => {
      const action = await viewColleagueAction(context, staff, readSearchId(ctx));
      if (!action) return redirectWithGet(ctx, `${PATH}?came=settled`);
      sendPage(ctx, ColleaguePage({ ...composeDeskFrame(desk, ctx, staff), action }));
    }),
  );
  router.post(
    `${PATH}/:id`,
    createDeskRoute(desk, 'confirm_colleague', async (ctx, staff) => {
      const decision = requireField(await desk.site.readForm(ctx, staff), 'decision');
      if (decision !== 'confirm' && decision !== 'refuse') throw new HttpError(400, 'bad_form');
      const request = { id: readSearchId(ctx), isRight: decision === 'confirm' };
      const outcome = await decideColleagueAction(context, staff, request);
      if (isOverLimit(outcome)) return sendLimitPage(desk, ctx, staff, outcome.limit);
      const parameter =
        outcome === 'gone'
          ? 'settled'
          : (COLLEAGUE_OUTCOMES.find((one) => one === outcome) ?? 'not_possible');
      redirectWithGet(ctx, `${PATH}?came=${parameter}`);
    }),
  );
}
