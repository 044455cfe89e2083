/**
 * Removes a security key, or stops one that waits. Like every change of a factor it ends all other sessions:
 * a person who signed in with it is out.
 */
import { readEndReason } from '../../../domain/factors/securityKey.ts';
import { endIdentity } from '../../../db/cards/cardSets.ts';
import { listSecurityKeys } from '../../../db/factors/securityKeyLife.ts';
import { enqueueBackchannelLogouts, enqueueMissedLogouts } from '../../../db/oidc/backchannelLogouts.ts';
import { keepOwnSession } from '../../../db/oidc/firstPartySessions.ts';
import type { FirstPartyUser } from '../../firstPartyClients/index.ts';
import { endSecurityKey } from '../../securityKeys/index.ts';
import type { AppContext } from '../../appContext.ts';

/** @returns how it ended; null when it had ended already, or is another person's */
export async function removeSecurityKey(
  context: AppContext,
  { identityId, session }: Pick<FirstPartyUser, 'identityId' | 'session'>,
  id: string,
): Promise<'stopped' | 'removed' | null> {
  const { database, clock } = context;
  const now = clock.now();
  const key = (await listSecurityKeys(database, identityId)).find((one) => one.id === id);
  if (!key) return null;
  const isEnded = await endSecurityKey(context, identityId, { id, by: { by: 'person' } }, async (db) => {
    await endIdentity(db, identityId, { block: false, now });
    await keepOwnSession(db, session, identityId);
    await enqueueBackchannelLogouts(db, identityId);
  });
  if (!isEnded) return null;
  await enqueueMissedLogouts(database, identityId);
  return readEndReason(key.countsFrom, now);
}
