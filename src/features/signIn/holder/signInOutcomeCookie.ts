/** The cookie for the outcome of a form that was not recorded (features/signIn/holder/outcomeOfCookie.ts). */
import type { Context } from 'koa';
import { openCookieOutcome, sealCookieOutcome, type CookieOutcome } from './outcomeOfCookie.ts';
import {
  clearMultiPartCookie,
  readMultiPartCookie,
  setMultiPartCookie,
} from '../../../http/multiPartCookies.ts';
import type { SignInDeps } from '../step.ts';

/** As long as a sign-in lasts after its last step. */
const SECONDS = 3600;

function composeSignInOutcomeCookie({ isSecure }: SignInDeps, interactionId: string) {
  return { name: 'noegle-unjudged', path: `/login/${interactionId}`, seconds: SECONDS, isSecure };
}

export function readOutcomeCookie(
  deps: SignInDeps,
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
  deps: SignInDeps,
  ctx: Context,
  interactionId: string,
  form: CookieOutcome | null,
): void {
  const cookie = composeSignInOutcomeCookie(deps, interactionId);
  if (!form) return clearMultiPartCookie(ctx, cookie);
  const { context } = deps;
  setMultiPartCookie(ctx, cookie, sealCookieOutcome(context, interactionId, form), context.random);
}
