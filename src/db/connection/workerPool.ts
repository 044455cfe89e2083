/** The connections of the worker: graphile-worker writes its own SQL. */
import type pg from 'pg';
import { openPool } from './pool.ts';

const MAX_CONNECTIONS = 6;
const WORKER_CONNECT_MS = 2_000;
/** For a server that says nothing at all: what the queue asks takes milliseconds. */
const QUERY_TIMEOUT_MS = 10_000;

/**
 * Ours, and listened to until the last one is closed: graphile-worker stops listening to its own before they are
 * closed and does not wait for that, so that a database that goes down at that moment would end the process.
 */
export function openWorkerPool(databaseUrl: string, onLost: (error: Error) => void): pg.Pool {
  return openPool(
    {
      connectionString: databaseUrl,
      max: MAX_CONNECTIONS,
      application_name: 'noegle-worker',
      connectionTimeoutMillis: WORKER_CONNECT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
    },
    { onLost },
  );
}
