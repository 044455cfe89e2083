/** What nodes that died, and jobs that failed for good, left in the queue of graphile-worker. */
import { sql, type Queryable } from './database.ts';

/** A node that died keeps its jobs for so long; those that live may lose one to another node, which harms nothing. */
const ORPHANED_SECONDS = 120;
const GIVEN_UP_DAYS = 7;

/**
 * $1: tasks that are put into the queue again and again, and whose work waits in tables of ours: a job of theirs that was
 * left behind, or failed for good, is only in the way. A job that carries its own work is let go of, so that another node
 * does it; after a week in which none could it is removed.
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
