/**
 * `/desk/applications/:id`: the receipt and the written decision. `/desk/waiting`: the list for the second
 * officer.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { isPermitted } from '../../../domain/staff/staff.ts';
import {
  listApplicationsForStaff,
  settleApplicationByStaff,
  settleSimilarityApplication,
  viewApplication,
  viewPendingApplication,
} from './applications.ts';
import { listDuplicates } from '../search/duplicates.ts';
import { listCprChangesForStaff } from '../cprChange/settleCprChange.ts';
import { requireField, type PostedForm } from '../../../http/forms.ts';
import { redirectWithGet, sendPage } from '../../../ui/page.ts';
import { ApplicationPage } from './application.page.tsx';
import { DecisionPage } from './decision.page.tsx';
import {
  WAITING_OUTCOMES,
  WaitingOnePage,
  WaitingOrderPage,
  WaitingPage,
  type WaitingOutcome,
} from './waiting.page.tsx';
import { HttpError } from '../../../ui/httpError.ts';
import { composeDeskFrame, createDeskRoute, type DeskDeps, type StaffAtDesk } from '../guard.ts';
import { isOverLimit, sendLimitPage } from '../limitPage.ts';

const WAITING_PATH = '/desk/waiting';

export function addApplicationRoutes(router: Router, desk: DeskDeps): void {
  const { context } = desk;

  /** @throws HttpError (404) when it does not exist or was decided by other officers. */
  const find = async (ctx: Context, staff: StaffAtDesk) => {
    const application = await viewApplication(context, staff, readApplicationId(ctx));
    if (!application) throw new HttpError(404, 'not_found');
    return application;
  };

  router.get(
    '/desk/applications/:id',
    createDeskRoute(desk, 'issue', async (ctx, staff) => {
      const application = await find(ctx, staff);
      sendPage(ctx, ApplicationPage({ ...composeDeskFrame(desk, ctx, staff), application }));
    }),
  );

  router.get(
    '/desk/applications/:id/decision',
    createDeskRoute(desk, 'refuse', async (ctx, staff) => {
      const application = await find(ctx, staff);
      if (application.state !== 'refused') throw new HttpError(404, 'not_found');
      sendPage(ctx, DecisionPage({ ...composeDeskFrame(desk, ctx, staff), application }));
    }),
  );

  router.get(
    WAITING_PATH,
    createDeskRoute(desk, 'approve_address', async (ctx, staff) => {
      const waiting = await listApplicationsForStaff(context, staff);
      const outcome = WAITING_OUTCOMES.find((one) => one === ctx.query['came']) ?? null;
      const cprChanges = isPermitted(staff, 'approve_cpr')
        ? await listCprChangesForStaff(context, staff)
        : null;
      const duplicates = await listDuplicates(context, staff);
      const frame = { ...composeDeskFrame(desk, ctx, staff), form: context.random.uuid() };
      sendPage(ctx, WaitingPage({ ...frame, waiting, cprChanges, duplicates, outcome }));
    }),
  );

  router.get(
    `${WAITING_PATH}/:id`,
    createDeskRoute(desk, 'approve_address', async (ctx, staff) => {
      const application = await viewPendingApplication(context, staff, readApplicationId(ctx));
      if (application === null) return redirectWithGet(ctx, `${WAITING_PATH}?came=settled`);
      if (application === 'own') return redirectWithGet(ctx, `${WAITING_PATH}?came=own`);
      if (isOverLimit(application)) return sendLimitPage(desk, ctx, staff, application.limit);
      const kinds = context.rules.identification;
      const frame = composeDeskFrame(desk, ctx, staff);
      if (application.submission.application.path !== 'online') {
        return sendPage(ctx, WaitingOnePage({ ...frame, application, kinds }));
      }
      const isMissing = ctx.query['missing'] === '1';
      sendPage(ctx, WaitingOrderPage({ ...frame, application, kinds, isMissing }));
    }),
  );

  router.post(
    `${WAITING_PATH}/:id`,
    createDeskRoute(desk, 'approve_address', async (ctx, staff) => {
      const form = await desk.site.readForm(ctx, staff);
      if (form.has('seen')) return await decideSimilarity(desk, ctx, staff, form);
      const address = requireField(form, 'address');
      if (address !== 'right' && address !== 'wrong') throw new HttpError(400, 'bad_form');
      const outcome = await settleApplicationByStaff(context, staff, {
        id: readApplicationId(ctx),
        isRight: address === 'right',
      });
      if (isOverLimit(outcome)) return sendLimitPage(desk, ctx, staff, outcome.limit);
      switch (outcome) {
        case 'decided':
          return redirectWithGet(ctx, `/desk/applications/${readApplicationId(ctx)}`);
        default:
          return redirectWithGet(ctx, `${WAITING_PATH}?came=${OUTCOME_PARAMETERS[outcome]}`);
      }
    }),
  );
}

/** The outcome that the list shows for an application that this answer did not decide. */
const OUTCOME_PARAMETERS = {
  has_id: 'hasId',
  number_changed: 'numberChanged',
  officer_gone: 'officerGone',
  officer_paused: 'officerPaused',
  own: 'own',
  settled: 'settled',
  gone: 'settled',
} as const satisfies Record<string, WaitingOutcome>;

async function decideSimilarity(
  desk: DeskDeps,
  ctx: Context,
  staff: StaffAtDesk,
  form: PostedForm,
): Promise<void> {
  const id = readApplicationId(ctx);
  const who = form.get('who') ?? '';
  if (who === '') return redirectWithGet(ctx, `${WAITING_PATH}/${id}?missing=1`);
  const seen = requireField(form, 'seen').split(' ');
  const outcome = await settleSimilarityApplication(desk.context, staff, { id, who, seen });
  if (isOverLimit(outcome)) return sendLimitPage(desk, ctx, staff, outcome.limit);
  switch (outcome) {
    case 'decided':
      return redirectWithGet(ctx, `/desk/applications/${id}`);
    case 'changed':
      return redirectWithGet(ctx, `${WAITING_PATH}/${id}?missing=1`);
    default:
      return redirectWithGet(ctx, `${WAITING_PATH}?came=${OUTCOME_PARAMETERS[outcome]}`);
  }
}

function readApplicationId(ctx: Context): string {
  return String((ctx['params'] as Record<string, string>)['id']);
}
