/**
 * Somebody has just signed in after an order. Public sites are on, or they would not have got here: whether that is
 * what they just said yes to is seen by what came last.
 */
import { findLatestEvent } from '../../db/auditLog.ts';
import type { AppContext } from '../appContext.ts';

export async function wasPublicSitesOn({ database }: AppContext, identityId: string): Promise<boolean> {
  const latest = await findLatestEvent(database, identityId, ['signed_in', 'public_sites_changed']);
  return latest !== 'public_sites_changed';
}
