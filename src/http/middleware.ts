/**
 * The door: what every request meets first. It gives the request a number, answers 421 to hosts that are not ours
 * before the engine sees them (the engine builds its addresses from the Host header), finds the client's address
 * behind our own proxies, sets the headers that hold everywhere, and writes one line into the log.
 */
import { randomUUID } from 'node:crypto';
import type { Context, Middleware } from 'koa';
import { RequestValue } from '../domain/requestValue.ts';
import type { RequestSource } from '../domain/clientContext.ts';
import { composeSessionCookieName } from '../oidc/signIn/browserSessions.ts';
import type { Log } from '../platform/log.ts';
import { hasTrailingDot, readHost } from './host.ts';
import { HttpError } from '../ui/httpError.ts';

export interface HostSettings {
  readonly issuer: string;
  /** How many proxies of our own stand before us; their part of X-Forwarded-For is read from the right. */
  readonly proxyHops: number;
}

const REQUEST_ID = new RequestValue<string>('the number of the request');

export function assignRequestId(): Middleware {
  return async (ctx, next) => {
    REQUEST_ID.set(ctx, randomUUID());
    ctx.set('X-Request-Id', readRequestId(ctx));
    await next();
  };
}

export function readRequestId(ctx: Context): string {
  return REQUEST_ID.find(ctx) ?? '';
}

/** @param maskPath leaves of a path what may be logged (protocol/exactPaths.ts) */
export function writeAccessLog(log: Log, maskPath: (path: string) => string): Middleware {
  // Nothing of what a line holds could be a secret: to look for one in each takes longer than to write it.
  const lines = log.child({}, { redact: [] });
  return async (ctx, next) => {
    const startedAt = performance.now();
    await next();
    const { method, status } = ctx;
    const path = maskPath(ctx.path);
    const ms = Math.round((performance.now() - startedAt) * 10) / 10;
    // Proxies ask several times a second.
    const level = path.startsWith('/health/') ? 'debug' : 'info';
    lines[level]({ requestId: readRequestId(ctx), method, path, status, ms }, 'request');
  };
}

/** Public facts about us, which pages of other sites may load by whatever element. */
const IS_CROSS_ORIGIN = /^\/(jwks|\.well-known\/[a-z.-]+)$/;

/**
 * What our script keeps in a tab, and what a version of ours may keep one day. Not `cookies`: those by
 * which a browser is known as its owner's would go, those of the language, and those of all sites beside
 * us. Not `cache`: no page of ours is in it (`no-store`), and Chromium goes on 0.3 s later where 3,000
 * files are in it; with `storage` it took as long as without (22 ms).
 */
const CLEARED_COOKIE = '"storage"';

/** However a session ends: by a log-out, at a site of ours, with the ID. */
function isSessionCleared(ctx: Context, isSecure: boolean): boolean {
  const cookies = [ctx.response.headers['set-cookie'] ?? []].flat();
  return cookies.some((cookie) => cookie.startsWith(`${composeSessionCookieName(isSecure)}=;`));
}

const NO_OTHER_PARTS = "script-src 'none' 'sha256-";

export function setSecurityHeaders(isSecure: boolean): Middleware {
  return async (ctx, next) => {
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.set('Referrer-Policy', 'no-referrer');
    ctx.set('X-Frame-Options', 'DENY');
    // For what the provider shows by itself (`form_post`, to which it adds the hash of its script); our pages bring
    // their own. No `form-action`: `*` would stop a relying party that leads on into an application.
    ctx.set(
      'Content-Security-Policy',
      "default-src 'none'; script-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    );
    // What is no page is not for search engines; a page says for itself what it is (layout.tsx).
    ctx.set('X-Robots-Tag', 'noindex');
    ctx.set('Cross-Origin-Opener-Policy', 'same-origin');
    ctx.set('Cross-Origin-Resource-Policy', IS_CROSS_ORIGIN.test(ctx.path) ? 'cross-origin' : 'same-origin');
    ctx.set('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), publickey-credentials-get=()');
    if (isSecure) ctx.set('Strict-Transport-Security', 'max-age=63072000; includeSubDomains');
    await next();
    if (isSessionCleared(ctx, isSecure)) ctx.set('Clear-Site-Data', CLEARED_COOKIE);
    // Of documents alone; on a redirect with a long `state` it would be what is one too many for some proxies.
    if (ctx.status >= 300 && ctx.status < 400) ctx.remove('Permissions-Policy');
    // The provider puts its hash beside `'none'`, which browsers then ignore with a warning.
    const policy = ctx.response.get('Content-Security-Policy');
    if (policy.includes(NO_OTHER_PARTS)) {
      ctx.set('Content-Security-Policy', policy.replace(NO_OTHER_PARTS, "script-src 'sha256-"));
    }
  };
}

/** Health checks come by address, so they are asked before this. @throws HttpError (421) */
export function verifyHost({ issuer, proxyHops }: HostSettings): Middleware {
  const { host, origin, protocol } = new URL(issuer);
  return async (ctx, next) => {
    const { headers } = ctx.req;
    if (readHost(headers.host, protocol) !== host) throw new HttpError(421, 'wrong_host');
    if (hasTrailingDot(headers.host ?? '') && isPageNavigation(ctx)) {
      ctx.status = 308;
      ctx.set('Location', `${origin}${ctx.url}`);
      return;
    }
    // What the provider may believe from here on is what we have vetted.
    headers.host = host;
    headers['x-forwarded-host'] = host;
    headers['x-forwarded-proto'] = protocol.slice(0, -1);
    headers['x-forwarded-for'] = readClientAddress(ctx, proxyHops);
    await next();
  };
}

function isPageNavigation(ctx: Context): boolean {
  return ['GET', 'HEAD'].includes(ctx.method) && ctx.get('Accept').includes('text/html');
}

/** The address that our outermost proxy saw: anything further left is the client's own claim. */
function readClientAddress(ctx: Context, proxyHops: number): string {
  const socket = ctx.req.socket.remoteAddress ?? '';
  if (proxyHops === 0) return socket;
  const chain = String(ctx.req.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  return chain.at(-proxyHops) ?? chain[0] ?? socket;
}

/** What a browser says of itself, and the address that was vetted above. */
export function readRequestSource(ctx: Context): RequestSource {
  return { userAgent: ctx.get('User-Agent'), address: ctx.ip };
}
