/**
 * What happens to a person's cards, in one transaction under the lock of their owner: the core decides, the moves
 * are saved by rows, written down, told, and what has to be printed is ordered.
 */
import type { By } from '../core/auditEvent.ts';
import { decide, type CardMove, type CardRefusal, type Decision, type Deed } from '../core/cardLife.ts';
import { drawCardNumber, formatCardNumber, KEYS_ON_CARD } from '../core/keyCard.ts';
import type { Notice } from '../core/notice.ts';
import { appendEvent } from '../store/auditLog.ts';
import { lockShelf, moveCard, startWait, type StoredShelf } from '../store/cardLife.ts';
import type { Queryable } from '../store/database.ts';
import { insertCard } from '../store/keyCards.ts';
import { orderLetter } from '../store/letters.ts';
import { appendNotice } from '../store/notices.ts';
import { tellFormerAddress } from './tellFormerAddress.ts';
import { drawUntilFree } from './drawUntilFree.ts';
import type { World } from './world.ts';

export const BY_SYSTEM: By = { by: 'system' };

/** What came of a deed; a refusal has changed nothing. */
export type Done = CardRefusal | 'done';

/** The deed in a transaction of its own. */
export async function doCardDeed(world: World, identityId: string, deed: Deed, by: By): Promise<Done> {
  return await world.database.transaction((db) => doCardDeedWithin(world, db, identityId, deed, by));
}

/** The deed in a transaction of the caller's, who does more in it. */
export async function doCardDeedWithin(
  world: World,
  db: Queryable,
  identityId: string,
  deed: Deed,
  by: By,
): Promise<Done> {
  const shelf = await lockShelf(db, identityId);
  if (!shelf) return 'no_card';
  const decided = decide(shelf, deed);
  if ('refused' in decided) return decided.refused;
  await save({ world, db, identityId, shelf, by }, decided, deed);
  return 'done';
}

interface Saving {
  readonly world: World;
  readonly db: Queryable;
  readonly identityId: string;
  readonly shelf: StoredShelf;
  readonly by: By;
}

async function save(saving: Saving, decision: Decision, deed: Deed): Promise<void> {
  const { world, db, identityId, shelf, by } = saving;
  for (const { cardId, move } of decision.moves) {
    // Under the owner's lock nobody else moves it; if it moved all the same, nothing of this is kept.
    if (!(await moveCard(db, cardId, move))) throw new Error(`a card could not ${move}`);
    const stored = shelf.cardNumbers.get(cardId) ?? '';
    if (move !== 'send') {
      const details = { cardNumber: stored, ...by };
      await appendEvent(db, { kind: `card_${move}`, identityId, details });
    }
    const notice = noticeOf(move, formatCardNumber(stored), decision, deed, by);
    if (notice) await tell(saving, notice);
  }
  if (decision.wait) {
    const { cardId, opensAt } = decision.wait;
    if (!(await startWait(db, cardId, opensAt))) throw new Error('a wait could not be started');
    const stored = shelf.cardNumbers.get(cardId) ?? '';
    const details = { cardNumber: stored, opensAt: opensAt.toISOString() };
    await appendEvent(db, { kind: 'wait_started', identityId, details });
    await tell(saving, {
      kind: 'wait_started',
      details: { ...details, cardNumber: formatCardNumber(stored) },
    });
  }
  if (decision.order) await orderCard(world, db, identityId, { ...decision.order, by });
  if (decision.lacksAddress) await tellOfLackingAddress(saving, deed);
}

function noticeOf(
  move: CardMove,
  cardNumber: string,
  { order }: Decision,
  deed: Deed,
  { by }: By,
): Notice | null {
  switch (move) {
    case 'activate':
      return { kind: 'card_active', details: { cardNumber } };
    case 'block':
      // By our own rules an ID is blocked for a reason that has nothing to do with its cards: told once, and rightly.
      if (deed.kind === 'block_identity' && by === 'system') return null;
      return { kind: 'card_blocked', details: { cardNumber, by } };
    case 'lose':
      if (deed.kind === 'recall') return { kind: 'card_recalled', details: { cardNumber } };
      return { kind: 'card_not_arrived', details: { cardNumber, again: order !== null } };
    case 'send':
    case 'use_up':
    case 'replace':
      return null;
  }
}

async function tell({ world, db, identityId }: Saving, notice: Notice): Promise<void> {
  await appendNotice(db, { id: world.dice.uuid(), identityId, notice }, world.clock.now());
}

/** Said when it begins and when it becomes pressing, not at every key. */
async function tellOfLackingAddress(saving: Saving, deed: Deed): Promise<void> {
  const { db, identityId, shelf } = saving;
  const left = shelf.cards.find(({ state }) => state === 'active')?.keysLeft ?? 0;
  const isPressing = deed.kind !== 'key_spent' || [shelf.threshold, 10, 5, 1, 0].includes(left);
  if (!isPressing) return;
  await appendEvent(db, { kind: 'card_not_ordered', identityId, details: { keysLeft: left } });
  await tell(saving, { kind: 'card_not_ordered', details: { keysLeft: left } });
}

/** Card, letter, record and notice. @throws when one is on the way: the index allows one. */
async function orderCard(
  world: World,
  db: Queryable,
  identityId: string,
  { replacesLost, by }: { replacesLost: boolean; by: By },
): Promise<void> {
  const { dice, clock } = world;
  const now = clock.now();
  const { id, cardNumber } = await insertNewCard(world, db, identityId, { state: 'ordered', replacesLost });
  await orderLetter(db, { id: dice.uuid(), kind: 'card', identityId, cardId: id, notice: null }, now);
  await appendEvent(db, { kind: 'card_ordered', identityId, details: { cardNumber, ...by } });
  const notice: Notice = { kind: 'card_ordered', details: { cardNumber: formatCardNumber(cardNumber) } };
  await appendNotice(db, { id: dice.uuid(), identityId, notice }, now);
  await tellFormerAddress(world, db, identityId, 'card');
}

/** A card as it is made: new salt, the current key, a free number. */
export async function insertNewCard(
  { dice, keyring, clock }: World,
  db: Queryable,
  identityId: string,
  given: { state: 'ordered' | 'active'; replacesLost?: boolean; keysSpent?: number },
) {
  const blank = {
    id: dice.uuid(),
    identityId,
    salt: dice.bytes(32),
    kid: keyring.currentKid('cards'),
    spent: '1'.repeat(given.keysSpent ?? 0).padEnd(KEYS_ON_CARD, '0'),
    challenge: null,
    state: given.state,
    orderedAt: clock.now(),
    replacesLost: given.replacesLost ?? false,
  };
  const cardNumber = await drawUntilFree(
    () => drawCardNumber(dice),
    (drawn) => insertCard(db, { ...blank, cardNumber: drawn }),
  );
  return { ...blank, cardNumber };
}
