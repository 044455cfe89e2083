/**
 * Health checks for operators: is the node alive, may it get traffic. They are requested by IP address, so
 * they run before the host is verified.
 */
import type Router from '@koa/router';
import { refuseUnsupportedMethod } from './methods.ts';

/** What each check found, in words that reveal nothing but this. */
export interface ReadinessReport {
  readonly isReady: boolean;
  readonly checks: {
    readonly database: 'ok' | 'unavailable' | 'read_only' | 'not_permitted' | 'unknown';
    readonly schema: 'ok' | 'incomplete' | 'unknown';
    readonly clock: 'ok' | 'differs' | 'unknown';
    /** `not_followed`: the database was restored, or is a copy. */
    readonly audit: 'ok' | 'not_followed';
    readonly worker: 'ok' | 'not_permitted' | 'not_running';
    readonly leaving: 'no' | 'yes';
  };
}

export function addHealthRoutes(router: Router, readReport: () => Promise<ReadinessReport>): void {
  router.get('/health/live', (ctx) => {
    ctx.body = { status: 'live' };
  });
  router.get('/health/ready', async (ctx) => {
    const { isReady, checks } = await readReport();
    ctx.status = isReady ? 200 : 503;
    ctx.body = { status: isReady ? 'ready' : 'not ready', checks };
  });
  router.all(['/health/live', '/health/ready'], (ctx) => refuseUnsupportedMethod(ctx, ['GET'], 'program'));
}
