/** The card that was sent has not come: it is worth nothing from now on, and replaced once. */
import type { By } from '../core/auditEvent.ts';
import { doCardDeed, type Done } from './cardDeeds.ts';
import type { World } from './world.ts';

export async function reportNotArrived(world: World, identityId: string, by: By): Promise<Done> {
  return await doCardDeed(world, identityId, { kind: 'not_arrived' }, by);
}
