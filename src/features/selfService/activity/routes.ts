/** `/self-service/activity`: the activity of the ID, a page at a time, and a page for each line. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { readClientContext, type ClientContext } from '../../../domain/clientContext.ts';
import { findActivity, readActivity } from './readActivity.ts';
import { readRequestSource } from '../../../http/middleware.ts';
import { proveEvent } from '../../auditLog/index.ts';
import { listSessionsOfPerson } from '../../sessions/index.ts';
import { redirectWithGet, sendPage } from '../../../ui/page.ts';
import { SelfConcernPage } from './concern.page.tsx';
import { SelfActivityPage } from './activity.page.tsx';
import { composeSelfServiceFrame, createSelfServiceRoute, type SelfServiceDeps } from '../guard.ts';

export function addActivityRoutes(router: Router, selfService: SelfServiceDeps): void {
  router.get(
    '/self-service/activity',
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const before = readBeforeId(ctx);
      const shown = await readActivity(selfService.context, user.identityId, before);
      const frame = composeSelfServiceFrame(selfService, ctx, user);
      const { network } = readClientContext(readRequestSource(ctx));
      sendPage(ctx, SelfActivityPage({ ...frame, ...shown, isNewest: before === null, network }));
    }),
  );

  router.get(
    PROOF,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const id = ctx.path.slice(LINE.indexOf(':')).replace('/proof', '');
      const { context } = selfService;
      const line = await findActivity(context, user.identityId, id);
      const proof = line?.isSealed === true ? await proveEvent(context.database, id) : null;
      // No line of this person, or one that is too young: their log says so.
      if (!proof) return redirectWithGet(ctx, '/self-service/activity');
      ctx.set('Content-Disposition', `attachment; filename="noegle-${id}.json"`);
      ctx.set('Cache-Control', 'no-store');
      ctx.type = 'application/json; charset=utf-8';
      ctx.body = `${JSON.stringify(proof, null, 2)}\n`;
    }),
  );

  router.get(
    LINE,
    createSelfServiceRoute(selfService, async (ctx, user) => {
      const id = ctx.path.slice(LINE.indexOf(':'));
      const line = await findActivity(selfService.context, user.identityId, id);
      // No line of this person: their log says so.
      if (!line) return redirectWithGet(ctx, '/self-service/activity');
      const here = readClientContext(readRequestSource(ctx));
      const { seen } = line;
      const all = seen ? await listSessionsOfPerson(selfService, user.identityId) : [];
      const sessions = all.filter(
        ({ uid, client }) => uid !== user.sessionUid && seen && isSameClient(seen, client),
      );
      const frame = composeSelfServiceFrame(selfService, ctx, user);
      const isLikeHere = seen !== null && isSameClient(seen, here);
      sendPage(ctx, SelfConcernPage({ ...frame, line, network: here.network, isLikeHere, sessions }));
    }),
  );
}

const LINE = '/self-service/activity/:id';
const PROOF = `${LINE}/proof`;

/** The same browser and network, as far as they are known. */
function isSameClient(one: ClientContext, other: ClientContext | null): boolean {
  if (other === null || one.browser === null) return false;
  return one.browser === other.browser && one.system === other.system && one.network === other.network;
}

/** A value that is not a number means the newest. */
function readBeforeId(ctx: Context): string | null {
  const { before } = ctx.query;
  return typeof before === 'string' && /^[0-9]{1,18}$/.test(before) ? before : null;
}
