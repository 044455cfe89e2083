/**
 * `/self-service/block`, which takes effect immediately, `/self-service/close`, which is permanent, and the
 * pages that follow them without a session.
 */
import type Router from '@koa/router';
import { BLOCK_TARGETS, isBlockTarget } from '../../../domain/factors/heldFactors.ts';
import { blockTarget } from '../../factors/index.ts';
import { requireField } from '../../../http/forms.ts';
import { followLanguageSwitch, composePageFrame, redirectWithGet, sendPage } from '../../../ui/page.ts';
import { SelfBlockCheckPage, SelfBlockedPage, SelfBlockPage } from './block.page.tsx';
import { SelfClosedPage, SelfClosePage } from './close.page.tsx';
import { HttpError } from '../../../ui/httpError.ts';
import { redirectToConfirmation } from '../confirm/routes.ts';
import { composeSelfServiceFrame, createSelfServiceRoute, type SelfServiceDeps } from '../guard.ts';

export function addBlockAndCloseRoutes(router: Router, selfService: SelfServiceDeps): void {
  const { context, site, stylesheet, isSecure } = selfService;

  router.get(
    '/self-service/block',
    createSelfServiceRoute(selfService, (ctx, user) => {
      sendPage(ctx, SelfBlockPage(composeSelfServiceFrame(selfService, ctx, user)));
    }),
  );

  for (const what of BLOCK_TARGETS) {
    router.get(
      `/self-service/block/${what}`,
      createSelfServiceRoute(selfService, (ctx, user) => {
        sendPage(ctx, SelfBlockCheckPage({ ...composeSelfServiceFrame(selfService, ctx, user), what }));
      }),
    );
  }

  router.post(
    '/self-service/block',
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const form = await site.readForm(ctx, user);
      const what = requireField(form, 'what');
      if (!isBlockTarget(what)) throw new HttpError(400, 'bad_form');
      await blockTarget(context, user.identityId, what, { by: 'person' });
      redirectWithGet(ctx, `/self-service/blocked/${what}`);
    }),
  );

  for (const what of BLOCK_TARGETS) {
    router.get(`/self-service/blocked/${what}`, (ctx) => {
      if (followLanguageSwitch(ctx, isSecure)) return;
      sendPage(ctx, SelfBlockedPage({ ...composePageFrame(ctx, stylesheet), what }));
    });
  }

  router.get(
    '/self-service/close',
    createSelfServiceRoute(selfService, (ctx, user) => {
      const frame = composeSelfServiceFrame(selfService, ctx, user);
      sendPage(ctx, SelfClosePage({ ...frame, isUnticked: false }));
    }),
  );

  router.post(
    '/self-service/close',
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const form = await site.readForm(ctx, user);
      if (form.has('understood'))
        return await redirectToConfirmation(selfService, ctx, user, { kind: 'close_id' });
      const frame = { ...composeSelfServiceFrame(selfService, ctx, user), languageSwitch: null };
      sendPage(ctx, SelfClosePage({ ...frame, isUnticked: true }));
    }),
  );

  router.get('/self-service/closed', (ctx) => {
    if (followLanguageSwitch(ctx, isSecure)) return;
    sendPage(ctx, SelfClosedPage(composePageFrame(ctx, stylesheet)));
  });
}
