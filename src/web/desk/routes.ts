/** The routes of the desk. Its sign-in and sign-out are those of every site of our own (web/ownSite.ts). */
import type Router from '@koa/router';
import { DESK } from '../../core/ownSite.ts';
import type { Feature } from '../feature.ts';
import { addOwnSite } from '../ownSite.ts';
import { sendPage } from '../page.ts';
import { DeskHomePage } from '../pages/desk/home.tsx';
import { addApplicationRoutes } from './applications.ts';
import { addDeedRoutes } from './deeds.ts';
import { addCprChangeRoutes } from './cprChanges.ts';
import { addColleagueRoutes } from './colleagueActions.ts';
import { addDuplicateRoutes } from './duplicates.ts';
import { deskFrame, deskRoute, type Desk } from './guard.ts';
import { addIssueRoutes } from './issue.ts';
import { linksOf } from './links.ts';
import { addRefusalRoutes } from './refusals.ts';
import { addSearchRoutes } from './search.ts';
import { addStaffRoutes } from './staff.ts';

export const desk: Feature = {
  mount(router, context) {
    addDeskRoutes(router, { ...context, site: addOwnSite(router, DESK, context) });
  },
};

export function addDeskRoutes(router: Router, context: Desk): void {
  router.get(
    '/desk',
    deskRoute(context, null, (ctx, staff) => {
      sendPage(ctx, DeskHomePage({ ...deskFrame(context, ctx, staff), links: linksOf(staff) }));
    }),
  );
  addSearchRoutes(router, context);
  addDeedRoutes(router, context);
  addIssueRoutes(router, context);
  addApplicationRoutes(router, context);
  addCprChangeRoutes(router, context);
  addDuplicateRoutes(router, context);
  addStaffRoutes(router, context);
  addColleagueRoutes(router, context);
  addRefusalRoutes(router, context);
}
