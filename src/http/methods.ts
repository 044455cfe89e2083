/**
 * An existing path with the wrong method is 405 with `Allow` (RFC 9110, 15.5.6): a page for people, JSON for
 * programs. An unknown path is 404, regardless of the method.
 */
import type Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { HttpError } from '../ui/httpError.ts';

interface Endpoint {
  readonly path: RegExp;
  readonly methods: readonly string[];
  /** Who calls it: a person's browser, or a program. */
  readonly caller: 'person' | 'program';
}

const composeEndpoint = (caller: Endpoint['caller'], path: RegExp, ...methods: string[]): Endpoint => {
  return { caller, path, methods };
};

/** The provider's endpoints, in the one spelling that is accepted (exactPaths.ts). */
const PROVIDER_ENDPOINTS: readonly Endpoint[] = [
  composeEndpoint('person', /^\/auth(\/[\w-]+)?$/, 'GET'),
  composeEndpoint('person', /^\/session\/end(\/success)?$/, 'GET'),
  composeEndpoint('person', /^\/session\/end\/confirm$/, 'POST'),
  composeEndpoint('program', /^\/(token|request|reg|token\/introspection|token\/revocation)$/, 'POST'),
  composeEndpoint('program', /^\/me$/, 'GET', 'POST'),
  composeEndpoint('program', /^\/jwks$/, 'GET'),
  composeEndpoint('program', /^\/\.well-known\/(openid-configuration|oauth-authorization-server)$/, 'GET'),
  composeEndpoint('program', /^\/reg\/[\w.~-]+$/, 'GET', 'PUT', 'DELETE'),
];

/** Whether the provider serves this path. */
export function isProviderPath(path: string): boolean {
  return PROVIDER_ENDPOINTS.some((one) => one.path.test(path));
}

/** Wraps everything that may respond; acts only where nothing did. @throws HttpError (405) */
export function refuseUnsupportedMethods(router: Router): Middleware {
  return async (ctx, next) => {
    await next();
    if (ctx.status !== 404 || (ctx.body !== undefined && ctx.body !== null)) return;
    const endpoints = PROVIDER_ENDPOINTS.filter(({ path }) => path.test(ctx.path));
    const pageMethods = router.match(ctx.path, ctx.method).path.flatMap(({ methods }) => methods);
    const methods = [...pageMethods, ...endpoints.flatMap((one) => one.methods)];
    if (methods.length === 0 || methods.includes(ctx.method)) return;
    refuseUnsupportedMethod(ctx, methods, endpoints[0]?.caller ?? 'person');
  };
}

/** @throws HttpError (405) */
export function refuseUnsupportedMethod(
  ctx: Context,
  methods: readonly string[],
  caller: Endpoint['caller'],
): void {
  const allowed = new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS']);
  const list = [...allowed].sort().join(', ');
  ctx.set('Allow', list);
  if (ctx.method === 'OPTIONS') {
    ctx.status = 204;
    return;
  }
  if (caller === 'person') throw new HttpError(405, 'wrong_method');
  ctx.status = 405;
  ctx.set('Cache-Control', 'no-store');
  ctx.body = { error: 'invalid_request', error_description: `${ctx.method} is not taken here, but ${list}` };
}
