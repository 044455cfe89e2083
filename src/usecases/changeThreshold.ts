/** How many keys are left when a new card is ordered: the person's choice. Raising it may order one at once. */
import { appendEvent } from '../store/auditLog.ts';
import { setThreshold } from '../store/cardLife.ts';
import type { Queryable } from '../store/database.ts';
import { appendNotice } from '../store/notices.ts';
import { doCardDeedWithin, type Done } from './cardDeeds.ts';
import type { World } from './world.ts';

/**
 * In a transaction of the caller's, who does more in it.
 * @param threshold 5-100; anything else is refused, and nothing changes.
 */
export async function changeThresholdWithin(
  world: World,
  db: Queryable,
  identityId: string,
  threshold: number,
): Promise<Done> {
  const deed = { kind: 'set_threshold', threshold } as const;
  const done = await doCardDeedWithin(world, db, identityId, deed, { by: 'person' });
  if (done !== 'done' || !(await setThreshold(db, identityId, threshold))) return done;
  await appendEvent(db, { kind: 'threshold_changed', identityId, details: { threshold } });
  const notice = { kind: 'threshold_changed', details: { threshold } } as const;
  await appendNotice(db, { id: world.dice.uuid(), identityId, notice }, world.clock.now());
  return done;
}
