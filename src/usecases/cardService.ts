/** What a person or a member of staff can ask for about cards; each a deed that the core decides. */
import type { By } from '../core/auditEvent.ts';
import { doCardDeed, type Done } from './cardDeeds.ts';
import type { World } from './world.ts';

/** A new card to the registered address. Refused while one is on the way, and without an address. */
export async function orderNewCard(world: World, identityId: string, by: By): Promise<Done> {
  return await doCardDeed(world, identityId, { kind: 'order' }, by);
}

/** The card that was sent has not come: it is worth nothing from now on, and replaced once. */
export async function reportNotArrived(world: World, identityId: string, by: By): Promise<Done> {
  return await doCardDeed(world, identityId, { kind: 'not_arrived' }, by);
}

/** A desk has seen the person and their identification: the new card need not wait. */
export async function skipWait(world: World, identityId: string, by: By & { by: 'staff' }): Promise<Done> {
  return await doCardDeed(world, identityId, { kind: 'end_wait', now: world.clock.now(), skip: true }, by);
}
