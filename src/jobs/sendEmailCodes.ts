/**
 * Sends codes to the e-mail addresses that wait for them. They have a separate outbox, which nodes of the
 * previous version do not know. This is the only mail to an unconfirmed address, and it names no one.
 */
import type { ServiceContact } from '../domain/serviceContact.ts';
import { letterRetryDelayMs } from '../domain/letter.ts';
import type { Log } from '../platform/log.ts';
import { isPermanentRefusal, type MailTransport } from '../platform/outbound/mail.ts';
import { writeEmailCode } from '../delivery/mail/emailCode.ts';
import {
  recordEmailCodeFailure,
  markEmailCodeSent,
  claimEmailCodes,
  type ClaimedEmailCode,
} from '../features/contact/emailRequests.queries.ts';
import { isPermissionError } from '../db/connection/databaseErrors.ts';
import type { AppContext } from '../features/appContext.ts';
import { readEmailCode } from '../features/contact/emailCode.ts';
import { openRequestedEmail } from '../features/contact/submitEmail.ts';

export interface EmailCodeDelivery {
  readonly mail: MailTransport;
  /** Shown in the mail. */
  readonly contact: ServiceContact;
  readonly log: Log;
  readonly atOnce: number;
  readonly leaseMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Sends what can be sent now. @returns the number of codes that are done. */
export async function sendEmailCodes(context: AppContext, delivery: EmailCodeDelivery): Promise<number> {
  let done = 0;
  for (;;) {
    const claimed = await claimEmailCodes(context.database, {
      limit: delivery.atOnce,
      leaseMs: delivery.leaseMs,
    });
    const outcome = await Promise.all(
      claimed.map((code) =>
        sendEmailCode(context, delivery, code).then(
          () => true,
          (error: unknown) => scheduleEmailCodeRetry(context, delivery, code, error),
        ),
      ),
    );
    done += outcome.filter(Boolean).length;
    if (claimed.length < delivery.atOnce || !outcome.some(Boolean) || delivery.signal?.aborted) return done;
  }
}

/** @throws Error when the code cannot be sent now */
async function sendEmailCode(
  context: AppContext,
  { mail, contact }: EmailCodeDelivery,
  claimed: ClaimedEmailCode,
): Promise<void> {
  const { database, clock } = context;
  const { codeId, codeUntil, language } = claimed;
  // The code has expired.
  if (codeUntil <= clock.now()) return await markEmailCodeSent(database, codeId);
  const code = readEmailCode(context, codeId);
  const words = writeEmailCode({ code, until: codeUntil, contact }, language);
  try {
    await mail.send({ id: codeId, to: openRequestedEmail(context, claimed), ...words });
  } catch (error) {
    if (!isPermanentRefusal(error)) throw error;
    return await markEmailCodeSent(database, codeId, true);
  }
  await markEmailCodeSent(database, codeId);
}

/** Retries while the mail server is down, until the code expires. */
async function scheduleEmailCodeRetry(
  { database }: AppContext,
  { log }: EmailCodeDelivery,
  { codeId, sendTries }: ClaimedEmailCode,
  error: unknown,
): Promise<false> {
  if (isPermissionError(error)) throw error;
  const failures = sendTries + 1;
  await recordEmailCodeFailure(database, codeId, letterRetryDelayMs(failures));
  log.warn({ codeId, tries: failures, err: error }, 'the code for an e-mail address could not be sent yet');
  return false;
}
