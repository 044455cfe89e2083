/**
 * The secret of the browser that shows the factors (usecases/signIn/holder). Before the first form nothing was shown, and the first
 * page, which is the one that most is asked for by those who go no further, needs nothing from the database.
 */
import type { Context } from 'koa';

/** Longer than a browser keeps the request that waits, so that no page forgets what was shown while the request lives. */
const HOLDER_SECONDS = 4 * 3600;

export function readHolderCookie(ctx: Context, isSecure: boolean): string | null {
  const secret = ctx.cookies.get(composeHolderCookieName(isSecure), { signed: false });
  return secret && /^[A-Za-z0-9_-]{43}$/.test(secret) ? secret : null;
}

export function setHolderCookie(
  ctx: Context,
  interactionId: string,
  isSecure: boolean,
  secret: string,
): void {
  ctx.cookies.set(composeHolderCookieName(isSecure), secret, {
    signed: false,
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    path: `/login/${interactionId}`,
    maxAge: HOLDER_SECONDS * 1000,
  });
}

function composeHolderCookieName(isSecure: boolean): string {
  return isSecure ? '__Secure-noegle-holder' : 'noegle-holder';
}
