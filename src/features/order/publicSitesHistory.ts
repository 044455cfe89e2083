/**
 * For a person who has just signed in after an order. Public sites are on, or the sign-in would not have
 * succeeded: the latest audit event shows whether they were switched on in this sign-in.
 */
import { findLatestEvent } from '../../db/auditLog.ts';
import type { AppContext } from '../appContext.ts';

export async function wasPublicSitesOn({ database }: AppContext, identityId: string): Promise<boolean> {
  const latest = await findLatestEvent(database, identityId, ['signed_in', 'public_sites_changed']);
  return latest !== 'public_sites_changed';
}
