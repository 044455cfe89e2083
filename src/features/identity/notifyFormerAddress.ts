/**
 * For a while after a move, an order to the new address is also notified to the old one. This reveals an
 * attacker who changed another person's address to receive their letters.
 */
import type { Notice } from '../../domain/notice.ts';
import type { Queryable } from '../../db/database.ts';
import { orderLetterToFormer } from '../../db/cards/letters.ts';
import type { AppContext } from '../appContext.ts';

const DAY_MS = 24 * 3_600_000;

/** Orders the letter in the caller's transaction, when the person has moved recently. */
export async function notifyFormerAddress(
  { random, clock, rules }: AppContext,
  db: Queryable,
  identityId: string,
  holds: 'card' | 'password',
): Promise<void> {
  const now = clock.now();
  const movedAfter = new Date(now.getTime() - rules.formerAddressDays * DAY_MS);
  const notice: Notice = { kind: 'ordered_after_move', details: { holds } };
  await orderLetterToFormer(db, { id: random.uuid(), identityId, notice }, { now, movedAfter });
}
