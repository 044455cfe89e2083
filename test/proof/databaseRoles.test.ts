/**
 * `database make` on a server of its own, by its administrator, to nodes in production that run as its roles.
 */
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { createDatabase, migrateDatabase } from '../../src/db/migrations.ts';
import { makeDatabase } from '../../src/db/roles/makeDatabase.ts';
import { Keyring } from '../../src/platform/keyring.ts';
import { realRandom } from '../../src/platform/random.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/platform/embeddedPostgres.ts';
import { freePort, postEnv, RunningNoegle, runCli } from '../support/index.ts';

let folder: string;
let server: EmbeddedPostgres;
let admin: pg.Client;
const opened: pg.Client[] = [];
const started: RunningNoegle[] = [];
beforeAll(async () => {
  folder = await mkdtemp(path.resolve('.tmp/roles-'));
  server = await startEmbeddedPostgres(path.join(folder, 'server'), { fsync: 'off' });
  admin = await connect(server.url);
  await admin.query(`CREATE ROLE dba LOGIN CREATEROLE CREATEDB PASSWORD 'of the administrator'`);
  await admin.query(`CREATE ROLE single LOGIN PASSWORD 'of one role'`);
});
afterAll(async () => {
  for (const one of started) if (!one.isGone()) await one.kill9();
  for (const client of opened) await client.end().catch(() => undefined);
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  opened.push(client);
  return client;
}

function urlAs(username: string, password: string, name = 'postgres'): string {
  const url = Object.assign(new URL(server.databaseUrl(name)), { username });
  url.password = encodeURIComponent(password);
  return url.href;
}

const urls = () => path.join(folder, 'urls');
const urlOf = async (role: string) => (await readFile(path.join(urls(), `${role}.url`), 'utf8')).trim();
const make = async (more: string[] = [], adminUrl = urlAs('dba', 'of the administrator')) =>
  await runCli(['database', 'make', '--json', ...more], { NOEGLE_ADMIN_DATABASE_URL: adminUrl });

test('what is not right is said, and nothing is made', async () => {
  const refusal = async (adminUrl: string, passwords = {}) =>
    await makeDatabase({
      adminUrl,
      name: 'noegle',
      passwords,
      drawPassword: () => '',
      random: realRandom,
    }).then(
      () => 'made',
      (error: Error) => error.message,
    );
  expect(await refusal(urlAs('single', 'of one role'))).toMatch(/single may not create roles.*CREATEROLE/);
  await admin.query('CREATE ROLE noegle_queue BYPASSRLS');
  await admin.query('GRANT pg_execute_server_program TO noegle_queue');
  expect(await refusal(urlAs('dba', 'of the administrator'))).toMatch(
    /noegle_queue acts .* member of pg_execute_server_program, bypasses row.*Nothing was changed/,
  );
  await admin.query('DROP ROLE noegle_queue');
  const { rows } = await admin.query(`SELECT FROM pg_roles WHERE rolname ~ '^noegle_'`);
  expect(rows).toHaveLength(0);
  const none = await runCli(['database', 'make'], {});
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('NOEGLE_ADMIN_DATABASE_URL (or')]);
  const wrong = await make([], urlAs('dba', 'x'));
  expect([wrong.code, wrong.stderr]).toEqual([
    1,
    expect.stringMatching(/authentication failed.*administrator/),
  ]);
});

test('an administrator who is no superuser makes it, and may do so again', async () => {
  await mkdir(urls());
  const given = urlAs('noegle_audit', 'chosen by the auditors'.replaceAll(' ', '-'), 'noegle');
  await writeFile(path.join(urls(), 'noegle_audit.url'), `${given}\n`);
  const first = await make(['--urls', urls()]);
  expect([first.code, first.stderr]).toEqual([0, '']);
  expect(JSON.parse(first.stdout)).toMatchObject({ database: 'noegle', isNew: true, formerOwner: null });
  expect((await stat(path.join(urls(), 'noegle_app.url'))).mode & 0o777).toBe(0o600);
  const { rows } = await admin.query(
    `SELECT rolpassword AS verifier FROM pg_authid WHERE rolname ~ '^noegle_'`,
  );
  expect(rows).toHaveLength(4);
  await admin.query(`ALTER ROLE noegle_app IN DATABASE noegle SET statement_timeout = '3s'`);
  const again = await make();
  expect([again.code, again.stderr]).toEqual([0, '']);
  expect(again.stdout).not.toContain('postgres://');
  expect((await runCli(['migrate'], { DATABASE_URL: await urlOf('noegle_owner') })).stderr).toBe('');
  await connect(await urlOf('noegle_audit'));
  const app = await connect(await urlOf('noegle_app'));
  for (const change of ['CREATE TEMP TABLE a ()', 'CREATE TABLE a ()', 'CREATE SCHEMA a'])
    await expect(app.query(change)).rejects.toThrow('permission denied');
  expect((await app.query('SHOW plan_cache_mode')).rows).toEqual([{ plan_cache_mode: 'force_generic_plan' }]);
  // As `database settings` had set it.
  expect((await app.query('SHOW statement_timeout')).rows).toEqual([{ statement_timeout: '3s' }]);
  await expect(connect(urlAs('single', 'of one role', 'noegle'))).rejects.toThrow('permission denied');
});

