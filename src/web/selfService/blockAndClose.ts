/** `/self-service/block` at once, `/self-service/close` for good; and what is said when nobody is signed in any more. */
import type Router from '@koa/router';
import { block } from '../../usecases/block.ts';
import { field } from '../forms.ts';
import { followLanguageSwitch, frameOf, seeOther, sendPage } from '../page.ts';
import { SelfBlockedPage, SelfBlockPage } from '../pages/selfService/block.tsx';
import { SelfClosedPage, SelfClosePage } from '../pages/selfService/close.tsx';
import { Trouble } from '../trouble.ts';
import { askForKey } from './confirm.ts';
import { selfServiceFrame, selfServiceRoute, type SelfService } from './guard.ts';

export function addBlockAndCloseRoutes(router: Router, selfService: SelfService): void {
  const { world, site, stylesheet, isSecure } = selfService;

  router.get(
    '/self-service/block',
    selfServiceRoute(selfService, (ctx, visitor) => {
      sendPage(ctx, SelfBlockPage(selfServiceFrame(selfService, ctx, visitor)));
    }),
  );

  router.post(
    '/self-service/block',
    selfServiceRoute(selfService, async (ctx, visitor) => {
      const form = await site.readForm(ctx, visitor);
      const what = field(form, 'what');
      if (what !== 'card' && what !== 'identity') throw new Trouble(400, 'bad_form');
      await block(world, visitor.identityId, what, { by: 'person' });
      seeOther(ctx, `/self-service/blocked/${what}`);
    }),
  );

  for (const what of ['card', 'identity'] as const) {
    router.get(`/self-service/blocked/${what}`, (ctx) => {
      if (followLanguageSwitch(ctx, isSecure)) return;
      sendPage(ctx, SelfBlockedPage({ ...frameOf(ctx, stylesheet), what }));
    });
  }

  router.get(
    '/self-service/close',
    selfServiceRoute(selfService, (ctx, visitor) => {
      const frame = selfServiceFrame(selfService, ctx, visitor);
      sendPage(ctx, SelfClosePage({ ...frame, isUnticked: false }));
    }),
  );

  router.post(
    '/self-service/close',
    selfServiceRoute(selfService, async (ctx, visitor) => {
      const form = await site.readForm(ctx, visitor);
      if (form.has('understood')) return await askForKey(selfService, ctx, visitor, { kind: 'close_id' });
      const frame = { ...selfServiceFrame(selfService, ctx, visitor), languageSwitch: null };
      sendPage(ctx, SelfClosePage({ ...frame, isUnticked: true }));
    }),
  );

  router.get('/self-service/closed', (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    sendPage(ctx, SelfClosedPage(frameOf(ctx, stylesheet)));
  });
}
