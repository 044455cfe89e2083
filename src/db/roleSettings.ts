/**
 * Gives a role the settings of a node's connections, in this database alone: for a pooler, which passes none
 * on. They apply to connections that are opened afterwards.
 */
import { listConnectionSettings } from './connection/connectionSettings.ts';
import { sql, type Queryable } from './database.ts';

/** $1: null for the role of the connection. */
const FIND = sql`
  SELECT rolname AS role, quote_ident(rolname) AS role_sql, quote_ident(current_database()) AS database_sql
  FROM pg_roles WHERE rolname = coalesce($1, current_user)`;

interface FoundRole {
  readonly role: string;
  readonly role_sql: string;
  readonly database_sql: string;
}

export interface RoleSettings {
  readonly role: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** @param role null for the role of the connection. @returns null when there is no such role */
export async function saveRoleSettings(
  db: Queryable,
  role: string | null,
  timeoutMs: number,
): Promise<RoleSettings | null> {
  const [found] = (await db.query<FoundRole>(FIND, [role])).rows;
  if (!found) return null;
  const settings = listConnectionSettings(timeoutMs);
  for (const [name, value] of settings) {
    const text = `ALTER ROLE ${found.role_sql} IN DATABASE ${found.database_sql} SET ${name} = '${value}'`;
    await db.query({ name: '', text });
  }
  return { role: found.role, settings: Object.fromEntries(settings) };
}
