/** One PostgreSQL for the whole run, and one migrated database in it that every suite clones. */
import { mkdtemp } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { mkdirSync } from 'node:fs';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/platform/embeddedPostgres.ts';
import { unpackChromium } from './chromium.ts';
import { createDatabase, migrate } from '../../src/store/migrations.ts';

const TEMPLATE = 'noegle_test_template';

/** Processes are killed in these tests, the machine is not: nothing has to reach the disk to survive. */
const SETTINGS = { max_connections: '400', fsync: 'off', full_page_writes: 'off' };

declare global {
  var testPostgres: EmbeddedPostgres | undefined;
  var testFolder: string | undefined;
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
    globalThis.testPostgres = await startEmbeddedPostgres(globalThis.testFolder, SETTINGS);
    url = globalThis.testPostgres.url;
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
