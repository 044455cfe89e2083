/** Sends a page in a language, with its headers. Pages themselves are pure. */
import type { Context, Middleware } from 'koa';
import type { VNode } from 'preact';
import { isLanguage, type Language, type Localized } from '../domain/language/language.ts';
import type { ServiceContact } from '../domain/serviceContact.ts';
import { RequestValue } from '../domain/requestValue.ts';
import { chooseLanguage, TEXTS_BY_LANGUAGE } from './language.ts';
import { renderPage, type PageFrame } from './layout.tsx';
import { PLAIN_POLICY } from './styles/plain.ts';

const LANGUAGE_COOKIE = 'noegle-language';

/** Pages for which the same URL is available in the other language. */
const LANGUAGE_SWITCHES =
  /^\/((login|block|new-password|order|desk|self-service|help)(\/|$)|(session|activate|terms|services|accessibility|privacy)$|$)/;

const CONTACT = new RequestValue<ServiceContact>('the contact on pages');

/**
 * Sets how people reach this installation, which every page shows. Middleware puts them on the request,
 * because pages are made in many places.
 */
export function setContact(contact: ServiceContact): Middleware {
  return async (ctx, next) => {
    CONTACT.set(ctx, contact);
    await next();
  };
}

const STATUS_LINE = new RequestValue<Localized>('the status line');

/** Sets what the operator tells everyone at the moment, if anything, for every page of the request. */
export function setStatusLine(find: () => Localized | null): Middleware {
  return async (ctx, next) => {
    const texts = find();
    if (texts) STATUS_LINE.set(ctx, texts);
    await next();
  };
}

/** @param options.uiLocales the relying party's `ui_locales`, where known. */
export function composePageFrame(
  ctx: Context,
  stylesheet: string,
  options: { uiLocales?: string } = {},
): PageFrame {
  const language = chooseLanguage({
    cookie: ctx.cookies.get(LANGUAGE_COOKIE, { signed: false }),
    uiLocales: options.uiLocales ?? '',
    acceptLanguage: ctx.get('Accept-Language'),
  });
  const t = TEXTS_BY_LANGUAGE[language];
  const canSwitch = ['GET', 'HEAD'].includes(ctx.method) && LANGUAGE_SWITCHES.test(ctx.path);
  const languageSwitch = canSwitch ? composePageAddress(ctx) : null;
  const statusLine = STATUS_LINE.find(ctx)?.[language] ?? null;
  return { t, language, languageSwitch, stylesheet, contact: contactOf(ctx), statusLine };
}

/** An address that is longer is not repeated within another one. */
const MAX_SWITCHED_LENGTH = 1_500;

/**
 * The language switch of a page whose own URL knows no language: an error, or a page of the provider. The
 * language is stored elsewhere (features/info/language.routes.ts), and the same URL asked once more. Null
 * where that would lose something: after a form, and for a code that is used once.
 */
export function composeSwitchElsewhere(ctx: Context): string | null {
  if (!['GET', 'HEAD'].includes(ctx.method) || ctx.path.endsWith('/callback')) return null;
  return ctx.url.length > MAX_SWITCHED_LENGTH ? null : `/language?to=${encodeURIComponent(ctx.url)}`;
}

/** How people reach this installation; its issuer is for a page at another host. */
export function contactOf(ctx: Context): ServiceContact {
  const contact = CONTACT.find(ctx);
  if (!contact) throw new Error('a page was made before its contact was set');
  return contact;
}

/** The language switch is a plain link; returns true when it was followed and the response is set. */
export function followLanguageSwitch(ctx: Context, isSecure: boolean): boolean {
  const wanted = ctx.query['language'];
  if (!isLanguage(wanted)) return false;
  setLanguageCookie(ctx, wanted, isSecure);
  redirectWithGet(ctx, composePageAddress(ctx));
  return true;
}

/** Stores the language of this browser's pages. */
export function setLanguageCookie(ctx: Context, language: Language, isSecure: boolean): void {
  const year = 365 * 24 * 3_600_000;
  ctx.cookies.set(LANGUAGE_COOKIE, language, {
    signed: false,
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    maxAge: year,
  });
}

/** The query parameters that belong to a page; all others of a URL are dropped. */
const PAGE_PARAMETERS = ['q', 'before', 'to'];

/** The URL of this page as it was requested, without the language. */
function composePageAddress(ctx: Context): string {
  const query = new URLSearchParams();
  for (const name of PAGE_PARAMETERS) {
    const value = ctx.query[name];
    if (typeof value === 'string') query.append(name, value);
  }
  return query.size > 0 ? `${ctx.path}?${query}` : ctx.path;
}

export function sendPage(ctx: Context, page: VNode): void {
  sendRendered(ctx, renderPage(page));
}

/** @param html a page, as `renderPage` makes it */
export function sendRendered(ctx: Context, html: string): void {
  // The same page with a query must not be indexed a second time.
  if (ctx.querystring === '') ctx.remove('X-Robots-Tag');
  ctx.set('Content-Security-Policy', contentSecurityPolicy(ctx.path));
  ctx.set('Cache-Control', 'no-store');
  ctx.set('Vary', 'Accept-Language, Cookie');
  ctx.type = 'text/html; charset=utf-8';
  ctx.body = html;
}

/** Sends a self-contained page, which may load nothing. */
export function sendPlainPage(ctx: Context, page: VNode): void {
  ctx.set('Content-Security-Policy', PLAIN_POLICY);
  ctx.set('Cache-Control', 'no-store');
  ctx.type = 'text/html; charset=utf-8';
  ctx.body = renderPage(page);
}

/** Where no response to a form redirects to a relying party, whatever happened to the session. */
const PATHS_WITHOUT_REDIRECT = /^\/((self-service|desk|order|activate|block|new-password)(\/|$)|session$)/;

/**
 * Nothing from other origins, no script but the one file, never framed. No `form-action`, unless all forms
 * below that path end at Nøgle: Chromium and Safari apply it to every redirect after a form, and only the
 * relying party knows where it redirects to (docs/decisions/0013-no-form-action.md).
 */
export function contentSecurityPolicy(path: string): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "connect-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    ...(PATHS_WITHOUT_REDIRECT.test(path) ? ["form-action 'self'"] : []),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

/** 303: the browser continues with GET, also after credentials (RFC 9700, 4.12). */
export function redirectWithGet(ctx: Context, location: string): void {
  ctx.set('Cache-Control', 'no-store');
  ctx.status = 303;
  ctx.set('Location', location);
  ctx.body = null;
  ctx.status = 303;
}
