/**
 * The rights of the roles, set again after every migration, so that a new table has them as well. Rights that
 * someone granted in addition are revoked. A role that does not exist is skipped. Where one role owns the
 * tables nothing is granted: the four roles of that server are those of another installation.
 */
import type pg from 'pg';
import { APP, AUDIT, OWNER, QUEUE } from './roles.ts';

/** Tables of the schema `public` in which a node may do less than read, insert, update and delete. */
const LIMITED_FOR_APP: Readonly<Record<string, string>> = {
  // The database sets the number and the time of an event.
  audit_events: 'SELECT, INSERT (kind, identity_id, details)',
  // What is in the tree stays as it is.
  audit_erased_events: 'SELECT, INSERT',
  audit_segments: 'SELECT, INSERT',
  audit_subtrees: 'SELECT, INSERT',
  audit_tree: 'SELECT, UPDATE',
  knex_migrations: 'SELECT',
  knex_migrations_lock: '',
};

/**
 * What an auditor reads: the audit log, what staff looked up and were refused, and the ids that these refer
 * to. No names, addresses, hashes or sealed values of people: they are read at the desk, which records it.
 */
const READ_BY_AUDIT: Readonly<Record<string, string>> = {
  audit_events: '*',
  audit_erased_events: 'event_id, identity_id',
  audit_segments: 'number, first_leaf, event_ids, leaves, root, sealed_at',
  audit_tree: '*',
  desk_refusals: '*',
  desk_searches: '*',
  identities: 'id, id_number',
  knex_migrations: '*',
  relying_parties: 'client_id, kind, state, version, created_at',
  signing_keys: 'kid, alg, state, created_at, since',
  staff: '*',
};

/** Which numbers of events were given: others are not of the log. */
const EVENT_NUMBERS = 'public.audit_events_id_seq';

/** What the role of a node may call: functions that do one thing in the job queue, as the owner. */
const APP_FUNCTIONS = ['enqueue_logout_notifications()', 'sweep_job_queue(text[])'];

const POLICY = 'noegle_queue_all';

/** @param client connected as the owner of the tables, or as a superuser */
export async function applyGrants(client: pg.ClientBase): Promise<void> {
  const statements = [
    ...(await composeTableGrants(client)),
    ...(await composeFunctionGrants(client)),
    ...(await composeQueueGrants(client)),
  ];
  if (statements.length === 0) return;
  await client.query('BEGIN');
  try {
    // A policy waits for the readers of its table, and other readers behind it: as briefly as a migration.
    await client.query(`SET LOCAL lock_timeout = '800ms'`);
    for (const statement of statements) await client.query(statement);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function listRoles(client: pg.ClientBase, names: readonly string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT rolname AS name FROM pg_roles WHERE rolname = ANY($1)',
    [names],
  );
  return new Set(rows.map(({ name }) => name));
}

/** What someone else put into the schema has another owner, or belongs to an extension. */
async function listTables(client: pg.ClientBase, schema: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c
     WHERE c.relnamespace = to_regnamespace($1) AND c.relkind IN ('r', 'p')
       AND c.relowner = to_regrole($2)
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY 1`,
    [schema, OWNER],
  );
  return rows.map(({ name }) => name);
}

async function composeTableGrants(client: pg.ClientBase): Promise<string[]> {
  const roles = await listRoles(client, [APP, AUDIT]);
  const tables = await listTables(client, 'public');
  if (tables.length === 0) return [];
  return [...roles].flatMap((account) => [
    `GRANT USAGE ON SCHEMA public TO ${account}`,
    ...(tables.includes('audit_events') ? [`GRANT SELECT ON SEQUENCE ${EVENT_NUMBERS} TO ${account}`] : []),
    ...tables.flatMap((table) => composeTableGrant(account, table)),
  ]);
}

function composeTableGrant(account: string, table: string): string[] {
  const quoted = `public."${table}"`;
  const revoke = `REVOKE ALL ON ${quoted} FROM ${account}`;
  if (account === APP) {
    const rights = LIMITED_FOR_APP[table] ?? 'SELECT, INSERT, UPDATE, DELETE';
    return rights === '' ? [revoke] : [revoke, `GRANT ${rights} ON ${quoted} TO ${account}`];
  }
  const columns = READ_BY_AUDIT[table];
  if (columns === undefined) return [revoke];
  return [revoke, `GRANT SELECT ${columns === '*' ? '' : `(${columns})`} ON ${quoted} TO ${account}`];
}

async function composeFunctionGrants(client: pg.ClientBase): Promise<string[]> {
  if (!(await listRoles(client, [APP])).has(APP)) return [];
  const { rows } = await client.query<{ name: string }>(
    `SELECT name FROM unnest($1::text[]) AS name
     JOIN pg_proc p ON p.oid = to_regprocedure('public.' || name) AND p.proowner = to_regrole($2)`,
    [APP_FUNCTIONS, OWNER],
  );
  return rows.map(({ name }) => `GRANT EXECUTE ON FUNCTION public.${name} TO ${APP}`);
}

/**
 * graphile-worker has row level security on its tables, which only their owner passes. Without a policy every
 * row is invisible and every new one is refused, whatever the role was granted.
 */
async function composeQueueGrants(client: pg.ClientBase): Promise<string[]> {
  const tables = await listTables(client, 'graphile_worker');
  if (tables.length === 0 || !(await listRoles(client, [QUEUE])).has(QUEUE)) return [];
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c
     WHERE c.relnamespace = 'graphile_worker'::regnamespace AND c.relrowsecurity
       AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = $1)`,
    [POLICY],
  );
  return [
    `GRANT USAGE ON SCHEMA graphile_worker TO ${QUEUE}`,
    ...tables.flatMap((table) => {
      const quoted = `graphile_worker."${table}"`;
      const rights = table === 'migrations' ? 'SELECT' : 'SELECT, INSERT, UPDATE, DELETE';
      return [`REVOKE ALL ON ${quoted} FROM ${QUEUE}`, `GRANT ${rights} ON ${quoted} TO ${QUEUE}`];
    }),
    ...rows.map(
      ({ name }) => `CREATE POLICY ${POLICY} ON graphile_worker."${name}" TO ${QUEUE} USING (true)`,
    ),
  ];
}

/**
 * A table that another role creates would not belong to the owner, who could never change it again.
 * @throws Error when the tables belong to `noegle_owner` and the connection is another role
 */
export async function assertMigratesAsOwner(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ account: string }>(
    `SELECT current_user AS account FROM pg_class
     WHERE oid = to_regclass('public.knex_migrations') AND relowner = to_regrole($1) AND current_user <> $1`,
    [OWNER],
  );
  const [other] = rows;
  if (other)
    throw new Error(
      `the tables belong to ${OWNER}, and this connects as ${other.account}: ` +
        `run migrate with a DATABASE_URL that connects as ${OWNER}`,
    );
}
