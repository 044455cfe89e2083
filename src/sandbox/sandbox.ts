/**
 * sandbox/ makes a whole Nøgle on one machine for whoever tries it: its own PostgreSQL, keys, people and relying
 * parties under one folder. Nothing of it is used in production.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createApp, type App, type Surroundings } from '../app.ts';
import type { SandboxConfig } from '../config.ts';
import { startEmbeddedPostgres } from '../platform/embeddedPostgres.ts';
import { createDatabase, migrate } from '../store/migrations.ts';
import { bindOnce } from './bindOnce.ts';
import { claim } from './claim.ts';
import { DATABASE, issuerOf, sandboxSettings } from './settings.ts';
import { FailedCalls } from './failedCalls.ts';
import { importDemoRegister } from './demoRegister.ts';
import { prepareDemoPeople, type ListedPerson } from './demoPeople.ts';
import { prepareDemoStaff } from './demoStaff.ts';
import { createDemoSites, demoUrls, type DemoSite } from './demoSites.ts';
import { readOrMakeKeys } from './keys.ts';
import { prepareDemoRelyingParties, type ListedRelyingParty } from './demoRelyingParties.ts';

export interface Demo {
  readonly issuer: string;
  readonly people: readonly ListedPerson[];
  readonly relyingParties: readonly ListedRelyingParty[];
}

export interface Sandbox {
  readonly app: App;
  readonly databaseUrl: string;
  readonly sites: readonly DemoSite[];
  readonly demo: Demo;
  readonly demoFile: string;
  /** Stops the database. The app is drained before. */
  stop(): Promise<void>;
}

/** @param print says to the person who started it what to know, a line each */
export async function startSandbox(
  config: SandboxConfig,
  surroundings: Surroundings,
  print: (line: string) => void = () => undefined,
): Promise<Sandbox> {
  const { dataDir, port } = config;
  await mkdir(dataDir, { recursive: true });
  const release = await claim(dataDir);
  try {
    const keyring = await readOrMakeKeys(dataDir);
    const postgres = await startEmbeddedPostgres(dataDir);
    try {
      const databaseUrl = postgres.databaseUrl(DATABASE);
      await createDatabase(postgres.url, DATABASE);
      await migrate(databaseUrl);

      const issuer = issuerOf(config);
      // Filled below: people and relying parties are made with the app that shows them.
      let shown: Pick<Demo, 'people' | 'relyingParties'> = { people: [], relyingParties: [] };
      const sandboxCalls = new FailedCalls(surroundings.clock, print);
      const demo = () => ({ ...shown, failedCalls: sandboxCalls.latest });
      const settings = { ...sandboxSettings(config, databaseUrl, keyring), demo, sandboxCalls };
      await bindOnce(dataDir, settings);
      const app = await createApp(settings, surroundings);
      const urls = { ...demoUrls(port), issuer };
      const people = await prepareDemoPeople(app.world);
      await importDemoRegister(app.world);
      const relyingParties = await prepareDemoRelyingParties(app.world, urls);
      await prepareDemoStaff(app.world, people);
      const sites = await createDemoSites(issuer, port, relyingParties);
      const listed = { issuer, people, relyingParties };
      shown = listed;
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
