/** `/desk/applications/:id`, the receipt and the written decision, and `/desk/waiting`, for the second officer. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { isPermitted } from '../../core/staff.ts';
import {
  listWaitingAt,
  settle,
  settleLikeness,
  viewApplication,
  viewWaiting,
} from '../../usecases/desk/applications.ts';
import { listDuplicates } from '../../usecases/desk/duplicates.ts';
import { listCprChanges } from '../../usecases/desk/settleCprChange.ts';
import { field, type Form } from '../forms.ts';
import { seeOther, sendPage } from '../page.ts';
import { ApplicationPage, DecisionPage } from '../pages/desk/application.tsx';
import {
  WAITING_CAME,
  WaitingOnePage,
  WaitingOrderPage,
  WaitingPage,
  type WaitingCame,
} from '../pages/desk/waiting.tsx';
import { Trouble } from '../trouble.ts';
import { deskFrame, deskRoute, type Desk, type StaffAtDesk } from './guard.ts';
import { isOverLimit, sendLimitPage } from './limit.ts';

const WAITING = '/desk/waiting';

export function addApplicationRoutes(router: Router, desk: Desk): void {
  const { world } = desk;

  /** @throws Trouble (404): there is none, or it is none of theirs. */
  const find = async (ctx: Context, staff: StaffAtDesk) => {
    const application = await viewApplication(world, staff, idOf(ctx));
    if (!application) throw new Trouble(404, 'not_found');
    return application;
  };

  router.get(
    '/desk/applications/:id',
    deskRoute(desk, 'issue', async (ctx, staff) => {
      const application = await find(ctx, staff);
      sendPage(ctx, ApplicationPage({ ...deskFrame(desk, ctx, staff), application }));
    }),
  );

  router.get(
    '/desk/applications/:id/decision',
    deskRoute(desk, 'refuse', async (ctx, staff) => {
      const application = await find(ctx, staff);
      if (application.state !== 'refused') throw new Trouble(404, 'not_found');
      sendPage(ctx, DecisionPage({ ...deskFrame(desk, ctx, staff), application }));
    }),
  );

  router.get(
    WAITING,
    deskRoute(desk, 'approve_address', async (ctx, staff) => {
      const waiting = await listWaitingAt(world, staff);
      const came = WAITING_CAME.find((one) => one === ctx.query['came']) ?? null;
      const cprChanges = isPermitted(staff, 'approve_cpr') ? await listCprChanges(world, staff) : null;
      const duplicates = await listDuplicates(world, staff);
      const frame = { ...deskFrame(desk, ctx, staff), form: world.dice.uuid() };
      sendPage(ctx, WaitingPage({ ...frame, waiting, cprChanges, duplicates, came }));
    }),
  );

  router.get(
    `${WAITING}/:id`,
    deskRoute(desk, 'approve_address', async (ctx, staff) => {
      const application = await viewWaiting(world, staff, idOf(ctx));
      if (application === null) return seeOther(ctx, `${WAITING}?came=settled`);
      if (application === 'own') return seeOther(ctx, `${WAITING}?came=own`);
      if (isOverLimit(application)) return sendLimitPage(desk, ctx, staff, application.limit);
      const kinds = world.rules.identification;
      const frame = deskFrame(desk, ctx, staff);
      if (application.submission.application.path !== 'online') {
        return sendPage(ctx, WaitingOnePage({ ...frame, application, kinds }));
      }
      const isMissing = ctx.query['missing'] === '1';
      sendPage(ctx, WaitingOrderPage({ ...frame, application, kinds, isMissing }));
    }),
  );

  router.post(
    `${WAITING}/:id`,
    deskRoute(desk, 'approve_address', async (ctx, staff) => {
      const form = await desk.site.readForm(ctx, staff);
      if (form.has('seen')) return await judgeLikeness(desk, ctx, staff, form);
      const address = field(form, 'address');
      if (address !== 'right' && address !== 'wrong') throw new Trouble(400, 'bad_form');
      const came = await settle(world, staff, { id: idOf(ctx), isRight: address === 'right' });
      if (isOverLimit(came)) return sendLimitPage(desk, ctx, staff, came.limit);
      switch (came) {
        case 'decided':
          return seeOther(ctx, `/desk/applications/${idOf(ctx)}`);
        default:
          return seeOther(ctx, `${WAITING}?came=${CAME[came]}`);
      }
    }),
  );
}

/** What the list says of one that was not decided by this answer. */
const CAME = {
  has_id: 'hasId',
  number_changed: 'numberChanged',
  officer_gone: 'officerGone',
  officer_paused: 'officerPaused',
  own: 'own',
  settled: 'settled',
  gone: 'settled',
} as const satisfies Record<string, WaitingCame>;

async function judgeLikeness(desk: Desk, ctx: Context, staff: StaffAtDesk, form: Form): Promise<void> {
  const id = idOf(ctx);
  const who = form.get('who') ?? '';
  if (who === '') return seeOther(ctx, `${WAITING}/${id}?missing=1`);
  const seen = field(form, 'seen').split(' ');
  const came = await settleLikeness(desk.world, staff, { id, who, seen });
  if (isOverLimit(came)) return sendLimitPage(desk, ctx, staff, came.limit);
  switch (came) {
    case 'decided':
      return seeOther(ctx, `/desk/applications/${id}`);
    case 'changed':
      return seeOther(ctx, `${WAITING}/${id}?missing=1`);
    default:
      return seeOther(ctx, `${WAITING}?came=${CAME[came]}`);
  }
}

function idOf(ctx: Context): string {
  return String((ctx['params'] as Record<string, string>)['id']);
}
