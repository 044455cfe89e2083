/** Sends a page: which language, which headers. Pages themselves are pure and live in pages/. */
import type { Context } from 'koa';
import type { VNode } from 'preact';
import { chooseLanguage, TEXTS } from './language.ts';
import { renderPage, type Frame } from './layout.tsx';

const LANGUAGE_COOKIE = 'noegle-language';

/** @param options.uiLocales the relying party's wish, where one is known. */
export function frameOf(ctx: Context, stylesheet: string, options: { uiLocales?: string } = {}): Frame {
  const language = chooseLanguage({
    cookie: ctx.cookies.get(LANGUAGE_COOKIE, { signed: false }),
    uiLocales: options.uiLocales ?? '',
    acceptLanguage: ctx.get('Accept-Language'),
  });
  const t = TEXTS[language];
  const canSwitch =
    ctx.method === 'GET' && /^\/((login|block|order|desk)(\/|$)|(session|activate|terms)$)/.test(ctx.path);
  const languageSwitch = canSwitch ? `${ctx.path}?language=${t.otherLanguage.lang}` : null;
  return { t, language, languageSwitch, stylesheet };
}

/** The language switch is a plain link; true when it was followed and the answer is given. */
export function followLanguageSwitch(ctx: Context, isSecure: boolean): boolean {
  const wanted = ctx.query['language'];
  if (wanted !== 'da' && wanted !== 'en') return false;
  const year = 365 * 24 * 3_600_000;
  ctx.cookies.set(LANGUAGE_COOKIE, wanted, {
    signed: false,
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    maxAge: year,
  });
  seeOther(ctx, ctx.path);
  return true;
}

/** @param formTargets sources besides ourselves that a form may lead to, over a redirect. */
export function sendPage(ctx: Context, page: VNode, formTargets: string[] = []): void {
  ctx.set('Content-Security-Policy', contentSecurityPolicy(formTargets));
  ctx.set('Cache-Control', 'no-store');
  ctx.set('Vary', 'Accept-Language, Cookie');
  ctx.type = 'text/html; charset=utf-8';
  ctx.body = renderPage(page);
}

/** Nothing from elsewhere, no script, never framed; forms lead to us and where the sign-in ends. */
export function contentSecurityPolicy(formTargets: string[]): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    ["form-action 'self'", ...formTargets].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

/** 303: the browser goes on with GET, also after credentials (RFC 9700, 4.12). */
export function seeOther(ctx: Context, location: string): void {
  ctx.set('Cache-Control', 'no-store');
  ctx.status = 303;
  ctx.set('Location', location);
  ctx.body = null;
  ctx.status = 303;
}
