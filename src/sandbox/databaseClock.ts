/**
 * The database records when an event happened. In a sandbox whose clock runs ahead it adds the same offset,
 * so that the log tells the time that letters and pages tell. The offset is kept with the database: a command
 * that runs next to the sandbox records the same time.
 */
import { runWithClient } from '../db/connection/migrationLock.ts';

/** Takes effect on connections that are opened from now on. */
export async function setDatabaseClock(databaseUrl: string, offsetMs: number): Promise<void> {
  const offset = Math.round(offsetMs);
  await runWithClient(databaseUrl, async (client) => {
    await client.query(
      `DO $$ BEGIN
         EXECUTE format('ALTER DATABASE %I SET noegle.clock_offset_ms = %L', current_database(), '${offset}');
       END $$`,
    );
  });
}
