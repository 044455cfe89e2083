/**
 * The guard of self-service, where a person manages their own ID after signing in. Routes are made with
 * `createSelfServiceRoute`:
 *
 *     router.get('/self-service/card', createSelfServiceRoute(selfService, async (ctx, user) => { ... }));
 *     router.post('/self-service/card', createSelfServiceRoute(selfService, async (ctx, user) => {
 *       const form = await selfService.site.readForm(ctx, user);
 *       ...
 *
 * The ID comes only from the session, never from the request. A form is posted to the address of its own
 * page: when the session has ended, the person returns there after signing in.
 */
import type { Context, Middleware } from 'koa';
import type { FirstPartyUser, SignInGuard } from '../firstPartyClients/index.ts';
import type { FeatureDeps } from '../feature.ts';
import { readForm } from '../../http/forms.ts';
import { followLanguageSwitch, composePageFrame } from '../../ui/page.ts';
import type { SelfServiceFrame } from './selfServiceFrame.page.tsx';
import type { UnprocessedKind } from '../../ui/httpError.ts';

/** The dependencies of the pages of self-service. */
export interface SelfServiceDeps extends FeatureDeps {
  readonly site: SignInGuard;
}

type SelfServiceHandler = (ctx: Context, user: FirstPartyUser) => Promise<void> | void;

export function createSelfServiceRoute(selfService: SelfServiceDeps, handle: SelfServiceHandler): Middleware {
  return async (ctx) => {
    if (ctx.method === 'GET' && followLanguageSwitch(ctx, selfService.isSecure)) return;
    // A body may arrive slowly: the session is checked after all of it has arrived.
    if (ctx.method === 'POST') await readForm(ctx);
    const user = await selfService.site.requireUser(ctx);
    if (user) await handle(ctx, user);
  };
}

/** The properties of every page of self-service. */
export function composeSelfServiceFrame(
  { stylesheet }: SelfServiceDeps,
  ctx: Context,
  user: FirstPartyUser,
): SelfServiceFrame {
  const { name, csrf, hasRecentKey } = user;
  const { again: parameter } = ctx.method === 'GET' ? ctx.query : {};
  const again = parameter === '1' || (parameter === 'late' && parameter);
  return { ...composePageFrame(ctx, stylesheet), again, hasRecentKey, user: { name, csrf } };
}

/** The outcome of the last form; empty when none was sent. */
export interface FormOutcome<Fault> {
  readonly typed?: string;
  readonly fault?: Fault;
  /** The form was not processed. */
  readonly unseen?: UnprocessedKind;
}

/** A page with a fault has no language switch: what was typed would be lost. */
export function withAnswer<Fault>(frame: SelfServiceFrame, answer: FormOutcome<Fault>) {
  const { typed = '', fault = null, unseen = null } = answer;
  const languageSwitch = fault || unseen ? null : frame.languageSwitch;
  return { ...frame, languageSwitch, typed, fault, unseen };
}
