/** `/desk/search/:id/<deed>`: a form for each thing that can be done about an ID that was looked up. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { ACTION_OF, checkReason, DESK_DEEDS, needsIdentification, type DeskDeed } from '../../core/desk.ts';
import { readShown } from '../../core/issuing/deskForm.ts';
import type { Identification } from '../../core/issuing/identification.ts';
import type { CitizenAction } from '../../core/staff.ts';
import type { LimitReached } from '../../core/desk/limits.ts';
import { noteRefusal } from '../../usecases/desk/refusals.ts';
import { act } from '../../usecases/desk/act.ts';
import { viewPerson, type PersonSeen } from '../../usecases/desk/viewPerson.ts';
import { field, type Form } from '../forms.ts';
import { seeOther, sendPage } from '../page.ts';
import { DEED_FIELDS, DeedPage, OwnIdPage, type DeedFault, type DeedField } from '../pages/desk/deed.tsx';
import { NobodyPage } from '../pages/desk/person.tsx';
import { deskFrame, deskRoute, requireStaff, type Desk, type StaffAtDesk } from './guard.ts';
import { markOverLimit } from './limit.ts';
import { searchIdOf } from './search.ts';

type Typed = Readonly<Record<DeedField, string>>;
type Faults = Partial<Record<DeedField, DeedFault>>;
const BLANK: Typed = { reason: '', idKind: '', idNumber: '', idExpires: '', matches: '' };

export function addDeedRoutes(router: Router, desk: Desk): void {
  for (const deed of DESK_DEEDS) {
    const path = `/desk/search/:id/${deed}`;
    router.get(
      path,
      deskRoute(desk, ACTION_OF[deed], async (ctx, staff) => {
        const person = await findPerson(desk, ctx, staff, ACTION_OF[deed]);
        if (!person) return;
        if (!person.actions.includes(deed)) return seeOther(ctx, cameTo(ctx, deed, 'gone'));
        show(desk, ctx, staff, { person, deed, typed: BLANK, faults: {}, limit: null });
      }),
    );
    router.post(
      path,
      deskRoute(desk, ACTION_OF[deed], async (ctx, staff) => {
        const form = await desk.site.readForm(ctx, staff);
        const person = await findPerson(desk, ctx, staff, ACTION_OF[deed]);
        if (!person) return;
        const typed = typedIn(form);
        const { identification, faults } = judge(desk, deed, typed);
        const shown = { person, deed, typed, faults, limit: null };
        if (Object.keys(faults).length > 0) return show(desk, ctx, staff, shown);
        const asked = { deed, reason: typed.reason.trim(), identification, form: field(form, 'form') };
        const limit = await perform(desk, ctx, staff, asked);
        if (limit) show(desk, ctx, staff, { ...shown, limit });
      }),
    );
  }
}

/** Null when the answer is given: nobody there, or oneself. */
export async function findPerson(
  desk: Desk,
  ctx: Context,
  staff: StaffAtDesk,
  what: CitizenAction,
): Promise<PersonSeen | null> {
  const person = await viewPerson(desk.world, staff, searchIdOf(ctx));
  if (person && person !== 'over' && !person.isOneself) return person;
  if (person && person !== 'over') {
    const { identityId } = person;
    await noteRefusal(desk.world, staff, { what, why: 'own_id', identityId });
  }
  refuse(desk, ctx, staff, person === 'over' ? 'over' : person ? 'own_id' : 'nobody');
  return null;
}

export function refuse(
  desk: Desk,
  ctx: Context,
  staff: StaffAtDesk,
  why: 'over' | 'nobody' | 'own_id',
): void {
  const frame = { ...deskFrame(desk, ctx, staff), languageSwitch: null };
  ctx.status = why === 'own_id' ? 403 : 404;
  sendPage(ctx, why === 'own_id' ? OwnIdPage(frame) : NobodyPage({ ...frame, isOver: why === 'over' }));
}

/** @returns the limit that is reached: nothing is done, and no answer given yet. */
async function perform(
  desk: Desk,
  ctx: Context,
  staff: StaffAtDesk,
  asked: { deed: DeskDeed; reason: string; identification: Identification | null; form: string },
): Promise<LimitReached | null> {
  const came = await act(desk.world, staff, searchIdOf(ctx), asked);
  if (typeof came !== 'string') {
    markOverLimit(desk, ctx, came.limit);
    return came.limit;
  }
  switch (came) {
    case 'over':
    case 'nobody':
    case 'own_id':
      refuse(desk, ctx, staff, came);
      break;
    case 'other_bank':
      refuse(desk, ctx, staff, 'nobody');
      break;
    case 'not_your_role':
      await requireStaff(desk, ctx, ACTION_OF[asked.deed]);
      break;
    default:
      seeOther(ctx, cameTo(ctx, asked.deed, came));
  }
  return null;
}

function cameTo(ctx: Context, deed: DeskDeed, came: string): string {
  return `/desk/search/${searchIdOf(ctx)}?deed=${deed}&came=${came}`;
}

interface Shown {
  readonly person: PersonSeen;
  readonly deed: DeskDeed;
  readonly typed: Typed;
  readonly faults: Faults;
  readonly limit: LimitReached | null;
}

function show(desk: Desk, ctx: Context, staff: StaffAtDesk, { person, ...shown }: Shown): void {
  const { dice, rules } = desk.world;
  const page = {
    ...deskFrame(desk, ctx, staff),
    ...shown,
    name: person.name,
    searchPath: `/desk/search/${searchIdOf(ctx)}`,
    kinds: rules.identification,
    form: dice.uuid(),
  };
  sendPage(ctx, DeedPage(page));
}

function typedIn(form: Form): Typed {
  return Object.fromEntries(DEED_FIELDS.map((name) => [name, form.get(name) ?? ''])) as Record<
    DeedField,
    string
  >;
}

function judge({ world }: Desk, deed: DeskDeed, typed: Typed) {
  const faults: Faults = {};
  const reason = checkReason(typed.reason);
  if (!needsIdentification(deed)) {
    if (reason) faults.reason = reason;
    return { identification: null, faults };
  }
  const { identification, fault } = readShown(typed, {
    kinds: world.rules.identification,
    now: world.clock.now(),
  });
  if (fault) faults[fault.field] = fault.fault;
  if (typed.matches !== 'yes') faults.matches = 'not_matching';
  if (reason) faults.reason = reason;
  return { identification, faults };
}
