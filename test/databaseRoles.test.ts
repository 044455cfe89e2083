/** The roles of the database: what each may do, and that the audit log withstands all but its owner. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { checkRole } from '../src/cli/doctor/rightsChecks.ts';
import { migrateDatabase } from '../src/db/migrations.ts';
import { findExcessRights } from '../src/db/roles/excessRights.ts';
import { applyGrants } from '../src/db/roles/grants.ts';
import { runConnectionsCommand } from '../src/cli/database/connections.ts';
import { createCommandRecorder } from '../src/cli/operator.ts';
import { listMigrations } from '../src/db/migrations.ts';
import { inspectDatabase } from '../src/db/operations/inspection.ts';
import { readServerFacts } from '../src/db/operations/serverFacts.ts';
import { readJobQueue, readOperationsStatus } from '../src/db/operations/status.ts';
import { createTestDatabase, type TestDatabase } from './support/index.ts';

type Connected = 'owner' | 'app' | 'queue' | 'audit';
let database: TestDatabase;
const clients = new Map<Connected, pg.Client>();
beforeAll(async () => {
  database = await createTestDatabase();
  for (const role of ['owner', 'app', 'queue', 'audit'] as const) {
    const client = new pg.Client(database[`${role}Url`]);
    await client.connect();
    clients.set(role, client);
  }
  await database.query(`INSERT INTO audit_events (kind, details) VALUES ('signed_in', '{}')`);
});
afterAll(async () => {
  for (const client of clients.values()) await client.end();
  await database.drop();
});

const as = (role: Connected): pg.Client => clients.get(role)!;
const countEvents = async () => (await database.query('SELECT FROM audit_events')).length;

const REPLACED = `CREATE OR REPLACE FUNCTION audit_events_stay() RETURNS trigger LANGUAGE plpgsql
  AS $$ BEGIN RETURN NULL; END $$`;
const ATTACKS = [
  `UPDATE audit_events SET kind = 'x'`,
  'DELETE FROM audit_events',
  'TRUNCATE audit_events',
  'ALTER TABLE audit_events DISABLE TRIGGER audit_events_stay',
  'ALTER TABLE audit_events DISABLE TRIGGER ALL',
  'DROP TRIGGER audit_events_stay ON audit_events',
  'DROP TRIGGER audit_events_stay_whole ON audit_events',
  'CREATE TRIGGER a BEFORE INSERT ON audit_events EXECUTE FUNCTION audit_events_stay()',
  REPLACED,
  'DROP FUNCTION audit_events_stay CASCADE',
  'ALTER TABLE audit_events RENAME TO other_events',
  'DROP TABLE audit_events',
  'CREATE TABLE other_events ()',
  'SET session_replication_role = replica',
  'SET ROLE noegle_owner',
];

describe('the audit log', () => {
  test.each(['app', 'queue', 'audit'] as const)('cannot be changed as noegle_%s', async (role) => {
    const before = await countEvents();
    for (const attack of ATTACKS) {
      const refusal = await as(role)
        .query(attack)
        .then(
          () => 'done',
          ({ code }: { code: string }) => code,
        );
      expect([attack, refusal]).toEqual([attack, '42501']);
    }
    expect(await countEvents()).toBe(before);
  });

  test('control: its owner can, once the triggers are off, and not before', async () => {
    for (const attack of ATTACKS.slice(0, 3))
      await expect(as('owner').query(attack)).rejects.toThrow('never changed');
    for (const attack of [...ATTACKS.slice(3, 8), REPLACED]) {
      await as('owner').query('BEGIN');
      await as('owner').query(attack);
      await as('owner').query('ROLLBACK');
    }
    await as('owner').query('BEGIN');
    await as('owner').query('ALTER TABLE audit_events DISABLE TRIGGER ALL');
    await as('owner').query('TRUNCATE audit_events');
    await as('owner').query('ROLLBACK');
  });

  test('takes events from noegle_app, and is read by noegle_audit', async () => {
    const before = await countEvents();
    await as('app').query(`INSERT INTO audit_events (kind, details) VALUES ('signed_in', '{}')`);
    expect((await as('audit').query('SELECT kind FROM audit_events')).rowCount).toBe(before + 1);
    await expect(as('queue').query('SELECT FROM audit_events')).rejects.toThrow('permission denied');
    const event = `INSERT INTO audit_events (kind, details) VALUES ('signed_in', '{}')`;
    await expect(as('audit').query(event)).rejects.toThrow('permission denied');
  });
});

test('noegle_app sets neither the number nor the time of an event; control: its owner can', async () => {
  for (const forged of [
    `(id, kind, details) OVERRIDING SYSTEM VALUE VALUES (1000000, 'signed_in', '{}')`,
    `(at, kind, details) VALUES (now() - interval '1 day', 'signed_in', '{}')`,
  ]) {
    const event = `INSERT INTO audit_events ${forged}`;
    await expect(as('app').query(event)).rejects.toThrow('permission denied');
    await as('owner').query(`BEGIN; ${event}; ROLLBACK`);
  }
});

/** Every right on every table of a schema, such as `people: SELECT`. */
async function listRights(role: string, schema: string): Promise<string[]> {
  const rows = await database.query<{ line: string }>(
    `SELECT c.relname || ': ' || string_agg(r, ' ' ORDER BY r) AS line
     FROM pg_class c, unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) AS r
     WHERE c.relnamespace = $2::regnamespace AND c.relkind = 'r' AND has_table_privilege($1, c.oid, r)
     GROUP BY c.relname ORDER BY 1`,
    [role, schema],
  );
  return rows.map(({ line }) => line);
}

