/**
 * That a form of this sign-in was sent from this browser. Without it nothing was shown yet, and the first page, which is also
 * the one that most is asked for by those who go no further, needs nothing from the database. It opens nothing: who takes it
 * away sees the first page again, who makes it up has the rows looked at.
 */
import type { Context } from 'koa';

export function hasBegun(ctx: Context, isSecure: boolean): boolean {
  return ctx.cookies.get(cookieName(isSecure), { signed: false }) !== undefined;
}

/** Said before the deed: what was done counts also where its answer went lost. */
export function setBegun(ctx: Context, isSecure: boolean): void {
  ctx.cookies.set(cookieName(isSecure), '1', {
    signed: false,
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    path: ctx.path,
  });
}

function cookieName(isSecure: boolean): string {
  return isSecure ? '__Secure-noegle-begun' : 'noegle-begun';
}
