/** What a browser carries for an address, sealed, in up to three cookies (core/carried/cookieParts.ts). */
import type { Context } from 'koa';
import { joinCookies, partNames, readCookieHeader, splitIntoCookies } from '../core/carried/cookieParts.ts';
import type { Dice } from '../core/dice.ts';

export interface CarriedCookie {
  readonly name: string;
  readonly path: string;
  readonly seconds: number;
  readonly isSecure: boolean;
}

/** Browsers send those of the longest path first. */
const MOST_READ = 32;
const MARK_BYTES = 6;

/** @param text sealed. @returns false where three cookies do not hold it: none is set then */
export function setCarried(ctx: Context, cookie: CarriedCookie, text: string, dice: Dice): boolean {
  const mark = dice.bytes(MARK_BYTES).toString('base64url');
  const cookies = splitIntoCookies(nameOf(cookie), text, mark);
  if (!cookies) return false;
  for (const { name, value } of cookies) write(ctx, cookie, name, value);
  forgetAllBut(ctx, cookie, new Set(cookies.map(({ name }) => name)));
  return true;
}

/** All that came whole, one that was planted beside the real one too. */
export function readCarried(ctx: Context, cookie: CarriedCookie): string[] {
  return joinCookies(nameOf(cookie), broughtTo(ctx, cookie));
}

export function forgetCarried(ctx: Context, cookie: CarriedCookie): void {
  forgetAllBut(ctx, cookie, new Set());
}

function forgetAllBut(ctx: Context, cookie: CarriedCookie, kept: ReadonlySet<string>): void {
  for (const name of new Set(broughtTo(ctx, cookie).map((one) => one.name))) {
    if (!kept.has(name)) write(ctx, cookie, name, null);
  }
}

function broughtTo(ctx: Context, cookie: CarriedCookie) {
  const names = partNames(nameOf(cookie));
  return readCookieHeader(ctx.get('Cookie'))
    .filter(({ name }) => names.includes(name))
    .slice(0, MOST_READ);
}

function write(ctx: Context, cookie: CarriedCookie, name: string, value: string | null): void {
  const { path, seconds, isSecure } = cookie;
  ctx.cookies.set(name, value, {
    signed: false,
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    path,
    maxAge: seconds * 1000,
  });
}

function nameOf({ name, isSecure }: CarriedCookie): string {
  return isSecure ? `__Secure-${name}` : name;
}
