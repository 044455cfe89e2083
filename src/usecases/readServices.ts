import { OWN_SITES } from '../core/ownSite.ts';
import type { Service } from '../core/services.ts';
import { listServices } from '../store/relyingParties.ts';
import type { World } from './world.ts';

const OWN_IDS = OWN_SITES.map(({ clientId }) => clientId);

/** For the public list: what others have registered, not our own sites. */
export async function readServices({ database }: World): Promise<readonly Service[]> {
  return await listServices(database, OWN_IDS);
}
