import { FIRST_PARTY_CLIENTS } from '../../domain/relyingParty/firstPartyClient.ts';
import { arrangeServices, type ServiceDirectory } from '../../domain/relyingParty/services.ts';
import { findServicesVersion, listServices } from '../../db/oidc/relyingParties.ts';
import type { AppContext } from '../appContext.ts';

const FIRST_PARTY_IDS = FIRST_PARTY_CLIENTS.map(({ clientId }) => clientId);

/** The services as of one version of the registrations. */
export interface ServiceListSnapshot {
  readonly version: string;
  readonly directory: ServiceDirectory;
}

/**
 * Reads the public list: registered relying parties without the first-party clients. An unchanged list is not
 * read again.
 */
export async function readServiceDirectory(
  { database }: Pick<AppContext, 'database'>,
  known: ServiceListSnapshot | null,
): Promise<ServiceListSnapshot> {
  const version = await findServicesVersion(database, FIRST_PARTY_IDS);
  if (known?.version === version) return known;
  return { version, directory: arrangeServices(await listServices(database, FIRST_PARTY_IDS)) };
}
