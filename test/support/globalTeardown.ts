import { rm } from 'node:fs/promises';
import pg from 'pg';

export default async function globalTeardown(): Promise<void> {
  await globalThis.testPostgres?.stop();
  await rm(globalThis.testFolder ?? '.tmp/none', { recursive: true, force: true });
  await rm(globalThis.testSockets ?? '.tmp/none', { recursive: true, force: true });
  if (globalThis.testPostgres) return;
  const client = new pg.Client(process.env['NOEGLE_TEST_SERVER']);
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS "${process.env['NOEGLE_TEST_TEMPLATE']}" WITH (FORCE)`);
  await client.end();
}
