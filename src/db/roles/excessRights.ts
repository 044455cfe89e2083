/** What the role of a node may do that no node needs: with it, one taken node could empty the audit log. */
import { DatabaseUnavailable, toDatabaseUnavailable } from '../connection/databaseErrors.ts';
import { inspectDatabase, type Inspector } from '../operations/inspection.ts';

/** They reach files and programs of the server, or rows that were granted to no one. */
const POWERFUL = [
  'pg_create_subscription',
  'pg_execute_server_program',
  'pg_read_all_data',
  'pg_read_server_files',
  'pg_write_all_data',
  'pg_write_server_files',
];

/**
 * An array of words: what a role `r` of `pg_roles` may do on the whole server. Membership counts, because a
 * member can take on the role.
 */
export const SERVER_RIGHTS = `ARRAY(
  SELECT o.word || CASE WHEN m.oid = r.oid THEN '' ELSE ' as a member of ' || m.rolname END
  FROM pg_roles m, LATERAL (VALUES
    (m.rolsuper, 'is a superuser'),
    (m.rolbypassrls AND NOT m.rolsuper, 'bypasses row level security'),
    (m.rolcreaterole AND NOT m.rolsuper, 'may create roles'),
    (m.rolcreatedb AND NOT m.rolsuper, 'may create databases'),
    (m.rolreplication AND NOT m.rolsuper, 'may replicate the server'),
    (m.rolname IN ('${POWERFUL.join(`', '`)}'), 'acts on the whole server')) o (has, word)
  WHERE o.has AND pg_has_role(r.oid, m.oid, 'MEMBER') AND (m.oid = r.oid OR NOT r.rolsuper) ORDER BY 1)`;

/** Of the audit log every right counts that removes or changes events, or the trigger that prevents it. */
const FIND = `
  WITH roles AS (SELECT oid FROM pg_roles WHERE pg_has_role(oid, 'MEMBER')),
  log AS (SELECT to_regclass('public.audit_events')::oid AS id)
  SELECT r.rolname AS account, r.rolsuper AS "isSuperuser", ${SERVER_RIGHTS} AS "serverRights",
    EXISTS (SELECT FROM roles m WHERE has_schema_privilege(m.oid, 'public', 'CREATE')
      OR has_database_privilege(m.oid, current_database(), 'CREATE')) AS "createsTables",
    EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND pg_has_role(c.relowner, 'MEMBER')) AS "ownsTables",
    EXISTS (SELECT FROM roles m, log WHERE has_table_privilege(m.oid, log.id, 'DELETE, TRUNCATE, TRIGGER')
      OR has_any_column_privilege(m.oid, log.id, 'UPDATE')) AS "changesAuditLog"
  FROM pg_roles r WHERE r.rolname = current_user`;

type Right = 'createsTables' | 'ownsTables' | 'changesAuditLog';

const WORDS: Readonly<Record<Right, string>> = {
  ownsTables: 'owns the tables (or is a member of their owner)',
  createsTables: 'may create tables',
  changesAuditLog: 'may change the audit log',
};

export interface ExcessRights {
  readonly account: string;
  /** In words for an operator; empty when the role has only what a node needs. */
  readonly rights: readonly string[];
}

interface ExcessRow extends Readonly<Record<Right, boolean>> {
  readonly account: string;
  readonly isSuperuser: boolean;
  readonly serverRights: readonly string[];
}

/**
 * @param setting the setting of the URL, which an error names
 * @throws DatabaseUnavailable
 */
export async function findExcessRights(databaseUrl: string, setting: string): Promise<ExcessRights> {
  return await inspectDatabase(databaseUrl, readExcessRights).catch((error: unknown) => {
    const unavailable = toDatabaseUnavailable(error);
    if (unavailable instanceof DatabaseUnavailable) unavailable.setting = setting;
    throw unavailable;
  });
}

export async function readExcessRights(inspector: Inspector): Promise<ExcessRights> {
  const [row] = await inspector.query<ExcessRow>(FIND);
  if (!row) throw new Error('the role of the connection is not in pg_roles');
  const { account, serverRights } = row;
  // A superuser has all the others.
  const found = row.isSuperuser ? [] : (Object.keys(WORDS) as Right[]).filter((right) => row[right]);
  return { account, rights: [...serverRights, ...found.map((right) => WORDS[right])] };
}
