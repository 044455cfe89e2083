/**
 * What happened to people without e-mail and is gathered becomes letters: on the business day after it
 * happened, all of a person in one. The letter names the first of them as its own notice too, so that a node
 * of the version before can print it.
 */
import { toDanishDay, isBusinessDay } from '../domain/calendar.ts';
import { lockIdentity } from '../db/cards/cardSets.ts';
import { findDueDailyLetters, claimDailyNotices } from './notices.queries.ts';
import { orderLetter } from '../db/cards/letters.ts';
import type { AppContext } from '../features/appContext.ts';

const BATCH_SIZE = 100;

/** @returns how many letters were ordered. */
export async function orderDailyLetters(context: AppContext): Promise<number> {
  const today = toDanishDay(context.clock.now());
  // A letter of a closed day would leave together with the next.
  if (!isBusinessDay(today)) return 0;
  let ordered = 0;
  for (;;) {
    const due = await findDueDailyLetters(context.database, today, BATCH_SIZE);
    for (const identityId of due) if (await orderDailyLetter(context, identityId, today)) ordered += 1;
    if (due.length < BATCH_SIZE) return ordered;
  }
}

/** Of two nodes one orders it. */
async function orderDailyLetter(context: AppContext, identityId: string, today: string): Promise<boolean> {
  const { database, random, clock } = context;
  return await database.transaction(async (db) => {
    await lockIdentity(db, identityId);
    const ofTheDay = await claimDailyNotices(db, identityId, today);
    const [first] = ofTheDay;
    if (!first) return false;
    const notice = { ...first, ofTheDay };
    await orderLetter(
      db,
      { id: random.uuid(), kind: 'notice', identityId, cardId: null, notice },
      clock.now(),
    );
    return true;
  });
}
