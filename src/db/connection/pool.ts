/** Connections to a server that takes writes. A lost connection does not end the process. */
import pg from 'pg';
import { ReadOnlyConnectionError } from './databaseErrors.ts';

/**
 * PostgreSQL reports whether it takes writes, when a connection begins and whenever that changes,
 * so that no query is needed. (A pooler in between may not pass this on; then the first write fails with it.)
 */
class WatchedClient extends pg.Client {
  readonly #reportedValues = new Map<string, string>();

  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.connection.on('parameterStatus', ({ parameterName, parameterValue }: ParameterStatus) => {
      this.#reportedValues.set(parameterName, parameterValue);
      if (this.isReadOnly()) this.emit(READ_ONLY_EVENT);
    });
  }

  isReadOnly(): boolean {
    return ['in_hot_standby', 'default_transaction_read_only'].some(
      (name) => this.#reportedValues.get(name) === 'on',
    );
  }
}

interface ParameterStatus {
  readonly parameterName: string;
  readonly parameterValue: string;
}

const READ_ONLY_EVENT = 'readOnly';

export interface PoolListeners {
  /** A connection was lost, in use or idle. */
  readonly onLost: (error: Error) => void;
  /** The server of an open connection reported that it takes no writes any longer. */
  readonly onReadOnly?: () => void;
}

/** A pool that rejects new connections while the server takes no writes. */
export function openPool(config: pg.PoolConfig, { onLost, onReadOnly }: PoolListeners): pg.Pool {
  const pool = new pg.Pool({
    ...config,
    Client: WatchedClient,
    verify: (client, done) =>
      done(
        client instanceof WatchedClient && client.isReadOnly() ? new ReadOnlyConnectionError() : undefined,
      ),
  });
  // Reported by the listener of each connection below. Without a listener here, and on a connection in use, a
  // lost connection would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.on('error', onLost);
    if (onReadOnly) (client as NodeJS.EventEmitter).on(READ_ONLY_EVENT, onReadOnly);
  });
  return pool;
}

/** The connections of a pool at one moment. */
export interface PoolState {
  readonly total: number;
  readonly idle: number;
  /** Statements that wait for a connection. */
  readonly waiting: number;
}

export function readPoolState({
  totalCount: total,
  idleCount: idle,
  waitingCount: waiting,
}: pg.Pool): PoolState {
  return { total, idle, waiting };
}
