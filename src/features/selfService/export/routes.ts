/** `/self-service/data`: all data about the person, as one file. */
import type Router from '@koa/router';
import { exportPersonData } from './exportData.ts';
import { readRequestSource } from '../../../http/middleware.ts';
import { sendPage } from '../../../ui/page.ts';
import { SelfDataPage } from './data.page.tsx';
import { composeSelfServiceFrame, createSelfServiceRoute, type SelfServiceDeps } from '../guard.ts';
import { redirectToKeyProof } from '../confirm/proof.routes.ts';

const PATH = '/self-service/data';

export function addDataRoutes(router: Router, selfService: SelfServiceDeps): void {
  const { context, site } = selfService;

  router.get(
    PATH,
    createSelfServiceRoute(selfService, (ctx, user) => {
      sendPage(ctx, SelfDataPage(composeSelfServiceFrame(selfService, ctx, user)));
    }),
  );

  router.post(
    PATH,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      await site.readForm(ctx, user);
      const data = user.hasRecentKey
        ? await exportPersonData(context, site.site, user, readRequestSource(ctx))
        : null;
      if (!data) return await redirectToKeyProof(selfService, ctx, PATH);
      const day = context.clock.now().toISOString().slice(0, 10);
      ctx.set('Content-Disposition', `attachment; filename="noegle-${day}.json"`);
      ctx.set('Cache-Control', 'no-store');
      ctx.type = 'application/json; charset=utf-8';
      ctx.body = `${JSON.stringify(data, null, 2)}\n`;
    }),
  );
}
