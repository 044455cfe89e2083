/** `/self-service/browsers`: the browsers that the person marked as their own, with a form to remove them. */
import type Router from '@koa/router';
import { listKnownBrowsersOfPerson, removeKnownBrowser, removeKnownBrowsers } from './browsers.ts';
import { readRequestSource } from '../../../http/middleware.ts';
import { requireField } from '../../../http/forms.ts';
import { redirectWithGet, sendPage } from '../../../ui/page.ts';
import { SelfBrowsersPage } from './browsers.page.tsx';
import { HttpError } from '../../../ui/httpError.ts';
import { composeSelfServiceFrame, createSelfServiceRoute, type SelfServiceDeps } from '../guard.ts';

const PATH = '/self-service/browsers';

export function addBrowsersRoutes(router: Router, selfService: SelfServiceDeps): void {
  const { context, site } = selfService;

  router.get(
    PATH,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const browsers = await listKnownBrowsersOfPerson(context, user.identityId);
      const { done } = ctx.query;
      const isDone = done === 'one' || done === 'all' ? done : null;
      sendPage(
        ctx,
        SelfBrowsersPage({ ...composeSelfServiceFrame(selfService, ctx, user), browsers, isDone }),
      );
    }),
  );

  router.post(
    PATH,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const form = await site.readForm(ctx, user);
      const requestSource = readRequestSource(ctx);
      switch (requireField(form, 'do')) {
        case 'one': {
          const name = requireField(form, 'browser');
          if (!/^[0-9a-f]{32}$/.test(name)) throw new HttpError(400, 'bad_form');
          // Sent twice, or too late: the page that follows shows the present state.
          const isDone = await removeKnownBrowser(context, user.identityId, { name, requestSource });
          return redirectWithGet(ctx, isDone ? `${PATH}?done=one` : PATH);
        }
        case 'all': {
          const many = await removeKnownBrowsers(context, user.identityId, requestSource);
          return redirectWithGet(ctx, many > 0 ? `${PATH}?done=all` : PATH);
        }
        default:
          throw new HttpError(400, 'bad_form');
      }
    }),
  );
}
