-- expand: the functions are new, and nodes of the version before call none of them.
-- Nodes may sign in as a role that owns nothing (src/db/roles). `migrate` gives each role its rights after the migrations.

-- Audit events cannot be emptied either; the owner would have to turn the trigger off first, which noegle_app cannot.
CREATE TRIGGER audit_events_stay_whole BEFORE TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION audit_events_stay();

-- The two things that a node's own transactions do in the job queue, whose tables noegle_app cannot reach. Both run as
-- the owner, and their names are found in no schema that another role may write to.
CREATE FUNCTION enqueue_logout_notifications() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM graphile_worker.add_job('tellLogouts', max_attempts => 3);
END $$;
REVOKE ALL ON FUNCTION enqueue_logout_notifications() FROM PUBLIC;

-- Tasks in `repeated` are enqueued again and again, and their work waits in tables. A job of theirs that was left behind,
-- or failed permanently, is only in the way, and is removed. A job that has its own work is released, so that another
-- node runs it; after a week in which no node could it is removed.
CREATE FUNCTION sweep_job_queue(repeated text[], OUT removed int, OUT let_go int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM graphile_worker._private_jobs j USING graphile_worker._private_tasks t
  WHERE t.id = j.task_id AND (
    (t.identifier = ANY(repeated)
      AND (j.locked_at < now() - interval '2 minutes'
        OR (j.locked_at IS NULL AND j.attempts >= j.max_attempts)))
    OR (j.locked_at IS NULL AND j.run_at < now() - interval '7 days'));
  GET DIAGNOSTICS removed = ROW_COUNT;
  UPDATE graphile_worker._private_jobs j SET locked_at = NULL, locked_by = NULL
  FROM graphile_worker._private_tasks t
  WHERE t.id = j.task_id AND t.identifier <> ALL(repeated) AND j.locked_at < now() - interval '2 minutes';
  GET DIAGNOSTICS let_go = ROW_COUNT;
END $$;
REVOKE ALL ON FUNCTION sweep_job_queue(text[]) FROM PUBLIC;
