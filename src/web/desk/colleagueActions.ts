/**
 * `/desk/colleagues`: what is to be done with the ID of a member of staff, for a second one to confirm or
 * turn down.
 */
import type Router from '@koa/router';
import {
  decideColleagueAction,
  listWaitingColleagueActions,
  viewColleagueAction,
} from '../../usecases/desk/settleColleagueAction.ts';
import { field } from '../forms.ts';
import { seeOther, sendPage } from '../page.ts';
import { COLLEAGUE_CAME, ColleaguePage, ColleaguesPage } from '../pages/desk/colleagues.tsx';
import { Trouble } from '../trouble.ts';
import { deskFrame, deskRoute, type Desk } from './guard.ts';
import { isOverLimit, sendLimitPage } from './limit.ts';
import { searchIdOf } from './search.ts';

const PATH = '/desk/colleagues';

export function addColleagueRoutes(router: Router, desk: Desk): void {
  const { world } = desk;
  router.get(
    PATH,
    deskRoute(desk, 'confirm_colleague', async (ctx, staff) => {
      const waiting = await listWaitingColleagueActions(world, staff);
      const came = COLLEAGUE_CAME.find((one) => one === ctx.query['came']) ?? null;
      sendPage(ctx, ColleaguesPage({ ...deskFrame(desk, ctx, staff), waiting, came }));
    }),
  );
  router.get(
    `${PATH}/:id`,
    deskRoute(desk, 'confirm_colleague', async (ctx, staff) => {
      const action = await viewColleagueAction(world, staff, searchIdOf(ctx));
      if (!action) return seeOther(ctx, `${PATH}?came=settled`);
      sendPage(ctx, ColleaguePage({ ...deskFrame(desk, ctx, staff), action }));
    }),
  );
  router.post(
    `${PATH}/:id`,
    deskRoute(desk, 'confirm_colleague', async (ctx, staff) => {
      const decision = field(await desk.site.readForm(ctx, staff), 'decision');
      if (decision !== 'confirm' && decision !== 'refuse') throw new Trouble(400, 'bad_form');
      const asked = { id: searchIdOf(ctx), isRight: decision === 'confirm' };
      const came = await decideColleagueAction(world, staff, asked);
      if (isOverLimit(came)) return sendLimitPage(desk, ctx, staff, came.limit);
      const said =
        came === 'gone' ? 'settled' : (COLLEAGUE_CAME.find((one) => one === came) ?? 'not_possible');
      seeOther(ctx, `${PATH}?came=${said}`);
    }),
  );
}
