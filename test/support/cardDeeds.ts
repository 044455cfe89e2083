/** What is asked for about cards, as a desk or self-service does it in a transaction with more in it. */
import type { By } from '../../src/core/auditEvent.ts';
import { doCardDeed, type Done } from '../../src/usecases/cardDeeds.ts';
import { changeThresholdWithin } from '../../src/usecases/changeThreshold.ts';
import type { World } from '../../src/usecases/world.ts';

export async function orderNewCard(world: World, identityId: string, by: By): Promise<Done> {
  return await doCardDeed(world, identityId, { kind: 'order' }, by);
}

export async function skipWait(world: World, identityId: string, by: By & { by: 'staff' }): Promise<Done> {
  return await doCardDeed(world, identityId, { kind: 'end_wait', now: world.clock.now(), skip: true }, by);
}

export async function changeThreshold(world: World, identityId: string, threshold: number): Promise<Done> {
  return await world.database.transaction((db) => changeThresholdWithin(world, db, identityId, threshold));
}
