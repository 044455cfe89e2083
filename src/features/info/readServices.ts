import { FIRST_PARTY_CLIENTS } from '../../domain/relyingParty/firstPartyClient.ts';
import { arrangeServices, type ServiceDirectory } from '../../domain/relyingParty/services.ts';
import { findServicesVersion, listServices } from '../../db/oidc/relyingParties.ts';
import type { AppContext } from '../appContext.ts';

const FIRST_PARTY_IDS = FIRST_PARTY_CLIENTS.map(({ clientId }) => clientId);

/** A list as it was at one time. */
export interface ServiceListSnapshot {
  readonly version: string;
  readonly directory: ServiceDirectory;
}

/** For the public list: what others have registered, not our own sites. What is known still is not read again. */
export async function readServiceDirectory(
  { database }: Pick<AppContext, 'database'>,
  known: ServiceListSnapshot | null,
): Promise<ServiceListSnapshot> {
  const version = await findServicesVersion(database, FIRST_PARTY_IDS);
  if (known?.version === version) return known;
  return { version, directory: arrangeServices(await listServices(database, FIRST_PARTY_IDS)) };
}
