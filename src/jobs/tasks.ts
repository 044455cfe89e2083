/**
 * jobs/ does what nobody waits for: letters and notices leave their outboxes, the calendar is looked at, relying
 * parties are told of log-outs, what is over is swept. Every task can be run again at any time, by any node, also
 * while another node runs the same: the rows decide.
 */
import { z } from 'zod';
import type { Log } from '../platform/log.ts';
import type { Mail } from '../platform/mail.ts';
import type { PrintHouse } from '../platform/printHouse.ts';
import { renderLetter } from '../post/letterPdf.ts';
import { BACKCHANNEL_LOGOUT } from '../store/backchannelLogouts.ts';
import { sweep } from '../store/sweep.ts';
import { checkDue } from '../usecases/checkDue.ts';
import { sendLetters } from '../usecases/sendLetters.ts';
import { sendNotices } from '../usecases/sendNotices.ts';
import type { World } from '../usecases/world.ts';

export interface JobsGround {
  readonly world: World;
  readonly printHouse: PrintHouse;
  readonly mail: Mail;
  readonly log: Log;
  /** Tells a relying party that somebody is logged out. @throws when it did not take it. */
  readonly tellLogout: (accountId: string, clientId: string) => Promise<void>;
  /** For how long a node that took something up may keep it. */
  readonly leaseMs?: number;
}

/** @param signal the node is asked to stop: what is begun is finished, no more is taken up. */
export type Task = (payload: unknown, signal?: AbortSignal) => Promise<void>;
export type Tasks = Readonly<Record<string, Task>>;

/** How often each is looked at, in seconds; the others come from the queue alone. */
export const EVERY: Readonly<Record<string, number>> = {
  sendLetters: 3,
  sendNotices: 3,
  checkDue: 5,
  sweep: 300,
};

const LEASE_MS = 120_000;
const logoutSchema = z.object({ accountId: z.uuid(), clientId: z.string() });

export function createTasks({
  world,
  printHouse,
  mail,
  log,
  tellLogout,
  leaseMs = LEASE_MS,
}: JobsGround): Tasks {
  const outbox = { log, atOnce: 10, leaseMs };
  return {
    sendLetters: async (_payload, signal) => {
      const sent = await sendLetters(world, { ...outbox, printHouse, render: renderLetter, signal });
      if (sent > 0) log.info({ sent }, 'letters were handed over');
    },
    sendNotices: async (_payload, signal) => {
      const sent = await sendNotices(world, { ...outbox, mail, signal });
      if (sent > 0) log.info({ sent }, 'notices were sent');
    },
    checkDue: async () => {
      await checkDue(world);
    },
    sweep: async (_payload, signal) => {
      const onFault = (error: unknown) => log.warn({ err: error }, 'a table was not swept');
      const isStopping = () => signal?.aborted ?? false;
      while (!isStopping()) if (!(await sweep(world.database, world.clock.now(), onFault))) return;
    },
    [BACKCHANNEL_LOGOUT]: async (payload) => {
      const { accountId, clientId } = logoutSchema.parse(payload);
      await tellLogout(accountId, clientId);
    },
  };
}
