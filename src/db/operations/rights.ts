/** What the role of a connection may do, asked of the server and not read from its name. */
import type { Inspector } from './inspection.ts';

const TABLES = `
  SELECT c.relname AS name, has_table_privilege(c.oid, 'SELECT') AS "canSelect",
    has_any_column_privilege(c.oid, 'INSERT') AS "canInsert", has_table_privilege(c.oid, 'UPDATE') AS "canUpdate",
    has_table_privilege(c.oid, 'DELETE') AS "canDelete", has_table_privilege(c.oid, 'TRUNCATE') AS "canTruncate"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname NOT LIKE 'knex_%' ORDER BY 1`;

export interface TableRights {
  readonly name: string;
  readonly canSelect: boolean;
  readonly canInsert: boolean;
  readonly canUpdate: boolean;
  readonly canDelete: boolean;
  readonly canTruncate: boolean;
}

export async function listTableRights(inspector: Inspector): Promise<TableRights[]> {
  return await inspector.query<TableRights>(TABLES);
}

export interface QueueRights {
  readonly isThere: boolean;
  readonly canUse: boolean;
  /** Row security admits this role: it owns the tables, bypasses it, or a policy is for it. */
  readonly isAdmitted: boolean;
  readonly missing: readonly string[];
}

const QUEUE = `
  SELECT to_regnamespace('graphile_worker') IS NOT NULL AS "isThere",
    coalesce(has_schema_privilege(to_regnamespace('graphile_worker')::oid, 'USAGE'), false) AS "canUse"`;
const QUEUE_TABLES = `
  SELECT c.relname AS name,
    has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
      AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE') AS "canWrite",
    NOT row_security_active(c.oid) OR EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND (p.polroles = '{0}'
      OR EXISTS (SELECT FROM unnest(p.polroles) o (id) WHERE o.id <> 0 AND pg_has_role(o.id, 'MEMBER')))) AS "isAdmitted"
  FROM pg_class c WHERE c.relnamespace = to_regnamespace('graphile_worker') AND c.relkind = 'r'
    AND c.relname LIKE '\\_private\\_%' ORDER BY 1`;

/** Whether a worker with this role can run the job queue. */
export async function readQueueRights(inspector: Inspector): Promise<QueueRights> {
  const [schema] = await inspector.query<{ isThere: boolean; canUse: boolean }>(QUEUE);
  if (!schema?.isThere) return { isThere: false, canUse: false, isAdmitted: false, missing: [] };
  if (!schema.canUse) return { ...schema, isAdmitted: false, missing: [] };
  type QueueTable = { name: string; canWrite: boolean; isAdmitted: boolean };
  const tables = await inspector.query<QueueTable>(QUEUE_TABLES);
  return {
    ...schema,
    isAdmitted: tables.every(({ isAdmitted }) => isAdmitted),
    missing: tables.filter(({ canWrite }) => !canWrite).map(({ name }) => name),
  };
}
