/** Connections that lead to a server which takes writes, and that end no process when they are lost. */
import pg from 'pg';
import { ReadOnlyConnectionError } from './databaseErrors.ts';

/**
 * PostgreSQL says by itself whether it takes writes, when a connection begins and whenever that changes: nothing has to be
 * asked. (A pooler in between may keep it to itself; then the first write says so.)
 */
class WatchedClient extends pg.Client {
  readonly #said = new Map<string, string>();

  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.connection.on('parameterStatus', ({ parameterName, parameterValue }: ParameterStatus) => {
      this.#said.set(parameterName, parameterValue);
      if (this.isReadOnly()) this.emit(READ_ONLY_EVENT);
    });
  }

  isReadOnly(): boolean {
    return ['in_hot_standby', 'default_transaction_read_only'].some((name) => this.#said.get(name) === 'on');
  }
}

interface ParameterStatus {
  readonly parameterName: string;
  readonly parameterValue: string;
}

const READ_ONLY_EVENT = 'readOnly';

export interface PoolListeners {
  /** A connection was lost, whether it was in use or not. */
  readonly onLost: (error: Error) => void;
  /** A connection that was in order says that its server takes no writes any more. */
  readonly onReadOnly?: () => void;
}

/** A pool whose new connections are refused while the server takes no writes. */
export function openPool(config: pg.PoolConfig, { onLost, onReadOnly }: PoolListeners): pg.Pool {
  const pool = new pg.Pool({
    ...config,
    Client: WatchedClient,
    verify: (client, done) =>
      done(
        client instanceof WatchedClient && client.isReadOnly() ? new ReadOnlyConnectionError() : undefined,
      ),
  });
  // Said by each connection below. Without a listener here, and on one that is in use, its loss would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.on('error', onLost);
    if (onReadOnly) (client as NodeJS.EventEmitter).on(READ_ONLY_EVENT, onReadOnly);
  });
  return pool;
}
