/**
 * The cookie of a browser on its way through an activation: random content, and the sign-in that led here, if one did.
 * A sign-in is named by its id alone: nobody is led to another address.
 */
import type { Context } from 'koa';

export interface ActivationCookie {
  readonly content: string;
  readonly from: string | null;
}

const ACTIVATION_CONTENT = /^[A-Za-z0-9_-]{43}$/;
/** As the engine makes them. */
const INTERACTION_ID = /^[A-Za-z0-9_-]{16,64}$/;

export function readActivationCookie(ctx: Context, isSecure: boolean): ActivationCookie | null {
  const [content = '', from = ''] = (
    ctx.cookies.get(composeActivationCookieName(isSecure), { signed: false }) ?? ''
  ).split('.');
  if (!ACTIVATION_CONTENT.test(content)) return null;
  return { content, from: isInteractionId(from) ? from : null };
}

/** Until the browser is closed; how long it means anything is said by the row behind it. */
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
 * A page on a sibling domain can plant a cookie with another prefix, and lead a person into an activation of
 * its own. `__Host-` takes the path `/` in return: the cookie is sent further than it is of use.
 */
function composeActivationCookieName(isSecure: boolean): string {
  return isSecure ? '__Host-noegle-activation' : 'noegle-activation';
}
