/** Rows that are locked by a separate connection of the test, and what waits for them. */
import pg from 'pg';
import type { Nodes } from './nodes.ts';

/** @throws when it does not hold within a minute */
export async function waitUntil(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const limit = performance.now() + 60_000;
  while (!(await isSo())) {
    if (performance.now() > limit) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Holds the locks of a statement until they are released. */
export async function holdRows(
  nodes: Nodes,
  text: string,
  values: readonly unknown[] = [],
): Promise<{ release(): Promise<void> }> {
  const holder = new pg.Client(nodes.database.url);
  await holder.connect();
  await holder.query('BEGIN');
  await holder.query(text, [...values]);
  return {
    release: async () => {
      await holder.query('ROLLBACK');
      await holder.end();
    },
  };
}

/** Resolves when that many statements of the nodes wait for locked rows. */
export async function untilLocked(nodes: Nodes, atLeast = 1): Promise<void> {
  await waitUntil('statements wait for rows', async () => {
    const [row] = await nodes.database.query<{ many: number }>(
      `SELECT count(*)::int AS many FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'noegle' AND wait_event_type = 'Lock'`,
    );
    return (row?.many ?? 0) >= atLeast;
  });
}