describe('each role has its rights and no others', () => {
  test('noegle_app: rows of all tables, but neither the schema nor the queue', async () => {
    const rights = await listRights('noegle_app', 'public');
    expect(rights.length).toBeGreaterThan(40);
    expect(rights.filter((line) => !line.endsWith(': DELETE INSERT SELECT UPDATE'))).toEqual([
      'audit_erased_events: INSERT SELECT',
      'audit_events: SELECT',
      'audit_segments: INSERT SELECT',
      'audit_subtrees: INSERT SELECT',
      'audit_tree: SELECT UPDATE',
      'knex_migrations: SELECT',
    ]);
    expect(await listRights('noegle_app', 'graphile_worker')).toEqual([]);
    await expect(as('app').query('SELECT FROM graphile_worker._private_jobs')).rejects.toThrow('permission');
  });

  test('noegle_queue: the job queue alone', async () => {
    expect(await listRights('noegle_queue', 'public')).toEqual([]);
    expect(await listRights('noegle_queue', 'graphile_worker')).toEqual(
      [
        '_private_job_queues: DELETE INSERT SELECT UPDATE',
        '_private_known_crontabs: DELETE INSERT SELECT UPDATE',
        '_private_jobs: DELETE INSERT SELECT UPDATE',
        '_private_tasks: DELETE INSERT SELECT UPDATE',
        'migrations: SELECT',
      ].sort(),
    );
  });

  test('noegle_audit: nothing sealed, hashed or secret', async () => {
    const readable = async (role: string) =>
      await database.query<{ name: string }>(
        `SELECT c.relname || '.' || a.attname AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
           AND has_column_privilege($1, c.oid, a.attnum, 'SELECT') ORDER BY 1`,
        [role],
      );
    const isSecret = ({ name }: { name: string }) =>
      /_sealed$|hash|mac$|lookup|payload|metadata|salt|tries|^people|^key_cards|user_id|code/.test(name);
    const names = await readable('noegle_audit');
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter(isSecret)).toEqual([]);
    expect((await readable('noegle_app')).filter(isSecret).length).toBeGreaterThan(50);
  });

  test('what a start in production refuses is found, with membership and single rights', async () => {
    const rightsOf = async (url: string) => (await findExcessRights(url, 'DATABASE_URL')).rights;
    expect(await rightsOf(database.appUrl)).toEqual([]);
    expect(await rightsOf(database.queueUrl)).toEqual([]);
    expect(await rightsOf(database.ownerUrl)).toEqual([
      'owns the tables (or is a member of their owner)',
      'may create tables',
      'may change the audit log',
    ]);
    expect(await rightsOf(database.url)).toEqual(['is a superuser']);
    await database.query('GRANT TRUNCATE ON audit_events TO noegle_app');
    expect(await rightsOf(database.appUrl)).toEqual(['may change the audit log']);
    await applyGrants(as('owner'));
    expect(await rightsOf(database.appUrl)).toEqual([]);
  });

  test('so is what reaches the whole server, also by a role that it can take on', async () => {
    const [role, other] = [`excess_${process.pid}`, `excess_other_${process.pid}`];
    const url = Object.assign(new URL(database.url), { username: role, password: 'excess' }).href;
    const words = async () => {
      const { rights } = await findExcessRights(url, 'DATABASE_URL');
      const finding = await inspectDatabase(url, (inspector) => checkRole(inspector));
      expect([finding.severity, rights.filter((one) => !finding.message.includes(one))]).toEqual([
        rights.length > 0 ? 'warning' : 'ok',
        [],
      ]);
      return rights;
    };
    await database.query(`CREATE ROLE ${role} LOGIN NOINHERIT PASSWORD 'excess'`);
    await database.query(`CREATE ROLE ${other} SUPERUSER`);
    try {
      expect(await words()).toEqual([]);
      await database.query(`ALTER ROLE ${role} CREATEROLE CREATEDB REPLICATION BYPASSRLS`);
      await database.query(`GRANT pg_execute_server_program, pg_write_server_files TO ${role}`);
      expect(await words()).toEqual([
        'acts on the whole server as a member of pg_execute_server_program',
        'acts on the whole server as a member of pg_write_server_files',
        'bypasses row level security',
        'may create databases',
        'may create roles',
        'may replicate the server',
      ]);
      await database.query(`ALTER ROLE ${role} NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS`);
      await database.query(`REVOKE pg_execute_server_program, pg_write_server_files FROM ${role}`);
      await database.query(`GRANT ${other} TO ${role}`);
      expect(await words()).toContain(`is a superuser as a member of ${other}`);
      await database.query(`ALTER ROLE ${other} NOSUPERUSER`);
      expect(await words()).toEqual([]);
      // Without INHERIT the role has this right only after SET ROLE.
      await database.query(`GRANT TRIGGER ON audit_events TO ${other}`);
      expect(await words()).toEqual(['may change the audit log']);
    } finally {
      await database.query(`DROP OWNED BY ${other}`);
      await database.query(`DROP ROLE ${role}, ${other}`);
    }
  });
});

