/** One PostgreSQL for the whole run, and one migrated database in it that every suite clones. */
import { chmod, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildChanged } from '../../dev/build.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/platform/embeddedPostgres.ts';
import { migrateDatabase } from '../../src/db/migrations.ts';
import { OWNER } from '../../src/db/roles/roles.ts';
import { waitForBuild } from './builtInWatch.ts';
import { unpackChromium } from './chromium.ts';
import { connectAs, makeTestDatabase } from './databaseRoles.ts';
import { cleanUpAfter } from './leftovers.ts';
import { makeScratchFolder, prepareScratch } from './scratch.ts';

const TEMPLATE = 'noegle_test_template';

/**
 * These tests kill processes, but not the machine: nothing has to reach the disk to survive. And connections
 * are too short-lived to plan each statement five times before a generic plan is used.
 */
const SETTINGS = {
  max_connections: '400',
  fsync: 'off',
  full_page_writes: 'off',
  plan_cache_mode: 'force_generic_plan',
  jit: 'off',
  // Background work of a server that runs for years; these databases live for minutes.
  autovacuum: 'off',
  checkpoint_timeout: '1h',
  max_wal_size: '1GB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  bgwriter_delay: '10s',
  io_method: 'sync',
};

declare global {
  var testPostgres: EmbeddedPostgres | undefined;
  /** The first one is the run's own, with what is built for it. */
  var testFolders: string[] | undefined;
}

/** In watch mode all of it exists already: see dev/watchTests.ts. */
export default async function globalSetup(): Promise<void> {
  if (process.env['NOEGLE_TEST_TEMPLATE']) return await waitForBuild();
  await prepareRun();
}

/** @param options.build makes `dist`, which some suites run as a separate process */
export async function prepareRun(options: { build?: () => Promise<void> } = {}): Promise<void> {
  await mkdir('.tmp', { recursive: true });
  const folder = await mkdtemp(path.resolve('.tmp/run-'));
  // The name is short, because a socket's address is limited, and the folder is open to the user that the
  // server runs as.
  const sockets = await mkdtemp(path.join(tmpdir(), 'noegle-'));
  const scratch = prepareScratch();
  globalThis.testFolders = [folder, sockets, scratch];
  await cleanUpAfter(globalThis.testFolders);
  // Before the others: it changes the environment for a moment, and they would inherit that.
  const chromium = await unpackChromium(path.join(folder, 'chromium'));
  process.env['NOEGLE_TEST_CHROMIUM'] = JSON.stringify(chromium);
  // A run that a test starts uses the build of the outer run.
  const isBuilt = process.env['NOEGLE_TEST_BUILT'] === 'yes';
  const build = options.build ?? (() => (isBuilt ? Promise.resolve() : buildChanged('dist')));
  const [database] = await Promise.all([prepareDatabase(makeScratchFolder('postgres'), sockets), build()]);
  process.env['NOEGLE_TEST_SERVER'] = database.server;
  process.env['NOEGLE_TEST_TEMPLATE'] = database.template;
}

async function prepareDatabase(data: string, sockets: string) {
  const server = process.env['TEST_DATABASE_URL'] || (await startPostgres(data, sockets));
  // The run's own template: two runs on one server do not conflict.
  const template = `${TEMPLATE}_${process.pid}`;
  await makeTestDatabase(server, template);
  await migrateDatabase(connectAs(OWNER, withDatabase(server, template)));
  return { server, template };
}

async function startPostgres(data: string, sockets: string): Promise<string> {
  await chmod(sockets, 0o777);
  const settings = { ...SETTINGS, unix_socket_directories: sockets };
  globalThis.testPostgres = await startEmbeddedPostgres(data, settings);
  // A statement over a Unix socket costs a third less processor time than over the loopback.
  return `${globalThis.testPostgres.url}?host=${sockets}`;
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
