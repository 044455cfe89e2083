/** A browser that keeps no cookies is told so before anything is typed (core/errors/cookieProbe). */
import type { Context } from 'koa';
import { frameOf, sendPage } from './page.ts';
import { CookiesNeededPage } from './pages/cookiesNeeded.tsx';

/** Longer than an address of a sign-in counts as new. */
const KEPT_SECONDS = 120;

/** @param tryAgain where a browser that keeps them now begins; null where only the site that it came from knows. */
export function sendCookiesNeeded(ctx: Context, stylesheet: string, tryAgain: string | null): void {
  ctx.status = 400;
  const frame = { ...frameOf(ctx, stylesheet), languageSwitch: null };
  sendPage(ctx, CookiesNeededPage({ ...frame, host: ctx.host, tryAgain }));
}

/**
 * A sign-in is over, and its cookies are taken away. A person who goes back at once is not told that none were
 * kept.
 */
export function noteCookiesKept(ctx: Context, interactionId: string, isSecure: boolean): void {
  ctx.cookies.set(cookieName(isSecure), '1', {
    signed: false,
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    path: `/login/${interactionId}`,
    maxAge: KEPT_SECONDS * 1000,
  });
}

export function areCookiesKept(ctx: Context, isSecure: boolean): boolean {
  return ctx.cookies.get(cookieName(isSecure), { signed: false }) !== undefined;
}

function cookieName(isSecure: boolean): string {
  return isSecure ? '__Secure-noegle-kept' : 'noegle-kept';
}
