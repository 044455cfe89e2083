/**
 * Self-service: what a person sees and changes of their own ID. It owns these pages, the confirmation of a
 * change by a key, the current password at such a change, the activity log and the export.
 *
 * It leaves the sign-in to features/firstPartyClients, keys and attempts to features/authentication, card and
 * block commands to features/identity, e-mail addresses to features/contact, and sessions and grants of
 * relying parties to features/access. What takes a key is defined in domain/selfServiceAction.ts.
 */
import type Router from '@koa/router';
import { SELF_SERVICE_CLIENT } from '../../domain/relyingParty/firstPartyClient.ts';
import { readAccessOverview } from '../access/index.ts';
import { listKnownBrowsersOfPerson } from './browsers/browsers.ts';
import { readAccount } from './readAccount.ts';
import type { Feature } from '../feature.ts';
import { addFirstPartySignIn } from '../firstPartyClients/index.ts';
import { sendPage } from '../../ui/page.ts';
import { SelfHomePage } from './home.page.tsx';
import { addAccessRoutes } from './access/routes.ts';
import { addActivityRoutes } from './activity/routes.ts';
import { addBlockAndCloseRoutes } from './block/routes.ts';
import { addBrowsersRoutes } from './browsers/routes.ts';
import { addCardRoutes } from './card/routes.ts';
import { addCodeTokenRoutes } from './codeToken/routes.ts';
import { addConfirmRoutes } from './confirm/routes.ts';
import { addContactRoutes } from './contact/routes.ts';
import { composeSelfServiceFrame, createSelfServiceRoute, type SelfServiceDeps } from './guard.ts';
import { addEmailRoutes, chooseEmailPageFirst } from './contact/email.routes.ts';
import { addDataRoutes } from './export/routes.ts';
import { addKeyProofRoutes } from './confirm/proof.routes.ts';
import { addPublicSitesRoutes } from './publicSites/routes.ts';
import { addSecurityKeyRoutes } from './securityKeys/routes.ts';
import { readHeldFactors } from '../factors/index.ts';
import { addSignInRoutes } from './signIn/routes.ts';

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
      const { identityId } = user;
      const [account, access, browsers, factors] = await Promise.all([
        readAccount(context.context, identityId),
        readAccessOverview(context, identityId),
        listKnownBrowsersOfPerson(context.context, identityId),
        readHeldFactors(context.context, identityId),
      ]);
      const counts = { signedIn: access.sessions.length, ownBrowsers: browsers.length };
      const services = access.services.map(({ name }) => name);
      const frame = composeSelfServiceFrame(context, ctx, user);
      sendPage(
        ctx,
        SelfHomePage({
          ...frame,
          account,
          ...counts,
          factors,
          services,
        }),
      );
    }),
  );
  addCardRoutes(router, context);
  addCodeTokenRoutes(router, context);
  addSignInRoutes(router, context);
  addContactRoutes(router, context);
  addEmailRoutes(router, context);
  addPublicSitesRoutes(router, context);
  addActivityRoutes(router, context);
  addAccessRoutes(router, context);
  addBrowsersRoutes(router, context);
  addSecurityKeyRoutes(router, context);
  addDataRoutes(router, context);
  addBlockAndCloseRoutes(router, context);
  addConfirmRoutes(router, context);
  addKeyProofRoutes(router, context);
}
