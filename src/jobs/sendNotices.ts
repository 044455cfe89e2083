/**
 * Sends notices from the outbox: by e-mail, or by letter to people without one. What waits for one person is
 * one mail, so that one action is one mail. A mail server that is down loses none; an address that it
 * permanently rejects causes a letter. An unconfirmed address that was stored before codes existed still gets
 * its mail, and what others get by letter goes by letter too: docs/decisions/0022-email-answers-first.md.
 */
import { letterRetryDelayMs } from '../domain/letter.ts';
import { businessDaysAfter, toDanishDay } from '../domain/calendar.ts';
import { LETTER_FOR } from '../domain/notice.ts';
import { TamperedRow } from '../domain/tamperedRow.ts';
import type { ServiceContact } from '../domain/serviceContact.ts';
import type { Log } from '../platform/log.ts';
import { isPermanentRefusal, MailError, type MailTransport } from '../platform/outbound/mail.ts';
import { arrangeNotices } from '../delivery/mail/arrangeNotices.rules.ts';
import { writeMail, type MailText } from '../delivery/mail/mailText.ts';
import { assertNoticeDetails, InvalidNoticeError } from '../delivery/mail/noticeDetails.ts';
import { composeMessage } from '../delivery/mail/notices.ts';
import { findRecipient, type Recipient } from '../db/people/recipients.ts';
import { addToDailyLetter } from './notices.queries.ts';
import {
  markNoticesSent,
  recordNoticeFailure,
  claimNotices,
  type ClaimedNotice,
} from '../db/cards/notices.ts';
import { isPermissionError } from '../db/connection/databaseErrors.ts';
import { DamagedSeal } from '../domain/damagedSeal.ts';
import { isEmailConfirmed } from '../features/contact/confirmedEmail.ts';
import { recordEmailAccepted, recordEmailRefused } from '../features/contact/refusedEmail.ts';
import { openEmail } from '../features/contact/sealedContact.ts';
import type { AppContext } from '../features/appContext.ts';
import { completeNotices } from './composeNotices.ts';
import { dropIfBrowserIsKnown } from './noticeBrowsers.ts';

