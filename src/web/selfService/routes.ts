/** The routes of self-service. Its sign-in and sign-out are those of every site of our own (features/firstPartyClients/routes.ts). */
import type Router from '@koa/router';
import { SELF_SERVICE_CLIENT } from '../../domain/relyingParty/firstPartyClient.ts';
import { readAccount } from '../../usecases/selfService/readAccount.ts';
import type { Feature } from '../../features/feature.ts';
import { addFirstPartySignIn } from '../../features/firstPartyClients/routes.ts';
import { sendPage } from '../../ui/page.ts';
import { SelfHomePage } from '../pages/selfService/home.tsx';
import { addAccessRoutes } from './access.ts';
import { addActivityRoutes } from './activity.ts';
import { addBlockAndCloseRoutes } from './blockAndClose.ts';
import { addBrowsersRoutes } from './browsers.ts';
import { addCardRoutes } from './card.ts';
import { addConfirmRoutes } from './confirm.ts';
import { addContactRoutes } from './contact.ts';
import { composeSelfServiceFrame, createSelfServiceRoute, type SelfServiceDeps } from './guard.ts';
import { addEmailRoutes, chooseEmailPageFirst } from './email.ts';
import { addDataRoutes } from './data.ts';
import { addKeyProofRoutes } from './proof.ts';
import { addPublicSitesRoutes } from './publicSites.ts';
import { addSignInRoutes } from './signIn.ts';

export const selfService: Feature = {
  mount(router, context) {
    const site = addFirstPartySignIn(router, SELF_SERVICE_CLIENT, context, chooseEmailPageFirst);
    addSelfServiceRoutes(router, { ...context, site });
  },
};

function addSelfServiceRoutes(router: Router, context: SelfServiceDeps): void {
  router.get(
    '/self-service',
    createSelfServiceRoute(context, async (ctx, user) => {
      const account = await readAccount(context.context, user.identityId);
      sendPage(ctx, SelfHomePage({ ...composeSelfServiceFrame(context, ctx, user), account }));
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
  addKeyProofRoutes(router, context);
}
