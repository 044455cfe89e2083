/** Opens the unit of work of a request and writes it before the response is sent. */
import type { Middleware } from 'koa';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { ReportEvent } from '../../domain/securityEvent.ts';
import type { Database } from '../../db/database.ts';
import { endGrantOfRecord } from '../../db/oidc/oidcRecords.ts';
import { AlreadyConsumedError, runInUnitOfWork, UnitOfWork } from '../../db/unitOfWork.ts';
import { dropSessionCookie } from '../signIn/browserSessions.ts';

interface UnitOfWorkDeps {
  readonly database: Database;
  readonly report: ReportEvent;
  /** Called with the client of a request to the provider, for the log. */
  readonly onClient: (clientId: string) => void;
}

/**
 * The provider turns every error into its own response, also when the database is unavailable. Such a fault
 * is thrown again here, after the provider, so that one error handler responds to it; the unit of work is
 * then not written.
 */
export function createUnitOfWorkMiddleware(
  { database, report, onClient }: UnitOfWorkDeps,
  isSecure: boolean,
): Middleware {
  return async (ctx, next) => {
    const unit = new UnitOfWork({ userAgent: ctx.get('User-Agent'), address: ctx.ip });
    await runInUnitOfWork(unit, async () => {
      try {
        await next();
      } finally {
        const { client } = (ctx as Partial<KoaContextWithOIDC>).oidc ?? {};
        if (client) onClient(client.clientId);
      }
      if (unit.fault) throw unit.fault;
      try {
        await unit.flush(database);
        // The browser already has a newer session cookie, or none.
        if (!unit.keepsSession) dropSessionCookie(ctx, isSecure);
        if (unit.authorizationEvent) report(unit.authorizationEvent);
      } catch (error) {
        if (!(error instanceof AlreadyConsumedError)) throw error;
        // Two requests used it. Which of them is the thief is unknown, so the grant ends and neither keeps
        // what it got.
        await endGrantOfRecord(database, error.id);
        sendInvalidGrant(ctx as unknown as KoaContextWithOIDC, new errors.InvalidGrant('already used'));
      }
    });
  };
}

/** The response that the provider would have sent. */
function sendInvalidGrant(ctx: KoaContextWithOIDC, error: errors.InvalidGrant): void {
  const { error: code, error_description: description, statusCode } = error;
  ctx.status = statusCode;
  ctx.body = { error: code, error_description: description };
  ctx.oidc.provider.emit('grant.error', ctx, error);
}