test('a node in production runs as these roles, and refuses to as the owner', async () => {
  const keys = path.join(folder, 'keys.json');
  await writeFile(keys, JSON.stringify(Keyring.generate()));
  const start = async (env: Record<string, string>) => {
    const one = new RunningNoegle({
      NODE_ENV: 'production',
      NOEGLE_HOST: '127.0.0.1',
      NOEGLE_ISSUER: 'https://id.example',
      NOEGLE_KEYS_FILE: keys,
      NOEGLE_LEAVE_SECONDS: '0',
      NOEGLE_LOG_LEVEL: 'debug',
      PORT: String(await freePort()),
      ...(await postEnv(folder)),
      ...env,
    });
    started.push(one);
    return one;
  };
  const [owner, app, queue] = await Promise.all(
    ['owner', 'app', 'queue'].map((one) => urlOf(`noegle_${one}`)),
  );
  const [DATABASE_URL = '', NOEGLE_DIRECT_DATABASE_URL = ''] = [app, queue];
  const asOwner = await start({ DATABASE_URL: owner ?? '' });
  const workerAsOwner = await start({ DATABASE_URL, NOEGLE_DIRECT_DATABASE_URL: owner ?? '' });
  expect([await asOwner.exited(), await workerAsOwner.exited()]).toEqual([1, 1]);
  expect(asOwner.output).toMatch(
    /- DATABASE_URL connects as noegle_owner, which owns the tables[^]*NOEGLE_ALLOW_OWNER/,
  );
  expect(workerAsOwner.output).toMatch(/- NOEGLE_DIRECT_DATABASE_URL connects as noegle_owner/);
  expect(`${asOwner.output}${workerAsOwner.output}`).not.toMatch(/^ +at /m);

  const allowed = await start({ DATABASE_URL: owner ?? '', NOEGLE_ALLOW_OWNER: 'yes' });
  const node = await start({ DATABASE_URL, NOEGLE_DIRECT_DATABASE_URL });
  await Promise.all([allowed.ready(), node.ready()]);
  expect(await allowed.stop()).toBe(0);
  // Jobs are queued and taken by the one that runs as noegle_queue.
  const last = async () => {
    const db = await connect(server.databaseUrl('noegle'));
    const { rows } = await db.query<{ many: number }>(
      `SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('graphile_worker._private_jobs', 'id')), 0)::int
         - (SELECT count(*)::int FROM graphile_worker._private_jobs) AS many`,
    );
    await db.end();
    return rows[0]?.many ?? 0;
  };
  const before = await last();
  while (!node.isGone() && (await last()) < before + 4)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect(node.output).not.toMatch(/permission denied|row-level security/);
  expect(await node.stop()).toBe(0);
});

test('a database that one role owned goes to noegle_owner, and what runs as that role continues', async () => {
  await createDatabase(server.url, 'older');
  await admin.query('ALTER DATABASE older OWNER TO single');
  const singleUrl = urlAs('single', 'of one role', 'older');
  await migrateDatabase(singleUrl);
  const running = await connect(singleUrl);
  const inOlder = await connect(server.databaseUrl('older'));
  // The four roles are those of the other installation on this server.
  const reached = await inOlder.query(
    `SELECT c.oid::regclass, r.rolname FROM pg_class c, pg_roles r WHERE c.relkind = 'r' AND r.rolname ~ '^noegle_'
       AND c.relnamespace IN ('public'::regnamespace, 'graphile_worker'::regnamespace)
       AND (has_any_column_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE') OR has_table_privilege(r.oid, c.oid, 'DELETE'))`,
  );
  expect(reached.rows).toEqual([]);
  const refused = await make(['--name', 'older']);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/again: GRANT single TO dba/)]);
  // As an administrator on PostgreSQL 16 or newer has the roles that it created.
  await admin.query('GRANT single TO dba WITH ADMIN TRUE, INHERIT FALSE, SET FALSE');
  const made = await make(['--name', 'older']);
  expect([made.code, made.stderr]).toEqual([0, '']);
  expect(JSON.parse(made.stdout)).toMatchObject({ isNew: false, formerOwner: 'single' });
  const { rows: joined } = await admin.query(`SELECT pg_has_role('dba', 'single', 'USAGE') AS inherits`);
  expect(joined).toEqual([{ inherits: false }]);
  const text = await runCli(['database', 'make', '--name', 'older', '--urls', path.join(folder, 'none')], {
    NOEGLE_ADMIN_DATABASE_URL: urlAs('dba', 'of the administrator'),
  });
  expect(text.stdout).toMatch(
    /No file was written[^]*\/older as the database[^]*GRANT CONNECT ON DATABASE older/,
  );
  await running.query(`SELECT graphile_worker.add_job('nothing'), enqueue_logout_notifications()`);
  await running.query('DELETE FROM replay_ids');
  const older = async (role: string) => (await urlOf(role)).replace(/\/noegle$/, '/older');
  expect(await migrateDatabase(await older('noegle_owner'))).toEqual([]);
  await (await connect(await older('noegle_app'))).query('DELETE FROM replay_ids');
  const { rows } = await inOlder.query(
    `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('public', 'graphile_worker') AND c.relowner <> 'noegle_owner'::regrole`,
  );
  expect(rows).toEqual([]);
});
