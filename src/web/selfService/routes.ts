/** The routes of self-service. Its sign-in and sign-out are those of every site of our own (web/ownSite.ts). */
import type Router from '@koa/router';
import { SELF_SERVICE } from '../../core/ownSite.ts';
import { readAccount } from '../../usecases/selfService/readAccount.ts';
import type { Feature } from '../feature.ts';
import { addOwnSite } from '../ownSite.ts';
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
import { addEmailRoutes, askForEmailFirst } from './email.ts';
import { addDataRoutes } from './data.ts';
import { addProofRoutes } from './proof.ts';
import { addPublicSitesRoutes } from './publicSites.ts';
import { addSignInRoutes } from './signIn.ts';

export const selfService: Feature = {
  mount(router, context) {
    const site = addOwnSite(router, SELF_SERVICE, context, askForEmailFirst);
    addSelfServiceRoutes(router, { ...context, site });
  },
};

function addSelfServiceRoutes(router: Router, context: SelfService): void {
  router.get(
    '/self-service',
    selfServiceRoute(context, async (ctx, visitor) => {
      const account = await readAccount(context.world, visitor.identityId);
      sendPage(ctx, SelfHomePage({ ...selfServiceFrame(context, ctx, visitor), account }));
    }),
  );
  addCardRoutes(router, context);
  addSignInRoutes(router, context);
  addContactRoutes(router, context);
  addEmailRoutes(router, context);
  addPublicSitesRoutes(router, context);
  addActivityRoutes(router, context);
  addAccessRoutes(router, context);
  addBrowsersRoutes(router, context);
  addDataRoutes(router, context);
  addBlockAndCloseRoutes(router, context);
  addConfirmRoutes(router, context);
  addProofRoutes(router, context);
}
