/**
 * Blocking is immediate and total: one transaction blocks what the target stands for (endFactors.ts) and ends
 * every session, grant and token of the ID on every node. Relying parties with a back-channel log-out address
 * are notified from an outbox.
 */
import type { AuditActor } from '../../domain/auditEvent.ts';
import { leavesCard, type BlockTarget } from '../../domain/factors/heldFactors.ts';
import type { Notice } from '../../domain/notice.ts';
import { resetExhaustedAttempts } from '../../db/signIn/attempts.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { enqueueBackchannelLogouts, enqueueMissedLogouts } from '../../db/oidc/backchannelLogouts.ts';
import { endIdentity, lockCardSet } from '../../db/cards/cardSets.ts';
import type { Queryable } from '../../db/database.ts';
import { deleteKnownBrowsers } from '../../db/signIn/knownBrowsers.ts';
import { enqueueNotice } from '../../db/cards/notices.ts';
import { deleteKnownNetworks } from '../../db/signIn/knownNetworks.ts';
import { dropEmailChange } from '../contact/index.ts';
import type { CardCommandOutcome } from '../identity/index.ts';
import type { AppContext } from '../appContext.ts';
import { endFactors, type ExhaustedCard } from './endFactors.ts';

/**
 * Blocks in its own transaction. When this returns `done`, the block holds on every node. No new card is
 * ordered automatically.
 * @param exhaustedCard the card in use when keys and codes were guessed too often, and their counter, which
 *   the block resets
 */
export async function blockTarget(
  context: AppContext,
  identityId: string,
  what: BlockTarget,
  by: AuditActor,
  exhaustedCard?: ExhaustedCard,
): Promise<CardCommandOutcome> {
  const { database } = context;
  const notice = { kind: 'id_blocked', details: { by: by.by } } as const;
  const outcome = await database.transaction((db) =>
    blockInTransaction(context, db, identityId, what, by, { notice, exhaustedCard }),
  );
  await enqueueMissedLogouts(database, identityId);
  return outcome;
}

/**
 * Blocks in the caller's transaction. The caller queues the missed log-outs after the commit.
 * @param options.notice what the person is notified of when the ID is blocked; null for no notice
 */
export async function blockInTransaction(
  context: AppContext,
  db: Queryable,
  identityId: string,
  what: BlockTarget,
  by: AuditActor,
  { notice, exhaustedCard }: { notice: Notice | null; exhaustedCard?: ExhaustedCard | undefined },
): Promise<CardCommandOutcome> {
  // The attempts are locked first, as everywhere. Exactly one of the callers that find them exhausted blocks.
  if (
    exhaustedCard &&
    !(await resetExhaustedAttempts(db, exhaustedCard.subject, exhaustedCard.lockoutPolicy))
  )
    return 'already_blocked';
  // The end of a card takes this lock itself.
  if (leavesCard(what) && !(await lockCardSet(db, identityId))) return 'no_card';
  const done = await endFactors(context, db, identityId, { target: what, by, exhaustedCard });
  const now = context.clock.now();
  // A person who blocks fears misuse: all sessions end even when there was nothing left to block.
  await endIdentity(db, identityId, { block: what === 'identity', now });
  if (what === 'identity' && done === 'done') {
    await deleteKnownBrowsers(db, identityId);
    await deleteKnownNetworks(db, identityId);
    // Notices keep their address: a change that a thief asked for must not take effect while the ID is
    // blocked.
    await dropEmailChange(context, db, identityId, by);
    await appendEvent(db, { kind: 'identity_blocked', identityId, details: by });
    if (notice) await enqueueNotice(db, { id: context.random.uuid(), identityId, notice }, now);
  }
  await enqueueBackchannelLogouts(db, identityId);
  return done;
}
