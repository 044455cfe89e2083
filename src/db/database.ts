/**
 * store/ owns all SQL: one file per aggregate, row types and `fromRow` on top, named functions below, core types
 * out. It decides nothing. This file is the way to PostgreSQL: plain `pg` with named prepared statements; knex
 * only runs the migrations.
 */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { NO_AUTHENTICATOR, type RowAuthenticator } from '../domain/rowMac.ts';
import {
  toDatabaseUnavailable,
  DatabaseUnavailable,
  isReadOnlyError,
  ReadOnlyConnectionError,
  isConnectionSpoiled,
} from './connection/databaseErrors.ts';
import { openPool } from './connection/pool.ts';
import { Batcher } from './batcher.ts';

export { DatabaseUnavailable } from './connection/databaseErrors.ts';

/** SQL with a name of its own, so that the server parses and plans it once a connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** A piece of SQL that several statements share. */
export interface SqlFragment {
  readonly part: string;
}

/** Written as a tag before the piece. Takes nothing else. */
export function sqlFragment(parts: TemplateStringsArray): SqlFragment {
  return { part: parts.join('').trim() };
}

/** Written as a tag before the SQL. Takes shared pieces and no values: those are always parameters. */
export function sql(parts: TemplateStringsArray, ...shared: readonly SqlFragment[]): Statement {
  const text = parts.reduce((before, after, i) => before + (shared[i - 1]?.part ?? '') + after).trim();
  return { name: createHash('sha256').update(text).digest('base64url').slice(0, 24), text };
}

export interface QueryResult<Row> {
  readonly rows: Row[];
  readonly rowCount: number;
}

export interface Queryable {
  /** What rows are bound by. */
  readonly rowAuthenticator: RowAuthenticator;
  query<Row>(statement: Statement, values?: readonly unknown[]): Promise<QueryResult<Row>>;
}

/** What a flow cost; read by the tests that hold the budget. */
export interface QueryCounts {
  statements: number;
  /** Transactions that wrote: each is a flush of the write-ahead log. */
  commits: number;
}

/** The server gives up a statement first, and says so: then nothing was committed, and nothing runs on. */
const SILENT_SERVER_MS = 300;

/**
 * Every statement of a node goes by an index, whatever the planner knows of the tables: one plan for each, made once, the
 * same in an empty database and with a million people. A planner that chooses anew reads a table through as long as it
 * takes it for small, and keeps to that; and it plans a statement again at every call where it thinks that pays.
 */
const PLANNER_OPTIONS = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'jit=off',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

const SETTINGS_CHECK = {
  name: 'fits',
  text: `SELECT current_setting('statement_timeout') NOT IN ('0', '')
           AND current_setting('plan_cache_mode') = 'force_generic_plan' AS fits`,
};
const SETTINGS_LOST = 'the connection does not keep its settings';
const SETTINGS_LOST_REASON =
  'statement_timeout or plan_cache_mode is lost on the way, as with ignore_startup_parameters';

export interface DatabaseOptions {
  readonly poolSize: number;
  /** For a connection, and for one statement. A server that says nothing at all gets `SILENCE_MS` more. */
  readonly timeoutMs: number;
  /** Without, nothing is bound. */
  readonly rowAuthenticator?: RowAuthenticator;
  /** A connection was lost. It is replaced at the next statement. */
  readonly onLost: (error: Error) => void;
}

/** Of one kind of statement, that which concurrent requests make together. */
export interface BatchKind<In, Out> {
  /** @returns an answer for each input, in their order */
  readonly make: (database: Database, inputs: readonly In[]) => Promise<readonly Out[]>;
  /** True for an input that cannot go with these others. */
  readonly conflictsWith?: (input: In, others: readonly In[]) => boolean;
}

export class Database implements Queryable {
  readonly cost: QueryCounts = { statements: 0, commits: 0 };
  readonly rowAuthenticator: RowAuthenticator;
  readonly #url: string;
  readonly #options: DatabaseOptions;
  #pool: pg.Pool;
  /** Former pools, on their way out. */
  readonly #ending = new Set<Promise<void>>();
  readonly #gathers = new Map<object, unknown>();

  constructor(url: string, options: DatabaseOptions) {
    this.#url = url;
    this.#options = options;
    this.rowAuthenticator = options.rowAuthenticator ?? NO_AUTHENTICATOR;
    this.#pool = this.#openPool();
  }

