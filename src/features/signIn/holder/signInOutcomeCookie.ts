/** The cookie for the outcome of a form that was not recorded (features/signIn/holder/outcomeOfCookie.ts). */
import type { Context } from 'koa';
import { openCookieOutcome, sealCookieOutcome, type CookieOutcome } from './outcomeOfCookie.ts';
import {
  clearMultiPartCookie,
  readMultiPartCookie,
  setMultiPartCookie,
} from '../../../http/multiPartCookies.ts';
import type { SignInDeps } from '../step.ts';

type OutcomeCookieDeps = Pick<SignInDeps, 'context' | 'isSecure'>;

/** As long as a sign-in lasts after its last step. */
const SECONDS = 3600;

function composeSignInOutcomeCookie({ isSecure }: OutcomeCookieDeps, interactionId: string) {
  return { name: 'noegle-unjudged', path: `/login/${interactionId}`, seconds: SECONDS, isSecure };
}

export function readOutcomeCookie(
  deps: OutcomeCookieDeps,
  ctx: Context,
  interactionId: string,
): CookieOutcome | null {
  return openCookieOutcome(
    deps.context,
    interactionId,
    readMultiPartCookie(ctx, composeSignInOutcomeCookie(deps, interactionId)),
  );
}

/** @param form null removes a previous outcome */
export function setOutcomeCookie(
  deps: OutcomeCookieDeps,
  ctx: Context,
  interactionId: string,
  form: CookieOutcome | null,
): void {
  const cookie = composeSignInOutcomeCookie(deps, interactionId);
  if (!form) return clearMultiPartCookie(ctx, cookie);
  const { context } = deps;
  setMultiPartCookie(ctx, cookie, sealCookieOutcome(context, interactionId, form), context.random);
}

/**
 * The ID was activated on the way to this sign-in: its page says so, and has the name that was chosen. Only
 * the browser that activated it gets the name: the address of the sign-in may be another person's.
 */
export function keepActivatedName(
  deps: OutcomeCookieDeps,
  ctx: Context,
  interactionId: string,
  name: string,
): void {
  setOutcomeCookie(deps, ctx, interactionId, { outcome: { kind: 'activated' }, typedName: name });
}
