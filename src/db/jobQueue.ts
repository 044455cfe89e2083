/**
 * Cleans the queue of graphile-worker from jobs of nodes that died, and from jobs that failed permanently. A
 * node that is alive may lose a job to another one after two minutes, which does no harm. The statements are
 * in the function (migration 0031), because the role of a node cannot reach the tables of the queue.
 */
import { sql, type Queryable } from './database.ts';

const SWEEP = sql`SELECT removed, let_go FROM sweep_job_queue($1::text[])`;

export interface SweptJobs {
  readonly removed: number;
  readonly letGo: number;
}

/**
 * @param repeated tasks that are enqueued again and again, and whose work waits in Nøgle's tables
 */
export async function sweepJobQueue(db: Queryable, repeated: readonly string[]): Promise<SweptJobs> {
  const { rows } = await db.query<{ removed: number; let_go: number }>(SWEEP, [repeated]);
  return { removed: rows[0]?.removed ?? 0, letGo: rows[0]?.let_go ?? 0 };
}
