/**
 * Transitions that depend only on time, checked every few seconds: waiting periods that are over, cards that
 * should have arrived, code tokens, passwords that were given without a key, security keys that count from
 * now on.
 */
import { businessDaysBefore, toDanishDay } from '../domain/calendar.ts';
import { appendEvent } from '../db/auditLog.ts';
import { findDueCards, lockIdentity } from '../db/cards/cardSets.ts';
import { findDueCodeTokens } from '../db/factors/codeTokenLife.ts';
import { enqueueNotice } from '../db/cards/notices.ts';
import { claimPasswordsWithoutKey } from '../db/signIn/passwordsWithoutKey.ts';
import { moveContextToEvent } from '../features/authentication/passwordContext.ts';
import { BY_SYSTEM, applyCardCommand } from '../features/identity/cardCommands.ts';
import { endWaitOfCodeToken } from '../features/codeTokens/index.ts';
import { announceSecurityKeys } from '../features/securityKeys/announceSecurityKeys.ts';
import type { AppContext } from '../features/appContext.ts';

const BATCH_SIZE = 100;

/** @returns the number of cards and code tokens moved, passwords handled and security keys announced. */
export async function runScheduledTransitions(context: AppContext): Promise<number> {
  const announced = await announceSecurityKeys(context, BATCH_SIZE);
  const moved = (await applyDueCardTransitions(context)) + (await activateDueCodeTokens(context));
  return moved + (await notifyOfPasswordsWithoutKey(context)) + announced;
}

async function applyDueCardTransitions(context: AppContext): Promise<number> {
  const now = context.clock.now();
  const lateBefore = businessDaysBefore(toDanishDay(now), context.rules.lateDays);
  let moved = 0;
  for (;;) {
    const due = await findDueCards(context.database, { now, lateBefore, limit: BATCH_SIZE });
    let movedNow = 0;
    for (const { identityId, waited } of due) {
      const command = waited
        ? ({ kind: 'end_wait', now, skip: false } as const)
        : ({ kind: 'not_arrived' } as const);
      if ((await applyCardCommand(context, identityId, command, BY_SYSTEM)) === 'done') movedNow += 1;
    }
    moved += movedNow;
    // None is left, or the rest was moved concurrently or cannot be moved.
    if (due.length < BATCH_SIZE || movedNow === 0) return moved;
  }
}

async function activateDueCodeTokens(context: AppContext): Promise<number> {
  const { database, clock } = context;
  let moved = 0;
  for (const identityId of await findDueCodeTokens(database, clock.now(), BATCH_SIZE)) {
    const refused = await database.transaction(async (db) => {
      await lockIdentity(db, identityId);
      return await endWaitOfCodeToken(context, db, identityId, BY_SYSTEM, { skip: false });
    });
    if (refused === null) moved += 1;
  }
  return moved;
}

async function notifyOfPasswordsWithoutKey(context: AppContext): Promise<number> {
  const { database, keyring, clock, random, rules } = context;
  const now = clock.now();
  const before = new Date(now.getTime() - rules.keyWithinMinutes * 60_000);
  return await database.transaction(async (db) => {
    const found = await claimPasswordsWithoutKey(db, { before, limit: BATCH_SIZE });
    const notified = new Set<string>();
    for (const row of found) {
      const { identityId, notifiedToday } = row;
      const details = { at: row.at.toISOString(), ...moveContextToEvent(keyring, row) };
      await appendEvent(db, { kind: 'password_without_key', identityId, details });
      // One notice a day: otherwise someone who has the password could bury what matters under as many
      // letters.
      if (notifiedToday || notified.has(identityId)) continue;
      notified.add(identityId);
      const notice = { kind: 'password_without_key', details } as const;
      await enqueueNotice(db, { id: random.uuid(), identityId, notice }, now);
    }
    return found.length;
  });
}
