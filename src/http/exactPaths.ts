/**
 * One address, one spelling. The provider also takes its paths in capitals, with a slash at the end and with
 * letters written as `%61`. What is judged by a path on the way there (who is asked for, what is logged, what
 * is taken out of an answer) would have to know all of these. So the provider is asked for nothing but the
 * addresses that are listed (methods.ts), and all else is 404.
 */
import Router from '@koa/router';
import type { Middleware } from 'koa';
import { isProviderPath } from './methods.ts';

/** Of routes: case and a slash at the end count. */
export function createExactRouter(): Router {
  return new Router({ sensitive: true, strict: true });
}

/** No address of ours has other signs in it, nor two slashes in a row: what is written as `%61` is no `a`. */
const PLAIN_PATH = /^(\/|(\/[\w.~-]+)+\/*)$/;

/** Before any route is looked for. */
export function refuseUnusualCharacters(): Middleware {
  return async (ctx, next) => {
    if (PLAIN_PATH.test(ctx.path)) await next();
  };
}

/**
 * The last step before the provider. A person who typed an address in capitals, or with a slash at the end,
 * is led to the page that they meant: the address of such a page names nobody and nothing.
 */
export function admitExactPaths(pages: Router): Middleware {
  return async (ctx, next) => {
    if (isProviderPath(ctx.path)) return await next();
    const meant = ctx.path.toLowerCase().replace(/\/+$/, '');
    if (meant === ctx.path || !['GET', 'HEAD'].includes(ctx.method) || !isOwnPage(pages, meant)) return;
    ctx.status = 308;
    ctx.set('Location', `${meant}${ctx.search}`);
  };
}

/** Of a page that has a fixed address, and is ours alone. */
function isOwnPage(pages: Router, path: string): boolean {
  return (
    !isProviderPath(path) && pages.stack.some((route) => route.path === path && route.methods.includes('GET'))
  );
}

/**
 * Which part of a path may stand in the log: the words that routes of ours are made of. An id, or a secret
 * that somebody put into an address, is none of them in whatever spelling.
 */
export function createPathMask(routers: readonly Router[]): (path: string) => string {
  const ofRoutes = routers
    .flatMap(({ stack }) => stack.map(({ path }) => path))
    .flatMap((path) => (typeof path === 'string' ? path.split('/') : []))
    .filter((word) => /^[a-z.-]+$/.test(word));
  const words = new Set(['', ...WORDS_OF_PROVIDER, 'assets', 'css', 'fonts', 'img', ...ofRoutes]);
  return (path) =>
    path
      .split('/')
      .map((word) => (words.has(word) ? word : '…'))
      .join('/');
}

const WORDS_OF_PROVIDER = [
  'auth',
  'session',
  'end',
  'success',
  'confirm',
  'token',
  'introspection',
  'revocation',
  'request',
  'reg',
  'me',
  'jwks',
  '.well-known',
  'openid-configuration',
  'oauth-authorization-server',
];
