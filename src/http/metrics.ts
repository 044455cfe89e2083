/** Measures requests for the metrics: each address belongs to one of a few groups. */
import type { Middleware } from 'koa';
import type { ObserveRequest } from '../platform/metrics/requestMetrics.ts';

/** The first word of a path -> its group; all others are `other`. */
const GROUPS: Readonly<Record<string, string>> = {
  auth: 'authorize',
  login: 'sign_in',
  request: 'authorize',
  me: 'userinfo',
  jwks: 'metadata',
  '.well-known': 'metadata',
  audit: 'metadata',
  session: 'logout',
  reg: 'registration',
  'self-service': 'self_service',
  desk: 'desk',
  order: 'order',
  activate: 'activate',
  block: 'block',
  'new-password': 'new_password',
  assets: 'assets',
};

/** @returns one of a closed list: what comes from outside is never a label */
export function findRouteGroup(path: string): string {
  if (path === '/health/ready') return 'ready';
  if (path === '/health/live') return 'live';
  const [, first = '', second] = path.split('/', 3);
  if (first === 'token') {
    if (second === 'introspection') return 'introspection';
    return second === 'revocation' ? 'revocation' : second === undefined ? 'token' : 'other';
  }
  return (Object.hasOwn(GROUPS, first) ? GROUPS[first] : undefined) ?? 'other';
}

/** Outermost: what an error handler answers is measured with its status. */
export function measureRequests(observe: ObserveRequest): Middleware {
  return async (ctx, next) => {
    const startedAt = performance.now();
    try {
      await next();
    } finally {
      observe(findRouteGroup(ctx.path), ctx.status, performance.now() - startedAt);
    }
  };
}
