/**
 * Applies a command to a person's cards in one transaction, under the lock on their owner: the domain rules
 * decide, the moves are saved and decided by the affected rows, audit events and notices are written, and
 * what must be printed is ordered.
 */
import type { AuditActor } from '../../domain/auditEvent.ts';
import {
  decideCardCommand,
  type CardMove,
  type CardRefusal,
  type CardDecision,
  type CardCommand,
} from '../../domain/card/cardLife.ts';
import type { CardFormat } from '../../domain/card/cardFormat.ts';
import { drawCardNumber, formatCardNumber, KEYS_ON_CARD } from '../../domain/card/keyCard.ts';
import type { Notice } from '../../domain/notice.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { lockCardSet, moveCard, startCardWait, type StoredCardSet } from '../../db/cards/cardSets.ts';
import type { Queryable } from '../../db/database.ts';
import { insertCard } from '../../db/cards/keyCards.ts';
import { orderLetter } from '../../db/cards/letters.ts';
import { enqueueNotice } from '../../db/cards/notices.ts';
import { notifyFormerAddress } from './notifyFormerAddress.ts';
import { drawUniqueNumber } from '../../platform/drawUniqueNumber.ts';
import type { AppContext } from '../appContext.ts';

export const BY_SYSTEM: AuditActor = { by: 'system' };

/** The outcome of a command. A refused command has changed nothing. */
export type CardCommandOutcome = CardRefusal | 'done';

/** Applies the command in its own transaction. */
export async function applyCardCommand(
  context: AppContext,
  identityId: string,
  command: CardCommand,
  by: AuditActor,
): Promise<CardCommandOutcome> {
  return await context.database.transaction((db) =>
    applyCardCommandInTransaction(context, db, identityId, command, by),
  );
}

/** Applies the command in the caller's transaction. */
export async function applyCardCommandInTransaction(
  context: AppContext,
  db: Queryable,
  identityId: string,
  command: CardCommand,
  by: AuditActor,
): Promise<CardCommandOutcome> {
  const cardSet = await lockCardSet(db, identityId);
  if (!cardSet) return 'no_card';
  const decided = decideCardCommand(cardSet, command);
  if ('refused' in decided) return decided.refused;
  await saveCardDecision({ context, db, identityId, cardSet, by }, decided, command);
  return 'done';
}

interface CardCommandContext {
  readonly context: AppContext;
  readonly db: Queryable;
  readonly identityId: string;
  readonly cardSet: StoredCardSet;
  readonly by: AuditActor;
}

async function saveCardDecision(
  commandContext: CardCommandContext,
  decision: CardDecision,
  command: CardCommand,
): Promise<void> {
  const { context, db, identityId, cardSet, by } = commandContext;
  for (const { cardId, move } of decision.moves) {
    // No one else can move it under the owner's lock. If it moved all the same, the transaction is rolled
    // back.
    if (!(await moveCard(db, cardId, move))) throw new Error(`a card could not be moved: ${move}`);
    const stored = cardSet.cardNumbers.get(cardId) ?? '';
    if (move !== 'send') {
      const details = { cardNumber: stored, ...by };
      await appendEvent(db, { kind: `card_${move}`, identityId, details });
    }
    const before = cardSet.cards.find((card) => card.id === cardId)?.state;
    const isOnTheWay = before === 'ordered' || before === 'sent';
    const about = { cardNumber: formatCardNumber(stored), isOnTheWay };
    const notice = composeCardNotice(move, about, decision, command, by);
    if (notice) await enqueueCardNotice(commandContext, notice);
  }
  if (decision.wait) {
    const { cardId, opensAt } = decision.wait;
    if (!(await startCardWait(db, cardId, opensAt))) throw new Error('a wait could not be started');
    const stored = cardSet.cardNumbers.get(cardId) ?? '';
    const details = { cardNumber: stored, opensAt: opensAt.toISOString() };
    await appendEvent(db, { kind: 'wait_started', identityId, details });
    await enqueueCardNotice(commandContext, {
      kind: 'wait_started',
      details: { ...details, cardNumber: formatCardNumber(stored) },
    });
  }
  if (decision.order) await orderCard(context, db, identityId, { ...decision.order, by });
  if (decision.isAddressMissing) await notifyOfMissingAddress(commandContext, command);
}

