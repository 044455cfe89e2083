/**
 * Lowers the proofing of IDs that were ordered online under a version that called it Substantial. Each ID is
 * one transaction with its record and its notice, and its sessions end: they have the old level. A stopped
 * run is simply started again.
 */
import { setTimeout } from 'node:timers/promises';
import { appendEvent } from '../../db/auditLog.ts';
import { endIdentity, lockIdentity } from '../../db/cards/cardSets.ts';
import { enqueueNotice } from '../../db/cards/notices.ts';
import { enqueueBackchannelLogouts, enqueueMissedLogouts } from '../../db/oidc/backchannelLogouts.ts';
import type { AppContext } from '../appContext.ts';
import { listOverratedIds, lowerProofing } from './proofing.queries.ts';

const BATCH_SIZE = 100;
const FIRST = '00000000-0000-0000-0000-000000000000';

export async function countOverratedIds({ database }: AppContext): Promise<number> {
  let many = 0;
  for (let after: string | undefined = FIRST; after !== undefined; ) {
    const ids = await listOverratedIds(database, after, BATCH_SIZE);
    many += ids.length;
    after = ids.at(-1);
  }
  return many;
}

/** @returns how many were lowered */
export async function lowerOverratedIds(
  context: AppContext,
  { perSecond, report }: { perSecond: number; report: (done: number) => void },
): Promise<number> {
  let done = 0;
  for (let after: string | undefined = FIRST; after !== undefined; ) {
    const ids = await listOverratedIds(context.database, after, BATCH_SIZE);
    for (const identityId of ids) {
      const startedAt = performance.now();
      if (await lowerOne(context, identityId)) done += 1;
      report(done);
      await setTimeout(Math.max(1000 / perSecond - (performance.now() - startedAt), 0));
    }
    after = ids.at(-1);
  }
  return done;
}

async function lowerOne({ database, random, clock }: AppContext, identityId: string): Promise<boolean> {
  const isLowered = await database.transaction(async (db) => {
    await lockIdentity(db, identityId);
    if (!(await lowerProofing(db, identityId))) return false;
    await endIdentity(db, identityId, { block: false, now: clock.now() });
    await appendEvent(db, { kind: 'proofing_lowered', identityId, details: {} });
    const notice = { kind: 'proofing_lowered', details: {} } as const;
    await enqueueNotice(db, { id: random.uuid(), identityId, notice }, clock.now());
    await enqueueBackchannelLogouts(db, identityId);
    return true;
  });
  if (isLowered) await enqueueMissedLogouts(database, identityId);
  return isLowered;
}
