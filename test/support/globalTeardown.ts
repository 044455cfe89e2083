import { rm } from 'node:fs/promises';
import pg from 'pg';

/** Stops what this process made: in watch mode that is the process which started jest. */
export default async function globalTeardown(): Promise<void> {
  const { testFolders, testPostgres } = globalThis;
  if (testFolders === undefined) return;
  if (testPostgres) await testPostgres.stop();
  else await dropTemplate();
  await Promise.all(testFolders.map(async (folder) => await rm(folder, { recursive: true, force: true })));
}

async function dropTemplate(): Promise<void> {
  const client = new pg.Client(process.env['NOEGLE_TEST_SERVER']);
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS "${process.env['NOEGLE_TEST_TEMPLATE']}" WITH (FORCE)`);
  await client.end();
}
