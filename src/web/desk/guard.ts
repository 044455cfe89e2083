/**
 * The desk: whoever works here, behind a sign-in with a fresh key. This guard stands before every page of it: it knows
 * who is there, asks for the role at each request, and refuses calmly. Pages of the desk are routes made by `deskRoute`:
 *
 *     router.get('/desk/search', deskRoute(desk, 'search', async (ctx, staff) => { ... }));
 *     router.post('/desk/search', deskRoute(desk, 'search', async (ctx, staff) => {
 *       const form = await desk.site.readForm(ctx, staff);
 *       ...
 *
 * A form is posted to the address of the page on which it stands: when the session was over, that is where the person
 * comes back to after signing in. Whose ID an action may be done on is judged by `whyNot` (core/staff.ts) as well.
 */
import type { Context, Middleware } from 'koa';
import type { RefusedWhy } from '../../core/desk/refusals.ts';
import { isPermitted, type Action, type Role, type Staff } from '../../core/staff.ts';
import type { Visitor } from '../../usecases/ownSite/ownSession.ts';
import { findSubjectOf, noteRefusal, whyWithoutRole } from '../../usecases/desk/refusals.ts';
import { findStaffOf } from '../../usecases/staff/readStaff.ts';
import type { WebContext } from '../feature.ts';
import { readForm } from '../forms.ts';
import type { BehindSignIn } from '../ownSite.ts';
import { followLanguageSwitch, frameOf, sendPage } from '../page.ts';
import type { DeskFrame } from '../pages/desk/frame.tsx';
import { NoRolePage, NotYourRolePage } from '../pages/desk/refused.tsx';
import { Trouble } from '../trouble.ts';

/** What the pages of the desk work with. */
export interface Desk extends WebContext {
  readonly site: BehindSignIn;
}

/** Who is at the desk, for this request. */
export interface StaffAtDesk extends Staff, Visitor {}

type Handler = (ctx: Context, staff: StaffAtDesk) => Promise<void> | void;

/** @param action null for pages that every role has. */
export function deskRoute(desk: Desk, action: Action | null, handle: Handler): Middleware {
  return async (ctx) => {
    if (ctx.method === 'GET' && followLanguageSwitch(ctx, desk.isSecure)) return;
    // The body may be long in coming: who asks is judged when all of it is there.
    if (ctx.method === 'POST') await readForm(ctx);
    const staff = await requireStaff(desk, ctx, action);
    if (!staff) return;
    try {
      await handle(ctx, staff);
    } catch (error) {
      if (error instanceof Trouble && error.statusCode === 403) {
        await noteRefused(desk, ctx, staff, { action, why: 'bad_form' });
      }
      throw error;
    }
  };
}

/** Null when the answer is given already: on the way to sign in, or refused. */
export async function requireStaff(
  desk: Desk,
  ctx: Context,
  action: Action | null,
): Promise<StaffAtDesk | null> {
  const visitor = await desk.site.admit(ctx);
  if (!visitor) return null;
  const staff = await findStaffOf(desk.world, visitor.identityId);
  if (staff && (action === null || isPermitted(staff, action))) return { ...staff, ...visitor };
  const why = staff ? 'not_your_role' : await whyWithoutRole(desk.world, visitor.identityId);
  const refused = { staffId: visitor.identityId, role: staff?.role ?? null };
  await noteRefused(desk, ctx, refused, { action, why });
  ctx.status = 403;
  const frame = { ...frameOf(ctx, desk.stylesheet), languageSwitch: null };
  const { name, csrf } = visitor;
  const page = staff
    ? NotYourRolePage({ ...frame, again: false, staff: { name, role: staff.role, csrf } })
    : NoRolePage({ ...frame, name, csrf, isPaused: why === 'role_paused' });
  sendPage(ctx, page);
  return null;
}

/** Who was refused, what they wanted, and whose ID the address names. */
async function noteRefused(
  { world }: Desk,
  ctx: Context,
  refused: Pick<Staff, 'staffId'> & { readonly role: Role | null },
  { action, why }: { readonly action: Action | null; readonly why: RefusedWhy },
): Promise<void> {
  const { id } = (ctx['params'] ?? {}) as { readonly id?: string };
  const identityId = await findSubjectOf(world, id);
  await noteRefusal(world, refused, { what: action ?? 'desk', why, identityId });
}

/** What every page of the desk is handed. */
export function deskFrame({ stylesheet }: Desk, ctx: Context, staff: StaffAtDesk): DeskFrame {
  const { name, role, csrf } = staff;
  const again = ctx.method === 'GET' && ctx.query['again'] === '1';
  return { ...frameOf(ctx, stylesheet), again, staff: { name, role, csrf } };
}
