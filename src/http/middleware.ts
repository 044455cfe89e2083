/**
 * The first middleware of every request, once it has an id (requestId.ts). It responds 421 to other hosts
 * before the provider sees them (the provider builds its URLs from the Host header), finds the client's
 * address behind the proxies, sets the general headers, and writes the access log.
 */
import type { Context, Middleware } from 'koa';
import { composeErrorNumber } from '../domain/errors/errorNumber.ts';
import type { RequestSource } from '../domain/clientContext.ts';
import { composeSessionCookieName } from '../oidc/signIn/browserSessions.ts';
import type { Log } from '../platform/log.ts';
import { hasTrailingDot, readHost } from './host.ts';
import { readRequestId } from './requestId.ts';
import { HttpError } from '../ui/httpError.ts';

export interface HostSettings {
  readonly issuer: string;
  /** The number of the installation's own proxies; their part of X-Forwarded-For is read from the right. */
  readonly proxyHops: number;
}

/** @param maskPath keeps the parts of a path that may be logged (http/exactPaths.ts) */
export function writeAccessLog(log: Log, maskPath: (path: string) => string): Middleware {
  // A line contains nothing that could be a secret, and redaction takes longer than writing it.
  const lines = log.child({}, { redact: [] });
  return async (ctx, next) => {
    const startedAt = performance.now();
    await next();
    const { method, status } = ctx;
    const path = maskPath(ctx.path);
    const ms = Math.round((performance.now() - startedAt) * 10) / 10;
    // Proxies request this several times a second.
    const level = path.startsWith('/health/') ? 'debug' : 'info';
    const requestId = readRequestId(ctx);
    // By this number a person reports the page of an error.
    const number = status >= 400 ? { number: composeErrorNumber(requestId) } : {};
    lines[level]({ requestId, ...number, method, path, status, ms }, 'request');
  };
}

/** Public metadata, which pages of other sites may load with any element. */
const CROSS_ORIGIN_PATHS = /^\/(jwks|\.well-known\/[a-z.-]+)$/;

/**
 * What the script stores in a tab, now or in a later version. Not `cookies`: that would remove the
 * known-browser and language cookies, and those of all other sites on the domain. Not `cache`: it contains no
 * page of Nøgle (`no-store`), and Chromium continues 0.3 s later where it contains 3,000 files; with
 * `storage` it took as long as without (22 ms).
 */
const CLEARED_SITE_DATA = '"storage"';

/** True however the session ended: by a logout, at a first-party client, or with the ID. */
function isSessionCleared(ctx: Context, isSecure: boolean): boolean {
  const cookies = [ctx.response.headers['set-cookie'] ?? []].flat();
  return cookies.some((cookie) => cookie.startsWith(`${composeSessionCookieName(isSecure)}=;`));
}

const NONE_BEFORE_HASH = "script-src 'none' 'sha256-";

export function setSecurityHeaders(isSecure: boolean): Middleware {
  return async (ctx, next) => {
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.set('Referrer-Policy', 'no-referrer');
    ctx.set('X-Frame-Options', 'DENY');
    // For the provider's own pages (`form_post`, to which it adds the hash of its script); Nøgle's pages set
    // their own policy. No `form-action`: `*` would block a relying party that redirects into a native
    // application.
    ctx.set(
      'Content-Security-Policy',
      "default-src 'none'; script-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    );
    // Responses other than pages are not for search engines; a page sets its own value (ui/layout.tsx).
    ctx.set('X-Robots-Tag', 'noindex');
    ctx.set('Cross-Origin-Opener-Policy', 'same-origin');
    ctx.set(
      'Cross-Origin-Resource-Policy',
      CROSS_ORIGIN_PATHS.test(ctx.path) ? 'cross-origin' : 'same-origin',
    );
    // Security keys are asked for on Nøgle's own pages, which no other page frames.
    ctx.set(
      'Permissions-Policy',
      'camera=(), geolocation=(), microphone=(), publickey-credentials-get=(self)',
    );
    if (isSecure) ctx.set('Strict-Transport-Security', 'max-age=63072000; includeSubDomains');
    await next();
    if (isSessionCleared(ctx, isSecure)) ctx.set('Clear-Site-Data', CLEARED_SITE_DATA);
    // Only documents need it; on a redirect with a long `state` it could exceed the header limit of some
    // proxies.
    if (ctx.status >= 300 && ctx.status < 400) ctx.remove('Permissions-Policy');
    // The provider adds its hash next to `'none'`, which browsers then ignore with a warning.
    const policy = ctx.response.get('Content-Security-Policy');
    if (policy.includes(NONE_BEFORE_HASH)) {
      ctx.set('Content-Security-Policy', policy.replace(NONE_BEFORE_HASH, "script-src 'sha256-"));
    }
  };
}

/**
 * Verifies the host. Health checks are requested by IP address, so their routes run before this.
 * @throws HttpError (421)
 */
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
    // From here on the provider sees only verified values.
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

/** The address that the outermost proxy saw: anything further left is the client's own claim. */
function readClientAddress(ctx: Context, proxyHops: number): string {
  const socket = ctx.req.socket.remoteAddress ?? '';
  if (proxyHops === 0) return socket;
  const chain = String(ctx.req.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  return chain.at(-proxyHops) ?? chain[0] ?? socket;
}

/** The browser's user agent, and the address that was verified above. */
export function readRequestSource(ctx: Context): RequestSource {
  return { userAgent: ctx.get('User-Agent'), address: ctx.ip };
}
