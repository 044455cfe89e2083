/** Opens the unit of work of a request and writes it before the answer leaves. */
import type { Middleware } from 'koa';
import type { Database } from '../store/database.ts';
import { runInUnitOfWork, UnitOfWork } from '../store/unitOfWork.ts';

/**
 * The engine turns every error into an answer of its own, also "the database is away". Such a fault is thrown
 * again here, after the engine, so that one place outside answers it; nothing gathered is written then.
 */
export function unitOfWork(database: Database): Middleware {
  return async (_ctx, next) => {
    const unit = new UnitOfWork();
    await runInUnitOfWork(unit, async () => {
      await next();
      if (unit.fault) throw unit.fault;
      await unit.flush(database);
    });
  };
}