describe('after a migration', () => {
  test('a new table has the rights of the others; before, it has none', async () => {
    await as('owner').query(
      'CREATE TABLE new_things (id int); CREATE TABLE graphile_worker.new_jobs (id int)',
    );
    await expect(as('app').query('SELECT FROM new_things')).rejects.toThrow('permission denied');
    expect(await migrateDatabase(database.ownerUrl)).toEqual([]);
    await as('app').query('DELETE FROM new_things');
    await as('queue').query('DELETE FROM graphile_worker.new_jobs');
    await expect(as('audit').query('SELECT FROM new_things')).rejects.toThrow('permission denied');
  });

  test('noegle_queue passes the row security of the queue; control: not without the policy', async () => {
    const add = async () => await as('queue').query(`SELECT graphile_worker.add_job('nothing')`);
    await add();
    await database.query('DROP POLICY noegle_queue_all ON graphile_worker._private_jobs');
    await expect(add()).rejects.toThrow('row-level security');
    await migrateDatabase(database.ownerUrl);
    await add();
  });

  test('by another role than the owner, it says which is needed, and does nothing', async () => {
    for (const url of [database.appUrl, database.queueUrl, database.url])
      await expect(migrateDatabase(url)).rejects.toThrow(/tables belong to noegle_owner.*connects as noegle/);
  });
});

