/**
 * The fleet: three machines of the database under Patroni, etcd, two nodes as in production with a proxy to
 * the primary each, and a proxy between people and nodes. Everything is on this computer: each machine has an
 * address of the loopback and, where this process may mount one, a disk of its own.
 */
import { execFile } from 'node:child_process';
import { chown, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findBenchPort } from '../bench/install.ts';
import {
  productionEnv,
  seedForFailover,
  type FailoverPerson,
  type FailoverRelyingParty,
} from '../failover/install.ts';
import { systemUser, type SystemUser } from '../failover/server.ts';
import { AuditSigner } from '../src/platform/auditSigner.ts';
import { Keyring } from '../src/platform/keyring.ts';
import type { AuditSink } from '../src/platform/outbound/auditSink.ts';
import { openFolderAuditSink } from '../src/platform/outbound/folderAuditSink.ts';
import { LogoutSite } from '../test/support/logout.ts';
import { startPrintHouse, type PrintHouseServer } from '../test/support/printHouseServer.ts';
import { startProxy, type RunningProxy } from '../test/support/proxyExamples.ts';
import { startSmtpServer, type SmtpServer } from '../test/support/smtpServer.ts';
import { DatabaseCluster } from './cluster.ts';
import { DatabaseMachine } from './databaseMachine.ts';
import { Etcd } from './etcd.ts';
import { FleetNode } from './node.ts';
import type { Programs } from './programs.ts';
import { DatabaseProxy } from './proxies.ts';

const run = promisify(execFile);
const DATABASE = 'noegle';
const DISK_BYTES = 900 * 1024 * 1024;
const CHECKED_MS = 3_000;
const COMMAND_MS = 60_000;
const ISSUER = 'https://id.fleet.example';

/** Both have to be longer than the proxy takes to see that a node leaves, which is two seconds at most. */
const LEAVE_SECONDS = '4';

export interface Fleet {
  readonly issuer: string;
  readonly party: FailoverRelyingParty;
  readonly people: readonly FailoverPerson[];
  readonly renewing: readonly FailoverPerson[];
  readonly cluster: DatabaseCluster;
  readonly etcd: Etcd;
  /** As a node connects, without the host. */
  readonly appUrl: string;
  readonly nodes: readonly [FleetNode, FleetNode];
  /** Of each node, to the database. */
  readonly databaseProxies: readonly [DatabaseProxy, DatabaseProxy];
  readonly proxy: RunningProxy;
  readonly printHouse: PrintHouseServer;
  readonly logoutSite: LogoutSite;
  readonly mail: SmtpServer;
  /** The second place of the audit log. */
  readonly auditSink: AuditSink;
  readonly auditSigner: AuditSigner;
  /** Whether each machine of the database has a disk of its own, which can be filled. */
  readonly hasDisks: boolean;
}

export interface InstallOptions {
  readonly folder: string;
  readonly programs: Programs;
  readonly isControl: boolean;
  readonly many: { readonly people: number; readonly renewing: number };
  /** Each step that is running is ended by these, the last one first. */
  readonly closing: (() => Promise<unknown>)[];
  readonly printProgress: (step: string) => void;
}

