/** Reads the configuration, builds the app, listens, and stops on a signal: drained, everything put away. */
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { mkdirSync } from 'node:fs';
import { createApp, drain, listen, startJobs, WrongKeys, type App, type Listener } from './app.ts';
import { ConfigFault, readConfig, serverSettings, type SandboxConfig, type ServerConfig } from './config.ts';
import { realClock, shiftedClock } from './platform/clock.ts';
import { realDice } from './platform/dice.ts';
import { PostgresFault } from './platform/embeddedPostgres.ts';
import { createLog, writeAtOnce, type Log } from './platform/log.ts';
import { ProcessEvents } from './platform/processEvents.ts';
import { demoPorts, type DemoSite } from './sandbox/demoSites.ts';
import { startSandbox } from './sandbox/sandbox.ts';
import { welcome } from './sandbox/welcome.ts';
import { DatabaseAway, explainAway, needsOperator, reasonAway } from './store/connection/away.ts';
import { pendingMigrations } from './store/migrations.ts';

/** What is running, and how it is put away. */
interface Running {
  readonly servers: readonly Listener[];
  /** Lets it be known that we are going, before we take no more. */
  leave?(): Promise<void>;
  stop(): Promise<void>;
}

async function startServer(config: ServerConfig): Promise<Running> {
  const log = createLog(config.logLevel);
  events.writeTo(log);
  const app = await whenDatabaseIsThere(() => makeApp(config, log), config.databaseWaitSeconds, log);
  const { port, host, keepAliveSeconds, limits } = config;
  const server = await listen(app.handle, port, host, keepAliveSeconds, log, limits);
  app.follow();
  const worker = startJobs(app, config);
  giveBackMemory();
  log.info({ issuer: config.issuer, port: config.port }, 'ready');
  return {
    servers: [server],
    // A connection that waits to be accepted when we close is cut: so the proxies are given time to see it coming.
    leave: async () => {
      app.leave();
      server.leave();
      await setTimeout(config.leaveSeconds * 1000);
    },
    stop: async () => {
      await worker.stop();
      await app.close();
    },
  };
}

async function makeApp(config: ServerConfig, log: Log): Promise<App> {
  const pending = await pendingMigrations(config.databaseUrl);
  if (pending.length > 0) {
    throw new ConfigFault([`the database lacks ${pending.join(', ')}; run "npx noegle migrate" first`]);
  }
  return await createApp(serverSettings(config), { clock: realClock, dice: realDice, log });
}

const LOOK_AGAIN_MS = 1_000;

/** A node that is started while the database fails over waits for it, and says so: supervisors give up on what ends at once. */
async function whenDatabaseIsThere<T>(make: () => Promise<T>, seconds: number, log: Log): Promise<T> {
  const end = performance.now() + seconds * 1_000;
  for (;;) {
    try {
      return await make();
    } catch (error) {
      const isPassing = error instanceof DatabaseAway && !needsOperator(error);
      if (!isPassing || performance.now() + LOOK_AGAIN_MS > end) throw error;
      log.warn({ cause: explainAway(error) }, 'waiting for the database');
      const code = await Promise.race([events.ending, setTimeout(LOOK_AGAIN_MS, null)]);
      if (code !== null) process.exit(code);
    }
  }
}

/** What only the start needed goes back to the system: some thirty megabytes of a node that nobody asks anything yet. */
function giveBackMemory(): void {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

async function startInSandbox(config: SandboxConfig): Promise<Running> {
  const { netbank, randers } = demoPorts(config.port);
  for (const port of [config.port, netbank, randers]) await refuseTakenPort(port);
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const log = createLog(config.logLevel, writeAtOnce(path.join(config.dataDir, 'noegle.log')));
  events.writeTo(log);
  const clock = config.startAt ? shiftedClock(config.startAt) : realClock;
  const sandbox = await startSandbox(config, { clock, dice: realDice, log }, (line) =>
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
  process.stdout.write(`${welcome(sandbox.demo, sandbox.demoFile)}\n`);
  return {
    servers,
    stop: async () => {
      await worker.stop();
      await sandbox.app.close();
      await sandbox.stop();
    },
  };
}

/** `localhost` is 127.0.0.1 to some and ::1 to others; a machine without IPv6 has the first alone. */
async function listenOnLoopback(sites: readonly DemoSite[], log: Log): Promise<Listener[]> {
  const servers: Listener[] = [];
  try {
    for (const { port, handle } of sites) {
      servers.push(await listen(handle, port, '127.0.0.1', undefined, log));
      const v6 = await listen(handle, port, '::1', undefined, log).catch((error: unknown) => {
        if (['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes((error as { code?: string }).code ?? '')) return null;
        throw error;
      });
      if (v6) servers.push(v6);
    }
    return servers;
  } catch (error) {
    await drain(servers);
    throw error;
  }
}

/** Before anything is started for nothing. */
async function refuseTakenPort(port: number): Promise<void> {
  const probe = await listen(() => undefined, port, '127.0.0.1');
  await drain([probe]);
}

/** One clear message for whoever started us; a stack only for what nobody foresaw. */
function explain(error: unknown): string {
  if (error instanceof ConfigFault) return error.message;
  if (error instanceof WrongKeys) return `Nøgle does not start: ${error.message}. Put the right keys back.`;
  if (error instanceof DatabaseAway) return `Nøgle does not start: DATABASE_URL: ${explainAway(error)}`;
  if (error instanceof PostgresFault) return `Nøgle does not start: ${error.message}`;
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken. Stop what uses it, or choose another: PORT=${(port ?? 3000) + 100} npm start`;
  }
  // What the system says no to (a folder that cannot be written, a port that is not ours) is no fault of ours.
  if (error instanceof Error && code?.startsWith('E')) return `Nøgle does not start: ${error.message}`;
  return `Nøgle does not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

const events = new ProcessEvents((error) => reasonAway(error) !== null);

try {
  const config = readConfig(process.env);
  // Asked to stop while starting: the start is finished first, so that nothing is left half made.
  const running = await (config.mode === 'server' ? startServer(config) : startInSandbox(config));
  const code = await events.ending;
  await running.leave?.();
  await drain(running.servers);
  await running.stop();
  process.exit(code);
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}
