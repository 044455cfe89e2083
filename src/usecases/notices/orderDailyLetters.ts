/**
 * What happened to people without e-mail and is gathered becomes letters: on the business day after it
 * happened, all of a person in one. The letter names the first of them as its own notice too, so that a node
 * of the version before can print it.
 */
import { dayOf, isBusinessDay } from '../../core/calendar.ts';
import { lockOwner } from '../../store/cardLife.ts';
import { findDueGathered, takeGathered } from '../../store/notices/gathered.ts';
import { orderLetter } from '../../store/letters.ts';
import type { World } from '../world.ts';

const AT_ONCE = 100;

/** @returns how many letters were ordered. */
export async function orderDailyLetters(world: World): Promise<number> {
  const today = dayOf(world.clock.now());
  // A letter of a closed day would leave together with the next.
  if (!isBusinessDay(today)) return 0;
  let ordered = 0;
  for (;;) {
    const due = await findDueGathered(world.database, today, AT_ONCE);
    for (const identityId of due) if (await orderOne(world, identityId, today)) ordered += 1;
    if (due.length < AT_ONCE) return ordered;
  }
}

/** Of two nodes one orders it. */
async function orderOne(world: World, identityId: string, today: string): Promise<boolean> {
  const { database, dice, clock } = world;
  return await database.transaction(async (db) => {
    await lockOwner(db, identityId);
    const ofTheDay = await takeGathered(db, identityId, today);
    const [first] = ofTheDay;
    if (!first) return false;
    const notice = { ...first, ofTheDay };
    await orderLetter(db, { id: dice.uuid(), kind: 'notice', identityId, cardId: null, notice }, clock.now());
    return true;
  });
}
