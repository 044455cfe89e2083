/** The routes of self-service. Its sign-in and sign-out are those of every site of our own (web/ownSite.ts). */
import type Router from '@koa/router';
import { readAccount } from '../../usecases/selfService/readAccount.ts';
import { sendPage } from '../page.ts';
import { SelfHomePage } from '../pages/selfService/home.tsx';
import { addAccessRoutes } from './access.ts';
import { addActivityRoutes } from './activity.ts';
import { addBlockAndCloseRoutes } from './blockAndClose.ts';
import { addBrowsersRoutes } from './browsers.ts';
import { addCardRoutes } from './card.ts';
import { addConfirmRoutes } from './confirm.ts';
import { addContactRoutes } from './contact.ts';
import { selfServiceFrame, selfServiceRoute, type SelfService } from './guard.ts';
import { addEmailRoutes } from './email.ts';
import { addDataRoutes } from './data.ts';
import { addProofRoutes } from './proof.ts';
import { addPublicSitesRoutes } from './publicSites.ts';
import { addSignInRoutes } from './signIn.ts';

export function addSelfServiceRoutes(router: Router, selfService: SelfService): void {
  router.get(
    '/self-service',
    selfServiceRoute(selfService, async (ctx, visitor) => {
      const account = await readAccount(selfService.world, visitor.identityId);
      sendPage(ctx, SelfHomePage({ ...selfServiceFrame(selfService, ctx, visitor), account }));
    }),
  );
  addCardRoutes(router, selfService);
  addSignInRoutes(router, selfService);
  addContactRoutes(router, selfService);
  addEmailRoutes(router, selfService);
  addPublicSitesRoutes(router, selfService);
  addActivityRoutes(router, selfService);
  addAccessRoutes(router, selfService);
  addBrowsersRoutes(router, selfService);
  addDataRoutes(router, selfService);
  addBlockAndCloseRoutes(router, selfService);
  addConfirmRoutes(router, selfService);
  addProofRoutes(router, selfService);
}
