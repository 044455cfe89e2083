/**
 * Migrating a database that others use: a waiting migration logs which connection it waits for, and no one
 * waits long behind it.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { readMigration } from '../src/db/migrationReading.rules.ts';
import { createDatabase, listMigrations, migrateDatabase, readMigrationFile } from '../src/db/migrations.ts';
import { planMigrations } from '../src/db/migrationPlan.ts';
import { runCli } from './support/index.ts';
import { startTransactionPooler } from './support/transactionPooler.ts';

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

test('a plan names all that would run, and changes nothing', async () => {
  const { pending, unknown } = await planMigrations(url);
  expect(pending.map(({ name: file }) => file)).toEqual(await listMigrations());
  expect(unknown).toEqual([]);
  const relations = await other.query(
    `SELECT FROM pg_class WHERE relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = 'public')`,
  );
  expect(relations.rowCount).toBe(0);
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

test('behind a pooler in transaction mode it waits for the same lock, and lets go of it', async () => {
  const pooler = await startTransactionPooler(url, { sessions: 3, prepares: true });
  await other.query('BEGIN');
  await other.query('SELECT pg_advisory_xact_lock(4206148)');
  await expect(migrateDatabase(pooler.url, { waitMs: 300 })).rejects.toThrow(/process \d+ somebody else/);
  await other.query('ROLLBACK');
  expect(await migrateDatabase(pooler.url)).toEqual([]);
  // Control: nothing of it stays in the sessions that the pooler keeps.
  const isFree = async () =>
    (await other.query<{ taken: boolean }>('SELECT pg_try_advisory_lock(4206148) AS taken')).rows[0]?.taken;
  const end = performance.now() + 10_000;
  while (!(await isFree())) {
    if (performance.now() > end) throw new Error('the lock stays');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  await other.query('SELECT pg_advisory_unlock(4206148)');
  await pooler.close();
});

test('the command shows the plan: what is pending, its locks, and what a newer version ran', async () => {
  await other.query(`DELETE FROM knex_migrations WHERE name = '0030_card_formats.sql'`);
  await other.query(`INSERT INTO knex_migrations (name) VALUES ('0999_of_later.sql')`);
  const [text, json] = await Promise.all([
    runCli(['migrate', '--plan'], { DATABASE_URL: url }),
    runCli(['migrate', '--plan', '--json'], { DATABASE_URL: url }),
  ]);
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text.stdout).toMatch(
    /^A newer version has run 0999_of_later\.sql\.\n0030_card_formats\.sql: expands\n/,
  );
  expect(text.stdout).toMatch(/locks identities: ACCESS EXCLUSIVE \(readers and writers wait/);
  expect(text.stdout).toMatch(/Nodes of the version that runs now may run beside all of it/);
  expect(JSON.parse(json.stdout)).toMatchObject({
    pending: [{ name: '0030_card_formats.sql', kind: 'expand' }],
    unknown: ['0999_of_later.sql'],
  });
  await other.query(`DELETE FROM knex_migrations WHERE name = '0999_of_later.sql'`);
  await other.query(`INSERT INTO knex_migrations (name) VALUES ('0030_card_formats.sql')`);
  expect((await planMigrations(url)).pending).toEqual([]);
});

/** Shipped before migrations were held to this; two of them have a new rule for rows that were there. */
const LAST_BEFORE = '0030_card_formats.sql';

test('a new migration expands, or says why it contracts and since which version nodes may run beside it', async () => {
  const fresh = (await listMigrations()).filter((file) => file > LAST_BEFORE);
  const readings = await Promise.all(
    fresh.map(async (file) => ({ file, ...readMigration(await readMigrationFile(file)) })),
  );
  const silent = readings.filter(({ kind, since }) => kind === 'contract' && since === null);
  expect(silent.map(({ file, reasons }) => [file, ...reasons])).toEqual([]);
});

test('the command says why in the words of the server', async () => {
  const none = Object.assign(new URL(url), { pathname: '/there_is_none' }).href;
  expect(await runCli(['migrate'], { DATABASE_URL: none })).toMatchObject({
    code: 1,
    stderr:
      'database "there_is_none" does not exist. Create the database, or mend its name at the end of the URL\n',
  });
});
