/**
 * That a form of this sign-in was sent from this browser. Before that nothing was shown, and the first page, which is the one
 * that most is asked for by those who go no further, needs nothing from the database. It opens nothing: with it the rows
 * are looked at, as they are at every form and wherever the sign-in goes on.
 */
import type { Context } from 'koa';

/** Longer than a browser keeps the request that waits, so that no page forgets what was shown while the request lives. */
const KEPT_SECONDS = 4 * 3600;

export function hasSentForm(ctx: Context, isSecure: boolean): boolean {
  return ctx.cookies.get(cookieName(isSecure), { signed: false }) !== undefined;
}

export function setFormSent(ctx: Context, interactionId: string, isSecure: boolean): void {
  write(ctx, interactionId, isSecure, '1');
}

/** The sign-in is over. */
export function clearFormSent(ctx: Context, interactionId: string, isSecure: boolean): void {
  write(ctx, interactionId, isSecure, null);
}

function write(ctx: Context, interactionId: string, isSecure: boolean, content: string | null): void {
  ctx.cookies.set(cookieName(isSecure), content, {
    signed: false,
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    path: `/login/${interactionId}`,
    maxAge: KEPT_SECONDS * 1000,
  });
}

function cookieName(isSecure: boolean): string {
  return isSecure ? '__Secure-noegle-form-sent' : 'noegle-form-sent';
}
