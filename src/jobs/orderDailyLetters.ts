/**
 * Turns gathered notices to people without e-mail into letters, all of one person in one letter: on the
 * business day after the events, or at once where one of them cannot wait. The letter also has the first of
 * them as its own notice, so that a node of the previous version can print it.
 */
import { toDanishDay, isBusinessDay } from '../domain/calendar.ts';
import { arrangeNotices } from '../delivery/mail/arrangeNotices.rules.ts';
import { lockIdentity } from '../db/cards/cardSets.ts';
import { findRecipient } from '../db/people/recipients.ts';
import { findDueDailyLetters, claimDailyNotices } from './notices.queries.ts';
import { orderLetter } from '../db/cards/letters.ts';
import type { AppContext } from '../features/appContext.ts';

const BATCH_SIZE = 100;

/** @returns the number of letters ordered. */
export async function orderDailyLetters(context: AppContext): Promise<number> {
  const today = toDanishDay(context.clock.now());
  // A letter ordered on a closed day would be posted together with the next one.
  if (!isBusinessDay(today)) return 0;
  let ordered = 0;
  for (;;) {
    const due = await findDueDailyLetters(context.database, today, BATCH_SIZE);
    for (const identityId of due) if (await orderDailyLetter(context, identityId, today)) ordered += 1;
    if (due.length < BATCH_SIZE) return ordered;
  }
}

/** When two nodes run this concurrently, one orders the letter. */
async function orderDailyLetter(context: AppContext, identityId: string, today: string): Promise<boolean> {
  const { database, random, clock } = context;
  return await database.transaction(async (db) => {
    await lockIdentity(db, identityId);
    const ofTheDay = arrangeNotices(await claimDailyNotices(db, identityId, today));
    const [first] = ofTheDay;
    // The address is gone since: the person died.
    const recipient = first && (await findRecipient(db, identityId, clock.now()));
    if (!first || !recipient?.addressSealed) return false;
    const notice = { ...first, ofTheDay };
    await orderLetter(
      db,
      { id: random.uuid(), kind: 'notice', identityId, cardId: null, notice },
      clock.now(),
    );
    return true;
  });
}
