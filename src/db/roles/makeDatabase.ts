/**
 * Makes the database of an installation with its roles, by an administrator of the server: a superuser, or a
 * role that may create roles and databases. It can be run again at any time, and then changes only what
 * differs. A database that one role owned is given to `noegle_owner`; the former owner becomes a member of
 * it, so that nodes that still connect as the former owner continue.
 */
import type pg from 'pg';
import type { Random } from '../../domain/random.ts';
import { runWithClient } from '../connection/migrationLock.ts';
import { SERVER_RIGHTS } from './excessRights.ts';
import { applyGrants } from './grants.ts';
import { APP, OWNER, ROLE_NAMES, ROLES, type RoleName } from './roles.ts';
import { composeScramVerifier, SALT_BYTES } from './scramVerifier.ts';
import { transferOwnership } from './transferOwnership.ts';

export interface DatabaseRequest {
  /** Of an administrator, to any database of the server. */
  readonly adminUrl: string;
  readonly name: string;
  /** Passwords to set. A new role without one gets that of `drawPassword`, an existing one is unchanged. */
  readonly passwords: Readonly<Partial<Record<RoleName, string>>>;
  readonly drawPassword: (account: RoleName) => string;
  readonly random: Pick<Random, 'bytes'>;
}

export interface MadeDatabase {
  readonly isNew: boolean;
  /** The roles that were created, and those with a new password; the others are unchanged. */
  readonly passwords: ReadonlyMap<RoleName, string>;
  /** Who owned the tables before, and is a member of `noegle_owner` now. */
  readonly formerOwner: string | null;
}

const OLDEST_VERSION = 15;
/** An arbitrary number: one command at a time creates roles. */
const MAKE_LOCK = 4_206_149;

/**
 * Settings of a node that a pooler may drop from its connections. A connection that brings its own overrides
 * them.
 */
const APP_SETTINGS: Readonly<Record<string, string>> = {
  statement_timeout: `'1200ms'`,
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
};

/** @throws Error with the reason and what to do, in words for an operator */
export async function makeDatabase(request: DatabaseRequest): Promise<MadeDatabase> {
  const { adminUrl, name } = request;
  const made = await runWithClient(adminUrl, async (admin) => {
    await assertMayMakeDatabases(admin);
    const passwords = await makeRoles(admin, request);
    const isNew = await createOwnedDatabase(admin, name);
    return { isNew, passwords };
  });
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(name)}`;
  const formerOwner = await runWithClient(url.href, async (admin) => {
    const former = await transferOwnership(admin);
    await setDatabaseRights(admin, name);
    await applyGrants(admin);
    return former;
  });
  return { ...made, formerOwner };
}

async function assertMayMakeDatabases(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ account: string; version: number; isAllowed: boolean }>(
    `SELECT current_user AS account, current_setting('server_version_num')::int / 10000 AS version,
       rolsuper OR (rolcreaterole AND rolcreatedb) AS "isAllowed"
     FROM pg_roles WHERE rolname = current_user`,
  );
  const [found] = rows;
  if (!found) throw new Error('the administrator is not in pg_roles');
  if (found.version < OLDEST_VERSION)
    throw new Error(`PostgreSQL ${found.version} is too old: ${OLDEST_VERSION} or newer is needed`);
  if (!found.isAllowed)
    throw new Error(
      `${found.account} may not create roles and databases: connect as a superuser, or as a role with CREATEROLE and CREATEDB`,
    );
}

/** @returns the passwords that were set */
async function makeRoles(admin: pg.Client, request: DatabaseRequest): Promise<Map<RoleName, string>> {
  const passwords = new Map<RoleName, string>();
  await admin.query('BEGIN');
  await admin.query('SELECT pg_advisory_xact_lock($1)', [MAKE_LOCK]);
  const existing = await findSafeRoles(admin);
  for (const account of ROLE_NAMES) {
    const isNew = !existing.has(account);
    const password = request.passwords[account] ?? (isNew ? request.drawPassword(account) : null);
    if (password === null) continue;
    const verifier = composeScramVerifier(password, request.random.bytes(SALT_BYTES));
    await admin.query(`${isNew ? 'CREATE' : 'ALTER'} ROLE ${account} LOGIN PASSWORD '${verifier}'`);
    if (isNew)
      await admin.query(`COMMENT ON ROLE ${account} IS ${admin.escapeLiteral(`Nøgle: ${ROLES[account]}`)}`);
    passwords.set(account, password);
  }
  // An administrator who is no superuser can create and change only what it could own itself.
  const { rows } = await admin.query(`SELECT FROM pg_roles WHERE rolname = current_user AND NOT rolsuper`);
  if (rows.length > 0) await admin.query(`GRANT ${OWNER} TO CURRENT_USER`);
  await admin.query('COMMIT');
  return passwords;
}

/** @throws Error when one of the roles exists with rights over the whole server, or as the owner */
async function findSafeRoles(admin: pg.Client): Promise<Set<string>> {
  const { rows } = await admin.query<{ name: string; rights: string[] }>(
    `SELECT r.rolname AS name, ${SERVER_RIGHTS} || CASE
       WHEN NOT r.rolsuper AND r.rolname <> $2 AND pg_has_role(r.oid, to_regrole($2)::oid, 'MEMBER')
       THEN ARRAY['is a member of ' || $2] ELSE '{}' END AS rights
     FROM pg_roles r WHERE r.rolname = ANY($1) ORDER BY 1`,
    [ROLE_NAMES, OWNER],
  );
  const unsafe = rows.filter(({ rights }) => rights.length > 0);
  if (unsafe.length > 0)
    throw new Error(
      `${unsafe.map(({ name, rights }) => `${name} ${rights.join(', ')}`).join('; ')}. It exists and has more ` +
        'rights than it may have. Nothing was changed. Take them from it: ALTER ROLE … NOSUPERUSER NOBYPASSRLS ' +
        'NOCREATEROLE NOCREATEDB NOREPLICATION, REVOKE … FROM …',
    );
  return new Set(rows.map(({ name }) => name));
}

/** Text is compared byte by byte, as in the sandbox: no upgrade of a library changes an index. */
async function createOwnedDatabase(admin: pg.Client, name: string): Promise<boolean> {
  const found = await admin.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  if (found.rowCount !== 0) return false;
  await admin.query(
    `CREATE DATABASE ${admin.escapeIdentifier(name)} OWNER ${OWNER}
     TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'`,
  );
  return true;
}

/** Only the four roles connect, and only the owner creates anything. */
async function setDatabaseRights(admin: pg.Client, name: string): Promise<void> {
  const database = admin.escapeIdentifier(name);
  await admin.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  for (const account of ROLE_NAMES) await admin.query(`GRANT CONNECT ON DATABASE ${database} TO ${account}`);
  await admin.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
  // What an operator or `database settings` has set stays.
  const { rows } = await admin.query<{ name: string }>(
    `SELECT split_part(line, '=', 1) AS name FROM pg_db_role_setting s, unnest(s.setconfig) AS line
     WHERE s.setrole = to_regrole($1) AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = $2))`,
    [APP, name],
  );
  for (const [setting, value] of Object.entries(APP_SETTINGS))
    if (!rows.some((one) => one.name === setting))
      await admin.query(`ALTER ROLE ${APP} IN DATABASE ${database} SET ${setting} = ${value}`);
}
