/**
 * Migrating a database that others use: a waiting migration logs which connection it waits for, and no one
 * waits long behind it.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { createDatabase, listMigrations, migrateDatabase } from '../src/db/migrations.ts';
import { runCli } from './support/index.ts';

const name = `noegle_migrate_${randomBytes(6).toString('hex')}`;
const server = process.env['NOEGLE_TEST_SERVER'] ?? '';
let url: string;
let other: pg.Client;
beforeAll(async () => {
  await createDatabase(server, name);
  url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  other = new pg.Client({ connectionString: url, application_name: 'somebody else' });
  await other.connect();
});
afterAll(async () => {
  await other.end();
  const client = new pg.Client(server);
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await client.end();
});

test('a lock that is not had is reported immediately, with who has it, and the command gives up in time', async () => {
  // As an earlier version takes it, and as a pooler leaves it behind.
  await other.query('SELECT pg_advisory_lock(4206148)');
  const logged: string[] = [];
  const refused = migrateDatabase(url, { log: (text) => void logged.push(text), waitMs: 500 });
  await expect(refused).rejects.toThrow(/process \d+ somebody else .*node dist\/cli\.js connections end PID/);
  expect(logged).toEqual([
    expect.stringMatching(/another migration holds the lock: process \d+ somebody else/),
  ]);
  await other.query('SELECT pg_advisory_unlock(4206148)');
});

test('a change that waits for others lets go soon, says for which connection it waits, and is made when they are done', async () => {
  await other.query('BEGIN');
  await other.query('CREATE TABLE people ()');
  const logged: string[] = [];
  const waits = new Promise<void>((resolve) => {
    const say = (text: string) => {
      logged.push(text);
      resolve();
    };
    void migrateDatabase(url, { log: say }).then((files) => logged.push(`ran ${files.length}`));
  });
  await waits;
  expect(logged[0]).toMatch(/waits for what others do: .*process \d+ somebody else/);
  await other.query('ROLLBACK');
  while (logged.at(-1)?.startsWith('ran') !== true) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(logged.at(-1)).toBe(`ran ${(await listMigrations()).length}`);
  expect(await migrateDatabase(url)).toEqual([]);
});

test('the command says why in the words of the server', async () => {
  const none = Object.assign(new URL(url), { pathname: '/there_is_none' }).href;
  expect(await runCli(['migrate'], { DATABASE_URL: none })).toMatchObject({
    code: 1,
    stderr: 'database "there_is_none" does not exist\n',
  });
});
