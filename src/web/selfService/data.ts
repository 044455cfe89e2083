/** `/self-service/data`: all that is known of the person, as one file. */
import type Router from '@koa/router';
import { exportData } from '../../usecases/selfService/exportData.ts';
import { visitOf } from '../door.ts';
import { sendPage } from '../page.ts';
import { SelfDataPage } from '../pages/selfService/data.tsx';
import { selfServiceFrame, selfServiceRoute, type SelfService } from './guard.ts';
import { askForProof } from './proof.ts';

const PATH = '/self-service/data';

export function addDataRoutes(router: Router, selfService: SelfService): void {
  const { world, site } = selfService;

  router.get(
    PATH,
    selfServiceRoute(selfService, (ctx, visitor) => {
      sendPage(ctx, SelfDataPage(selfServiceFrame(selfService, ctx, visitor)));
    }),
  );

  router.post(
    PATH,
    selfServiceRoute(selfService, async (ctx, visitor) => {
      await site.readForm(ctx, visitor);
      const data = visitor.isProven ? await exportData(world, site.site, visitor, visitOf(ctx)) : null;
      if (!data) return await askForProof(selfService, ctx, PATH);
      const day = world.clock.now().toISOString().slice(0, 10);
      ctx.set('Content-Disposition', `attachment; filename="noegle-${day}.json"`);
      ctx.set('Cache-Control', 'no-store');
      ctx.type = 'application/json; charset=utf-8';
      ctx.body = `${JSON.stringify(data, null, 2)}\n`;
    }),
  );
}
