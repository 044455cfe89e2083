/** `/desk/staff`: who works here, proposed by one operator and approved by another. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { nameToShow } from '../../core/input/nameAndPassword.ts';
import { readRole, type Action, type Role } from '../../core/staff.ts';
import { looksLikeCpr } from '../../core/userId.ts';
import {
  approveProposal,
  endRole,
  keepRole,
  proposeEndOfRole,
  proposeStaff,
  type Proposal,
  type StaffFault,
} from '../../usecases/staff/changeStaff.ts';
import { readStaff } from '../../usecases/staff/readStaff.ts';
import { field, type Form } from '../forms.ts';
import { seeOther, sendPage } from '../page.ts';
import { DONE, StaffPage, type StaffDone, type StaffError } from '../pages/desk/staff.tsx';
import { Trouble } from '../trouble.ts';
import { deskFrame, deskRoute, requireStaff, type Desk, type StaffAtDesk } from './guard.ts';

const PATH = '/desk/staff';

/** What was typed, as the page shows it again. */
interface Typed {
  readonly userId: string;
  readonly role: Role | null;
  readonly bank: string;
}
const BLANK: Typed = { userId: '', role: null, bank: '' };

export function addStaffRoutes(router: Router, desk: Desk): void {
  const show = async (ctx: Context, staff: StaffAtDesk, error: StaffError | null, typed: Typed) => {
    const read = await readStaff(desk.world);
    const frame = deskFrame(desk, ctx, staff);
    const done = DONE.find((one) => one === ctx.query['done']) ?? null;
    const { staffId, permissions } = staff;
    sendPage(ctx, StaffPage({ ...frame, ...read, staffId, permissions, typed, error, done }));
  };

  router.get(
    PATH,
    deskRoute(desk, 'staff_see', (ctx, staff) => show(ctx, staff, null, BLANK)),
  );

  router.post(
    PATH,
    deskRoute(desk, 'staff_see', async (ctx, staff) => {
      const form = await desk.site.readForm(ctx, staff);
      const typed = typedIn(form);
      const came = await act(desk, staff, form, typed);
      // The role does not reach so far, or ended after the guard: the guard has the words for it.
      if (came === 'not_your_role') {
        if (await requireStaff(desk, ctx, ACTION_OF[field(form, 'do')] ?? null)) seeOther(ctx, PATH);
        return;
      }
      if (isDone(came)) return seeOther(ctx, `${PATH}?done=${came}`);
      if (came === 'over_limit') ctx.status = 429;
      await show(ctx, staff, came, { ...typed, userId: nameToShow(typed.userId) });
    }),
  );
}

/** What each button of the page asks for. */
const ACTION_OF: Readonly<Partial<Record<string, Action>>> = {
  propose: 'staff_propose',
  approve: 'staff_approve',
  end: 'staff_end',
  'propose-end': 'staff_end',
  keep: 'staff_end',
};

type Came = StaffDone | StaffError | 'not_your_role';

/** @throws Trouble (400) */
async function act({ world }: Desk, { staffId }: StaffAtDesk, form: Form, typed: Typed): Promise<Came> {
  const done = (came: 'done' | StaffFault, what: StaffDone): Came => (came === 'done' ? what : came);
  switch (field(form, 'do')) {
    case 'propose': {
      const { userId, role, bank } = typed;
      if (looksLikeCpr(userId)) return 'user_is_cpr';
      if (userId.trim() === '') return 'user_missing';
      if (role === null) return 'role_missing';
      const proposal: Proposal = { userId, role, bank: bank === '' ? null : bank };
      return done(await proposeStaff(world, staffId, proposal), 'proposed');
    }
    case 'approve':
      return done(await approveProposal(world, staffId, idIn(form)), 'approved');
    case 'end':
      return done(await endRole(world, staffId, idIn(form)), 'ended');
    case 'propose-end':
      return done(await proposeEndOfRole(world, staffId, idIn(form)), 'endProposed');
    case 'keep':
      return done(await keepRole(world, staffId, idIn(form)), 'kept');
    default:
      throw new Trouble(400, 'bad_form');
  }
}

function isDone(came: Came): came is StaffDone {
  return (DONE as readonly string[]).includes(came);
}

function typedIn(form: Form): Typed {
  return { userId: form.get('userId') ?? '', role: readRole(form.get('role')), bank: form.get('bank') ?? '' };
}

function idIn(form: Form): string {
  const id = field(form, 'staff');
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw new Trouble(400, 'bad_form');
  return id;
}
