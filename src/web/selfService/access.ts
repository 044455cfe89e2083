/** `/self-service/access`: browsers that are signed in, and relying parties that have access; the end of each. */
import type Router from '@koa/router';
import {
  endEverySession,
  endSession,
  readAccess,
  removeAccess,
  removePartOfAccess,
} from '../../usecases/selfService/access.ts';
import { field, type Form } from '../forms.ts';
import { seeOther, sendPage } from '../page.ts';
import { SelfAccessPage } from '../pages/selfService/access.tsx';
import { Trouble } from '../trouble.ts';
import { selfServiceFrame, selfServiceRoute, type SelfService } from './guard.ts';
import { askForProof } from './proof.ts';

const PATH = '/self-service/access';
const DONE = ['session', 'access', 'part'] as const;

export function addAccessRoutes(router: Router, selfService: SelfService): void {
  const { world, site } = selfService;

  router.get(
    PATH,
    selfServiceRoute(selfService, async (ctx, visitor) => {
      const shown = await readAccess(world, visitor.identityId);
      const { done } = ctx.query;
      const frame = selfServiceFrame(selfService, ctx, visitor);
      const here = visitor.sessionUid;
      sendPage(
        ctx,
        SelfAccessPage({ ...frame, ...shown, here, done: DONE.find((one) => one === done) ?? null }),
      );
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
        case 'part': {
          const part = { clientId: nameIn(form, 'service'), scope: nameIn(form, 'scope') };
          const isRemoved = await removePartOfAccess(world, visitor, part);
          return seeOther(ctx, isRemoved ? `${PATH}?done=part` : PATH);
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

/** @throws Trouble (400) for what names no session, no relying party and no scope. */
function nameIn(form: Form, name: 'session' | 'service' | 'scope'): string {
  const typed = field(form, name);
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(typed)) throw new Trouble(400, 'bad_form');
  return typed;
}
