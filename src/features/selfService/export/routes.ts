/**
 * `/self-service/data`: all data about the person, as one file, and as a page to read and print. Both take a
 * recent key, and both are recorded.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { composeExportFile, exportPersonData } from './exportData.ts';
import type { FirstPartyUser } from '../../firstPartyClients/index.ts';
import { readClientContext } from '../../../domain/clientContext.ts';
import { readRequestSource } from '../../../http/middleware.ts';
import { sendPage } from '../../../ui/page.ts';
import { SelfDataPage } from './data.page.tsx';
import { SelfDataReadPage } from './dataRead.page.tsx';
import { composeSelfServiceFrame, createSelfServiceRoute, type SelfServiceDeps } from '../guard.ts';
import { redirectToKeyProof } from '../confirm/proof.routes.ts';

const PATH = '/self-service/data';
const READ = `${PATH}/read`;

export function addDataRoutes(router: Router, selfService: SelfServiceDeps): void {
  const { context, site } = selfService;

  const readData = async (ctx: Context, user: FirstPartyUser) =>
    user.hasRecentKey ? await exportPersonData(selfService, site.site, user, readRequestSource(ctx)) : null;

  router.get(
    PATH,
    createSelfServiceRoute(selfService, (ctx, user) => {
      sendPage(ctx, SelfDataPage(composeSelfServiceFrame(selfService, ctx, user)));
    }),
  );

  router.get(
    READ,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const data = await readData(ctx, user);
      if (!data) return await site.signInAgain(ctx, READ);
      const { network } = readClientContext(readRequestSource(ctx));
      sendPage(ctx, SelfDataReadPage({ ...composeSelfServiceFrame(selfService, ctx, user), data, network }));
    }),
  );

  router.post(
    PATH,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      await site.readForm(ctx, user);
      const data = await readData(ctx, user);
      if (!data) return await redirectToKeyProof(selfService, ctx, PATH);
      const day = context.clock.now().toISOString().slice(0, 10);
      ctx.set('Content-Disposition', `attachment; filename="noegle-${day}.json"`);
      ctx.set('Cache-Control', 'no-store');
      ctx.type = 'application/json; charset=utf-8';
      ctx.body = `${JSON.stringify(composeExportFile(data), null, 2)}\n`;
    }),
  );
}
