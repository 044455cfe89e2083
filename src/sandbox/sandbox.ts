/**
 * sandbox/ runs a whole Nøgle on one machine for trying it out: its own PostgreSQL, keys, people and relying
 * parties in one folder. Production uses none of it.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createApp, type App, type AppDependencies } from '../app.ts';
import type { SandboxConfig } from '../config/config.ts';
import { startEmbeddedPostgres } from '../platform/embeddedPostgres.ts';
import { createDatabase, migrateDatabase } from '../db/migrations.ts';
import { bindRowsOnce } from './bindRowsOnce.ts';
import { setDatabaseClock } from './databaseClock.ts';
import { lockDataDir } from './dataDirLock.ts';
import { DATABASE_NAME, readSandboxIssuer, composeSandboxSettings } from './sandboxSettings.ts';
import { FailedCallLog } from './failedCalls.ts';
import { importDemoRegister } from './demoRegister.ts';
import { prepareDemoPeople, type ListedPerson } from './demoPeople.ts';
import { prepareDemoStaff } from './demoStaff.ts';
import { createDemoSites, composeDemoUrls, type DemoSite } from './demoSites.ts';
import { readOrMakeKeys } from './sandboxKeys.ts';
import { prepareDemoRelyingParties, type ListedRelyingParty } from './demoRelyingParties.ts';

export interface SandboxDemo {
  readonly issuer: string;
  readonly people: readonly ListedPerson[];
  readonly relyingParties: readonly ListedRelyingParty[];
}

export interface Sandbox {
  readonly app: App;
  readonly databaseUrl: string;
  readonly sites: readonly DemoSite[];
  readonly demo: SandboxDemo;
  readonly demoFile: string;
  /** Stops the database. The app must be drained before. */
  stop(): Promise<void>;
}

/** @param print shows a line to the person who started it */
export async function startSandbox(
  config: SandboxConfig,
  dependencies: AppDependencies,
  print: (line: string) => void = () => undefined,
): Promise<Sandbox> {
  const { dataDir, port } = config;
  await mkdir(dataDir, { recursive: true });
  const release = await lockDataDir(dataDir, port);
  try {
    const keyring = await readOrMakeKeys(dataDir);
    const postgres = await startEmbeddedPostgres(dataDir);
    try {
      const databaseUrl = postgres.databaseUrl(DATABASE_NAME);
      await createDatabase(postgres.url, DATABASE_NAME);
      await migrateDatabase(databaseUrl);
      await setDatabaseClock(databaseUrl, dependencies.clock.offsetMs);

      const issuer = readSandboxIssuer(config);
      // Filled below: people and relying parties are created with the app that shows them.
      let demoListing: Pick<SandboxDemo, 'people' | 'relyingParties'> = { people: [], relyingParties: [] };
      const sandboxCalls = new FailedCallLog(dependencies.clock, print);
      const demo = () => ({ ...demoListing, failedCalls: sandboxCalls.latest });
      const settings = { ...composeSandboxSettings(config, databaseUrl, keyring), demo, sandboxCalls };
      await bindRowsOnce(dataDir, settings);
      const app = await createApp(settings, dependencies);
      const urls = { ...composeDemoUrls(port), issuer };
      const people = await prepareDemoPeople(app.context);
      await importDemoRegister(app.context);
      const relyingParties = await prepareDemoRelyingParties(app.context, urls);
      await prepareDemoStaff(app.context, people);
      const sites = await createDemoSites(issuer, port, relyingParties);
      const listed = { issuer, people, relyingParties };
      demoListing = listed;
      const demoFile = path.join(dataDir, 'demo.json');
      await writeFile(demoFile, `${JSON.stringify(listed, null, 2)}\n`, { mode: 0o600 });
      const stop = async () => {
        await postgres.stop();
        await release();
      };
      return { app, databaseUrl, sites, demo: listed, demoFile, stop };
    } catch (error) {
      await postgres.stop();
      throw error;
    }
  } catch (error) {
    await release();
    throw error;
  }
}
