/**
 * db/ owns all SQL: one file per aggregate, with row types and their readers on top, named functions below,
 * domain types as results. It decides nothing. This file is the access to PostgreSQL: plain `pg` with named
 * prepared statements; knex only runs the migrations.
 */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { AuditEvent } from '../domain/auditEvent.ts';
import { NO_AUTHENTICATOR, type RowAuthenticator } from '../domain/rowMac.ts';
import {
  toDatabaseUnavailable,
  isReadOnlyError,
  ReadOnlyConnectionError,
  isConnectionSpoiled,
} from './connection/databaseErrors.ts';
import { PLANNER_OPTIONS, type Pooler } from './connection/connectionSettings.ts';
import { openPool, readPoolState, type PoolState } from './connection/pool.ts';
import { verifyConnections } from './connection/verifyConnections.ts';
import { Batcher } from './batcher.ts';

export { DatabaseUnavailable } from './connection/databaseErrors.ts';

/** SQL with a name, so that the server parses and plans it once a connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** A piece of SQL that several statements share. */
export interface SqlFragment {
  readonly part: string;
}

/** The template tag for a shared piece of SQL. Takes no values. */
export function sqlFragment(parts: TemplateStringsArray): SqlFragment {
  return { part: parts.join('').trim() };
}

/** The template tag for a statement. Takes shared pieces and no values: values are always parameters. */
export function sql(parts: TemplateStringsArray, ...shared: readonly SqlFragment[]): Statement {
  const text = parts.reduce((before, after, i) => before + (shared[i - 1]?.part ?? '') + after).trim();
  return { name: createHash('sha256').update(text).digest('base64url').slice(0, 24), text };
}

export interface QueryResult<Row> {
  readonly rows: Row[];
  readonly rowCount: number;
}

export interface Queryable {
  /** Makes and verifies the MACs of rows. */
  readonly rowAuthenticator: RowAuthenticator;
  query<Row>(statement: Statement, values?: readonly unknown[]): Promise<QueryResult<Row>>;
  /** An audit event was appended: its listener gets it when it is committed. */
  readonly onAppended?: (event: AuditEvent) => void;
}

/** The cost of a flow; read by the tests that enforce the budget. */
export interface QueryCounts {
  statements: number;
  /** Transactions that wrote: each is a flush of the write-ahead log. */
  commits: number;
}

/**
 * Added to the timeout of the client. The server cancels a statement first and reports it: then nothing was
 * committed, and nothing keeps running.
 */
const SILENT_SERVER_MS = 300;

export interface DatabaseOptions {
  readonly poolSize: number;
  /**
   * The timeout of a connection, and of one statement. A server that does not respond gets `SILENT_SERVER_MS`
   * more.
   */
  readonly timeoutMs: number;
  /** Behind a pooler the settings of a connection are those of the role. */
  readonly pooler?: Pooler;
  /** Without it, rows have no MAC. */
  readonly rowAuthenticator?: RowAuthenticator;
  /** Called when a connection was lost. It is replaced at the next statement. */
  readonly onLost: (error: Error) => void;
  /** Called with each audit event once it is committed; must not throw. */
  readonly onAudited?: ((event: AuditEvent) => void) | undefined;
}

/** A kind of statement that concurrent requests run together. */
export interface BatchKind<In, Out> {
  /** @returns a result for each input, in their order */
  readonly make: (database: Database, inputs: readonly In[]) => Promise<readonly Out[]>;
  /** True for an input that cannot be in one statement with these others. */
  readonly conflictsWith?: (input: In, others: readonly In[]) => boolean;
}

export class Database implements Queryable {
  readonly cost: QueryCounts = { statements: 0, commits: 0 };
  readonly rowAuthenticator: RowAuthenticator;
  /** Outside a transaction, an event is committed when its statement has run. */
  readonly onAppended: (event: AuditEvent) => void;
  readonly #url: string;
  readonly #options: DatabaseOptions;
  #pool: pg.Pool;
  /** One connection for checks of the node itself. */
  #checkPool: pg.Pool;
  /** Former pools that are closing. */
  readonly #ending = new Set<Promise<void>>();
  readonly #batchers = new Map<object, unknown>();
  #waits = 0;

  constructor(url: string, options: DatabaseOptions) {
    this.#url = url;
    this.#options = options;
    this.rowAuthenticator = options.rowAuthenticator ?? NO_AUTHENTICATOR;
    this.onAppended = (event) => options.onAudited?.(event);
    this.#pool = this.#openPool(options.poolSize);
    this.#checkPool = this.#openPool(1);
  }

  #openPool(poolSize: number): pg.Pool {
    const { timeoutMs, onLost, pooler = null } = this.#options;
    const pool: pg.Pool = openPool(
      {
        connectionString: this.#url,
        max: poolSize,
        connectionTimeoutMillis: timeoutMs,
        query_timeout: timeoutMs + SILENT_SERVER_MS,
        application_name: 'noegle',
        ...(pooler === null ? { statement_timeout: timeoutMs, options: PLANNER_OPTIONS } : {}),
      },
      { onLost, onReadOnly: () => this.#replacePool(pool) },
    );
    return pool;
  }

