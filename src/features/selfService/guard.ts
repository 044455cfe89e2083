/**
 * Self-service: whoever looks after their own ID, behind a sign-in. A page of it is a route made by `createSelfServiceRoute`:
 *
 *     router.get('/self-service/card', createSelfServiceRoute(selfService, async (ctx, visitor) => { ... }));
 *     router.post('/self-service/card', createSelfServiceRoute(selfService, async (ctx, visitor) => {
 *       const form = await selfService.site.readForm(ctx, visitor);
 *       ...
 *
 * Whose ID it is comes from the session alone, never from what was sent. A form is posted to the address of the page on
 * which it stands: when the session was over, that is where the person comes back to after signing in.
 */
import type { Context, Middleware } from 'koa';
import type { FirstPartyUser, SignInGuard } from '../firstPartyClients/index.ts';
import type { FeatureDeps } from '../feature.ts';
import { readForm } from '../../http/forms.ts';
import { followLanguageSwitch, composePageFrame } from '../../ui/page.ts';
import type { SelfServiceFrame } from './selfServiceFrame.page.tsx';
import type { UnprocessedKind } from '../../ui/httpError.ts';

/** What the pages of self-service work with. */
export interface SelfServiceDeps extends FeatureDeps {
  readonly site: SignInGuard;
}

type SelfServiceHandler = (ctx: Context, user: FirstPartyUser) => Promise<void> | void;

export function createSelfServiceRoute(selfService: SelfServiceDeps, handle: SelfServiceHandler): Middleware {
  return async (ctx) => {
    if (ctx.method === 'GET' && followLanguageSwitch(ctx, selfService.isSecure)) return;
    // The body may be long in coming: who asks is judged when all of it is there.
    if (ctx.method === 'POST') await readForm(ctx);
    const user = await selfService.site.requireUser(ctx);
    if (user) await handle(ctx, user);
  };
}

/** What every page of self-service is handed. */
export function composeSelfServiceFrame(
  { stylesheet }: SelfServiceDeps,
  ctx: Context,
  user: FirstPartyUser,
): SelfServiceFrame {
  const { name, csrf, hasRecentKey } = user;
  const { again: asked } = ctx.method === 'GET' ? ctx.query : {};
  const again = asked === '1' || (asked === 'late' && asked);
  return { ...composePageFrame(ctx, stylesheet), again, hasRecentKey, user: { name, csrf } };
}

/** What a page says of the form that was sent last; nothing of it where none was. */
export interface FormOutcome<Fault> {
  readonly typed?: string;
  readonly fault?: Fault;
  /** Nobody looked at it. */
  readonly unseen?: UnprocessedKind;
}

/** A page with something to mend offers no other language: what was typed would be lost on the way. */
export function withAnswer<Fault>(frame: SelfServiceFrame, answer: FormOutcome<Fault>) {
  const { typed = '', fault = null, unseen = null } = answer;
  const languageSwitch = fault || unseen ? null : frame.languageSwitch;
  return { ...frame, languageSwitch, typed, fault, unseen };
}
