/**
 * The desk: everything that staff do for people and about staff. It owns the staff roles and their limits,
 * look-ups, actions on an ID, issuing in person, decisions by a second officer, and the record of refusals.
 *
 * It leaves signing staff in to features/firstPartyClients, the rules and the transaction of issuing to
 * features/issuing, orders online to features/order, card, password and block commands to features/identity,
 * e-mail addresses to features/contact, and what follows from the population register to
 * features/populationRegister. Who may do what is one matrix: domain/staff/staff.ts.
 */
import type Router from '@koa/router';
import { DESK_CLIENT } from '../../domain/relyingParty/firstPartyClient.ts';
import type { Feature } from '../feature.ts';
import { addFirstPartySignIn } from '../firstPartyClients/index.ts';
import { sendPage } from '../../ui/page.ts';
import { DeskHomePage } from './home.page.tsx';
import { addApplicationRoutes } from './applications/routes.ts';
import { addDeskActionRoutes } from './actions/routes.ts';
import { addCprChangeRoutes } from './cprChange/routes.ts';
import { addColleagueRoutes } from './staff/colleagueActions.routes.ts';
import { addDuplicateRoutes } from './search/duplicates.routes.ts';
import { composeDeskFrame, createDeskRoute, type DeskDeps } from './guard.ts';
import { addIssueRoutes } from './issue/routes.ts';
import { listDeskLinks } from './links.ts';
import { addRefusalRoutes } from './refusals/routes.ts';
import { addSearchRoutes } from './search/routes.ts';
import { addStaffRoutes } from './staff/routes.ts';

export const desk: Feature = {
  mount(router, context) {
    addDeskRoutes(router, { ...context, site: addFirstPartySignIn(router, DESK_CLIENT, context) });
  },
};

export function addDeskRoutes(router: Router, context: DeskDeps): void {
  router.get(
    '/desk',
    createDeskRoute(context, null, (ctx, staff) => {
      sendPage(ctx, DeskHomePage({ ...composeDeskFrame(context, ctx, staff), links: listDeskLinks(staff) }));
    }),
  );
  addSearchRoutes(router, context);
  addDeskActionRoutes(router, context);
  addIssueRoutes(router, context);
  addApplicationRoutes(router, context);
  addCprChangeRoutes(router, context);
  addDuplicateRoutes(router, context);
  addStaffRoutes(router, context);
  addColleagueRoutes(router, context);
  addRefusalRoutes(router, context);
}
