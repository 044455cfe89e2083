/** The connections of the worker: graphile-worker writes its own SQL. */
import pg from 'pg';

const CONNECTIONS = 6;

/**
 * Ours, and listened to until the last one is closed: graphile-worker stops listening to its own before they are
 * closed and does not wait for that, so that a database that goes down at that moment would end the process.
 */
export function openWorkerPool(databaseUrl: string, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: CONNECTIONS,
    application_name: 'noegle-worker',
  });
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}
