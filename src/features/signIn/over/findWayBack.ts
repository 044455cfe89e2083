/** Finds the relying party that a sign-in was for, as it is registered now. */
import { fieldIn, localize, type Localized } from '../../../domain/language/language.ts';
import { findSiteAddress } from '../../../domain/relyingParty/wayBack.ts';
import { findActiveRelyingParty } from '../../../db/oidc/relyingParties.ts';
import type { AppContext } from '../../appContext.ts';

export interface WayBack {
  readonly names: Localized;
  readonly address: string | null;
}

/** @returns null for a client that is not registered, or not approved yet */
export async function findWayBack({ database }: AppContext, clientId: string): Promise<WayBack | null> {
  const found = await findActiveRelyingParty(database, clientId, null);
  if (!found?.rp || found.isPending) return null;
  const { rp } = found;
  return { names: localize((language) => rp[fieldIn('name', language)]), address: findSiteAddress(rp) };
}