function composeCardNotice(
  move: CardMove,
  { cardNumber, isOnTheWay }: { cardNumber: string; isOnTheWay: boolean },
  { order }: CardDecision,
  command: CardCommand,
  { by }: AuditActor,
): Notice | null {
  switch (move) {
    case 'activate':
      return { kind: 'card_active', details: { cardNumber } };
    case 'block':
      // The rules block an ID for a reason that has nothing to do with its cards: its own notice states that
      // reason.
      if (command.kind === 'block_identity' && by === 'system') return null;
      return { kind: 'card_blocked', details: { cardNumber, by, ...(isOnTheWay && { onTheWay: true }) } };
    case 'lose':
      // The notice of the format says why, and that of the order what comes instead.
      if (command.kind === 'order') return { kind: 'card_given_up', details: { cardNumber } };
      if (command.kind === 'recall') return { kind: 'card_recalled', details: { cardNumber } };
      return { kind: 'card_not_arrived', details: { cardNumber, again: order !== null } };
    case 'send':
    case 'use_up':
    case 'replace':
      return null;
  }
}

async function enqueueCardNotice(
  { context, db, identityId }: CardCommandContext,
  notice: Notice,
): Promise<void> {
  await enqueueNotice(db, { id: context.random.uuid(), identityId, notice }, context.clock.now());
}

/** Notifies when the shortage begins and when it becomes pressing, not at every key. */
async function notifyOfMissingAddress(
  commandContext: CardCommandContext,
  command: CardCommand,
): Promise<void> {
  const { db, identityId, cardSet } = commandContext;
  const left = cardSet.cards.find(({ state }) => state === 'active')?.keysLeft ?? 0;
  const isPressing = command.kind !== 'key_spent' || [cardSet.threshold, 10, 5, 1, 0].includes(left);
  if (!isPressing) return;
  await appendEvent(db, { kind: 'card_not_ordered', identityId, details: { keysLeft: left } });
  await enqueueCardNotice(commandContext, { kind: 'card_not_ordered', details: { keysLeft: left } });
}

/**
 * Creates the card, its letter, the audit event and the notice.
 * @throws Error when a card is already on the way: the unique index allows one
 */
async function orderCard(
  context: AppContext,
  db: Queryable,
  identityId: string,
  { replacesLost, by }: { replacesLost: boolean; by: AuditActor },
): Promise<void> {
  const { random, clock } = context;
  const now = clock.now();
  const { id, cardNumber } = await insertNewCard(context, db, identityId, { state: 'ordered', replacesLost });
  await orderLetter(db, { id: random.uuid(), kind: 'card', identityId, cardId: id, notice: null }, now);
  await appendEvent(db, { kind: 'card_ordered', identityId, details: { cardNumber, ...by } });
  const notice: Notice = { kind: 'card_ordered', details: { cardNumber: formatCardNumber(cardNumber) } };
  await enqueueNotice(db, { id: random.uuid(), identityId, notice }, now);
  await notifyFormerAddress(context, db, identityId, 'card');
}

/** Inserts a card with a new salt, the current card key and an unused number. */
export async function insertNewCard(
  { random, keyring, clock }: AppContext,
  db: Queryable,
  identityId: string,
  given: { state: 'ordered' | 'active'; replacesLost?: boolean; keysSpent?: number; format?: CardFormat },
) {
  const blank = {
    id: random.uuid(),
    identityId,
    salt: random.bytes(32),
    kid: keyring.currentKid('cards'),
    spent: '1'.repeat(given.keysSpent ?? 0).padEnd(KEYS_ON_CARD, '0'),
    challenge: null,
    state: given.state,
    orderedAt: clock.now(),
    replacesLost: given.replacesLost ?? false,
    format: given.format ?? null,
  };
  const cardNumber = await drawUniqueNumber(
    () => drawCardNumber(random),
    (drawn) => insertCard(db, { ...blank, cardNumber: drawn }),
  );
  return { ...blank, cardNumber };
}