export interface NoticeDelivery {
  readonly mail: MailTransport;
  /** Shown in the mails. */
  readonly contact: ServiceContact;
  readonly log: Log;
  /** The number of people whose notices are claimed in one batch. */
  readonly atOnce: number;
  readonly leaseMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Notices that go to one place as one message. */
interface Shipment {
  readonly recipient: Recipient | null;
  /** The e-mail address; null for a letter. */
  readonly email: Buffer | null;
  readonly isConfirmed: boolean;
  readonly notices: readonly ClaimedNotice[];
}

/** Sends what can be sent now. @returns the number of notices that are done. */
export async function sendNotices(context: AppContext, delivery: NoticeDelivery): Promise<number> {
  let done = 0;
  for (;;) {
    const people = await claimNotices(context.database, {
      limit: delivery.atOnce,
      leaseMs: delivery.leaseMs,
    });
    const outcome = await Promise.all(
      people.map(async (notices) => await sendNoticesToPerson(context, delivery, notices)),
    );
    const doneNow = outcome.reduce((sum, many) => sum + many, 0);
    done += doneNow;
    // None was sent, whatever the cause: the next run continues.
    if (people.length < delivery.atOnce || doneNow === 0 || delivery.signal?.aborted) return done;
  }
}

/** @returns the number of notices that are done; the others wait for their next attempt */
async function sendNoticesToPerson(
  context: AppContext,
  delivery: NoticeDelivery,
  notices: readonly ClaimedNotice[],
): Promise<number> {
  const retry = async (some: readonly ClaimedNotice[], error: unknown) => {
    for (const notice of some) await scheduleNoticeRetry(context, delivery, notice, error);
    return 0;
  };
  const addressed: Addressed[] = [];
  for (const claimed of notices) {
    try {
      addressed.push({ claimed, ...(await addressNotice(context, claimed)) });
    } catch (error) {
      await retry([claimed], error);
    }
  }
  let done = addressed.filter(({ isDone }) => isDone).length;
  for (const shipment of composeShipments(addressed.filter(({ isDone }) => !isDone))) {
    done += await sendShipment(context, delivery, shipment).then(
      () => shipment.notices.length,
      (error: unknown) => retry(shipment.notices, error),
    );
  }
  return done;
}

interface Addressed extends Omit<Shipment, 'notices'> {
  readonly claimed: ClaimedNotice;
  /** Nothing is to be sent. */
  readonly isDone: boolean;
}

/**
 * Finds where a notice goes: to the recipient as of when it was written, regardless of how late it is sent. A
 * notice about a new address goes to the old one.
 * @throws InvalidNoticeError, RowMacMismatch
 */
async function addressNotice(
  context: AppContext,
  claimed: ClaimedNotice,
): Promise<Omit<Addressed, 'claimed'>> {
  const { database } = context;
  // One that cannot be written holds up no other.
  assertNoticeDetails(claimed.notice);
  const recipient = await findRecipient(database, claimed.identityId, claimed.at);
  const email = (claimed.toNextEmail ? recipient?.nextEmailSealed : recipient?.emailSealed) ?? null;
  const isConfirmed =
    recipient !== null && isEmailConfirmed(context, recipient.personId, email, recipient.confirmedEmails);
  const isDropped = recipient !== null && (await dropIfBrowserIsKnown(context, claimed, recipient));
  const isObsolete = isNoticeObsolete(context, claimed, email !== null, isConfirmed);
  if (isObsolete && !isDropped) await markNoticesSent(database, [claimed.id]);
  return { recipient, email, isConfirmed, isDone: isDropped || isObsolete };
}

/**
 * A sign-in code is sent only to a confirmed address, and not after it has expired. A notice for a new e-mail
 * address concerns only that address: it is dropped where the address is gone, or not confirmed.
 */
function isNoticeObsolete(
  { clock }: AppContext,
  { notice, toNextEmail }: ClaimedNotice,
  hasEmail: boolean,
  isConfirmed: boolean,
): boolean {
  if (toNextEmail) return !hasEmail || !isConfirmed;
  if (notice.kind !== 'sign_in_code' || !hasEmail) return false;
  return new Date(notice.details.until) <= clock.now() || !isConfirmed;
}

/** What goes to one place is one message. A code is one of its own: someone waits for it. */
function composeShipments(addressed: readonly Addressed[]): Shipment[] {
  const byPlace = Map.groupBy(addressed, ({ claimed, email }) => {
    const place = `${claimed.toNextEmail} ${email?.toString('base64') ?? 'letter'}`;
    return claimed.notice.kind === 'sign_in_code' ? `${claimed.id} ${place}` : place;
  });
  return [...byPlace.values()].flatMap((some) => {
    const [first] = some;
    if (!first) return [];
    const { recipient, email, isConfirmed } = first;
    return [{ recipient, email, isConfirmed, notices: some.map(({ claimed }) => claimed) }];
  });
}

/** @throws Error when the message cannot be sent now */
async function sendShipment(
  context: AppContext,
  delivery: NoticeDelivery,
  { recipient, email, isConfirmed, notices }: Shipment,
): Promise<void> {
  const [first] = notices;
  if (!first) return;
  if (!recipient || !email) return await sendByLetter(context, notices, recipient);
  const to = openEmail(context, recipient.personId, email);
  const mail = await composeNoticeMail(context, delivery.contact, notices, { recipient, isConfirmed });
  try {
    // Those that were once claimed together stay together: a repeat has the same id and the same content.
    await delivery.mail.send({ id: first.id, to, ...mail });
  } catch (error) {
    if (!isPermanentRefusal(error)) throw error;
    const ids = { identityId: first.identityId, personId: recipient.personId };
    if (!first.toNextEmail) await recordEmailRefused(context, ids, to);
    return await sendByLetter(context, notices, recipient);
  }
  if (!isConfirmed) return await sendByLetter(context, notices, recipient);
  await markNoticesSent(
    context.database,
    notices.map(({ id }) => id),
  );
  await recordEmailAccepted(context, recipient, to);
}

/** An address that was never confirmed may be a stranger's: the mail does not name the person. */
async function composeNoticeMail(
  context: AppContext,
  contact: ServiceContact,
  claimed: readonly ClaimedNotice[],
  { recipient, isConfirmed }: { recipient: Recipient; isConfirmed: boolean },
): Promise<MailText> {
  const { language, name } = recipient;
  const arranged = arrangeNotices(claimed.map(({ notice }) => notice));
  const reading = { readFrom: context.clock.now(), isLetter: false };
  const complete = await completeNotices(context, arranged, recipient, reading);
  const message = composeMessage(complete, language, { isLetter: false });
  return writeMail({ ...message, name: isConfirmed ? name : null }, language, contact);
}

/**
 * A mail server that is down is retried without limit; other faults are set aside for operators after some
 * attempts, and a notice with invalid details or a damaged address immediately.
 * @throws the error of the database when the role lacks a right: no notice is at fault
 */
async function scheduleNoticeRetry(
  { database, rules, report }: AppContext,
  { log }: NoticeDelivery,
  { id, tries }: ClaimedNotice,
  error: unknown,
): Promise<void> {
  if (isPermissionError(error)) throw error;
  const failures = tries + 1;
  // No attempt would repair either of them.
  const isInvalid = error instanceof InvalidNoticeError || error instanceof DamagedSeal;
  const setAside = isInvalid || (failures >= rules.sendTries && !(error instanceof MailError));
  const fault = error instanceof Error ? error.message : 'not an error';
  await recordNoticeFailure(database, id, { afterMs: letterRetryDelayMs(failures), fault, setAside });
  if (error instanceof TamperedRow) report({ kind: 'row_tampered', ...error.about });
  const logFields = {
    noticeId: id,
    tries: failures,
    ...(error instanceof DamagedSeal ? { cause: error.message } : { err: error }),
  };
  if (isInvalid || failures >= rules.sendTries) log.error(logFields, 'a notice cannot be sent');
  else log.warn(logFields, 'a notice could not be sent yet');
}

/**
 * The notices become part of the next letter, in one transaction: never both sent and not in a letter.
 * Without a postal address they are only in the person's audit log.
 */
async function sendByLetter(
  { database, clock }: AppContext,
  notices: readonly ClaimedNotice[],
  recipient: Recipient | null,
): Promise<void> {
  const today = toDanishDay(clock.now());
  await database.transaction(async (db) => {
    const marked = await markNoticesSent(
      db,
      notices.map(({ id }) => id),
    );
    for (const { id, identityId, notice, at, toNextEmail } of notices) {
      const way = LETTER_FOR[notice.kind];
      if (!marked.has(id) || toNextEmail || way === null || !recipient?.addressSealed) continue;
      const letterOn = way === 'at_once' ? today : businessDaysAfter(today, 1);
      await addToDailyLetter(db, { id, identityId, notice, at, letterOn });
    }
  });
}