  /**
   * When a server takes no writes, all its connections are replaced immediately, so that the next ones reach
   * its successor.
   */
  #replacePool(pool: pg.Pool): void {
    if (pool !== this.#pool && pool !== this.#checkPool) return;
    const former = [this.#pool, this.#checkPool];
    this.#pool = this.#openPool(this.#options.poolSize);
    this.#checkPool = this.#openPool(1);
    const ended = Promise.all(former.map((one) => one.end())).then(() => void this.#ending.delete(ended));
    this.#ending.add(ended);
  }

  async #withUnavailability<T>(pool: pg.Pool, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // Connections that reported it at their beginning were never in the pool.
      if (isReadOnlyError(error) && !(error instanceof ReadOnlyConnectionError)) this.#replacePool(pool);
      throw toDatabaseUnavailable(error);
    }
  }

  /** Verifies that connections keep their settings and statements. @throws DatabaseUnavailable */
  async assertConnectionSettings(): Promise<void> {
    const { timeoutMs, poolSize, pooler = null } = this.#options;
    await this.#withUnavailability(this.#pool, () =>
      verifyConnections(this.#pool, { timeoutMs, poolSize, pooler }),
    );
  }

  get poolState(): PoolState {
    return readPoolState(this.#pool);
  }

  get poolSize(): number {
    return this.#options.poolSize;
  }

  /** How many statements and transactions found every connection in use, and waited. */
  get waits(): number {
    return this.#waits;
  }

  #countWait({ idleCount, totalCount }: pg.Pool): void {
    if (idleCount === 0 && totalCount >= this.#options.poolSize) this.#waits += 1;
  }

  /** Runs one statement in its own transaction. @throws DatabaseUnavailable */
  async query<Row>(statement: Statement, values: readonly unknown[] = []): Promise<QueryResult<Row>> {
    const pool = this.#pool;
    this.#countWait(pool);
    const result = await this.#withUnavailability(pool, () =>
      pool.query({ ...statement, values: [...values] }),
    );
    this.cost.statements += 1;
    if (WRITE_STATEMENT.test(statement.text)) this.cost.commits += 1;
    return { rows: result.rows as Row[], rowCount: result.rowCount ?? 0 };
  }

  /**
   * Runs one statement on a connection of its own, so that a check does not wait behind requests, and is not
   * part of their cost. @throws DatabaseUnavailable
   */
  async queryForCheck<Row>(statement: Statement, values: readonly unknown[] = []): Promise<QueryResult<Row>> {
    const pool = this.#checkPool;
    const result = await this.#withUnavailability(pool, () =>
      pool.query({ ...statement, values: [...values] }),
    );
    return { rows: result.rows as Row[], rowCount: result.rowCount ?? 0 };
  }

  /**
   * Runs several statements, all or nothing.
   * @param options `isCounted`: false for work that no request caused
   * @throws DatabaseUnavailable
   */
  async transaction<T>(
    work: (db: Queryable) => Promise<T>,
    { isCounted = true }: { readonly isCounted?: boolean } = {},
  ): Promise<T> {
    const pool = this.#pool;
    this.#countWait(pool);
    const client = await this.#withUnavailability(pool, () => pool.connect());
    let isSpoilt = false;
    const appended: AuditEvent[] = [];
    const run = async (statement: Statement | string, values: readonly unknown[] = []) => {
      if (isCounted) this.cost.statements += 1;
      const query =
        typeof statement === 'string' ? { text: statement } : { ...statement, values: [...values] };
      return await this.#withUnavailability(pool, () => client.query(query));
    };
    try {
      await run('BEGIN');
      const result = await work({
        rowAuthenticator: this.rowAuthenticator,
        onAppended: (event) => appended.push(event),
        query: async <Row>(statement: Statement, values?: readonly unknown[]) => {
          const { rows, rowCount } = await run(statement, values);
          return { rows: rows as Row[], rowCount: rowCount ?? 0 };
        },
      });
      await run('COMMIT');
      if (isCounted) this.cost.commits += 1;
      for (const event of appended) this.onAppended(event);
      return result;
    } catch (error) {
      isSpoilt = isConnectionSpoiled(error);
      // Ending the connection ends its transaction.
      if (!isSpoilt) await run('ROLLBACK').catch(() => (isSpoilt = true));
      throw error;
    } finally {
      client.release(isSpoilt);
    }
  }

  /** Runs one statement for this input and those of concurrent requests. @throws DatabaseUnavailable */
  async batch<In, Out>(kind: BatchKind<In, Out>, input: In): Promise<Out> {
    const existing = this.#batchers.get(kind) as Batcher<In, Out> | undefined;
    if (existing) return await existing.submit(input);
    const batcher = new Batcher<In, Out>((inputs) => kind.make(this, inputs), kind.conflictsWith);
    this.#batchers.set(kind, batcher);
    return await batcher.submit(input);
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.end(), this.#checkPool.end(), ...this.#ending]);
  }
}

const WRITE_STATEMENT = /\b(INSERT|UPDATE|DELETE)\b/;
