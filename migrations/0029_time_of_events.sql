-- The sandbox may run its clock ahead. What happened is then recorded by that clock too, so that a person's log, letters
-- and pages tell one time. The setting is that of the database (src/sandbox/databaseClock.ts); nothing else sets it.
ALTER TABLE audit_events ALTER COLUMN at SET DEFAULT
  now() + coalesce(nullif(current_setting('noegle.clock_offset_ms', true), ''), '0')::float8 * interval '1 ms';
