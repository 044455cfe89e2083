/** Gives a database that one role owned, with all of Nøgle's tables in it, to `noegle_owner`. */
import type pg from 'pg';
import { OWNER, ROLE_NAMES } from './roles.ts';

/**
 * What the owner of Nøgle's tables has in the two schemas, as statements. Sequences of columns, indexes and
 * row types follow their tables; what an extension owns stays.
 */
const LIST = `
  WITH former AS (
    SELECT relowner AS id FROM pg_class WHERE oid = to_regclass('public.knex_migrations')),
  places AS (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'graphile_worker')),
  objects AS (
    SELECT 'pg_class'::regclass AS kind, c.oid, CASE c.relkind WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END AS word,
      c.oid::regclass::text AS name
    FROM pg_class c, former WHERE c.relnamespace IN (SELECT oid FROM places) AND c.relowner = former.id
      AND c.relkind IN ('r', 'p', 'v', 'm', 'c')
    UNION ALL
    SELECT 'pg_proc'::regclass, p.oid, 'ROUTINE', p.oid::regprocedure::text
    FROM pg_proc p, former WHERE p.pronamespace IN (SELECT oid FROM places) AND p.proowner = former.id
    UNION ALL
    SELECT 'pg_namespace'::regclass, n.oid, 'SCHEMA', quote_ident(n.nspname)
    FROM pg_namespace n, former WHERE n.nspname = 'graphile_worker' AND n.nspowner = former.id)
  SELECT format('ALTER %s %s OWNER TO ${OWNER}', word, name) AS statement FROM objects o
  WHERE NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = o.kind AND d.objid = o.oid AND d.deptype = 'e')
  -- A new owner needs the right to create in the schema, which its owner has.
  ORDER BY o.kind <> 'pg_namespace'::regclass`;

/** @returns the former owner, unless that is `noegle_owner` already, or there are no tables yet */
export async function transferOwnership(admin: pg.Client): Promise<string | null> {
  await admin.query('BEGIN');
  // Waits for readers as briefly as a migration: others would queue behind it.
  await admin.query(`SET LOCAL lock_timeout = '800ms'`);
  const borrowed = await joinOwners(admin);
  // First the database: with it `noegle_owner` has what the owner of a database may do in the schema public.
  await transferDatabase(admin);
  await admin.query(`GRANT USAGE, CREATE ON SCHEMA public TO ${OWNER}`);
  const { rows } = await admin.query<{ name: string; isSuperuser: boolean }>(
    `SELECT r.rolname AS name, r.rolsuper AS "isSuperuser" FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
     WHERE c.oid = to_regclass('public.knex_migrations') AND r.rolname <> $1`,
    [OWNER],
  );
  const [former] = rows;
  if (former) {
    const list = await admin.query<{ statement: string }>(LIST);
    for (const { statement } of list.rows) await admin.query(statement);
  }
  for (const name of borrowed) await admin.query(`REVOKE ${name} FROM CURRENT_USER`);
  if (former && !former.isSuperuser && !(ROLE_NAMES as readonly string[]).includes(former.name))
    await admin.query(`GRANT ${OWNER} TO ${admin.escapeIdentifier(former.name)}`);
  await admin.query('COMMIT');
  return former?.name ?? null;
}

/**
 * An administrator who is no superuser can give away only what it owns, as a member of the owner.
 * @returns the roles that it was made a member of, quoted
 * @throws Error when it may not become one
 */
async function joinOwners(admin: pg.Client): Promise<string[]> {
  const { rows } = await admin.query<{ name: string; account: string }>(
    `SELECT quote_ident(rolname) AS name, quote_ident(current_user) AS account FROM pg_roles
     WHERE NOT pg_has_role(oid, 'USAGE') AND oid IN (
       SELECT relowner FROM pg_class WHERE oid = to_regclass('public.knex_migrations')
       UNION SELECT datdba FROM pg_database WHERE datname = current_database())`,
  );
  for (const { name, account } of rows)
    await admin.query(`GRANT ${name} TO CURRENT_USER`).catch((error: unknown) => {
      throw new Error(
        `the database or its tables belong to ${name}, of which ${account} is no member and may not become one. ` +
          `Nothing was given away. Run this as a superuser or as who created ${name}, and then this command ` +
          `again: GRANT ${name} TO ${account}`,
        { cause: error },
      );
    });
  return rows.map(({ name }) => name);
}

async function transferDatabase(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    `SELECT quote_ident(datname) AS name FROM pg_database
     WHERE datname = current_database() AND datdba <> $1::regrole`,
    [OWNER],
  );
  for (const { name } of rows) await admin.query(`ALTER DATABASE ${name} OWNER TO ${OWNER}`);
}
