/**
 * Reads the configuration, builds the app, listens, and on a signal drains the listeners and stops
 * everything.
 */
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { mkdirSync } from 'node:fs';
import {
  AuditSinkFault,
  AuditSinkUnavailable,
  createApp,
  drainListeners,
  listenOnPort,
  NotFollowedDatabase,
  startJobs,
  WrongClockError,
  WrongKeysError,
  type App,
  type Listener,
} from './app.ts';
import {
  ConfigError,
  readConfig,
  composeServerSettings,
  type SandboxConfig,
  type ServerConfig,
} from './config/config.ts';
import { realClock, createShiftedClock } from './platform/clock.ts';
import { realRandom } from './platform/random.ts';
import { PostgresError } from './platform/embeddedPostgres.ts';
import { createLog, createSyncDestination, type Log } from './platform/log.ts';
import type { MetricsAddress } from './platform/metrics/metricsListener.ts';
import { describeErrorChain } from './platform/errorLines.ts';
import { ProcessEvents } from './platform/processEvents.ts';
import { chooseDemoPorts, type DemoSite } from './sandbox/demoSites.ts';
import { startSandbox } from './sandbox/sandbox.ts';
import { composeWelcome } from './sandbox/welcomeText.ts';
import {
  DatabaseUnavailable,
  describeDatabaseError,
  requiresOperator,
  isServerError,
  explainUnavailability,
} from './db/connection/databaseErrors.ts';
import { verifyDirectConnection } from './db/connection/verifyConnections.ts';
import { listPendingMigrations } from './db/migrations.ts';
import { findExcessRights } from './db/roles/excessRights.ts';
import { APP, QUEUE } from './db/roles/roles.ts';

/** A running server, and how it is stopped. */
interface RunningServer {
  readonly servers: readonly Listener[];
  /** Reports that the node is leaving, before it takes no more connections. */
  leave?(): Promise<void>;
  stop(): Promise<void>;
}

async function startServer(config: ServerConfig): Promise<RunningServer> {
  const log = createLog(config.logLevel, undefined, config.nodeName);
  processEvents.writeTo(log);
  const app = await waitForDatabase(() => makeApp(config, log), config.databaseWaitSeconds, log);
  const metrics = config.metrics && (await listenForMetrics(app, config.metrics, log));
  const { port, host, keepAliveSeconds, limits } = config;
  const server = await listenOnPort(app.handle, port, host, keepAliveSeconds, log, limits);
  app.follow();
  const worker = startJobs(app, config);
  releaseStartMemory();
  log.info({ issuer: config.issuer, port: config.port }, 'ready');
  return {
    servers: [server],
    // A connection that still waits to be accepted when the listener closes is cut. The delay lets the
    // proxies see it coming.
    leave: async () => {
      app.leave();
      server.announceLeaving();
      await setTimeout(config.leaveSeconds * 1000);
    },
    stop: async () => {
      await worker.stop();
      await app.close();
      // Last: what a node does until its end is seen.
      await metrics?.drain();
    },
  };
}

/** A port that is taken ends the start, with the name of its setting. */
async function listenForMetrics(app: App, address: MetricsAddress, log: Log): Promise<Listener> {
  try {
    return await app.metrics.listen(address, log);
  } catch (error) {
    const { host, port } = address;
    const cause = error instanceof Error ? error.message : String(error);
    throw new ConfigError([
      `NOEGLE_METRICS_PORT, NOEGLE_METRICS_HOST: ${host}:${port} cannot be used: ${cause}`,
    ]);
  }
}

async function makeApp(config: ServerConfig, log: Log): Promise<App> {
  const { databaseUrl, directDatabaseUrl } = config;
  const pending = await listPendingMigrations(databaseUrl);
  if (pending.length > 0) {
    throw new ConfigError([
      `migrations have not run in the database: ${pending.join(', ')}; run "node dist/cli.js migrate" first`,
    ]);
  }
  if (!config.mayOwnTables) await assertRolesAreLimited(config);
  if (directDatabaseUrl !== databaseUrl) await verifyDirectConnection(directDatabaseUrl, databaseUrl);
  const settings = { ...composeServerSettings(config), withoutSink: process.argv.includes(WITHOUT_SINK) };
  return await createApp(settings, { clock: realClock, random: realRandom, log });
}

