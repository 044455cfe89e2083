/**
 * For a while after a move, what is ordered to the new address is told at the old one too: whoever has somebody
 * else's address changed, to have their letters, is found out there.
 */
import type { Notice } from '../../domain/notice.ts';
import type { Queryable } from '../../db/database.ts';
import { orderLetterToFormer } from '../../db/cards/letters.ts';
import type { AppContext } from '../appContext.ts';

const DAY_MS = 24 * 3_600_000;

/** In the transaction that orders the letter. Nothing happens where nobody has moved lately. */
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
