/**
 * Sends logout notifications from the outbox: each relying party is notified separately, a few concurrently.
 * A relying party that is up does not wait for one that is down: calls that hang run in parallel with the
 * others, and new notifications are claimed in the meantime.
 */
import { LOGOUT_MAX_AGE_MS, logoutRetryDelayMs } from './logoutRetries.rules.ts';
import type { Log } from '../platform/log.ts';
import { RepeatedLine } from '../platform/repeatedLine.ts';
import {
  markLogoutDelivered,
  recordLogoutFailure,
  claimLogoutNotifications,
  type ClaimedLogoutNotification,
} from '../db/oidc/backchannelLogouts.ts';
import type { AppContext } from '../features/appContext.ts';

/** Notifies a relying party of a logout. @throws Error when it was not accepted */
export type NotifyLogout = (accountId: string, clientId: string, sid: string | null) => Promise<void>;

export interface LogoutDelivery {
  readonly notifyLogout: NotifyLogout;
  readonly log: Log;
}

/** The longest time of one notification: the provider's 2.5 s, and a slow database before and after. */
export const LOGOUT_LEASE_MS = 6_000;
const MAX_CONCURRENT = 200;
const MAX_PER_CLIENT = 5;

/**
 * Creates the function that empties the outbox on this node. Called while it runs, it wakes the running loop
 * and returns immediately: a relying party that hangs keeps one of the worker's places, never all.
 */
export function createLogoutSender({ database }: AppContext, { notifyLogout, log }: LogoutDelivery) {
  const inFlight = new Map<string, number>();
  let isRunning = false;
  let isAsked = false;
  let wake: () => void = () => undefined;
  const findLine = createLogoutLines(log);

  const count = (clientId: string, change: number) => {
    const inFlightForClient = (inFlight.get(clientId) ?? 0) + change;
    if (inFlightForClient === 0) inFlight.delete(clientId);
    else inFlight.set(clientId, inFlightForClient);
  };

  const deliver = async (claimed: ClaimedLogoutNotification): Promise<void> => {
    const { id, identityId, clientId, sid } = claimed;
    count(clientId, 1);
    try {
      const fault = await notifyLogout(identityId, clientId, sid).then(() => null, toFaultText);
      if (fault === null) await markLogoutDelivered(database, id);
      else await scheduleRetry(claimed, fault);
    } catch (error) {
      log.warn({ err: error, logoutId: id }, 'a logout notification may be sent once more than needed');
    } finally {
      count(clientId, -1);
    }
  };

  const scheduleRetry = async (
    { id, clientId, tries, ageMs }: ClaimedLogoutNotification,
    fault: string,
  ): Promise<void> => {
    const failures = tries + 1;
    const giveUp = ageMs >= LOGOUT_MAX_AGE_MS;
    await recordLogoutFailure(database, id, {
      afterMs: logoutRetryDelayMs(failures, ageMs),
      fault,
      abandon: giveUp,
    });
    const logFields = { logoutId: id, clientId, tries: failures, fault };
    findLine(clientId, giveUp).report(logFields);
  };

  return async (signal?: AbortSignal): Promise<void> => {
    isAsked = true;
    wake();
    if (isRunning) return;
    isRunning = true;
    const deliveries = new Set<Promise<void>>();
    try {
      for (;;) {
        isAsked = false;
        const woken = new Promise<void>((resolve) => (wake = resolve));
        const limit = signal?.aborted ? 0 : MAX_CONCURRENT - deliveries.size;
        const except = [...inFlight]
          .filter(([, inFlightForClient]) => inFlightForClient >= MAX_PER_CLIENT)
          .map(([clientId]) => clientId);
        const claimOptions = { limit, perClient: MAX_PER_CLIENT, except, leaseMs: LOGOUT_LEASE_MS };
        const claimed = limit > 0 ? await claimLogoutNotifications(database, claimOptions) : [];
        for (const one of claimed) {
          const delivered = deliver(one).then(() => void deliveries.delete(delivered));
          deliveries.add(delivered);
        }
        if (claimed.length > 0) continue;
        if (deliveries.size > 0) await Promise.race([woken, ...deliveries]);
        else if (!isAsked) return;
      }
    } finally {
      await Promise.all(deliveries);
      isRunning = false;
    }
  };
}

function toFaultText(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 300) : 'not an error';
}

const MAX_LINES = 200;

/** The line of a relying party that is down, a second at most for all who signed out there. */
function createLogoutLines(log: Log): (clientId: string, givenUp: boolean) => RepeatedLine<object> {
  const lines = new Map<string, RepeatedLine<object>>();
  return (clientId, givenUp) => {
    const key = `${clientId} ${givenUp}`;
    const line =
      lines.get(key) ??
      new RepeatedLine<object>((about) =>
        givenUp
          ? log.warn(about, 'a relying party was never told of a log-out')
          : log.info(about, 'a relying party did not take a log-out yet'),
      );
    if (lines.size >= MAX_LINES) lines.clear();
    lines.set(key, line);
    return line;
  };
}
