/**
 * jobs/ does what nobody waits for: letters and notices leave their outboxes, the calendar is looked at, relying
 * parties are told of log-outs, what is over is swept. Every task can be run again at any time, by any node, also
 * while another node runs the same: the rows decide.
 */
import { z } from 'zod';
import type { Log } from '../platform/log.ts';
import type { MailTransport } from '../platform/outbound/mail.ts';
import type { PrintHouse } from '../platform/outbound/printHouse.ts';
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
  /** The phone number that a mail to somebody who may not know us names. */
  readonly hotline: string;
  readonly log: Log;
  readonly notifyLogout: NotifyLogout;
}

/** @param signal the node is asked to stop: what is begun is finished, no more is taken up. */
export type JobTask = (payload: unknown, signal?: AbortSignal) => Promise<void>;
export type JobTasks = Readonly<Record<string, JobTask>>;

/** How often each is looked at, in seconds; the others come from the queue alone. */
export const SCHEDULE_SECONDS: Readonly<Record<string, number>> = {
  sendLetters: 3,
  sendNotices: 3,
  checkDue: 5,
  [SEND_LOGOUT_NOTIFICATIONS]: 1,
  sweepJobQueue: 60,
  sweep: 300,
};

/** What may be called while it runs: it is woken by that. */
export const SELF_CONCURRENT: ReadonlySet<string> = new Set([SEND_LOGOUT_NOTIFICATIONS]);

/** One at a time, and for little longer than a print house may take: what a dead node had taken up waits no longer. */
const LETTER_LEASE_MS = 15_000;
/** Ten at once, and the longest that a mail may take, its wait for a connection included. */
const NOTICE_LEASE_MS = 25_000;
/** What draws letters is read by nodes that draw them: fonts and all it is a tenth of a start. */
const renderLetterLazily = async (...letter: Parameters<typeof renderLetter>) =>
  (await import('../delivery/letters/letterPdf.ts')).renderLetter(...letter);

const logoutSchema = z.object({ accountId: z.uuid(), clientId: z.string() });

export function createTasks({ context, printHouse, mail, hotline, log, notifyLogout }: JobDeps): JobTasks {
  const sendLogouts = createLogoutSender(context, { notifyLogout, log });
  return {
    sendLetters: async (_payload, signal) => {
      const each = { atOnce: 1, leaseMs: LETTER_LEASE_MS };
      const sent = await sendLetters(context, {
        ...each,
        printHouse,
        render: renderLetterLazily,
        log,
        signal,
      });
      if (sent > 0) log.info({ sent }, 'letters were handed over');
    },
    sendNotices: async (_payload, signal) => {
      const each = { atOnce: 10, leaseMs: NOTICE_LEASE_MS, mail, log, signal };
      // Somebody waits for these at a page.
      const codes = await sendEmailCodes(context, { ...each, hotline });
      if (codes > 0) log.info({ codes }, 'codes for e-mail addresses were sent');
      const sent = await sendNotices(context, each);
      if (sent > 0) log.info({ sent }, 'notices were sent');
      await orderDailyLetters(context);
    },
    [SEND_LOGOUT_NOTIFICATIONS]: (_payload, signal) => sendLogouts(signal),
    checkDue: async () => {
      await runScheduledTransitions(context);
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
      if (removed + letGo > 0) log.info({ removed, letGo }, 'jobs that were left behind were put in order');
    },
    [BACKCHANNEL_LOGOUT]: async (payload) => {
      const { accountId, clientId } = logoutSchema.parse(payload);
      await enqueueLogout(context.database, { identityId: accountId, clientId, sid: null });
    },
  };
}
