/**
 * The desk: whoever works here, behind a sign-in with a fresh key. This guard stands before every page of it: it knows
 * who is there, asks for the role at each request, and refuses calmly. Pages of the desk are routes made by `createDeskRoute`:
 *
 *     router.get('/desk/search', createDeskRoute(desk, 'search', async (ctx, staff) => { ... }));
 *     router.post('/desk/search', createDeskRoute(desk, 'search', async (ctx, staff) => {
 *       const form = await desk.site.readForm(ctx, staff);
 *       ...
 *
 * A form is posted to the address of the page on which it stands: when the session was over, that is where the person
 * comes back to after signing in. Whose ID an action may be done on is judged by `reasonNotAllowed` (domain/staff/staff.ts) as well.
 */
import type { Context, Middleware } from 'koa';
import type { DeskRefusalReason } from '../../domain/staff/refusals.ts';
import { isPermitted, type StaffAction, type StaffRole, type Staff } from '../../domain/staff/staff.ts';
import type { FirstPartyUser, SignInGuard } from '../firstPartyClients/index.ts';
import { findSubjectOfAddress, recordDeskRefusal, findNoRoleReason } from './refusals/deskRefusals.ts';
import { findStaffOfIdentity } from './staff/readStaff.ts';
import type { FeatureDeps } from '../feature.ts';
import { readForm } from '../../http/forms.ts';
import { followLanguageSwitch, composePageFrame, sendPage } from '../../ui/page.ts';
import type { DeskFrame } from './deskFrame.page.tsx';
import { NoRolePage, NotYourRolePage } from './refused.page.tsx';
import { HttpError } from '../../ui/httpError.ts';

/** What the pages of the desk work with. */
export interface DeskDeps extends FeatureDeps {
  readonly site: SignInGuard;
}

/** Who is at the desk, for this request. */
export interface StaffAtDesk extends Staff, FirstPartyUser {}

type DeskHandler = (ctx: Context, staff: StaffAtDesk) => Promise<void> | void;

/** @param action null for pages that every role has. */
export function createDeskRoute(desk: DeskDeps, action: StaffAction | null, handle: DeskHandler): Middleware {
  return async (ctx) => {
    if (ctx.method === 'GET' && followLanguageSwitch(ctx, desk.isSecure)) return;
    // The body may be long in coming: who asks is judged when all of it is there.
    if (ctx.method === 'POST') await readForm(ctx);
    const staff = await requireStaff(desk, ctx, action);
    if (!staff) return;
    try {
      await handle(ctx, staff);
    } catch (error) {
      if (error instanceof HttpError && error.statusCode === 403) {
        await recordRefusedRequest(desk, ctx, staff, { action, why: 'bad_form' });
      }
      throw error;
    }
  };
}

/** Null when the answer is given already: on the way to sign in, or refused. */
export async function requireStaff(
  desk: DeskDeps,
  ctx: Context,
  action: StaffAction | null,
): Promise<StaffAtDesk | null> {
  const user = await desk.site.requireUser(ctx);
  if (!user) return null;
  const staff = await findStaffOfIdentity(desk.context, user.identityId);
  if (staff && (action === null || isPermitted(staff, action))) return { ...staff, ...user };
  const why = staff ? 'not_your_role' : await findNoRoleReason(desk.context, user.identityId);
  const refused = { staffId: user.identityId, role: staff?.role ?? null };
  await recordRefusedRequest(desk, ctx, refused, { action, why });
  ctx.status = 403;
  const frame = { ...composePageFrame(ctx, desk.stylesheet), languageSwitch: null };
  const { name, csrf } = user;
  const page = staff
    ? NotYourRolePage({ ...frame, again: false, staff: { name, role: staff.role, csrf } })
    : NoRolePage({ ...frame, name, csrf, isPaused: why === 'role_paused' });
  sendPage(ctx, page);
  return null;
}

/** Who was refused, what they wanted, and whose ID the address names. */
async function recordRefusedRequest(
  { context }: DeskDeps,
  ctx: Context,
  refused: Pick<Staff, 'staffId'> & { readonly role: StaffRole | null },
  { action, why }: { readonly action: StaffAction | null; readonly why: DeskRefusalReason },
): Promise<void> {
  const { id } = (ctx['params'] ?? {}) as { readonly id?: string };
  const identityId = await findSubjectOfAddress(context, id);
  await recordDeskRefusal(context, refused, { what: action ?? 'desk', why, identityId });
}

/** What every page of the desk is handed. */
export function composeDeskFrame({ stylesheet }: DeskDeps, ctx: Context, staff: StaffAtDesk): DeskFrame {
  const { name, role, csrf } = staff;
  const again = ctx.method === 'GET' && ctx.query['again'] === '1';
  return { ...composePageFrame(ctx, stylesheet), again, staff: { name, role, csrf } };
}
