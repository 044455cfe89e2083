/** The routes of the desk. Its sign-in and sign-out are those of every site of our own (web/ownSite.ts). */
import type Router from '@koa/router';
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

export function addDeskRoutes(router: Router, desk: Desk): void {
  router.get(
    '/desk',
    deskRoute(desk, null, (ctx, staff) => {
      sendPage(ctx, DeskHomePage({ ...deskFrame(desk, ctx, staff), links: linksOf(staff) }));
    }),
  );
  addSearchRoutes(router, desk);
  addDeedRoutes(router, desk);
  addIssueRoutes(router, desk);
  addApplicationRoutes(router, desk);
  addCprChangeRoutes(router, desk);
  addDuplicateRoutes(router, desk);
  addStaffRoutes(router, desk);
  addColleagueRoutes(router, desk);
  addRefusalRoutes(router, desk);
}
