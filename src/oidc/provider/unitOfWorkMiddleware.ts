/** Opens the unit of work of a request and writes it before the answer leaves. */
import type { Middleware } from 'koa';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Database } from '../../db/database.ts';
import { endGrantOfRecord } from '../../db/oidc/oidcRecords.ts';
import { AlreadyConsumedError, runInUnitOfWork, UnitOfWork } from '../../db/unitOfWork.ts';
import { dropSessionCookie } from '../signIn/browserSessions.ts';

/**
 * The engine turns every error into an answer of its own, also "the database is away". Such a fault is thrown
 * again here, after the engine, so that one place outside answers it; nothing gathered is written then.
 */
export function createUnitOfWorkMiddleware(database: Database, isSecure: boolean): Middleware {
  return async (ctx, next) => {
    const unit = new UnitOfWork();
    await runInUnitOfWork(unit, async () => {
      await next();
      if (unit.fault) throw unit.fault;
      try {
        await unit.flush(database);
        // The browser has a newer one by now, or none any more.
        if (!unit.keepsSession) dropSessionCookie(ctx, isSecure);
      } catch (error) {
        if (!(error instanceof AlreadyConsumedError)) throw error;
        // Two used it: which of them is the thief nobody knows, so neither keeps what came of it.
        await endGrantOfRecord(database, error.id);
        sendInvalidGrant(ctx as unknown as KoaContextWithOIDC, new errors.InvalidGrant('already used'));
      }
    });
  };
}

/** As the engine answers it, had it known before. */
function sendInvalidGrant(ctx: KoaContextWithOIDC, error: errors.InvalidGrant): void {
  const { error: code, error_description: description, statusCode } = error;
  ctx.status = statusCode;
  ctx.body = { error: code, error_description: description };
  ctx.oidc.provider.emit('grant.error', ctx, error);
}
