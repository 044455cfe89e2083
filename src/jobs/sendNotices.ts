/**
 * Sends notices from the outbox: by e-mail, or by letter to people without one. A mail server that is down
 * loses none; an address that it permanently rejects causes a letter. An unconfirmed address
 * that was stored before codes existed still gets its mail, and what others get by letter goes by letter too:
 * docs/decisions/0022-email-answers-first.md.
 */
import { letterRetryDelayMs } from '../domain/letter.ts';
import { businessDaysAfter, toDanishDay } from '../domain/calendar.ts';
import { LETTER_FOR, type Notice } from '../domain/notice.ts';
import type { Log } from '../platform/log.ts';
import { isPermanentRefusal, MailError, type MailTransport } from '../platform/outbound/mail.ts';
import { InvalidNoticeError } from '../delivery/mail/noticeDetails.ts';
import { writeNotice } from '../delivery/mail/notices.ts';
import { findRecipient, type Recipient } from '../db/people/recipients.ts';
import { addToDailyLetter } from './notices.queries.ts';
import { orderLetter } from '../db/cards/letters.ts';
import {
  markNoticeSent,
  recordNoticeFailure,
  claimNotices,
  type ClaimedNotice,
} from '../db/cards/notices.ts';
import { findRelyingPartyNames } from '../db/oidc/relyingParties.ts';
import { isEmailConfirmed } from '../features/contact/confirmedEmail.ts';
import { openEmail } from '../features/contact/sealedContact.ts';
import { deriveSignInCode } from '../features/signIn/signInCode/signInCodeHash.ts';
import type { AppContext } from '../features/appContext.ts';

export interface NoticeDelivery {
  readonly mail: MailTransport;
  readonly log: Log;
  readonly atOnce: number;
  readonly leaseMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Sends what can be sent now. @returns the number of notices that are done. */
export async function sendNotices(context: AppContext, delivery: NoticeDelivery): Promise<number> {
  let done = 0;
  for (;;) {
    const claimed = await claimNotices(context.database, {
      limit: delivery.atOnce,
      leaseMs: delivery.leaseMs,
    });
    const outcome = await Promise.all(
      claimed.map((notice) =>
        sendNotice(context, delivery, notice).then(
          () => true,
          (error: unknown) => scheduleNoticeRetry(context, delivery, notice, error),
        ),
      ),
    );
    done += outcome.filter(Boolean).length;
    // None was sent, whatever the cause: the next run continues.
    if (claimed.length < delivery.atOnce || !outcome.some(Boolean) || delivery.signal?.aborted) return done;
  }
}

/** @throws Error when the notice cannot be sent now */
async function sendNotice(
  context: AppContext,
  { mail }: NoticeDelivery,
  claimed: ClaimedNotice,
): Promise<void> {
  const { database } = context;
  // The recipient as of when the notice was written, regardless of how late it is sent: a notice about a new
  // address goes to the old one.
  const recipient = await findRecipient(database, claimed.identityId, claimed.at);
  const sealed = claimed.toNextEmail ? recipient?.nextEmailSealed : recipient?.emailSealed;
  if (!recipient || !sealed) return await sendWithoutEmail(context, claimed, recipient);
  const isConfirmed = isEmailConfirmed(context, recipient.personId, sealed, recipient.confirmedEmails);
  if (isNoticeObsolete(context, claimed, isConfirmed))
    return void (await markNoticeSent(database, claimed.id));
  const to = openEmail(context, recipient.personId, sealed);
  try {
    await mail.send({ id: claimed.id, to, ...(await composeNoticeMail(context, claimed.notice, recipient)) });
  } catch (error) {
    if (!isPermanentRefusal(error)) throw error;
    return await sendWithoutEmail(context, claimed, recipient);
  }
  if (isConfirmed) await markNoticeSent(database, claimed.id);
  else await sendNoticeByLetter(context, claimed, recipient);
}

/**
 * A sign-in code is sent only to a confirmed address, and not after it has expired. Nothing is sent to a new
 * address before it is confirmed.
 */
function isNoticeObsolete(
  { clock }: AppContext,
  { notice, toNextEmail }: ClaimedNotice,
  isConfirmed: boolean,
): boolean {
  if (toNextEmail) return !isConfirmed;
  if (notice.kind !== 'sign_in_code') return false;
  return new Date(notice.details.until) <= clock.now() || !isConfirmed;
}

/**
 * A notice for a new e-mail address concerns only that address: where it is gone or rejected, the notice is
 * dropped.
 */
async function sendWithoutEmail(
  context: AppContext,
  claimed: ClaimedNotice,
  recipient: Recipient | null,
): Promise<void> {
  if (claimed.toNextEmail) await markNoticeSent(context.database, claimed.id);
  else await sendNoticeByLetter(context, claimed, recipient);
}

/**
 * A mail server that is down is retried without limit; other faults are set aside for operators after some
 * attempts, and a notice with invalid details immediately.
 */
async function scheduleNoticeRetry(
  { database, rules }: AppContext,
  { log }: NoticeDelivery,
  { id, tries }: ClaimedNotice,
  error: unknown,
): Promise<false> {
  const failures = tries + 1;
  const isInvalid = error instanceof InvalidNoticeError;
  const setAside = isInvalid || (failures >= rules.sendTries && !(error instanceof MailError));
  const fault = error instanceof Error ? error.message : 'not an error';
  await recordNoticeFailure(database, id, { afterMs: letterRetryDelayMs(failures), fault, setAside });
  const logFields = { noticeId: id, tries: failures, err: error };
  if (isInvalid || failures >= rules.sendTries) log.error(logFields, 'a notice cannot be sent');
  else log.warn(logFields, 'a notice could not be sent yet');
  return false;
}

async function composeNoticeMail(context: AppContext, notice: Notice, { language }: Recipient) {
  if (notice.kind === 'sign_in_code') {
    return writeNotice(notice, language, { code: deriveSignInCode(context, notice.details.codeId) });
  }
  if (notice.kind !== 'new_browser') return writeNotice(notice, language);
  const names = await findRelyingPartyNames(context.database, notice.details.relyingParty);
  return writeNotice(notice, language, { relyingParty: names?.[language] });
}

/**
 * The notice becomes a letter, or part of the next one, in one transaction: never both, never neither.
 * Without a postal address it is only in the person's audit log.
 */
async function sendNoticeByLetter(
  { database, random, clock }: AppContext,
  claimed: ClaimedNotice,
  recipient: Recipient | null,
): Promise<void> {
  const { identityId, notice } = claimed;
  await database.transaction(async (db) => {
    if (!(await markNoticeSent(db, claimed.id))) return;
    const way = LETTER_FOR[notice.kind];
    if (way === null || !recipient?.addressSealed) return;
    if (way === 'gathered') {
      const letterOn = businessDaysAfter(toDanishDay(clock.now()), 1);
      return await addToDailyLetter(db, { id: claimed.id, identityId, notice, at: claimed.at, letterOn });
    }
    const letter = { id: random.uuid(), kind: 'notice', identityId, cardId: null, notice } as const;
    await orderLetter(db, letter, clock.now());
  });
}