/**
 * In production neither the pages nor the worker connect as a role that could change the schema: then a
 * program that takes a node over can empty no log.
 * @throws ConfigError, DatabaseUnavailable
 */
async function assertRolesAreLimited({ databaseUrl, directDatabaseUrl }: ServerConfig): Promise<void> {
  const urls = new Map([[databaseUrl, 'DATABASE_URL']]);
  if (!urls.has(directDatabaseUrl)) urls.set(directDatabaseUrl, 'NOEGLE_DIRECT_DATABASE_URL');
  const faults: string[] = [];
  for (const [url, name] of urls) {
    const { account, rights } = await findExcessRights(url, name);
    if (rights.length > 0) faults.push(`${name} connects as ${account}, which ${rights.join(', ')}`);
  }
  if (faults.length === 0) return;
  throw new ConfigError([
    ...faults,
    `in production a node connects as ${APP} and its worker as ${QUEUE}, which "node dist/cli.js database make" ` +
      'creates; to start it all the same, set NOEGLE_ALLOW_OWNER=yes',
  ]);
}

const RETRY_MS = 1_000;
/** Starts a node although the audit sink is away, or none is set for a database that had one. */
const WITHOUT_SINK = '--without-sink';

/**
 * A node that is started while the database fails over, or before its clock is synchronised, waits for that
 * and logs so: supervisors give up on a process that ends immediately.
 */
async function waitForDatabase<T>(make: () => Promise<T>, seconds: number, log: Log): Promise<T> {
  const end = performance.now() + seconds * 1_000;
  for (;;) {
    try {
      return await make();
    } catch (error) {
      const isClock = error instanceof WrongClockError;
      const isSink = error instanceof AuditSinkUnavailable;
      const isPassing =
        isClock || isSink || (error instanceof DatabaseUnavailable && !requiresOperator(error));
      if (!isPassing || performance.now() + RETRY_MS > end) throw error;
      const cause = describeDatabaseError(error);
      if (isClock) log.warn({ cause }, 'waiting for the clock');
      else if (isSink) log.warn({ cause, setting: 'NOEGLE_AUDIT_SINK' }, 'waiting for the audit sink');
      else log.warn({ cause, setting: error.setting }, 'waiting for the database');
      const code = await Promise.race([processEvents.ending, setTimeout(RETRY_MS, null)]);
      if (code !== null) process.exit(code);
    }
  }
}

