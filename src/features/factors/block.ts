/**
 * Blocking is immediate and total: one transaction blocks the card and the code token (or the whole ID) and
 * ends every session, grant and token of the ID on every node. Relying parties with a back-channel log-out
 * address are notified from an outbox.
 */
import type { AuditActor } from '../../domain/auditEvent.ts';
import type { CardCommand } from '../../domain/card/cardLife.ts';
import type { LockoutPolicy } from '../../domain/signIn/lockout.ts';
import type { Notice } from '../../domain/notice.ts';
import { resetExhaustedAttempts } from '../../db/signIn/attempts.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { enqueueBackchannelLogouts, enqueueMissedLogouts } from '../../db/oidc/backchannelLogouts.ts';
import { endIdentity, lockCardSet } from '../../db/cards/cardSets.ts';
import type { Queryable } from '../../db/database.ts';
import { deleteKnownBrowsers } from '../../db/signIn/knownBrowsers.ts';
import { enqueueNotice } from '../../db/cards/notices.ts';
import { deleteKnownNetworks } from '../../db/signIn/knownNetworks.ts';
import { applyCardCommandInTransaction, type CardCommandOutcome } from '../identity/index.ts';
import { blockCodeTokens } from '../codeTokens/index.ts';
import { dropEmailChange } from '../contact/index.ts';
import { endSecurityKeysInTransaction } from '../securityKeys/index.ts';
import type { AppContext } from '../appContext.ts';

/** `security_keys`: all of them, also those that wait. */
export type BlockTarget = 'card' | 'identity' | 'security_keys';

/** What was guessed at: keys of this card and codes of the code token count together. */
export interface ExhaustedCard {
  /** Null when no card was in use. */
  readonly cardId: string | null;
  readonly subject: Buffer;
  readonly lockoutPolicy: LockoutPolicy;
}

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
  const done =
    what === 'security_keys'
      ? await blockSecurityKeys(context, db, identityId, by)
      : await blockCardAndCodeToken(context, db, identityId, by, { what, exhaustedCard });
  const now = context.clock.now();
  // A person who blocks fears misuse: all sessions end even when there was no card left to block.
  await endIdentity(db, identityId, { block: what === 'identity', now });
  if (what === 'identity' && done === 'done') {
    await deleteKnownBrowsers(db, identityId);
    await deleteKnownNetworks(db, identityId);
    // The notice of the block says it.
    await endSecurityKeysInTransaction(context, db, identityId, {
      id: null,
      reason: 'blocked',
      by,
      hasNotice: false,
    });
    // Notices keep their address: a change that a thief asked for must not take effect while the ID is
    // blocked.
    await dropEmailChange(context, db, identityId, by);
    await appendEvent(db, { kind: 'identity_blocked', identityId, details: by });
    if (notice) await enqueueNotice(db, { id: context.random.uuid(), identityId, notice }, now);
  }
  await enqueueBackchannelLogouts(db, identityId);
  return done;
}

/** A person who has lost the telephone that they are in ends all of them, and signs in with the card. */
async function blockSecurityKeys(
  context: AppContext,
  db: Queryable,
  identityId: string,
  by: AuditActor,
): Promise<CardCommandOutcome> {
  if (!(await lockCardSet(db, identityId))) return 'no_card';
  const options = { id: null, reason: 'blocked', by, hasNotice: true } as const;
  await endSecurityKeysInTransaction(context, db, identityId, options);
  return 'done';
}

interface CardToBlock {
  readonly what: Exclude<BlockTarget, 'security_keys'>;
  readonly exhaustedCard: ExhaustedCard | undefined;
}

/** A person who has lost a card cannot say what else is lost: what gives codes ends with it. */
async function blockCardAndCodeToken(
  context: AppContext,
  db: Queryable,
  identityId: string,
  by: AuditActor,
  { what, exhaustedCard }: CardToBlock,
): Promise<CardCommandOutcome> {
  const command = composeBlockCommand(what, exhaustedCard);
  const card = await applyCardCommandInTransaction(context, db, identityId, command, by);
  const isWhole = what === 'identity';
  const tokens = await blockCodeTokens(context, db, identityId, by, { all: isWhole, silent: isWhole });
  return tokens > 0 && !isWhole && card !== 'id_blocked' ? 'done' : card;
}

/** No card has this id: one on the way was not guessed at. */
const NO_CARD = 'none';

function composeBlockCommand(
  what: CardToBlock['what'],
  exhaustedCard: ExhaustedCard | undefined,
): CardCommand {
  if (what === 'identity') return { kind: 'block_identity' };
  return { kind: 'block_card', ...(exhaustedCard ? { guessedAt: exhaustedCard.cardId ?? NO_CARD } : {}) };
}
