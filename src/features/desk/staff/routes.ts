/** `/desk/staff`: the staff, proposed by one operator and approved by another. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { cleanNameForPage } from '../../../domain/input/nameAndPassword.ts';
import { readRole, type StaffAction, type StaffRole } from '../../../domain/staff/staff.ts';
import { isCprLike } from '../../../domain/person/userId.ts';
import {
  approveProposal,
  endRole,
  cancelEndOfRole,
  proposeEndOfRole,
  proposeStaff,
  type StaffProposal,
  type StaffFault,
} from './changeStaff.ts';
import { listStaffAndBanks } from './readStaff.ts';
import { requireField, type PostedForm } from '../../../http/forms.ts';
import { redirectWithGet, sendPage } from '../../../ui/page.ts';
import { UUID_PATTERN } from '../uuids.ts';
import { StaffEndPage } from './staffEnd.page.tsx';
import { STAFF_DONE, StaffPage, type StaffDone, type StaffError } from './staff.page.tsx';
import { HttpError } from '../../../ui/httpError.ts';
import {
  composeDeskFrame,
  createDeskRoute,
  requireStaff,
  type DeskDeps,
  type StaffAtDesk,
} from '../guard.ts';

const PATH = '/desk/staff';

/** What was typed, for the page that shows it again. */
interface StaffFormInput {
  readonly userId: string;
  readonly role: StaffRole | null;
  readonly bank: string;
}
const BLANK_STAFF_FORM: StaffFormInput = { userId: '', role: null, bank: '' };

export function addStaffRoutes(router: Router, desk: DeskDeps): void {
  const show = async (ctx: Context, staff: StaffAtDesk, error: StaffError | null, typed: StaffFormInput) => {
    const read = await listStaffAndBanks(desk.context);
    const frame = composeDeskFrame(desk, ctx, staff);
    const done = STAFF_DONE.find((one) => one === ctx.query['done']) ?? null;
    const { staffId, permissions } = staff;
    sendPage(ctx, StaffPage({ ...frame, ...read, staffId, permissions, typed, error, done }));
  };

  router.get(
    PATH,
    createDeskRoute(desk, 'staff_see', (ctx, staff) => show(ctx, staff, null, BLANK_STAFF_FORM)),
  );

  router.post(
    PATH,
    createDeskRoute(desk, 'staff_see', async (ctx, staff) => {
      const form = await desk.site.readForm(ctx, staff);
      const typed = readStaffInput(form);
      // A page of an earlier version ends access by its own button: it is asked about first.
      if (ENDING.has(form.get('do') ?? ''))
        return redirectWithGet(ctx, `${PATH}/${readStaffId(form.get('staff'))}/end`);
      const outcome = await performStaffAction(desk, staff, form, typed);
      // The role does not permit it, or ended after the guard ran: the guard shows the page for it.
      if (outcome === 'not_your_role') {
        if (await requireStaff(desk, ctx, ACTION_OF[requireField(form, 'do')] ?? null))
          redirectWithGet(ctx, PATH);
        return;
      }
      if (isStaffChangeDone(outcome)) return redirectWithGet(ctx, `${PATH}?done=${outcome}`);
      if (outcome === 'over_limit') ctx.status = 429;
      await show(ctx, staff, outcome, { ...typed, userId: cleanNameForPage(typed.userId) });
    }),
  );

  router.get(
    `${PATH}/:id/end`,
    createDeskRoute(desk, 'staff_end', async (ctx, staff) => {
      const { members } = await listStaffAndBanks(desk.context);
      const one = members.find(({ id }) => id === readStaffIdInPath(ctx));
      // Their own access only others end; and what waits for another operator is not asked about again.
      const isAsked = one && one.identityId !== staff.staffId && one.endProposedBy !== staff.staffId;
      if (!isAsked) return redirectWithGet(ctx, PATH);
      sendPage(ctx, StaffEndPage({ ...composeDeskFrame(desk, ctx, staff), one }));
    }),
  );

  router.post(
    `${PATH}/:id/end`,
    createDeskRoute(desk, 'staff_end', async (ctx, staff) => {
      const form = await desk.site.readForm(ctx, staff);
      const outcome = await performEnding(desk, staff, requireField(form, 'do'), readStaffIdInPath(ctx));
      if (outcome === 'not_your_role') {
        if (await requireStaff(desk, ctx, 'staff_end')) redirectWithGet(ctx, PATH);
        return;
      }
      if (isStaffChangeDone(outcome)) return redirectWithGet(ctx, `${PATH}?done=${outcome}`);
      if (outcome === 'over_limit') ctx.status = 429;
      await show(ctx, staff, outcome, BLANK_STAFF_FORM);
    }),
  );
}

const ENDING: ReadonlySet<string> = new Set(['end', 'propose-end']);

/** The permission that each button of the page requires. */
const ACTION_OF: Readonly<Partial<Record<string, StaffAction>>> = {
  propose: 'staff_propose',
  approve: 'staff_approve',
  keep: 'staff_end',
};

type StaffFormOutcome = StaffDone | StaffError | 'not_your_role';

/** @throws HttpError (400) */
async function performStaffAction(
  { context }: DeskDeps,
  { staffId }: StaffAtDesk,
  form: PostedForm,
  typed: StaffFormInput,
): Promise<StaffFormOutcome> {
  switch (requireField(form, 'do')) {
    case 'propose': {
      const { userId, role, bank } = typed;
      if (isCprLike(userId)) return 'user_is_cpr';
      if (userId.trim() === '') return 'user_missing';
      if (role === null) return 'role_missing';
      const proposal: StaffProposal = { userId, role, bank: bank === '' ? null : bank };
      return toOutcome(await proposeStaff(context, staffId, proposal), 'proposed');
    }
    case 'approve':
      return toOutcome(await approveProposal(context, staffId, readStaffId(form.get('staff'))), 'approved');
    case 'keep':
      return toOutcome(await cancelEndOfRole(context, staffId, readStaffId(form.get('staff'))), 'kept');
    default:
      throw new HttpError(400, 'bad_form');
  }
}

/** @throws HttpError (400) */
async function performEnding(
  { context }: DeskDeps,
  { staffId }: StaffAtDesk,
  what: string,
  id: string,
): Promise<StaffFormOutcome> {
  if (what === 'end') return toOutcome(await endRole(context, staffId, id), 'ended');
  if (what === 'propose-end') return toOutcome(await proposeEndOfRole(context, staffId, id), 'endProposed');
  throw new HttpError(400, 'bad_form');
}

function toOutcome(outcome: 'done' | StaffFault, done: StaffDone): StaffFormOutcome {
  return outcome === 'done' ? done : outcome;
}

function isStaffChangeDone(outcome: StaffFormOutcome): outcome is StaffDone {
  return (STAFF_DONE as readonly string[]).includes(outcome);
}

function readStaffInput(form: PostedForm): StaffFormInput {
  return {
    userId: form.get('userId') ?? '',
    role: readRole(form.get('staffRole')),
    bank: form.get('bank') ?? '',
  };
}

/** @throws HttpError (400) */
function readStaffId(id: string | undefined): string {
  if (id === undefined || !UUID_PATTERN.test(id)) throw new HttpError(400, 'bad_form');
  return id;
}

function readStaffIdInPath(ctx: Context): string {
  return readStaffId((ctx['params'] as Record<string, string>)['id']);
}
