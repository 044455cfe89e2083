/**
 * Sends letters from the outbox. A letter is claimed, its day reserved, printed, delivered under its id, and
 * recorded as sent. A worker that dies in between leaves it to the next one, which repeats this, and the
 * print house stores one for each id. Keys are derived and the address is decrypted here, never before.
 */
import { businessDaysAfter, startOfDay } from '../domain/calendar.ts';
import { DamagedSeal } from '../domain/damagedSeal.ts';
import { RowMacMismatch } from '../domain/rowMac.ts';
import { TamperedRow } from '../domain/tamperedRow.ts';
import { LETTERS, letterRetryDelayMs, type Letter } from '../domain/letter.ts';
import type { Log } from '../platform/log.ts';
import { PrintHouseRefusal, type PrintHouse } from '../platform/outbound/printHouse.ts';
import { InvalidNoticeError } from '../delivery/mail/noticeDetails.ts';
import { appendEvent } from '../db/auditLog.ts';
import { isPermissionError } from '../db/connection/databaseErrors.ts';
import { lockIdentity, markCardSent } from '../db/cards/cardSets.ts';
import {
  cancelLetter,
  markLetterSent,
  recordLetterFailure,
  recordDeparture,
  postponeLetter,
  reserveLetterDay,
  claimLetters,
  type ClaimedLetter,
} from '../db/cards/letters.ts';
import { enqueueNotice } from '../db/cards/notices.ts';
import { isRehearsal } from '../db/rehearsal.ts';
import { markCodeTokenSent } from '../features/codeTokens/index.ts';
import type { AppContext } from '../features/appContext.ts';
import { composePrintedLetter } from './composeLetter.ts';

export interface LetterDelivery {
  readonly printHouse: PrintHouse;
  /** Renders the letter as a PDF. */
  readonly render: (letter: Letter) => Promise<Buffer>;
  /** Renders a letter in Braille for an embosser. */
  readonly emboss: (letter: Letter) => Promise<Buffer>;
  readonly log: Log;
  /** How many letters are claimed in one batch, and for how long no other node claims them. */
  readonly atOnce: number;
  readonly leaseMs: number;
  /** Aborted when the node shuts down: what is being sent is finished, and no more is started. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Every letter leaves today, also a card and a password to one person. Only in a database that is a
   * rehearsal, whose letters are sent in no other way.
   */
  readonly isRehearsal?: boolean;
}

/** After this many consecutive failures sending stops until the next run. */
const FAILURES_IN_A_ROW = 3;
/** The letter is tried again after this time, until another day begins; extra checks cost nothing. */
const ANOTHER_DAY_MS = 60_000;
/** No letter is at fault: it is not set aside, and leaves soon after the credentials were mended. */
const REFUSED_MS = 60_000;

/** Sends what can be sent now. @returns the number of letters delivered. */
export async function sendLetters(context: AppContext, delivery: LetterDelivery): Promise<number> {
  if ((await isRehearsal(context.database)) !== (delivery.isRehearsal ?? false)) return 0;
  let sent = 0;
  let failures = 0;
  for (;;) {
    const claimed = await claimLetters(context.database, {
      limit: delivery.atOnce,
      leaseMs: delivery.leaseMs,
    });
    if (claimed.length === 0) return sent;
    for (const letter of claimed) {
      const outcome = await sendLetter(context, delivery, letter).catch((error: unknown) =>
        scheduleLetterRetry(context, delivery, letter, error),
      );
      if (outcome === 'sent') sent += 1;
      failures = outcome === 'failed' ? failures + 1 : 0;
      if (outcome === 'refused' || failures === FAILURES_IN_A_ROW || delivery.signal?.aborted) return sent;
    }
  }
}

