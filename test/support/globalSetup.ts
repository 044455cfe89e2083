/** One PostgreSQL for the whole run, and one migrated database in it that every suite clones. */
import { chmod, mkdtemp } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { mkdirSync } from 'node:fs';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/platform/embeddedPostgres.ts';
import { unpackChromium } from './chromium.ts';
import { createDatabase, migrate } from '../../src/store/migrations.ts';

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

export default async function globalSetup(): Promise<void> {
  mkdirSync('.tmp', { recursive: true });
  // Some suites run it as a process of its own, as it is built.
  await promisify(execFile)('npm', ['run', '-s', 'build']);
  globalThis.testFolder = await mkdtemp(path.resolve('.tmp/run-'));
  const chromium = await unpackChromium(path.join(globalThis.testFolder, 'chromium'));
  process.env['NOEGLE_TEST_CHROMIUM'] = JSON.stringify(chromium);
  let url = process.env['TEST_DATABASE_URL'];
  if (!url) {
    // Of a short name, for a socket's address is short, and open to whomever the server runs as.
    const sockets = await mkdtemp(path.join(tmpdir(), 'noegle-'));
    globalThis.testSockets = sockets;
    await chmod(sockets, 0o777);
    const settings = { ...SETTINGS, unix_socket_directories: sockets };
    globalThis.testPostgres = await startEmbeddedPostgres(globalThis.testFolder, settings);
    // A statement over a socket of the file system costs a third less of the machine than over the loopback.
    url = `${globalThis.testPostgres.url}?host=${sockets}`;
  }
  // The run's own template: two runs on one server do not meet.
  const template = `${TEMPLATE}_${process.pid}`;
  await createDatabase(url, template);
  await migrate(withDatabase(url, template));
  process.env['NOEGLE_TEST_SERVER'] = url;
  process.env['NOEGLE_TEST_TEMPLATE'] = template;
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