export async function installFleet(options: InstallOptions): Promise<Fleet> {
  const { folder, programs, isControl, many, closing, printProgress } = options;
  const user = await systemUser();
  const net = await findFreeNet();
  const etcd = new Etcd(programs.etcd, `${net}.10`, folder);
  closing.push(async () => await etcd.kill());
  etcd.start();
  await etcd.untilReady();

  printProgress('the database and its standbys');
  const hasDisks = user.uid !== undefined;
  const machines: DatabaseMachine[] = [];
  for (const [i, name] of ['db1', 'db2', 'db3'].entries()) {
    const disk = await makeDisk(path.join(folder, name), user, closing);
    const place = { name, disk, folder, address: `${net}.${i + 1}`, etcdAddress: etcd.address };
    const machine = new DatabaseMachine({ ...place, user, programs, isAsynchronous: isControl });
    machines.push(machine);
    closing.push(async () => await Promise.resolve(machine.powerOff()));
    machine.start();
  }
  const cluster = new DatabaseCluster(machines, !isControl);
  await cluster.untilWell();

  const databaseProxies = await Promise.all(
    ['node1', 'node2'].map(
      async (name) =>
        new DatabaseProxy({
          program: programs.haproxy,
          name: `${name}-database`,
          port: await findBenchPort(),
          folder,
          machines: machines.map(({ address }) => address),
        }),
    ),
  );
  for (const proxy of databaseProxies) {
    closing.push(async () => await proxy.stop());
    proxy.start();
  }
  const [first, second] = databaseProxies as [DatabaseProxy, DatabaseProxy];
  // HAProxy takes each server for right until its first check.
  await setTimeout(CHECKED_MS);

  printProgress('roles and tables, people and their cards');
  const urls = await makeDatabase(path.join(folder, 'urls'), first, machines[0]?.url ?? '');
  const logoutSite = new LogoutSite();
  await logoutSite.listen();
  closing.push(async () => await Promise.resolve(logoutSite.close()));
  const printHouse = await startPrintHouse();
  closing.push(async () => await printHouse.stop());
  const mail = await startSmtpServer();
  closing.push(async () => await mail.stop());
  const keyringFile = Keyring.generate();
  const seeded = await seedForFailover(new Keyring(keyringFile), {
    databaseUrl: urls.app,
    logoutOrigin: logoutSite.origin,
    many,
  });

  printProgress('the nodes and their proxy');
  const mailPort = Number(new URL(mail.url).port);
  const place = { folder, printHouse, mailPort, logoutOrigin: logoutSite.origin };
  const env = await productionEnv(place, ISSUER, keyringFile);
  const sinkFolder = path.join(folder, 'sink');
  await mkdir(sinkFolder, { mode: 0o700 });
  const nodes = await Promise.all(
    [first, second].map(async (proxy, i) => {
      const through = (url: string) => url.replace(`:${first.port}/`, `:${proxy.port}/`);
      return new FleetNode({
        name: `node${i + 1}`,
        port: await findBenchPort(),
        folder,
        faketime: programs.faketime,
        env: {
          ...env,
          DATABASE_URL: through(urls.app),
          NOEGLE_DIRECT_DATABASE_URL: through(urls.queue),
          NOEGLE_LEAVE_SECONDS: LEAVE_SECONDS,
          NOEGLE_AUDIT_SINK: sinkFolder,
        },
      });
    }),
  );
  const [one, other] = nodes as [FleetNode, FleetNode];
  for (const node of nodes) {
    closing.push(async () => await node.stop());
    node.start();
  }
  await Promise.all(nodes.map(async (node) => await node.untilReady()));
  const proxy = await startProxy('haproxy', { folder, nodePorts: [one.port, other.port] });
  closing.push(async () => await proxy.stop());
  return {
    issuer: ISSUER,
    ...seeded,
    cluster,
    etcd,
    appUrl: urls.app,
    nodes: [one, other],
    databaseProxies: [first, second],
    proxy,
    printHouse,
    logoutSite,
    mail,
    auditSink: openFolderAuditSink(sinkFolder),
    auditSigner: new AuditSigner(new Keyring(keyringFile), ISSUER),
    hasDisks,
  };
}

/** A network of the loopback where no one listens at the ports of the database. */
async function findFreeNet(): Promise<string> {
  const { createServer } = await import('node:net');
  const isFree = async (address: string, port: number) =>
    await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen(port, address, () => server.close(() => resolve(true)));
    });
  for (let tries = 0; tries < 20; tries += 1) {
    const net = `127.${200 + Math.floor(Math.random() * 50)}.${Math.floor(Math.random() * 250)}`;
    const found = await Promise.all([
      ...[1, 2, 3].flatMap((i) => [5432, 8008].map((port) => isFree(`${net}.${i}`, port))),
      ...[2379, 2380].map((port) => isFree(`${net}.10`, port)),
    ]);
    if (found.every(Boolean)) return net;
  }
  throw new Error('the ports 5432, 8008, 2379 and 2380 are taken on every address of the loopback');
}

/** A small file system of its own, where this process may mount one. */
async function makeDisk(
  disk: string,
  { uid, gid }: SystemUser,
  closing: InstallOptions['closing'],
): Promise<string> {
  await mkdir(disk, { mode: 0o700 });
  if (uid === undefined || gid === undefined) return disk;
  await run('mount', [
    '-t',
    'tmpfs',
    '-o',
    `size=${DISK_BYTES},uid=${uid},gid=${gid},mode=700`,
    'fleet',
    disk,
  ]);
  closing.push(async () => await run('umount', ['--lazy', disk]));
  await chown(disk, uid, gid);
  return disk;
}

/** Makes roles, database and tables with the commands that operators use. @returns the URLs for a node */
async function makeDatabase(
  folder: string,
  proxy: DatabaseProxy,
  machineUrl: string,
): Promise<{ app: string; queue: string }> {
  const admin = new URL(machineUrl);
  admin.hostname = '127.0.0.1';
  admin.port = String(proxy.port);
  admin.pathname = '/postgres';
  await runCommand(['database', 'make', '--name', DATABASE, '--urls', folder], {
    NOEGLE_ADMIN_DATABASE_URL: admin.href,
  });
  const read = async (role: string) => (await readFile(path.join(folder, `${role}.url`), 'utf8')).trim();
  await runCommand(['migrate'], { DATABASE_URL: await read('noegle_owner') });
  return { app: await read('noegle_app'), queue: await read('noegle_queue') };
}

async function runCommand(args: readonly string[], env: Record<string, string>): Promise<void> {
  await run(process.execPath, ['dist/cli.js', ...args], {
    env: { PATH: process.env['PATH'], ...env },
    timeout: COMMAND_MS,
  });
}
