/**
 * Cleans the queue of graphile-worker from jobs of nodes that died, and from jobs that failed permanently.
 */
import { sql, type Queryable } from './database.ts';

/** How long a node keeps its jobs. A node that is alive may lose a job to another one, which does no harm. */
const ORPHANED_SECONDS = 120;
const GIVEN_UP_DAYS = 7;

/**
 * $1: tasks that are enqueued again and again, and whose work waits in Nøgle's tables. A job of theirs that
 * was left behind, or failed permanently, is only in the way, and is removed. A job that carries its own work
 * is released, so that another node runs it; after a week in which no node could it is removed.
 */
const SWEEP = sql`
  WITH removed AS (
    DELETE FROM graphile_worker._private_jobs j USING graphile_worker._private_tasks t
    WHERE t.id = j.task_id AND (
      (t.identifier = ANY($1::text[])
        AND (j.locked_at < now() - $2 * interval '1 second'
          OR (j.locked_at IS NULL AND j.attempts >= j.max_attempts)))
      OR (j.locked_at IS NULL AND j.run_at < now() - $3 * interval '1 day'))
    RETURNING 1),
  let_go AS (
    UPDATE graphile_worker._private_jobs j SET locked_at = NULL, locked_by = NULL
    FROM graphile_worker._private_tasks t
    WHERE t.id = j.task_id AND t.identifier <> ALL($1::text[])
      AND j.locked_at < now() - $2 * interval '1 second'
    RETURNING 1)
  SELECT (SELECT count(*) FROM removed)::int AS removed, (SELECT count(*) FROM let_go)::int AS let_go`;

export interface SweptJobs {
  readonly removed: number;
  readonly letGo: number;
}

export async function sweepJobQueue(db: Queryable, repeated: readonly string[]): Promise<SweptJobs> {
  const values = [repeated, ORPHANED_SECONDS, GIVEN_UP_DAYS];
  const { rows } = await db.query<{ removed: number; let_go: number }>(SWEEP, values);
  return { removed: rows[0]?.removed ?? 0, letGo: rows[0]?.let_go ?? 0 };
}
