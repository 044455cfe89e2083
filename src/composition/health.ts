/** Whether this node may get traffic: it is not leaving, and its database has what this build needs. */
import type Router from '@koa/router';
import { SIGNING_ALGORITHMS } from '../oidc/keys/signingKeys.ts';
import type { Database } from '../db/database.ts';
import { isInstalled } from '../db/installation.ts';
import { listMigrations } from '../db/migrations.ts';
import { addHealthRoutes } from '../http/health.ts';
import { createExactRouter } from '../http/exactPaths.ts';

export async function createHealthRoutes(
  database: Database,
  node: { readonly isLeaving: boolean },
): Promise<Router> {
  const needed = { migrations: await listMigrations(), signingKeys: SIGNING_ALGORITHMS.length };
  const router = createExactRouter();
  addHealthRoutes(
    router,
    async () => !node.isLeaving && (await isInstalled(database, needed).catch(() => false)),
  );
  return router;
}