  #openPool(): pg.Pool {
    const { poolSize, timeoutMs, onLost } = this.#options;
    const pool: pg.Pool = openPool(
      {
        connectionString: this.#url,
        max: poolSize,
        connectionTimeoutMillis: timeoutMs,
        statement_timeout: timeoutMs,
        query_timeout: timeoutMs + SILENT_SERVER_MS,
        application_name: 'noegle',
        options: PLANNER_OPTIONS,
      },
      { onLost, onReadOnly: () => this.#replacePool(pool) },
    );
    return pool;
  }

  /** A server that takes no writes is left with all connections at once, so that the next ones reach its successor. */
  #replacePool(pool: pg.Pool): void {
    if (pool !== this.#pool) return;
    this.#pool = this.#openPool();
    const ended = pool.end().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }

  async #withUnavailability<T>(pool: pg.Pool, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // Those that said so at their beginning were never in the pool.
      if (isReadOnlyError(error) && !(error instanceof ReadOnlyConnectionError)) this.#replacePool(pool);
      throw toDatabaseUnavailable(error);
    }
  }

  /**
   * A pooler may drop what a connection was opened with, or give its statements to others, and say nothing: then nothing
   * would bound a statement. Two connections one after the other are seen to keep both. @throws DatabaseUnavailable
   */
  async assertConnectionSettings(): Promise<void> {
    const clients: pg.PoolClient[] = [];
    try {
      while (clients.length < Math.min(2, this.#options.poolSize)) {
        const client = await this.#withUnavailability(this.#pool, () => this.#pool.connect());
        clients.push(client);
        const { rows } = await this.#withUnavailability(this.#pool, () =>
          client.query<{ fits: boolean }>(SETTINGS_CHECK),
        );
        if (!rows[0]?.fits)
          throw new DatabaseUnavailable(SETTINGS_LOST, { cause: new Error(SETTINGS_LOST_REASON) });
      }
    } finally {
      for (const client of clients) client.release();
    }
  }

  /** One statement, a transaction of its own. @throws DatabaseUnavailable */
  async query<Row>(statement: Statement, values: readonly unknown[] = []): Promise<QueryResult<Row>> {
    const pool = this.#pool;
    const result = await this.#withUnavailability(pool, () =>
      pool.query({ ...statement, values: [...values] }),
    );
    this.cost.statements += 1;
    if (WRITE_STATEMENT.test(statement.text)) this.cost.commits += 1;
    return { rows: result.rows as Row[], rowCount: result.rowCount ?? 0 };
  }

  /** Several statements, all or nothing. @throws DatabaseUnavailable */
  async transaction<T>(work: (db: Queryable) => Promise<T>): Promise<T> {
    const pool = this.#pool;
    const client = await this.#withUnavailability(pool, () => pool.connect());
    let isSpoilt = false;
    const run = async (statement: Statement | string, values: readonly unknown[] = []) => {
      this.cost.statements += 1;
      const query =
        typeof statement === 'string' ? { text: statement } : { ...statement, values: [...values] };
      return await this.#withUnavailability(pool, () => client.query(query));
    };
    try {
      await run('BEGIN');
      const result = await work({
        rowAuthenticator: this.rowAuthenticator,
        query: async <Row>(statement: Statement, values?: readonly unknown[]) => {
          const { rows, rowCount } = await run(statement, values);
          return { rows: rows as Row[], rowCount: rowCount ?? 0 };
        },
      });
      await run('COMMIT');
      this.cost.commits += 1;
      return result;
    } catch (error) {
      isSpoilt = isConnectionSpoiled(error);
      // The end of a connection is the end of its transaction.
      if (!isSpoilt) await run('ROLLBACK').catch(() => (isSpoilt = true));
      throw error;
    } finally {
      client.release(isSpoilt);
    }
  }

  /** One statement for this input and those that other requests bring at the same moment. @throws DatabaseUnavailable */
  async batch<In, Out>(gathering: BatchKind<In, Out>, input: In): Promise<Out> {
    const before = this.#gathers.get(gathering) as Batcher<In, Out> | undefined;
    if (before) return await before.submit(input);
    const batcher = new Batcher<In, Out>((inputs) => gathering.make(this, inputs), gathering.conflictsWith);
    this.#gathers.set(gathering, batcher);
    return await batcher.submit(input);
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.end(), ...this.#ending]);
  }
}

const WRITE_STATEMENT = /\b(INSERT|UPDATE|DELETE)\b/;