/** Returns the memory that only the start needed to the system: some thirty megabytes of an idle node. */
function releaseStartMemory(): void {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

async function startInSandbox(config: SandboxConfig): Promise<RunningServer> {
  const { netbank, randers } = chooseDemoPorts(config.port);
  for (const port of [config.port, netbank, randers]) await assertPortFree(port);
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const log = createLog(
    config.logLevel,
    createSyncDestination(path.join(config.dataDir, 'noegle.log')),
    config.nodeName,
  );
  processEvents.writeTo(log);
  const clock = config.startAt ? createShiftedClock(config.startAt) : realClock;
  const sandbox = await startSandbox(config, { clock, random: realRandom, log }, (line) =>
    process.stderr.write(`${line}\n`),
  );
  const sites = [{ port: config.port, handle: sandbox.app.handle }, ...sandbox.sites];
  const servers = await listenOnLoopback(sites, log).catch(async (error: unknown) => {
    await sandbox.app.close();
    await sandbox.stop();
    throw error;
  });
  sandbox.app.follow();
  const worker = startJobs(sandbox.app, sandbox);
  process.stdout.write(`${composeWelcome(sandbox.demo, sandbox.demoFile)}\n`);
  return {
    servers,
    stop: async () => {
      await worker.stop();
      await sandbox.app.close();
      await sandbox.stop();
    },
  };
}

/** `localhost` is 127.0.0.1 to some clients and ::1 to others. A machine without IPv6 has only the first. */
async function listenOnLoopback(sites: readonly DemoSite[], log: Log): Promise<Listener[]> {
  const servers: Listener[] = [];
  try {
    for (const { port, handle } of sites) {
      servers.push(await listenOnPort(handle, port, '127.0.0.1', undefined, log));
      const v6 = await listenOnPort(handle, port, '::1', undefined, log).catch((error: unknown) => {
        if (['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes((error as { code?: string }).code ?? '')) return null;
        throw error;
      });
      if (v6) servers.push(v6);
    }
    return servers;
  } catch (error) {
    await drainListeners(servers);
    throw error;
  }
}

/** Checked before anything is started. @throws the error of the listener when the port is taken */
async function assertPortFree(port: number): Promise<void> {
  const probe = await listenOnPort(() => undefined, port, '127.0.0.1');
  await drainListeners([probe]);
}

/** One clear message for the operator, never a stack that was not asked for. */
function explainStartError(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof WrongKeysError)
    return `Nøgle does not start: ${error.message}. Put the right keys back: NOEGLE_KEYS_FILE.`;
  if (error instanceof WrongClockError) return `Nøgle does not start: ${error.message}.`;
  if (error instanceof NotFollowedDatabase) return `Nøgle does not start: ${error.message}.`;
  if (error instanceof AuditSinkFault) return `Nøgle does not start: the audit sink: ${error.message}.`;
  if (error instanceof AuditSinkUnavailable) {
    return (
      `Nøgle does not start: NOEGLE_AUDIT_SINK: ${error.message}. With ${WITHOUT_SINK} it starts all the same: ` +
      'a database that was restored is then not noticed'
    );
  }
  if (error instanceof DatabaseUnavailable)
    return `Nøgle does not start: ${error.setting}: ${describeDatabaseError(error)}`;
  if (isServerError(error)) return `Nøgle does not start: the database: ${describeDatabaseError(error)}`;
  if (error instanceof PostgresError) return `Nøgle does not start: ${error.message}`;
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken. Stop what uses it, or choose another: PORT=${(port ?? 3000) + 100}`;
  }
  if (code === 'EACCES' && (error as { syscall?: string }).syscall === 'listen') {
    return (
      `Nøgle does not start: it may not listen on port ${port ?? ''}, as ports below 1024 need a privilege. ` +
      'Choose another PORT behind a proxy, or give the service CAP_NET_BIND_SERVICE.'
    );
  }
  if (code === 'EADDRNOTAVAIL')
    return `Nøgle does not start: NOEGLE_HOST is no address of this machine (${describeErrorChain(error)})`;
  // An error of the system (a folder that cannot be written, a port that needs privileges) is not an error in
  // Nøgle.
  if (error instanceof Error && code?.startsWith('E')) return `Nøgle does not start: ${error.message}`;
  // The stack is for who mends Nøgle; an operator asks for it.
  if (process.env['NOEGLE_LOG_LEVEL'] === 'debug' && error instanceof Error && error.stack)
    return `Nøgle does not start: ${error.stack}`;
  return `Nøgle does not start: ${describeErrorChain(error)}. NOEGLE_LOG_LEVEL=debug shows where it failed.`;
}

const processEvents = new ProcessEvents((error) => explainUnavailability(error) !== null);

try {
  const config = readConfig(process.env);
  // A signal during the start lets the start finish first, so that nothing is left half made.
  const running = await (config.mode === 'server' ? startServer(config) : startInSandbox(config));
  const code = await processEvents.ending;
  await running.leave?.();
  await drainListeners(running.servers);
  await running.stop();
  process.exit(code);
} catch (error) {
  process.stderr.write(`${explainStartError(error)}\n`);
  process.exit(1);
}
