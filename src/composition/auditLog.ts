/**
 * Wires the audit log into a node: it is followed all the time, pages are not served from a database that the
 * sink does not follow, and nothing is sent from one.
 */
import type { Middleware } from 'koa';
import { DatabaseUnavailable } from '../db/database.ts';
import { AuditFollower, PASS_MS, type AuditFollowerDeps } from '../features/auditLog/index.ts';
import type { JobTasks } from '../jobs/tasks.ts';
import type { NotifyLogout } from '../jobs/sendLogoutNotifications.ts';
import { AuditSigner } from '../platform/auditSigner.ts';
import type { BackgroundTasks } from '../platform/background.ts';
import type { MailTransport } from '../platform/outbound/mail.ts';
import { openAuditSink } from '../platform/outbound/openAuditSink.ts';
import { PrintHouseRefusal, type PrintHouse } from '../platform/outbound/printHouse.ts';
import { SENDING_TASKS } from '../jobs/tasks.ts';
import type { AppSettings } from './settings.ts';

type AuditSettings = Pick<AppSettings, 'issuer' | 'auditSink' | 'withoutSink' | 'isCommand'>;

/**
 * Before anything is written to the database.
 * @throws NotFollowedDatabase, AuditSinkFault, AuditSinkUnavailable, DatabaseUnavailable
 */
export async function beginAuditLog(
  { issuer, auditSink, withoutSink, isCommand }: AuditSettings,
  deps: Omit<AuditFollowerDeps, 'signer' | 'sink'>,
): Promise<AuditFollower> {
  const follower = new AuditFollower({
    ...deps,
    signer: new AuditSigner(deps.keyring, issuer),
    sink: auditSink ? openAuditSink(auditSink) : null,
  });
  await follower.begin({ isNode: isCommand !== true, mayBeWithout: withoutSink ?? false });
  return follower;
}

export function followAuditLog(follower: AuditFollower, background: BackgroundTasks): void {
  background.every(PASS_MS, 'the audit log could not be followed', () => follower.runPass());
}

/** People see the calm page of a database that is away. */
export function refuseUnfollowed(follower: Pick<AuditFollower, 'mayServe' | 'fault'>): Middleware {
  return async (_ctx, next) => {
    if (!follower.mayServe) throw new DatabaseUnavailable(follower.fault ?? '', { isUnknown: false });
    await next();
  };
}

/** The ways out, each of which makes sure of the database before anything leaves. */
export function guardDelivery<
  Ports extends { readonly printHouse: PrintHouse; readonly mail: MailTransport },
>(ports: Ports, follower: Pick<AuditFollower, 'assertMaySend'>): Ports {
  const { printHouse, mail } = ports;
  return {
    ...ports,
    printHouse: {
      deliver: async (...letter) => {
        // No letter is at fault.
        await follower.assertMaySend().catch((error: unknown) => {
          throw new PrintHouseRefusal(error instanceof Error ? error.message : '', { cause: error });
        });
        await printHouse.deliver(...letter);
      },
    },
    mail: {
      ...mail,
      send: async (...message) => {
        await follower.assertMaySend();
        await mail.send(...message);
      },
    },
  };
}

export function guardNotification(
  notifyLogout: NotifyLogout,
  follower: Pick<AuditFollower, 'assertMaySend'>,
): NotifyLogout {
  return async (...ended) => {
    await follower.assertMaySend();
    await notifyLogout(...ended);
  };
}

/** Tasks that send do not begin before the sink follows this database. */
export function holdTasks(tasks: JobTasks, follower: Pick<AuditFollower, 'mayDeliver'>): JobTasks {
  const held = Object.entries(tasks).map(([name, task]): [string, JobTasks[string]] => [
    name,
    SENDING_TASKS.has(name)
      ? async (...call) => {
          if (follower.mayDeliver) await task(...call);
        }
      : task,
  ]);
  return Object.fromEntries(held);
}