/** @throws Error when this letter cannot be sent now */
async function sendLetter(
  context: AppContext,
  delivery: LetterDelivery,
  claimed: ClaimedLetter,
): Promise<'sent' | 'left'> {
  const { database } = context;
  if (!claimed.isTrusted) {
    await recordLetterFailure(database, claimed.id, { afterMs: 0, fault: 'not_as_written', setAside: true });
    const { message, about } = new RowMacMismatch('letter', claimed.id);
    delivery.log.error({ letterId: claimed.id }, message);
    context.report({ kind: 'row_tampered', ...about });
    return 'left';
  }
  const letter = await composePrintedLetter(context, claimed, delivery.isRehearsal ?? false);
  if (letter === 'no_address') {
    await recordLetterFailure(database, claimed.id, { afterMs: 0, fault: letter, setAside: true });
    delivery.log.error({ letterId: claimed.id }, 'a letter was set aside: there is no address to send it to');
    return 'left';
  }
  if (letter === 'not_wanted') {
    await cancelLetter(database, claimed.id);
    return 'left';
  }
  const { secret } = LETTERS[claimed.kind];
  const hasAnyDay = delivery.isRehearsal || !secret;
  if (!hasAnyDay && !(await reserveLetterDay(database, claimed.identityId, letter.postOn, secret))) {
    await postponeLetter(database, claimed.id, ANOTHER_DAY_MS);
    return 'left';
  }
  const printedFormat = await recordDeparture(database, claimed.id, letter);
  if (printedFormat !== null && printedFormat !== letter.format) {
    // Another worker, or another choice of the person, came in between: the letter is composed again.
    await postponeLetter(database, claimed.id, 0);
    return 'left';
  }
  const brf = letter.format === 'braille' ? await delivery.emboss(letter) : undefined;
  await delivery.printHouse.deliver(letter, await delivery.render(letter), brf);
  await recordLetterSent(context, claimed, letter);
  return 'sent';
}

/**
 * The letter waits for its next attempt, or for operators; the others continue. A value that does not open is
 * set aside immediately: no attempt would repair it, and it says nothing about the other letters.
 * @throws the error of the database when the role lacks a right: no letter is at fault
 */
async function scheduleLetterRetry(
  { database, rules, report }: AppContext,
  { log }: LetterDelivery,
  { id, tries }: ClaimedLetter,
  error: unknown,
): Promise<'failed' | 'left' | 'refused'> {
  if (isPermissionError(error)) throw error;
  if (error instanceof PrintHouseRefusal) {
    await recordLetterFailure(database, id, { afterMs: REFUSED_MS, fault: error.message, isCounted: false });
    log.error({ letterId: id, cause: error.message }, 'the print house refuses this Nøgle');
    return 'refused';
  }
  if (error instanceof TamperedRow) report({ kind: 'row_tampered', ...error.about });
  const failures = tries + 1;
  if (error instanceof DamagedSeal) {
    const { message: fault } = error;
    await recordLetterFailure(database, id, { afterMs: 0, fault, setAside: true });
    log.error({ letterId: id, cause: fault }, 'a letter was set aside: a value that it needs is damaged');
    return 'left';
  }
  const setAside = failures >= rules.sendTries || error instanceof InvalidNoticeError;
  const fault = error instanceof Error ? error.message : 'not an error';
  await recordLetterFailure(database, id, { afterMs: letterRetryDelayMs(failures), fault, setAside });
  const logFields = { letterId: id, tries: failures, err: error };
  if (setAside) log.error(logFields, 'a letter was set aside: it could not be sent');
  else log.warn(logFields, 'a letter could not be sent yet');
  return 'failed';
}

/**
 * Records the letter as sent, in one transaction; when two workers have the same letter, one of them records
 * it.
 */
async function recordLetterSent(context: AppContext, claimed: ClaimedLetter, letter: Letter): Promise<void> {
  const { database, clock, random, rules } = context;
  const { identityId, cardId, kind } = claimed;
  const { postOn, batch } = letter;
  await database.transaction(async (db) => {
    await lockIdentity(db, identityId);
    const expected = {
      from: businessDaysAfter(postOn, rules.arrival.from),
      to: businessDaysAfter(postOn, rules.arrival.to),
    };
    const { usableUntil } = letter;
    const validUntil = usableUntil === null ? null : startOfDay(usableUntil, 1);
    if (!(await markLetterSent(db, claimed.id, validUntil))) return;
    await appendEvent(db, { kind: 'letter_sent', identityId, details: { kind, postOn } });
    const { content } = letter;
    if (content.kind === 'token')
      await markCodeTokenSent(context, db, identityId, { postOn, batch, expected });
    if (cardId === null || !('cardNumber' in content) || !(await markCardSent(db, cardId, expected))) return;
    const { cardNumber } = content;
    const stored = cardNumber.replaceAll('-', '');
    await appendEvent(db, { kind: 'card_sent', identityId, details: { cardNumber: stored, postOn, batch } });
    const details = { cardNumber, expectedFrom: expected.from, expectedTo: expected.to };
    await enqueueNotice(
      db,
      { id: random.uuid(), identityId, notice: { kind: 'card_sent', details } },
      clock.now(),
    );
  });
}
