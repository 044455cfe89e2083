/** The connections of the worker: graphile-worker writes its own SQL. */
import type pg from 'pg';
import { openPool } from './pool.ts';

export const WORKER_POOL_SIZE = 6;
const WORKER_CONNECT_MS = 2_000;
/**
 * For a server that does not respond at all: queries of the job queue take milliseconds. The server has the
 * same timeout, in place of a shorter one that the role may have for the nodes.
 */
const QUERY_TIMEOUT_MS = 10_000;

/**
 * Nøgle's own pool, with a listener until the last connection is closed. graphile-worker removes the
 * listeners of a pool that it opens before it closes the connections, and does not wait for that: a database
 * that goes down at that moment would end the process.
 */
export function openWorkerPool(databaseUrl: string, onLost: (error: Error) => void): pg.Pool {
  return openPool(
    {
      connectionString: databaseUrl,
      max: WORKER_POOL_SIZE,
      application_name: 'noegle-worker',
      connectionTimeoutMillis: WORKER_CONNECT_MS,
      statement_timeout: QUERY_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
    },
    { onLost },
  );
}
