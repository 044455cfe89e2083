/** Card commands, as a desk or self-service runs them in a transaction with other statements. */
import type { AuditActor } from '../../src/domain/auditEvent.ts';
import { applyCardCommand, type CardCommandOutcome } from '../../src/features/identity/cardCommands.ts';
import { changeThresholdInTransaction } from '../../src/features/identity/changeThreshold.ts';
import type { AppContext } from '../../src/features/appContext.ts';

export async function orderNewCard(
  context: AppContext,
  identityId: string,
  by: AuditActor,
): Promise<CardCommandOutcome> {
  return await applyCardCommand(context, identityId, { kind: 'order' }, by);
}

export async function skipWait(
  context: AppContext,
  identityId: string,
  by: AuditActor & { by: 'staff' },
): Promise<CardCommandOutcome> {
  return await applyCardCommand(
    context,
    identityId,
    { kind: 'end_wait', now: context.clock.now(), skip: true },
    by,
  );
}

export async function changeThreshold(
  context: AppContext,
  identityId: string,
  threshold: number,
): Promise<CardCommandOutcome> {
  return await context.database.transaction((db) =>
    changeThresholdInTransaction(context, db, identityId, threshold),
  );
}
