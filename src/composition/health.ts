/** Mounts the health checks, and checks the node at times also when no one asks. */
import type Router from '@koa/router';
import { SIGNING_ALGORITHMS } from '../oidc/keys/signingKeys.ts';
import type { Database } from '../db/database.ts';
import { listMigrations } from '../db/migrations.ts';
import { addHealthRoutes } from '../http/health.ts';
import { createExactRouter } from '../http/exactPaths.ts';
import type { BackgroundTasks } from '../platform/background.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { AuditStatus } from '../features/auditLog/index.ts';
import { Readiness } from './readiness.ts';

/** So that the log says what is wrong when no proxy asks. */
const CHECK_EVERY_MS = 5_000;

interface HealthDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly audit: AuditStatus;
  readonly log: Log;
}

export interface Health {
  readonly readiness: Readiness;
  readonly router: Router;
  follow(background: BackgroundTasks): void;
}

export async function createHealth(deps: HealthDeps): Promise<Health> {
  const needed = { migrations: await listMigrations(), signingKeys: SIGNING_ALGORITHMS.length };
  const readiness = new Readiness({ ...deps, needed });
  const router = createExactRouter();
  addHealthRoutes(router, () => readiness.read());
  return {
    readiness,
    router,
    follow: (background) =>
      background.every(CHECK_EVERY_MS, 'this node could not be checked', async () => {
        await readiness.read();
      }),
  };
}
