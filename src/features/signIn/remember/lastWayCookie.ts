/**
 * By which way this browser was last signed in with, for the pages to show it first. It is kept only where
 * the person chose between several: it says nothing of whom, and proves nothing.
 */
import type { Context } from 'koa';

/** `alone`: by a security key or a passkey in place of user ID and password. */
const WAYS = ['card', 'code', 'security-key', 'alone'] as const;
export type SignInWay = (typeof WAYS)[number];

const SECONDS = 90 * 24 * 3600;

export function readLastWay(ctx: Context, isSecure: boolean): SignInWay | null {
  const value = ctx.cookies.get(composeLastWayCookieName(isSecure), { signed: false });
  return WAYS.find((one) => one === value) ?? null;
}

/** @param way null where there was no choice: what another person chose here is forgotten */
export function keepLastWay(ctx: Context, isSecure: boolean, way: SignInWay | null): void {
  if (way === null && readLastWay(ctx, isSecure) === null) return;
  ctx.cookies.set(composeLastWayCookieName(isSecure), way, {
    signed: false,
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    path: '/',
    ...(way === null ? {} : { maxAge: SECONDS * 1000 }),
  });
}

function composeLastWayCookieName(isSecure: boolean): string {
  return `${isSecure ? '__Host-' : ''}noegle-way`;
}
