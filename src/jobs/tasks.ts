/**
 * jobs/ does the work for which no request waits: letters and notices are sent from their outboxes, scheduled
 * transitions run, relying parties are notified of logouts, expired rows are deleted. Every task can be run
 * again at any time, by any node, also while another node runs it: the affected rows decide.
 */
import type { ServiceContact } from '../domain/serviceContact.ts';
import { z } from 'zod';
import type { Log } from '../platform/log.ts';
import type { MailTransport } from '../platform/outbound/mail.ts';
import type { PrintHouse } from '../platform/outbound/printHouse.ts';
import type { renderBrailleLetter } from '../delivery/braille/brailleLetter.ts';
import type { renderLetter } from '../delivery/letters/letterPdf.ts';
import {
  BACKCHANNEL_LOGOUT,
  enqueueLogout,
  SEND_LOGOUT_NOTIFICATIONS,
} from '../db/oidc/backchannelLogouts.ts';
import { sweepJobQueue } from '../db/jobQueue.ts';
import { sweepExpiredRows } from '../db/sweep.ts';
import { runScheduledTransitions } from './runScheduledTransitions.ts';
import { writeFailuresOfPastHours } from '../features/authentication/failures.ts';
import { backfillAttemptSubjects } from '../features/authentication/attemptSubjectHashes.ts';
import { sendEmailCodes } from './sendEmailCodes.ts';
import { orderDailyLetters } from './orderDailyLetters.ts';
import { backfillUserIdForms } from '../features/authentication/userIdForms.ts';
import { sendLetters } from './sendLetters.ts';
import { sendNotices } from './sendNotices.ts';
import { createLogoutSender, type NotifyLogout } from './sendLogoutNotifications.ts';
import type { AppContext } from '../features/appContext.ts';

export interface JobDeps {
  readonly context: AppContext;
  readonly printHouse: PrintHouse;
  readonly mail: MailTransport;
  /** Shown in letters and mails. */
  readonly contact: ServiceContact;
  readonly log: Log;
  readonly notifyLogout: NotifyLogout;
}

/** @param signal aborted when the node shuts down: started work is finished, and no more is claimed. */
export type JobTask = (payload: unknown, signal?: AbortSignal) => Promise<void>;
export type JobTasks = Readonly<Record<string, JobTask>>;

/** The interval of each task in seconds; other tasks come only from the queue. */
export const SCHEDULE_SECONDS: Readonly<Record<string, number>> = {
  sendLetters: 3,
  sendNotices: 3,
  checkDue: 5,
  [SEND_LOGOUT_NOTIFICATIONS]: 1,
  sweepJobQueue: 60,
  sweep: 300,
};

/** Tasks by which something leaves the installation. */
export const SENDING_TASKS: ReadonlySet<string> = new Set([
  'sendLetters',
  'sendNotices',
  SEND_LOGOUT_NOTIFICATIONS,
]);

/** Tasks that may be called while they run: the call wakes the running one. */
export const SELF_CONCURRENT: ReadonlySet<string> = new Set([SEND_LOGOUT_NOTIFICATIONS]);

/**
 * One letter in a batch, for little longer than a print house may take, so that the letters of a dead node
 * are soon claimed again.
 */
const LETTER_LEASE_MS = 15_000;
/** Ten people in a batch, for the longest time that a mail may take, including its wait for a connection. */
const NOTICE_LEASE_MS = 25_000;
/** Loaded by nodes that render letters: with the fonts it takes a tenth of the start. */
const renderLetterLazily = async (...letter: Parameters<typeof renderLetter>) =>
  (await import('../delivery/letters/letterPdf.ts')).renderLetter(...letter);

const embossLetterLazily = async (...letter: Parameters<typeof renderBrailleLetter>) =>
  (await import('../delivery/braille/brailleLetter.ts')).renderBrailleLetter(...letter);

const logoutSchema = z.object({ accountId: z.uuid(), clientId: z.string() });

export function createTasks({ context, printHouse, mail, contact, log, notifyLogout }: JobDeps): JobTasks {
  const sendLogouts = createLogoutSender(context, { notifyLogout, log });
  return {
    sendLetters: async (_payload, signal) => {
      const each = { atOnce: 1, leaseMs: LETTER_LEASE_MS };
      const sent = await sendLetters(context, {
        ...each,
        printHouse,
        render: (letter) => renderLetterLazily(letter, contact),
        emboss: (letter) => embossLetterLazily(letter, contact),
        log,
        signal,
      });
      if (sent > 0) log.info({ sent }, 'letters were handed over');
    },
    sendNotices: async (_payload, signal) => {
      const each = { atOnce: 10, leaseMs: NOTICE_LEASE_MS, mail, contact, log, signal };
      // People wait for these on a page.
      const codes = await sendEmailCodes(context, each);
      if (codes > 0) log.info({ codes }, 'codes for e-mail addresses were sent');
      const sent = await sendNotices(context, each);
      if (sent > 0) log.info({ sent }, 'notices were sent');
      await orderDailyLetters(context);
    },
    [SEND_LOGOUT_NOTIFICATIONS]: (_payload, signal) => sendLogouts(signal),
    checkDue: async () => {
      for (const { message, about } of (await runScheduledTransitions(context)).tampered) {
        log.error({ row: about.row, rowId: about.rowId }, message);
        context.report({ kind: 'row_tampered', ...about });
      }
      for (const hour of await writeFailuresOfPastHours(context)) log.info(hour, 'wrong answers of an hour');
    },
    sweep: async (_payload, signal) => {
      const onFault = (error: unknown) => log.warn({ err: error }, 'a table was not swept');
      const isStopping = () => signal?.aborted ?? false;
      while (!isStopping())
        if (!(await sweepExpiredRows(context.database, context.clock.offsetMs, onFault))) break;
      while (!isStopping()) if (!(await backfillAttemptSubjects(context))) break;
      while (!isStopping()) if (!(await backfillUserIdForms(context))) return;
    },
    sweepJobQueue: async () => {
      const { removed, letGo } = await sweepJobQueue(context.database, Object.keys(SCHEDULE_SECONDS));
      if (removed + letGo > 0) log.info({ removed, letGo }, 'abandoned jobs were cleaned up');
    },
    [BACKCHANNEL_LOGOUT]: async (payload) => {
      const { accountId, clientId } = logoutSchema.parse(payload);
      await enqueueLogout(context.database, { identityId: accountId, clientId, sid: null });
    },
  };
}
