/**
 * The person's choice of how many keys are left when a new card is ordered. A raised threshold may order one
 * immediately.
 */
import { appendEvent } from '../../db/auditLog.ts';
import { setThreshold } from '../../db/cards/cardSets.ts';
import type { Queryable } from '../../db/database.ts';
import { enqueueNotice } from '../../db/cards/notices.ts';
import { applyCardCommandInTransaction, type CardCommandOutcome } from './cardCommands.ts';
import type { AppContext } from '../appContext.ts';

/**
 * Changes the threshold in the caller's transaction.
 * @param threshold 5-100; any other number is rejected and changes nothing
 */
export async function changeThresholdInTransaction(
  context: AppContext,
  db: Queryable,
  identityId: string,
  threshold: number,
): Promise<CardCommandOutcome> {
  const command = { kind: 'set_threshold', threshold } as const;
  const done = await applyCardCommandInTransaction(context, db, identityId, command, { by: 'person' });
  if (done !== 'done' || !(await setThreshold(db, identityId, threshold))) return done;
  await appendEvent(db, { kind: 'threshold_changed', identityId, details: { threshold } });
  const notice = { kind: 'threshold_changed', details: { threshold } } as const;
  await enqueueNotice(db, { id: context.random.uuid(), identityId, notice }, context.clock.now());
  return done;
}
