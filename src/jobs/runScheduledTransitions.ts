/**
 * Transitions that depend only on time, checked every few seconds: waiting periods that are over, cards that
 * should have arrived, code tokens, passwords that were given without a key, security keys that count from
 * now on.
 */
import { businessDaysBefore, toDanishDay } from '../domain/calendar.ts';
import { TamperedRow } from '../domain/tamperedRow.ts';
import { appendEvent } from '../db/auditLog.ts';
import { findDueCards, lockIdentity } from '../db/cards/cardSets.ts';
import { findDueCodeTokens, type DueCodeToken } from '../db/factors/codeTokenLife.ts';
import { enqueueNotice } from '../db/cards/notices.ts';
import { claimPasswordsWithoutKey } from '../db/signIn/passwordsWithoutKey.ts';
import { moveContextToEvent } from '../features/authentication/passwordContext.ts';
import { BY_SYSTEM, applyCardCommand } from '../features/identity/cardCommands.ts';
import { endWaitOfCodeToken } from '../features/codeTokens/index.ts';
import { announceSecurityKeys } from '../features/securityKeys/announceSecurityKeys.ts';
import type { AppContext } from '../features/appContext.ts';

const BATCH_SIZE = 100;

export interface ScheduledTransitions {
  /** Cards and code tokens moved, passwords handled and security keys announced. */
  readonly moved: number;
  /** Rows that were due and are not as Nøgle wrote them: nothing was done with them. */
  readonly tampered: readonly TamperedRow[];
}

/** A tampered row keeps no one else waiting. Each run meets it again, until an operator has seen to it. */
export async function runScheduledTransitions(context: AppContext): Promise<ScheduledTransitions> {
  const tampered: TamperedRow[] = [];
  const announced = await announceSecurityKeys(context, BATCH_SIZE, tampered);
  const cards = await applyDueCardTransitions(context, tampered);
  const tokens = await activateDueCodeTokens(context, tampered);
  const passwords = await notifyOfPasswordsWithoutKey(context);
  return { moved: announced + cards + tokens + passwords, tampered };
}

/** @returns what `work` does; false when it met a tampered row, which rolled its transaction back */
async function passOverTampered(tampered: TamperedRow[], work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TamperedRow)) throw error;
    tampered.push(error);
    return false;
  }
}

async function applyDueCardTransitions(context: AppContext, tampered: TamperedRow[]): Promise<number> {
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
      const isMoved = await passOverTampered(
        tampered,
        async () => (await applyCardCommand(context, identityId, command, BY_SYSTEM)) === 'done',
      );
      if (isMoved) movedNow += 1;
    }
    moved += movedNow;
    // None is left, or the rest was moved concurrently or cannot be moved.
    if (due.length < BATCH_SIZE || movedNow === 0) return moved;
  }
}

async function activateDueCodeTokens(context: AppContext, tampered: TamperedRow[]): Promise<number> {
  const { database, clock } = context;
  const now = clock.now();
  let moved = 0;
  for (let after: DueCodeToken | null = null; ; ) {
    const due = await findDueCodeTokens(database, { now, after, limit: BATCH_SIZE });
    for (const { identityId } of due) {
      const isMoved = await passOverTampered(tampered, () =>
        database.transaction(async (db) => {
          await lockIdentity(db, identityId);
          return (await endWaitOfCodeToken(context, db, identityId, BY_SYSTEM, { skip: false })) === null;
        }),
      );
      if (isMoved) moved += 1;
    }
    after = due.at(-1) ?? null;
    if (due.length < BATCH_SIZE) return moved;
  }
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
