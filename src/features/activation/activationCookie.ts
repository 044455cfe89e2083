/**
 * The cookie of a browser during an activation: random content, and the sign-in that led here, if there is
 * one. The sign-in is named only by its id: no one can be redirected to another address.
 */
import type { Context } from 'koa';

export interface ActivationCookie {
  readonly content: string;
  readonly from: string | null;
}

const ACTIVATION_CONTENT = /^[A-Za-z0-9_-]{43}$/;
/** As the provider generates them. */
const INTERACTION_ID = /^[A-Za-z0-9_-]{16,64}$/;

export function readActivationCookie(ctx: Context, isSecure: boolean): ActivationCookie | null {
  const [content = '', from = ''] = (
    ctx.cookies.get(composeActivationCookieName(isSecure), { signed: false }) ?? ''
  ).split('.');
  if (!ACTIVATION_CONTENT.test(content)) return null;
  return { content, from: isInteractionId(from) ? from : null };
}

/** Lasts until the browser is closed; the row behind it decides how long it is valid. */
export function setActivationCookie(ctx: Context, isSecure: boolean, cookie: ActivationCookie): void {
  ctx.cookies.set(
    composeActivationCookieName(isSecure),
    cookie.from ? `${cookie.content}.${cookie.from}` : cookie.content,
    {
      signed: false,
      httpOnly: true,
      sameSite: 'lax',
      secure: isSecure,
      path: '/',
    },
  );
}

export function isInteractionId(text: unknown): text is string {
  return typeof text === 'string' && INTERACTION_ID.test(text);
}

/**
 * A page on a sibling domain can plant a cookie with another prefix, and draw a person into the attacker's
 * activation. `__Host-` requires the path `/` in return: the cookie is sent to more pages than need it.
 */
function composeActivationCookieName(isSecure: boolean): string {
  return isSecure ? '__Host-noegle-activation' : 'noegle-activation';
}
