/** `/self-service/browsers`: the browsers that the person called their own, and the end of each. */
import type Router from '@koa/router';
import { readOwnBrowsers, takeBackBrowser, takeBackBrowsers } from '../../usecases/selfService/browsers.ts';
import { visitOf } from '../door.ts';
import { field } from '../forms.ts';
import { seeOther, sendPage } from '../page.ts';
import { SelfBrowsersPage } from '../pages/selfService/browsers.tsx';
import { Trouble } from '../trouble.ts';
import { selfServiceFrame, selfServiceRoute, type SelfService } from './guard.ts';

const PATH = '/self-service/browsers';

export function addBrowsersRoutes(router: Router, selfService: SelfService): void {
  const { world, site } = selfService;

  router.get(
    PATH,
    selfServiceRoute(selfService, async (ctx, visitor) => {
      const browsers = await readOwnBrowsers(world, visitor.identityId);
      const { done } = ctx.query;
      const isDone = done === 'one' || done === 'all' ? done : null;
      sendPage(ctx, SelfBrowsersPage({ ...selfServiceFrame(selfService, ctx, visitor), browsers, isDone }));
    }),
  );

  router.post(
    PATH,
    selfServiceRoute(selfService, async (ctx, visitor) => {
      const form = await site.readForm(ctx, visitor);
      const visit = visitOf(ctx);
      switch (field(form, 'do')) {
        case 'one': {
          const name = field(form, 'browser');
          if (!/^[0-9a-f]{32}$/.test(name)) throw new Trouble(400, 'bad_form');
          // Twice, or too late: the page that follows says how things stand.
          const isDone = await takeBackBrowser(world, visitor.identityId, { name, visit });
          return seeOther(ctx, isDone ? `${PATH}?done=one` : PATH);
        }
        case 'all': {
          const many = await takeBackBrowsers(world, visitor.identityId, visit);
          return seeOther(ctx, many > 0 ? `${PATH}?done=all` : PATH);
        }
        default:
          throw new Trouble(400, 'bad_form');
      }
    }),
  );
}
