/** `/self-service/access`: signed-in browsers and relying parties with access, with a form to end each. */
import type Router from '@koa/router';
import {
  endAllSessions,
  endOtherSessions,
  endSessionByPerson,
  readAccessOverview,
  removeClientAccess,
  removeScopeAccess,
} from '../../access/index.ts';
import { readClientContext } from '../../../domain/clientContext.ts';
import { readRequestSource } from '../../../http/middleware.ts';
import { requireField, type PostedForm } from '../../../http/forms.ts';
import { redirectWithGet, sendPage } from '../../../ui/page.ts';
import { SelfAccessPage } from './access.page.tsx';
import { HttpError } from '../../../ui/httpError.ts';
import { composeSelfServiceFrame, createSelfServiceRoute, type SelfServiceDeps } from '../guard.ts';
import { redirectToKeyProof } from '../confirm/proof.routes.ts';

const PATH = '/self-service/access';
const DONE_QUERY = ['session', 'others', 'access', 'part'] as const;

export function addAccessRoutes(router: Router, selfService: SelfServiceDeps): void {
  const { context, site } = selfService;

  router.get(
    PATH,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const shown = await readAccessOverview(selfService, user.identityId);
      const frame = composeSelfServiceFrame(selfService, ctx, user);
      const here = user.sessionUid;
      const { network } = readClientContext(readRequestSource(ctx));
      const done = DONE_QUERY.find((one) => one === ctx.query['done']) ?? null;
      sendPage(ctx, SelfAccessPage({ ...frame, ...shown, here, network, done }));
    }),
  );

  router.post(
    PATH,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const form = await site.readForm(ctx, user);
      switch (requireField(form, 'do')) {
        case 'session': {
          if (!user.hasRecentKey) return await redirectToKeyProof(selfService, ctx, PATH);
          // Sent twice, or too late: the page that follows shows the present state.
          const isEnded = await endSessionByPerson(context, user, readAccessName(form, 'session'));
          return redirectWithGet(ctx, isEnded ? `${PATH}?done=session` : PATH);
        }
        case 'access': {
          const isRemoved = await removeClientAccess(context, user, readAccessName(form, 'service'));
          return redirectWithGet(ctx, isRemoved ? `${PATH}?done=access` : PATH);
        }
        case 'part': {
          const part = { clientId: readAccessName(form, 'service'), scope: readAccessName(form, 'scope') };
          const isRemoved = await removeScopeAccess(context, user, part);
          return redirectWithGet(ctx, isRemoved ? `${PATH}?done=part` : PATH);
        }
        case 'others': {
          if (!user.hasRecentKey) return await redirectToKeyProof(selfService, ctx, PATH);
          const ended = await endOtherSessions(context, user);
          return redirectWithGet(ctx, ended > 0 ? `${PATH}?done=others` : PATH);
        }
        case 'everywhere':
          if (!user.hasRecentKey) return await redirectToKeyProof(selfService, ctx, PATH);
          await endAllSessions(context, user);
          return redirectWithGet(ctx, `${site.site.path}/signed-out`);
        default:
          throw new HttpError(400, 'bad_form');
      }
    }),
  );
}

/** @throws HttpError (400) for a value that is not the name of a session, a relying party or a scope. */
function readAccessName(form: PostedForm, name: 'session' | 'service' | 'scope'): string {
  const typed = requireField(form, name);
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(typed)) throw new HttpError(400, 'bad_form');
  return typed;
}
