/** `/desk/search/:id/new-cpr`: one officer proposes. `/desk/new-cpr/:id`: another officer decides. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { LimitReached } from '../limits.rules.ts';
import { checkReason, isBirthdate } from '../../../domain/staff/desk.ts';
import { parseCpr, type Cpr } from '../../../domain/person/cpr.ts';
import { readIdentificationFields } from '../../../domain/issuing/deskForm.ts';
import { proposeCprChange } from './proposeCprChange.ts';
import { decideCprChange, viewCprChange } from './settleCprChange.ts';
import { requireField, type PostedForm } from '../../../http/forms.ts';
import { redirectWithGet, sendPage } from '../../../ui/page.ts';
import {
  CPR_FIELDS,
  CprFormPage,
  CprReviewPage,
  type CprFormFault,
  type CprField,
} from './cprChange.page.tsx';
import { HttpError } from '../../../ui/httpError.ts';
import { findPersonToActOn, refuseOwnId } from '../actions/routes.ts';
import {
  composeDeskFrame,
  createDeskRoute,
  requireStaff,
  type DeskDeps,
  type StaffAtDesk,
} from '../guard.ts';
import { isOverLimit, markOverLimit, sendLimitPage } from '../limitPage.ts';
import { readSearchId } from '../search/routes.ts';

type CprFormInput = Readonly<Record<CprField, string>>;
type CprFormFaults = Partial<Record<CprField, CprFormFault>>;
const BLANK_CPR_FORM: CprFormInput = {
  cpr: '',
  correction: '',
  idKind: '',
  idNumber: '',
  idExpires: '',
  idMatches: '',
  reason: '',
};
const PROPOSE_PATH = '/desk/search/:id/new-cpr';
const DECIDE_PATH = '/desk/new-cpr/:id';
const WAITING_PATH = '/desk/waiting';

export function addCprChangeRoutes(router: Router, desk: DeskDeps): void {
  const { context } = desk;
  router.get(
    PROPOSE_PATH,
    createDeskRoute(desk, 'propose_cpr', async (ctx, staff) => {
      const person = await findPersonToActOn(desk, ctx, staff, 'propose_cpr');
      if (person)
        showCprForm(desk, ctx, staff, { name: person.name, typed: BLANK_CPR_FORM, faults: {}, limit: null });
    }),
  );
  router.post(
    PROPOSE_PATH,
    createDeskRoute(desk, 'propose_cpr', async (ctx, staff) => {
      const form = await desk.site.readForm(ctx, staff);
      const person = await findPersonToActOn(desk, ctx, staff, 'propose_cpr');
      if (person) await submitCprProposal(desk, ctx, staff, { name: person.name, form });
    }),
  );
  router.get(
    DECIDE_PATH,
    createDeskRoute(desk, 'approve_cpr', async (ctx, staff) => {
      const change = await viewCprChange(context, staff, readSearchId(ctx));
      if (change === null) return redirectWithGet(ctx, `${WAITING_PATH}?came=settled`);
      if (change === 'own') return redirectWithGet(ctx, `${WAITING_PATH}?came=own`);
      if (isOverLimit(change)) return sendLimitPage(desk, ctx, staff, change.limit);
      const kinds = context.rules.identification;
      sendPage(ctx, CprReviewPage({ ...composeDeskFrame(desk, ctx, staff), change, kinds }));
    }),
  );
  router.post(
    DECIDE_PATH,
    createDeskRoute(desk, 'approve_cpr', async (ctx, staff) => {
      const number = requireField(await desk.site.readForm(ctx, staff), 'number');
      if (number !== 'right' && number !== 'wrong') throw new HttpError(400, 'bad_form');
      const outcome = await decideCprChange(context, staff, {
        id: readSearchId(ctx),
        isRight: number === 'right',
      });
      if (isOverLimit(outcome)) return sendLimitPage(desk, ctx, staff, outcome.limit);
      redirectWithGet(ctx, `${WAITING_PATH}?came=${outcome === 'gone' ? 'settled' : outcome}`);
    }),
  );
}

async function submitCprProposal(
  desk: DeskDeps,
  ctx: Context,
  staff: StaffAtDesk,
  { name, form }: { name: string; form: PostedForm },
): Promise<void> {
  const { context } = desk;
  const typed = readCprFormInput(form);
  const faults: CprFormFaults = {};
  const cpr = readCprField(typed, context.clock.now(), faults);
  const { identification, fault } = readIdentificationFields(typed, {
    kinds: context.rules.identification,
    now: context.clock.now(),
  });
  if (fault) faults[fault.field] = fault.fault;
  if (typed.idMatches !== 'yes') faults.idMatches = 'not_matching';
  const reasonFault = checkReason(typed.reason);
  if (reasonFault) faults.reason = reasonFault;
  if (!cpr || Object.keys(faults).length > 0)
    return showCprForm(desk, ctx, staff, { name, typed, faults, limit: null });
  const { digits, birthdate } = cpr;
  const proposal = {
    cpr: digits,
    birthdate,
    isCorrection: typed.correction === 'yes',
    reason: typed.reason.trim(),
    identification,
    form: requireField(form, 'form'),
  };
  const outcome = await proposeCprChange(context, staff, readSearchId(ctx), proposal);
  if (isOverLimit(outcome)) {
    markOverLimit(desk, ctx, outcome.limit);
    return showCprForm(desk, ctx, staff, { name, typed, faults, limit: outcome.limit });
  }
  switch (outcome) {
    case 'done':
      return redirectWithGet(ctx, `/desk/search/${readSearchId(ctx)}?cpr=proposed`);
    case 'over':
    case 'nobody':
    case 'own_id':
      return refuseOwnId(desk, ctx, staff, outcome);
    case 'other_bank':
    case 'not_your_role':
      return void (await requireStaff(desk, ctx, 'propose_cpr'));
    default:
      return showCprForm(desk, ctx, staff, { name, typed, faults: { cpr: outcome }, limit: null });
  }
}

function readCprField({ cpr: typed }: CprFormInput, now: Date, faults: CprFormFaults): Cpr | null {
  const cpr = parseCpr(typed);
  if (typeof cpr !== 'string' && isBirthdate(cpr.birthdate, now)) return cpr;
  faults.cpr = cpr === 'malformed' ? 'cpr_malformed' : 'cpr_impossible';
  return null;
}

interface CprFormView {
  readonly name: string;
  readonly typed: CprFormInput;
  readonly faults: CprFormFaults;
  readonly limit: LimitReached | null;
}

function showCprForm(desk: DeskDeps, ctx: Context, staff: StaffAtDesk, shown: CprFormView): void {
  const { random, rules } = desk.context;
  const page = {
    ...composeDeskFrame(desk, ctx, staff),
    ...shown,
    searchPath: `/desk/search/${readSearchId(ctx)}`,
    kinds: rules.identification,
    form: random.uuid(),
  };
  sendPage(ctx, CprFormPage(page));
}

function readCprFormInput(form: PostedForm): CprFormInput {
  return Object.fromEntries(CPR_FIELDS.map((name) => [name, form.get(name) ?? ''])) as Record<
    CprField,
    string
  >;
}
