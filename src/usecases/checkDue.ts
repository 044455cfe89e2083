/**
 * What the calendar and the clock bring about by themselves, looked at every few seconds: waits that are over, cards
 * that should have come, passwords that no key followed.
 */
import { businessDaysBefore, dayOf } from '../core/calendar.ts';
import { appendEvent } from '../store/auditLog.ts';
import { findDueCards } from '../store/cardLife.ts';
import { appendNotice } from '../store/notices.ts';
import { takePasswordsWithoutKey } from '../store/signIn/passwordsWithoutKey.ts';
import { BY_SYSTEM, doCardDeed } from './cardDeeds.ts';
import type { World } from './world.ts';

const AT_ONCE = 100;

/** @returns how many cards moved and passwords were told. */
export async function checkDue(world: World): Promise<number> {
  return (await checkCards(world)) + (await checkPasswords(world));
}

async function checkCards(world: World): Promise<number> {
  const now = world.clock.now();
  const lateBefore = businessDaysBefore(dayOf(now), world.rules.lateDays);
  let moved = 0;
  for (;;) {
    const due = await findDueCards(world.database, { now, lateBefore, limit: AT_ONCE });
    let movedNow = 0;
    for (const { identityId, waited } of due) {
      const deed = waited
        ? ({ kind: 'end_wait', now, skip: false } as const)
        : ({ kind: 'not_arrived' } as const);
      if ((await doCardDeed(world, identityId, deed, BY_SYSTEM)) === 'done') movedNow += 1;
    }
    moved += movedNow;
    // None is left; or what is left was moved by somebody else meanwhile, or is not for us.
    if (due.length < AT_ONCE || movedNow === 0) return moved;
  }
}

async function checkPasswords({ database, clock, dice, rules }: World): Promise<number> {
  const now = clock.now();
  const before = new Date(now.getTime() - rules.keyWithinMinutes * 60_000);
  return await database.transaction(async (db) => {
    const found = await takePasswordsWithoutKey(db, { before, limit: AT_ONCE });
    const told = new Set<string>();
    for (const { identityId, at, toldToday } of found) {
      const details = { at: at.toISOString() };
      await appendEvent(db, { kind: 'password_without_key', identityId, details });
      // Once a day: whoever has the password could otherwise bury what matters under as many letters.
      if (toldToday || told.has(identityId)) continue;
      told.add(identityId);
      const notice = { kind: 'password_without_key', details } as const;
      await appendNotice(db, { id: dice.uuid(), identityId, notice }, now);
    }
    return found.length;
  });
}
