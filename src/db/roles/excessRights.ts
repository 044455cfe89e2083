/** What the role of a node may do that no node needs: with it, one taken node could empty the audit log. */
import { runWithClient } from '../connection/migrationLock.ts';
import { DatabaseUnavailable, toDatabaseUnavailable } from '../connection/databaseErrors.ts';

/**
 * Membership counts, because a member can take on the role. Of the audit log every right counts that removes
 * or changes events, or the trigger that prevents it.
 */
const FIND = `
  SELECT current_user AS account, r.rolsuper AS "isSuperuser", r.rolbypassrls AS "bypassesPolicies",
    has_schema_privilege('public', 'CREATE') AS "createsTables",
    EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND pg_has_role(c.relowner, 'MEMBER')) AS "ownsTables",
    coalesce(has_table_privilege(to_regclass('public.audit_events'), 'UPDATE, DELETE, TRUNCATE, TRIGGER'), false)
      AS "changesAuditLog"
  FROM pg_roles r WHERE r.rolname = current_user`;

type Right = 'isSuperuser' | 'bypassesPolicies' | 'createsTables' | 'ownsTables' | 'changesAuditLog';

const WORDS: Readonly<Record<Right, string>> = {
  isSuperuser: 'is a superuser',
  bypassesPolicies: 'bypasses row level security',
  ownsTables: 'owns the tables (or is a member of their owner)',
  createsTables: 'may create tables',
  changesAuditLog: 'may change the audit log',
};

export interface ExcessRights {
  readonly account: string;
  /** In words for an operator; empty when the role has only what a node needs. */
  readonly rights: readonly string[];
}

/**
 * @param setting the setting of the URL, which an error names
 * @throws DatabaseUnavailable
 */
export async function findExcessRights(databaseUrl: string, setting: string): Promise<ExcessRights> {
  const [row] = await runWithClient(databaseUrl, async (client) => {
    return (await client.query<{ account: string } & Record<Right, boolean>>(FIND)).rows;
  }).catch((error: unknown) => {
    const unavailable = toDatabaseUnavailable(error);
    if (unavailable instanceof DatabaseUnavailable) unavailable.setting = setting;
    throw unavailable;
  });
  if (!row) throw new Error('the role of the connection is not in pg_roles');
  // A superuser has all the others.
  const found = row.isSuperuser
    ? (['isSuperuser'] as const)
    : (Object.keys(WORDS) as Right[]).filter((right) => row[right]);
  return { account: row.account, rights: found.map((right) => WORDS[right]) };
}
