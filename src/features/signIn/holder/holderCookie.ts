/**
 * The cookie with the holder's secret (features/signIn/holder/holder.ts). Before the first form there is
 * none: the first page, which most visits never go beyond, needs nothing from the database.
 */
import type { Context } from 'koa';

/**
 * Longer than a browser keeps the pending request, so that no page forgets a given factor while the request
 * lives.
 */
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
