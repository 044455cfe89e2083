/**
 * The guard of every page of the desk. It requires a sign-in with a fresh key, reads the role again at each
 * request, and shows a refusal as a page. Routes of the desk are made with `createDeskRoute`:
 *
 *     router.get('/desk/search', createDeskRoute(desk, 'search', async (ctx, staff) => { ... }));
 *     router.post('/desk/search', createDeskRoute(desk, 'search', async (ctx, staff) => {
 *       const form = await desk.site.readForm(ctx, staff);
 *       ...
 *
 * A form is posted to the address of its own page: when the session has ended, the user returns there after
 * signing in. Which IDs an action may be performed on is also checked by `reasonNotAllowed`
 * (domain/staff/staff.ts).
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

/** The dependencies of the pages of the desk. */
export interface DeskDeps extends FeatureDeps {
  readonly site: SignInGuard;
}

/** The member of staff of this request. */
export interface StaffAtDesk extends Staff, FirstPartyUser {}

type DeskHandler = (ctx: Context, staff: StaffAtDesk) => Promise<void> | void;

/**
 * Wraps a route of the desk.
 *
 * @param action the permission required; null for pages that every role may see.
 */
export function createDeskRoute(desk: DeskDeps, action: StaffAction | null, handle: DeskHandler): Middleware {
  return async (ctx) => {
    if (ctx.method === 'GET' && followLanguageSwitch(ctx, desk.isSecure)) return;
    // A body may arrive slowly: the role is checked after all of it has arrived.
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

/** Returns null when the response is already sent: a redirect to the sign-in, or a refusal. */
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

/** Records who was refused, the action, and the person whose ID the address names. */
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

export function composeDeskFrame({ stylesheet }: DeskDeps, ctx: Context, staff: StaffAtDesk): DeskFrame {
  const { name, role, csrf } = staff;
  const again = ctx.method === 'GET' && ctx.query['again'] === '1';
  return { ...composePageFrame(ctx, stylesheet), again, staff: { name, role, csrf } };
}
