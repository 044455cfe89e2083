/** `/self-service/access`: browsers that are signed in, and relying parties that have access; the end of each. */
import type Router from '@koa/router';
import { endEverySession, endSession, readAccess, removeAccess } from '../../usecases/selfService/access.ts';
import { field, type Form } from '../forms.ts';
import { seeOther, sendPage } from '../page.ts';
import { SelfAccessPage } from '../pages/selfService/access.tsx';
import { Trouble } from '../trouble.ts';
import { selfServiceFrame, selfServiceRoute, type SelfService } from './guard.ts';
import { askForProof } from './proof.ts';

const PATH = '/self-service/access';

export function addAccessRoutes(router: Router, selfService: SelfService): void {
  const { world, site } = selfService;

  router.get(
    PATH,
    selfServiceRoute(selfService, async (ctx, visitor) => {
      const shown = await readAccess(world, visitor.identityId);
      const { done } = ctx.query;
      const frame = selfServiceFrame(selfService, ctx, visitor);
      const isEnded = done === 'session';
      const isRemoved = done === 'access';
      sendPage(ctx, SelfAccessPage({ ...frame, ...shown, here: visitor.sessionUid, isEnded, isRemoved }));
    }),
  );

  router.post(
    PATH,
    selfServiceRoute(selfService, async (ctx, visitor) => {
      const form = await site.readForm(ctx, visitor);
      switch (field(form, 'do')) {
        case 'session': {
          if (!visitor.isProven) return await askForProof(selfService, ctx, PATH);
          // Twice, or too late: the page that follows says how things stand.
          const isEnded = await endSession(world, visitor, nameIn(form, 'session'));
          return seeOther(ctx, isEnded ? `${PATH}?done=session` : PATH);
        }
        case 'access': {
          const isRemoved = await removeAccess(world, visitor, nameIn(form, 'service'));
          return seeOther(ctx, isRemoved ? `${PATH}?done=access` : PATH);
        }
        case 'everywhere':
          if (!visitor.isProven) return await askForProof(selfService, ctx, PATH);
          await endEverySession(world, visitor);
          return seeOther(ctx, `${site.site.path}/signed-out`);
        default:
          throw new Trouble(400, 'bad_form');
      }
    }),
  );
}

/** @throws Trouble (400) for what names no session and no relying party. */
function nameIn(form: Form, name: 'session' | 'service'): string {
  const typed = field(form, name);
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(typed)) throw new Trouble(400, 'bad_form');
  return typed;
}
