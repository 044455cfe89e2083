/** How many keys are left when a new card is ordered: the person's choice. Raising it may order one at once. */
import { appendEvent } from '../../db/auditLog.ts';
import { setThreshold } from '../../db/cards/cardSets.ts';
import type { Queryable } from '../../db/database.ts';
import { enqueueNotice } from '../../db/cards/notices.ts';
import { applyCardCommandInTransaction, type CardCommandOutcome } from './cardCommands.ts';
import type { AppContext } from '../appContext.ts';

/**
 * In a transaction of the caller's, who does more in it.
 * @param threshold 5-100; anything else is refused, and nothing changes.
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
