/**
 * The cookies of a browser that someone trusts: random contents, for as long as browsers keep them. The first
 * cookie has the content of the person who trusted it last, as previous versions read it; the second has
 * those of the other people who share the browser.
 */
import type { Context } from 'koa';

const COOKIE_DAYS = 400;
/** The number of people who may share a browser, including the one in the first cookie. */
const MAX_PEOPLE = 8;
const CONTENT = /^[A-Za-z0-9_-]{43}$/;

/** Returns the contents, newest first. */
export function readKnownBrowserCookies(ctx: Context, isSecure: boolean): readonly string[] {
  const read = (name: string) => ctx.cookies.get(name, { signed: false }) ?? '';
  const contents = [
    read(composeBrowserCookieName(isSecure)),
    ...read(composeOtherBrowsersCookieName(isSecure)).split('.'),
  ];
  return [...new Set(contents.filter((content) => CONTENT.test(content)))].slice(0, MAX_PEOPLE);
}

/** @param others earlier contents, of people for whom the browser is still known. */
export function setKnownBrowserCookies(
  ctx: Context,
  isSecure: boolean,
  { own, others }: { own: string; others: readonly string[] },
): void {
  const set = (name: string, value: string | null) =>
    ctx.cookies.set(name, value, {
      signed: false,
      httpOnly: true,
      sameSite: 'lax',
      secure: isSecure,
      path: '/',
      ...(value === null ? {} : { maxAge: COOKIE_DAYS * 24 * 3_600_000 }),
    });
  set(composeBrowserCookieName(isSecure), own);
  const hasOthers =
    ctx.cookies.get(composeOtherBrowsersCookieName(isSecure), { signed: false }) !== undefined;
  if (others.length > 0)
    set(composeOtherBrowsersCookieName(isSecure), others.slice(0, MAX_PEOPLE - 1).join('.'));
  else if (hasOthers) set(composeOtherBrowsersCookieName(isSecure), null);
}

function composeBrowserCookieName(isSecure: boolean): string {
  return isSecure ? '__Host-noegle-browser' : 'noegle-browser';
}

function composeOtherBrowsersCookieName(isSecure: boolean): string {
  return isSecure ? '__Host-noegle-browsers' : 'noegle-browsers';
}
