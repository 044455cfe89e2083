/** One PostgreSQL for the whole run, and one migrated database in it that every suite clones. */
import { chmod, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildChanged } from '../../dev/build.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/platform/embeddedPostgres.ts';
import { createDatabase, migrateDatabase } from '../../src/db/migrations.ts';
import { waitForBuild } from './builtInWatch.ts';
import { unpackChromium } from './chromium.ts';
import { cleanUpAfter } from './leftovers.ts';

const TEMPLATE = 'noegle_test_template';

/**
 * Processes are killed in these tests, the machine is not: nothing has to reach the disk to survive. And connections live
 * too short to find out, after five plans of each statement, that one will do for all.
 */
const SETTINGS = {
  max_connections: '400',
  fsync: 'off',
  full_page_writes: 'off',
  plan_cache_mode: 'force_generic_plan',
  jit: 'off',
  // What a server does beside its statements, for years to come; these databases live for minutes.
  autovacuum: 'off',
  checkpoint_timeout: '1h',
  max_wal_size: '8GB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  bgwriter_delay: '10s',
  io_method: 'sync',
};

declare global {
  var testPostgres: EmbeddedPostgres | undefined;
  var testFolder: string | undefined;
  var testSockets: string | undefined;
}

/** In watch mode all of it is there already: see dev/watchTests.ts. */
export default async function globalSetup(): Promise<void> {
  if (process.env['NOEGLE_TEST_TEMPLATE']) return await waitForBuild();
  await prepareRun();
}

/** @param options.build how `dist` is made, which some suites run as a process of its own. */
export async function prepareRun(options: { build?: () => Promise<void> } = {}): Promise<void> {
  await mkdir('.tmp', { recursive: true });
  const folder = await mkdtemp(path.resolve('.tmp/run-'));
  // Of a short name, for a socket's address is short, and open to the user that the server runs as.
  const sockets = await mkdtemp(path.join(tmpdir(), 'noegle-'));
  globalThis.testFolder = folder;
  globalThis.testSockets = sockets;
  await cleanUpAfter([folder, sockets]);
  // Before the others: it changes the environment for a moment, and they would inherit that.
  const chromium = await unpackChromium(path.join(folder, 'chromium'));
  process.env['NOEGLE_TEST_CHROMIUM'] = JSON.stringify(chromium);
  // A run that a test starts finds what the run around it has built.
  const isBuilt = process.env['NOEGLE_TEST_BUILT'] === 'yes';
  const build = options.build ?? (() => (isBuilt ? Promise.resolve() : buildChanged('dist')));
  const [database] = await Promise.all([prepareDatabase(folder, sockets), build()]);
  process.env['NOEGLE_TEST_SERVER'] = database.server;
  process.env['NOEGLE_TEST_TEMPLATE'] = database.template;
}

async function prepareDatabase(folder: string, sockets: string) {
  const server = process.env['TEST_DATABASE_URL'] || (await startPostgres(folder, sockets));
  // The run's own template: two runs on one server do not meet.
  const template = `${TEMPLATE}_${process.pid}`;
  await createDatabase(server, template);
  await migrateDatabase(withDatabase(server, template));
  return { server, template };
}

async function startPostgres(folder: string, sockets: string): Promise<string> {
  await chmod(sockets, 0o777);
  const settings = { ...SETTINGS, unix_socket_directories: sockets };
  globalThis.testPostgres = await startEmbeddedPostgres(folder, settings);
  // A statement over a socket of the file system costs a third less of the machine than over the loopback.
  return `${globalThis.testPostgres.url}?host=${sockets}`;
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
