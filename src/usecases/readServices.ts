import { OWN_SITES } from '../core/ownSite.ts';
import { arrangeServices, type ServiceDirectory } from '../core/services.ts';
import { findServicesVersion, listServices } from '../store/relyingParties.ts';
import type { World } from './world.ts';

const OWN_IDS = OWN_SITES.map(({ clientId }) => clientId);

/** A list as it was at one time. */
export interface ServicesRead {
  readonly version: string;
  readonly directory: ServiceDirectory;
}

/** For the public list: what others have registered, not our own sites. What is known still is not read again. */
export async function readServices(
  { database }: Pick<World, 'database'>,
  known: ServicesRead | null,
): Promise<ServicesRead> {
  const version = await findServicesVersion(database, OWN_IDS);
  if (known?.version === version) return known;
  return { version, directory: arrangeServices(await listServices(database, OWN_IDS)) };
}
