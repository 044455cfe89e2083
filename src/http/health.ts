/**
 * Health checks for operators: is the node alive, may it get traffic. They are requested by IP address, so
 * they run before the host is verified.
 */
import type Router from '@koa/router';
import { refuseUnsupportedMethod } from './methods.ts';

export function addHealthRoutes(router: Router, isReady: () => Promise<boolean>): void {
  router.get('/health/live', (ctx) => {
    ctx.body = { status: 'live' };
  });
  router.get('/health/ready', async (ctx) => {
    const ready = await isReady();
    ctx.status = ready ? 200 : 503;
    ctx.body = { status: ready ? 'ready' : 'not ready' };
  });
  router.all(['/health/live', '/health/ready'], (ctx) => refuseUnsupportedMethod(ctx, ['GET'], 'program'));
}
