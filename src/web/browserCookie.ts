/** The cookie of a browser that somebody called their own: random content, for as long as browsers keep it. */
import type { Context } from 'koa';

const DAYS = 400;

export function readBrowserCookie(ctx: Context, isSecure: boolean): string | null {
  const content = ctx.cookies.get(cookieName(isSecure), { signed: false });
  return content && /^[A-Za-z0-9_-]{43}$/.test(content) ? content : null;
}

export function setBrowserCookie(ctx: Context, isSecure: boolean, content: string): void {
  ctx.cookies.set(cookieName(isSecure), content, {
    signed: false,
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    path: '/',
    maxAge: DAYS * 24 * 3_600_000,
  });
}

function cookieName(isSecure: boolean): string {
  return isSecure ? '__Host-noegle-browser' : 'noegle-browser';
}
