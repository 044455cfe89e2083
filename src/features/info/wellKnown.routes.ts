/**
 * Addresses that programs know in advance: for password managers, people who report a vulnerability, crawlers
 * and browsers. None of them queries the database.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { LANGUAGES } from '../../domain/language/language.ts';
import type { Feature, FeatureDeps } from '../feature.ts';
import { redirectWithGet } from '../../ui/page.ts';
import { FAVICON } from './favicon.ts';

const DAY_MS = 24 * 3_600_000;
/**
 * RFC 9116, 2.5.5: less than a year ahead. The date advances with the clock, because the content does not go
 * stale.
 */
const VALID_DAYS = 180;

export const wellKnown: Feature = { mount: addWellKnownRoutes };

function addWellKnownRoutes(router: Router, context: FeatureDeps): void {
  // https://w3c.github.io/webappsec-change-password-url/: a redirect to the page where a password is changed.
  router.get('/.well-known/change-password', (ctx) => redirectWithGet(ctx, '/self-service/sign-in'));
  // The short address that public authorities use for their accessibility statement.
  const accessibilityUrl = context.contact.accessibilityUrl ?? '/accessibility';
  router.get('/was', (ctx) => redirectWithGet(ctx, accessibilityUrl));

  const security = (ctx: Context) =>
    sendFile(ctx, 'text/plain; charset=utf-8', composeSecurityText(context, context.now()));
  router.get('/.well-known/security.txt', security);
  router.get('/security.txt', (ctx) => redirectWithGet(ctx, '/.well-known/security.txt'));
  // Nothing is disallowed: a page that is not to be indexed says so itself, and must be crawled for that.
  router.get('/robots.txt', (ctx) =>
    sendFile(ctx, 'text/plain; charset=utf-8', 'User-agent: *\nDisallow:\n'),
  );
  router.get('/favicon.ico', (ctx) => sendFile(ctx, 'image/x-icon', FAVICON));
  // Phones request it regardless of what a page links to. It does not exist, and no error page is sent.
  router.get(/^\/apple-touch-icon(-[a-z0-9-]+)?\.png$/, (ctx) => {
    sendFile(ctx, 'image/png', '');
    ctx.status = 404;
  });
}

function sendFile(ctx: Context, type: string, content: string | Buffer): void {
  ctx.remove('X-Robots-Tag');
  ctx.set('Cache-Control', 'public, max-age=86400');
  ctx.type = type;
  ctx.body = content;
}

/** RFC 9116. */
function composeSecurityText({ issuer, contact, securityContact }: FeatureDeps, now: Date): string {
  const expires = new Date(Math.ceil(now.getTime() / DAY_MS) * DAY_MS + VALID_DAYS * DAY_MS);
  const lines = [
    `Contact: ${securityContact ?? composeTelephoneUri(contact.hotline)}`,
    `Expires: ${expires.toISOString().replace('.000', '')}`,
    `Preferred-Languages: ${LANGUAGES.join(', ')}`,
    `Canonical: ${issuer}/.well-known/security.txt`,
  ];
  return `${lines.join('\n')}\n`;
}

/** RFC 3966: numbers are global. A number without a country code is Danish. */
function composeTelephoneUri(number: string): string {
  const digits = number.replaceAll(' ', '');
  return `tel:${digits.startsWith('+') ? digits : `+45${digits}`}`;
}