test('a node enqueues log-outs and sweeps the queue by two functions, which others cannot call', async () => {
  await as('app').query('SELECT enqueue_logout_notifications()');
  const jobs = await database.query(
    `SELECT FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
     WHERE t.identifier = 'tellLogouts'`,
  );
  expect(jobs).toHaveLength(1);
  for (const call of ['enqueue_logout_notifications()', `sweep_job_queue('{}')`])
    await expect(as('audit').query(`SELECT ${call}`)).rejects.toThrow('permission denied');
  // Nothing that noegle_app creates can stand in for what the functions call.
  await expect(as('app').query('CREATE SCHEMA graphile_workers')).rejects.toThrow('permission denied');
});

describe('an operator who looks with the role of the nodes', () => {
  const endAs = async (url: string, pid: number) => {
    process.env['DATABASE_URL'] = url;
    const record = createCommandRecorder({ account: 'root', by: null }, 'connections end');
    try {
      return await runConnectionsCommand(['end', String(pid)], record);
    } finally {
      delete process.env['DATABASE_URL'];
    }
  };

  test('sees where it may see, and counts the connections that it may not', async () => {
    const worker = new pg.Client({ connectionString: database.queueUrl, application_name: 'noegle-worker' });
    await worker.connect();
    const status = await inspectDatabase(database.appUrl, async (inspector) =>
      readOperationsStatus(inspector, { migrations: await listMigrations(), lockHours: 1 }),
    );
    expect(status.nodes).toEqual([{ address: null, connections: 1 }]);
    const seen = await inspectDatabase(database.appUrl, readServerFacts);
    const [all] = await database.query<{ many: number }>(
      `SELECT count(*)::int AS many FROM pg_stat_activity WHERE backend_type = 'client backend'`,
    );
    expect(Math.abs(seen.connections - (all?.many ?? 0))).toBeLessThanOrEqual(2);
    expect(seen.connections).toBeGreaterThanOrEqual(clients.size);
    await worker.end();
  });

  test('a job in its last attempt runs, and has not failed', async () => {
    await as('queue').query(`SELECT graphile_worker.add_job('last', max_attempts := 1)`);
    const last = (change: string) =>
      database.query(`UPDATE graphile_worker._private_jobs SET ${change} WHERE max_attempts = 1`);
    const failed = async () => (await inspectDatabase(database.queueUrl, readJobQueue))?.failed;
    await last('attempts = 1, locked_at = now()');
    expect(await failed()).toBe(0);
    await last('locked_at = NULL');
    expect(await failed()).toBe(1);
  });

  test('has ten seconds for a statement, whatever the role has', async () => {
    await database.query(`ALTER ROLE noegle_app IN DATABASE "${new URL(database.url).pathname.slice(1)}"
      SET statement_timeout = '100ms'`);
    const plain = new pg.Client(database.appUrl);
    await plain.connect();
    await expect(plain.query('SELECT pg_sleep(0.3)')).rejects.toThrow('statement timeout');
    await plain.end();
    await inspectDatabase(database.appUrl, (inspector) => inspector.query('SELECT pg_sleep(0.3)'));
  });

  test("is refused the owner's connection with the mend; as the owner it ends. Both are recorded", async () => {
    const victim = new pg.Client(database.ownerUrl);
    victim.on('error', () => undefined);
    await victim.connect();
    const [row] = (await victim.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows;
    const pid = row?.pid ?? 0;
    await expect(endAs(database.appUrl, pid)).rejects.toThrow(
      /connection of noegle_owner, .*with the URL of noegle_owner/,
    );
    expect(await endAs(database.ownerUrl, pid)).toMatchObject({ json: { pid } });
    const events = await database.query<{ about: object }>(
      `SELECT details -> 'about' AS about FROM audit_events WHERE kind = 'operator_command' ORDER BY id`,
    );
    expect(events.map(({ about }) => about)).toMatchObject(
      ['begun', 'refused', 'begun', 'ended'].map((step) => ({ pid, user: 'noegle_owner', step })),
    );
    await victim.end().catch(() => undefined);
  });
});
