/**
 * The settings that every connection of a node has: the one list of them. A node passes them when it opens a
 * connection. A pooler in transaction mode cannot pass them on, so behind one they are settings of the role.
 */

/** How connections reach PostgreSQL: `transaction` is a pooler that gives every transaction any session. */
export type Pooler = 'transaction' | null;

/**
 * Every statement of a node uses an index, regardless of the planner's statistics: one plan for each, made
 * once, the same in an empty database and with a million people. A planner that chooses by statistics scans a
 * table for as long as it takes the table for small, and keeps that plan; and it plans a statement again at
 * every call where it expects a gain.
 */
const PLANNER_SETTINGS: Readonly<Record<string, string>> = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
};

/** The server cancels what takes longer; see `listConnectionSettings`. */
const TIMEOUT_SETTING = 'statement_timeout';

/** The planner's settings as the startup parameter `options`. */
export const PLANNER_OPTIONS = Object.entries(PLANNER_SETTINGS)
  .map(([name, value]) => `-c ${name}=${value}`)
  .join(' ');

/** Names and values, as `ALTER ROLE … SET` takes them. @param timeoutMs the timeout of one statement */
export function listConnectionSettings(timeoutMs: number): readonly (readonly [string, string])[] {
  return [[TIMEOUT_SETTING, String(timeoutMs)], ...Object.entries(PLANNER_SETTINGS)];
}

/**
 * Finds which settings a connection does not have. A statement timeout may be shorter than the node's: then
 * the server still cancels first, and reports it.
 * @param found names and values, as the view `pg_settings` shows them
 * @returns each as it should be, such as `jit = off`
 */
export function listMissingSettings(found: ReadonlyMap<string, string>, timeoutMs: number): string[] {
  return listConnectionSettings(timeoutMs)
    .filter(([name, value]) => {
      const actual = found.get(name);
      if (name !== TIMEOUT_SETTING) return actual !== value;
      return !(Number(actual) > 0 && Number(actual) <= timeoutMs);
    })
    .map(([name, value]) => `${name} = ${name === TIMEOUT_SETTING ? `'${value}ms'` : value}`);
}
