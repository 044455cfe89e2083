/**
 * One spelling for each URL. The provider also accepts its paths in capitals, with a trailing slash and with
 * letters encoded as `%61`. Everything that depends on the path before the provider (which client is looked
 * up, what is logged, what is removed from a response) would have to know all of these. So the provider gets
 * only the paths that are listed (methods.ts), and all others are 404.
 */
import Router from '@koa/router';
import type { Middleware } from 'koa';
import { isProviderPath } from './methods.ts';

/** Case and a trailing slash are significant in routes. */
export function createExactRouter(): Router {
  return new Router({ sensitive: true, strict: true });
}

/** No path of Nøgle's contains other characters, or two slashes in a row; `%61` does not count as `a`. */
const PLAIN_PATH = /^(\/|(\/[\w.~-]+)+\/*)$/;

/** Runs before routing. */
export function refuseUnusualCharacters(): Middleware {
  return async (ctx, next) => {
    if (PLAIN_PATH.test(ctx.path)) await next();
  };
}

/**
 * Runs last before the provider. A person who typed a path in capitals, or with a trailing slash, is
 * redirected to the page that they meant: the path of such a page contains no id.
 */
export function admitExactPaths(pages: Router): Middleware {
  return async (ctx, next) => {
    if (isProviderPath(ctx.path)) return await next();
    const normalized = ctx.path.toLowerCase().replace(/\/+$/, '');
    if (normalized === ctx.path || !['GET', 'HEAD'].includes(ctx.method) || !isOwnPage(pages, normalized))
      return;
    ctx.status = 308;
    ctx.set('Location', `${normalized}${ctx.search}`);
  };
}

/** True for a page with a fixed path that the provider does not serve. */
function isOwnPage(pages: Router, path: string): boolean {
  return (
    !isProviderPath(path) && pages.stack.some((route) => route.path === path && route.methods.includes('GET'))
  );
}

/** @returns whether a path is answered with GET */
export function createPageLookup(pages: Router): (path: string) => boolean {
  return (path) => pages.match(path, 'GET').route;
}

/**
 * Masks a path for the log: only the words of Nøgle's routes remain. An id, or a secret that someone put into
 * a path, is not one of them in any spelling.
 */
export function createPathMask(routers: readonly Router[]): (path: string) => string {
  const routeWords = routers
    .flatMap(({ stack }) => stack.map(({ path }) => path))
    .flatMap((path) => (typeof path === 'string' ? path.split('/') : []))
    .filter((word) => /^[a-z.-]+$/.test(word));
  const words = new Set(['', ...WORDS_OF_PROVIDER, 'assets', 'css', 'fonts', 'img', ...routeWords]);
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
