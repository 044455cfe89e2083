/** `/self-service/public-sites`: on takes a key, off is felt everywhere at once. */
import type Router from '@koa/router';
import { choosePublicSites } from '../../usecases/choosePublicSites.ts';
import { readAccount, readPublicSites } from '../../usecases/selfService/readAccount.ts';
import { field } from '../forms.ts';
import { seeOther, sendPage } from '../page.ts';
import { SelfPublicSitesPage } from '../pages/selfService/publicSites.tsx';
import { Trouble } from '../trouble.ts';
import { askForKey } from './confirm.ts';
import { selfServiceFrame, selfServiceRoute, type SelfService } from './guard.ts';

const PATH = '/self-service/public-sites';

export function addPublicSitesRoutes(router: Router, selfService: SelfService): void {
  const { world, site } = selfService;

  router.get(
    PATH,
    selfServiceRoute(selfService, async (ctx, visitor) => {
      const { publicSites: isOn, bar } = await readAccount(world, visitor.identityId);
      const touched = await readPublicSites(world);
      const isJustOff = ctx.query['done'] === 'off';
      const frame = selfServiceFrame(selfService, ctx, visitor);
      sendPage(ctx, SelfPublicSitesPage({ ...frame, ...touched, isOn, bar, isJustOff }));
    }),
  );

  router.post(
    PATH,
    selfServiceRoute(selfService, async (ctx, visitor) => {
      const form = await site.readForm(ctx, visitor);
      switch (field(form, 'do')) {
        case 'on':
          return await askForKey(selfService, ctx, visitor, { kind: 'public_sites_on' });
        case 'off':
          await choosePublicSites(world, visitor.identityId, false);
          return seeOther(ctx, `${PATH}?done=off`);
        default:
          throw new Trouble(400, 'bad_form');
      }
    }),
  );
}
