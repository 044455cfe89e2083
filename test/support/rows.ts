/** The size of the database, over all tables: Nøgle's, and those of the job queue. */
import type { Nodes } from './nodes.ts';

export interface TableSizes {
  readonly rows: number;
  /** Bytes of the live rows. */
  readonly bytes: number;
  /** Bytes of the tables with their indexes, dead rows included. */
  readonly onDisk: number;
  readonly byTable: Readonly<Record<string, number>>;
}

export async function readFilled({ database }: Nodes): Promise<TableSizes> {
  const tables = await database.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  let filled: TableSizes = { rows: 0, bytes: 0, onDisk: 0, byTable: {} };
  for (const { name } of tables) {
    const [row] = await database.query<{ rows: number; bytes: number; disk: number }>(
      `SELECT count(*)::int AS rows, coalesce(sum(pg_column_size(t.*)), 0)::int AS bytes,
         pg_total_relation_size('${name}')::int AS disk FROM ${name} t`,
    );
    const { rows = 0, bytes = 0, disk = 0 } = row ?? {};
    const byTable = { ...filled.byTable, [name]: rows };
    filled = { rows: filled.rows + rows, bytes: filled.bytes + bytes, onDisk: filled.onDisk + disk, byTable };
  }
  return filled;
}

/** The growth since. `byTable` has the tables that have more rows than before. */
export async function readGrown(nodes: Nodes, before: TableSizes): Promise<TableSizes> {
  const now = await readFilled(nodes);
  const grown = Object.entries(now.byTable).flatMap(([name, rows]): [string, number][] => {
    const more = rows - (before.byTable[name] ?? 0);
    return more === 0 ? [] : [[name, more]];
  });
  return {
    rows: now.rows - before.rows,
    bytes: now.bytes - before.bytes,
    onDisk: now.onDisk - before.onDisk,
    byTable: Object.fromEntries(grown),
  };
}
