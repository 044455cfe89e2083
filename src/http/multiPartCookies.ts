/** A sealed text that a browser stores for a path, in up to three cookies (domain/cookies/cookieParts.ts). */
import type { Context } from 'koa';
import {
  joinCookies,
  listPartNames,
  readCookieHeader,
  splitIntoCookies,
} from '../domain/cookies/cookieParts.ts';
import type { Random } from '../domain/random.ts';

export interface MultiPartCookie {
  readonly name: string;
  readonly path: string;
  readonly seconds: number;
  readonly isSecure: boolean;
}

/** Browsers send cookies with the longest path first. */
const MAX_PARTS_READ = 32;
const MARK_BYTES = 6;

/** @param text sealed. @returns false where it does not fit into three cookies: none is set then */
export function setMultiPartCookie(
  ctx: Context,
  cookie: MultiPartCookie,
  text: string,
  random: Random,
): boolean {
  const mark = random.bytes(MARK_BYTES).toString('base64url');
  const cookies = splitIntoCookies(composeMultiPartName(cookie), text, mark);
  if (!cookies) return false;
  for (const { name, value } of cookies) writeCookiePart(ctx, cookie, name, value);
  clearAllPartsExcept(ctx, cookie, new Set(cookies.map(({ name }) => name)));
  return true;
}

/** Returns all complete texts, including one that was planted next to the real one. */
export function readMultiPartCookie(ctx: Context, cookie: MultiPartCookie): string[] {
  return joinCookies(composeMultiPartName(cookie), readRequestParts(ctx, cookie));
}

export function clearMultiPartCookie(ctx: Context, cookie: MultiPartCookie): void {
  clearAllPartsExcept(ctx, cookie, new Set());
}

function clearAllPartsExcept(ctx: Context, cookie: MultiPartCookie, remaining: ReadonlySet<string>): void {
  for (const name of new Set(readRequestParts(ctx, cookie).map((one) => one.name))) {
    if (!remaining.has(name)) writeCookiePart(ctx, cookie, name, null);
  }
}

function readRequestParts(ctx: Context, cookie: MultiPartCookie) {
  const names = listPartNames(composeMultiPartName(cookie));
  return readCookieHeader(ctx.get('Cookie'))
    .filter(({ name }) => names.includes(name))
    .slice(0, MAX_PARTS_READ);
}

function writeCookiePart(ctx: Context, cookie: MultiPartCookie, name: string, value: string | null): void {
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

function composeMultiPartName({ name, isSecure }: MultiPartCookie): string {
  return isSecure ? `__Secure-${name}` : name;
}
