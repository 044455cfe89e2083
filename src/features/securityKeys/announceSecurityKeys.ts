/** Tells people that a security key counts now, once its wait is over. */
import { RowMacMismatch } from '../../domain/rowMac.ts';
import type { TamperedRow } from '../../domain/tamperedRow.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { enqueueNotice } from '../../db/cards/notices.ts';
import { claimCountingSecurityKeys, type DueSecurityKey } from '../../db/factors/securityKeyLife.ts';
import type { AppContext } from '../appContext.ts';

/**
 * Each is announced once, over all nodes.
 * @param tampered gets those whose rows are not as Nøgle wrote them: they do not count, and no one is told so
 * @returns how many were announced
 */
export async function announceSecurityKeys(
  context: AppContext,
  batchSize: number,
  tampered: TamperedRow[],
): Promise<number> {
  const { database, random, clock } = context;
  const now = clock.now();
  let announced = 0;
  for (let after: DueSecurityKey | null = null; ; ) {
    const options = { now, after, limit: batchSize };
    const due: readonly DueSecurityKey[] = await database.transaction(async (db) => {
      const claimed = await claimCountingSecurityKeys(db, options);
      for (const { id, identityId } of claimed.filter(({ isTrusted }) => isTrusted)) {
        await appendEvent(db, { kind: 'security_key_counts', identityId, details: { securityKey: id } });
        const notice = { kind: 'security_key_active', details: {} } as const;
        await enqueueNotice(db, { id: random.uuid(), identityId, notice }, now);
      }
      return claimed;
    });
    const untrusted = due.filter(({ isTrusted }) => !isTrusted);
    tampered.push(...untrusted.map(({ id }) => new RowMacMismatch('security key', id)));
    announced += due.length - untrusted.length;
    after = due.at(-1) ?? null;
    if (due.length < batchSize) return announced;
  }
}
