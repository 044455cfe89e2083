/**
 * `/self-service/public-sites`: switching on takes a key; switching off takes effect on every node
 * immediately.
 */
import type Router from '@koa/router';
import { choosePublicSites } from '../../identity/index.ts';
import { readAccount, readPublicSitesView } from '../readAccount.ts';
import { requireField } from '../../../http/forms.ts';
import { redirectWithGet, sendPage } from '../../../ui/page.ts';
import { SelfPublicSitesPage } from './publicSites.page.tsx';
import { HttpError } from '../../../ui/httpError.ts';
import { redirectToConfirmation } from '../confirm/routes.ts';
import { composeSelfServiceFrame, createSelfServiceRoute, type SelfServiceDeps } from '../guard.ts';

const PATH = '/self-service/public-sites';

export function addPublicSitesRoutes(router: Router, selfService: SelfServiceDeps): void {
  const { context, site } = selfService;

  router.get(
    PATH,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const { publicSites: isOn, blocker } = await readAccount(context, user.identityId);
      const sitesView = await readPublicSitesView(context);
      const isJustOff = ctx.query['done'] === 'off';
      const frame = composeSelfServiceFrame(selfService, ctx, user);
      sendPage(ctx, SelfPublicSitesPage({ ...frame, ...sitesView, isOn, blocker, isJustOff }));
    }),
  );

  router.post(
    PATH,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const form = await site.readForm(ctx, user);
      switch (requireField(form, 'do')) {
        case 'on':
          return await redirectToConfirmation(selfService, ctx, user, { kind: 'public_sites_on' });
        case 'off':
          await choosePublicSites(context, user.identityId, false);
          return redirectWithGet(ctx, `${PATH}?done=off`);
        default:
          throw new HttpError(400, 'bad_form');
      }
    }),
  );
}
