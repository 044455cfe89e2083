/** `/desk/search/:id/new-cpr`, where one officer proposes, and `/desk/new-cpr/:id`, where another decides. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { LimitReached } from '../../core/desk/limits.ts';
import { checkReason, isBirthdate } from '../../core/desk.ts';
import { parseCpr, type Cpr } from '../../core/issuing/cpr.ts';
import { readShown } from '../../core/issuing/deskForm.ts';
import { proposeCprChange } from '../../usecases/desk/proposeCprChange.ts';
import { decideCprChange, viewCprChange } from '../../usecases/desk/settleCprChange.ts';
import { field, type Form } from '../forms.ts';
import { seeOther, sendPage } from '../page.ts';
import {
  CPR_FIELDS,
  CprFormPage,
  CprLookPage,
  type CprFault,
  type CprField,
} from '../pages/desk/cprChange.tsx';
import { Trouble } from '../trouble.ts';
import { findPerson, refuse } from './deeds.ts';
import { deskFrame, deskRoute, requireStaff, type Desk, type StaffAtDesk } from './guard.ts';
import { isOverLimit, markOverLimit, sendLimitPage } from './limit.ts';
import { searchIdOf } from './search.ts';

type Typed = Readonly<Record<CprField, string>>;
type Faults = Partial<Record<CprField, CprFault>>;
const BLANK: Typed = {
  cpr: '',
  correction: '',
  idKind: '',
  idNumber: '',
  idExpires: '',
  matches: '',
  reason: '',
};
const PROPOSE = '/desk/search/:id/new-cpr';
const DECIDE = '/desk/new-cpr/:id';
const WAITING = '/desk/waiting';

export function addCprChangeRoutes(router: Router, desk: Desk): void {
  const { world } = desk;
  router.get(
    PROPOSE,
    deskRoute(desk, 'propose_cpr', async (ctx, staff) => {
      const person = await findPerson(desk, ctx, staff, 'propose_cpr');
      if (person) show(desk, ctx, staff, { name: person.name, typed: BLANK, faults: {}, limit: null });
    }),
  );
  router.post(
    PROPOSE,
    deskRoute(desk, 'propose_cpr', async (ctx, staff) => {
      const form = await desk.site.readForm(ctx, staff);
      const person = await findPerson(desk, ctx, staff, 'propose_cpr');
      if (person) await propose(desk, ctx, staff, { name: person.name, form });
    }),
  );
  router.get(
    DECIDE,
    deskRoute(desk, 'approve_cpr', async (ctx, staff) => {
      const change = await viewCprChange(world, staff, searchIdOf(ctx));
      if (change === null) return seeOther(ctx, `${WAITING}?came=settled`);
      if (change === 'own') return seeOther(ctx, `${WAITING}?came=own`);
      if (isOverLimit(change)) return sendLimitPage(desk, ctx, staff, change.limit);
      const kinds = world.rules.identification;
      sendPage(ctx, CprLookPage({ ...deskFrame(desk, ctx, staff), change, kinds }));
    }),
  );
  router.post(
    DECIDE,
    deskRoute(desk, 'approve_cpr', async (ctx, staff) => {
      const number = field(await desk.site.readForm(ctx, staff), 'number');
      if (number !== 'right' && number !== 'wrong') throw new Trouble(400, 'bad_form');
      const came = await decideCprChange(world, staff, { id: searchIdOf(ctx), isRight: number === 'right' });
      if (isOverLimit(came)) return sendLimitPage(desk, ctx, staff, came.limit);
      seeOther(ctx, `${WAITING}?came=${came === 'gone' ? 'settled' : came}`);
    }),
  );
}

async function propose(
  desk: Desk,
  ctx: Context,
  staff: StaffAtDesk,
  { name, form }: { name: string; form: Form },
): Promise<void> {
  const { world } = desk;
  const typed = typedIn(form);
  const faults: Faults = {};
  const cpr = readCpr(typed, world.clock.now(), faults);
  const { identification, fault } = readShown(typed, {
    kinds: world.rules.identification,
    now: world.clock.now(),
  });
  if (fault) faults[fault.field] = fault.fault;
  if (typed.matches !== 'yes') faults.matches = 'not_matching';
  const reasonFault = checkReason(typed.reason);
  if (reasonFault) faults.reason = reasonFault;
  if (!cpr || Object.keys(faults).length > 0)
    return show(desk, ctx, staff, { name, typed, faults, limit: null });
  const { digits, birthdate } = cpr;
  const asked = {
    cpr: digits,
    birthdate,
    isCorrection: typed.correction === 'yes',
    reason: typed.reason.trim(),
    identification,
    form: field(form, 'form'),
  };
  const came = await proposeCprChange(world, staff, searchIdOf(ctx), asked);
  if (isOverLimit(came)) {
    markOverLimit(desk, ctx, came.limit);
    return show(desk, ctx, staff, { name, typed, faults, limit: came.limit });
  }
  switch (came) {
    case 'done':
      return seeOther(ctx, `/desk/search/${searchIdOf(ctx)}?cpr=proposed`);
    case 'over':
    case 'nobody':
    case 'own_id':
      return refuse(desk, ctx, staff, came);
    case 'other_bank':
    case 'not_your_role':
      return void (await requireStaff(desk, ctx, 'propose_cpr'));
    default:
      return show(desk, ctx, staff, { name, typed, faults: { cpr: came }, limit: null });
  }
}

function readCpr({ cpr: typed }: Typed, now: Date, faults: Faults): Cpr | null {
  const cpr = parseCpr(typed);
  if (typeof cpr !== 'string' && isBirthdate(cpr.birthdate, now)) return cpr;
  faults.cpr = cpr === 'malformed' ? 'cpr_malformed' : 'cpr_impossible';
  return null;
}

interface Shown {
  readonly name: string;
  readonly typed: Typed;
  readonly faults: Faults;
  readonly limit: LimitReached | null;
}

function show(desk: Desk, ctx: Context, staff: StaffAtDesk, shown: Shown): void {
  const { dice, rules } = desk.world;
  const page = {
    ...deskFrame(desk, ctx, staff),
    ...shown,
    searchPath: `/desk/search/${searchIdOf(ctx)}`,
    kinds: rules.identification,
    form: dice.uuid(),
  };
  sendPage(ctx, CprFormPage(page));
}

function typedIn(form: Form): Typed {
  return Object.fromEntries(CPR_FIELDS.map((name) => [name, form.get(name) ?? ''])) as Record<
    CprField,
    string
  >;
}
