/** Tells people that a security key counts now, once its wait is over. */
import { appendEvent } from '../../db/auditLog.ts';
import { enqueueNotice } from '../../db/cards/notices.ts';
import { claimCountingSecurityKeys } from '../../db/factors/securityKeyLife.ts';
import type { AppContext } from '../appContext.ts';

/** Each is announced once, over all nodes. @returns how many, at most `limit` */
export async function announceSecurityKeys(context: AppContext, limit: number): Promise<number> {
  const { database, random, clock } = context;
  const now = clock.now();
  return await database.transaction(async (db) => {
    const due = await claimCountingSecurityKeys(db, now, limit);
    for (const { id, identityId } of due) {
      await appendEvent(db, { kind: 'security_key_counts', identityId, details: { securityKey: id } });
      const notice = { kind: 'security_key_active', details: {} } as const;
      await enqueueNotice(db, { id: random.uuid(), identityId, notice }, now);
    }
    return due.length;
  });
}
