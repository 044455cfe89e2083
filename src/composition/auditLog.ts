/**
 * Wires the audit log into a node: it is followed all the time, pages are not served from a database that the
 * sink does not follow, and nothing is sent from one.
 */
import type { Middleware } from 'koa';
import { DatabaseUnavailable } from '../db/database.ts';
import { AuditFollower, PASS_MS, type AuditFollowerDeps } from '../features/auditLog/index.ts';
import { createTasks, SENDING_TASKS, type JobDeps, type JobTasks } from '../jobs/tasks.ts';
import { AuditSigner } from '../platform/auditSigner.ts';
import type { BackgroundTasks } from '../platform/background.ts';
import { openAuditSink } from '../platform/outbound/openAuditSink.ts';
import { PrintHouseRefusal } from '../platform/outbound/printHouse.ts';
import type { AppSettings } from './settings.ts';

type AuditSettings = Pick<AppSettings, 'issuer' | 'auditSink' | 'withoutSink' | 'isCommand'>;
type DeliveryPorts = Pick<JobDeps, 'printHouse' | 'mail'>;
type SendingGuard = Pick<AuditFollower, 'assertMaySend'>;

/** The audit log of a node. */
export interface NodeAuditLog {
  readonly follower: AuditFollower;
  refuseUnfollowed(): Middleware;
  guardDelivery<Ports extends DeliveryPorts>(ports: Ports): Ports;
  createTasks(deps: JobDeps): JobTasks;
  follow(background: BackgroundTasks): void;
}

/**
 * Before anything is written to the database.
 * @throws NotFollowedDatabase, AuditSinkFault, AuditSinkUnavailable, DatabaseUnavailable
 */
export async function beginAuditLog(
  { issuer, auditSink, withoutSink, isCommand }: AuditSettings,
  { database, keyring, clock, random, log }: Omit<AuditFollowerDeps, 'signer' | 'sink'>,
): Promise<NodeAuditLog> {
  const signer = new AuditSigner(keyring, issuer);
  const sink = auditSink ? openAuditSink(auditSink) : null;
  const follower = new AuditFollower({ database, keyring, clock, random, log, signer, sink });
  await follower.begin({ isNode: isCommand !== true, mayBeWithout: withoutSink ?? false });
  return {
    follower,
    refuseUnfollowed: () => refuseUnfollowed(follower),
    guardDelivery: (ports) => guardDelivery(ports, follower),
    createTasks: (deps) => createHeldTasks(deps, follower),
    follow: (background) =>
      background.every(PASS_MS, 'the audit log could not be followed', () => follower.runPass()),
  };
}

/** People see the calm page of a database that is away. */
function refuseUnfollowed(follower: Pick<AuditFollower, 'mayServe' | 'fault'>): Middleware {
  return async (_ctx, next) => {
    if (!follower.mayServe) throw new DatabaseUnavailable(follower.fault ?? '', { isUnknown: false });
    await next();
  };
}

/** The ways out, each of which makes sure of the database before anything leaves. */
function guardDelivery<Ports extends DeliveryPorts>(ports: Ports, follower: SendingGuard): Ports {
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

/** The tasks of the node. Those that send begin only while the sink follows this database. */
function createHeldTasks(
  { notifyLogout, ...deps }: JobDeps,
  follower: SendingGuard & Pick<AuditFollower, 'mayDeliver'>,
): JobTasks {
  const tasks = createTasks({
    ...deps,
    notifyLogout: async (...ended) => {
      await follower.assertMaySend();
      await notifyLogout(...ended);
    },
  });
  const held = Object.entries(tasks).filter(([name]) => SENDING_TASKS.has(name));
  const guarded = held.map(([name, task]): [string, JobTasks[string]] => [
    name,
    async (...call) => {
      if (follower.mayDeliver) await task(...call);
    },
  ]);
  return { ...tasks, ...Object.fromEntries(guarded) };
}
