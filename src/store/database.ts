/**
 * store/ owns all SQL: one file per aggregate, row types and `fromRow` on top, named functions below, core types
 * out. It decides nothing. This file is the way to PostgreSQL: plain `pg` with named prepared statements; knex
 * only runs the migrations.
 */
import { createHash } from 'node:crypto';
import pg from 'pg';

/** SQL with a name of its own, so that the server parses and plans it once a connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** A piece of SQL that several statements share. */
export interface SqlPart {
  readonly part: string;
}

/** Written as a tag before the piece. Takes nothing else. */
export function sqlPart(parts: TemplateStringsArray): SqlPart {
  return { part: parts.join('').trim() };
}

/** Written as a tag before the SQL. Takes shared pieces and no values: those are always parameters. */
export function sql(parts: TemplateStringsArray, ...shared: readonly SqlPart[]): Statement {
  const text = parts.reduce((before, after, i) => before + (shared[i - 1]?.part ?? '') + after).trim();
  return { name: createHash('sha256').update(text).digest('base64url').slice(0, 24), text };
}

export interface Result<Row> {
  readonly rows: Row[];
  readonly rowCount: number;
}

export interface Queryable {
  query<Row>(statement: Statement, values?: readonly unknown[]): Promise<Result<Row>>;
}

/** What a flow cost; read by the tests that hold the budget. */
export interface Cost {
  statements: number;
  /** Transactions that wrote: each is a flush of the write-ahead log. */
  commits: number;
}

/** PostgreSQL does not answer, or is going down: say so within two seconds and come back when it does. */
export class DatabaseAway extends Error {
  /** Read by the engine's error handler. */
  readonly statusCode = 503;
  /** False when the server itself said that the statement was given up: then it was not committed. */
  readonly isUnknown: boolean;

  constructor(message: string, options: { cause?: unknown; isUnknown?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.isUnknown = options.isUnknown ?? true;
  }
}

/** The server gives up a statement first, and says so: then nothing was committed, and nothing runs on. */
const SILENCE_MS = 300;

export interface DatabaseOptions {
  readonly poolSize: number;
  /** For a connection, and for one statement. A server that says nothing at all gets `SILENCE_MS` more. */
  readonly timeoutMs: number;
  onIdleError(error: Error): void;
}

/**
 * Every statement of a node goes by an index, whatever the planner knows of the tables: one plan for each, made once, the
 * same in an empty database and with a million people. A planner that chooses anew reads a table through as long as it
 * takes it for small, and keeps to that; and it plans a statement again at every call where it thinks that pays.
 */
const PLANS = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'jit=off',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

export class Database implements Queryable {
  readonly cost: Cost = { statements: 0, commits: 0 };
  readonly #pool: pg.Pool;

  constructor(url: string, options: DatabaseOptions) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max: options.poolSize,
      connectionTimeoutMillis: options.timeoutMs,
      statement_timeout: options.timeoutMs,
      query_timeout: options.timeoutMs + SILENCE_MS,
      application_name: 'noegle',
      options: PLANS,
    });
    // A connection that dies in the pool is replaced at the next query; without a listener it ends the process.
    this.#pool.on('error', (error) => options.onIdleError(error));
  }

  /** One statement, a transaction of its own. @throws DatabaseAway */
  async query<Row>(statement: Statement, values: readonly unknown[] = []): Promise<Result<Row>> {
    const result = await asAway(() => this.#pool.query({ ...statement, values: [...values] }));
    this.cost.statements += 1;
    if (WRITES.test(statement.text)) this.cost.commits += 1;
    return { rows: result.rows as Row[], rowCount: result.rowCount ?? 0 };
  }

  /** Several statements, all or nothing. @throws DatabaseAway */
  async transaction<T>(work: (db: Queryable) => Promise<T>): Promise<T> {
    const client = await asAway(() => this.#pool.connect());
    let broken: Error | undefined;
    const run = async (statement: Statement | string, values: readonly unknown[] = []) => {
      this.cost.statements += 1;
      const query =
        typeof statement === 'string' ? { text: statement } : { ...statement, values: [...values] };
      return await asAway(() => client.query(query));
    };
    try {
      await run('BEGIN');
      const result = await work({
        query: async <Row>(statement: Statement, values?: readonly unknown[]) => {
          const { rows, rowCount } = await run(statement, values);
          return { rows: rows as Row[], rowCount: rowCount ?? 0 };
        },
      });
      await run('COMMIT');
      this.cost.commits += 1;
      return result;
    } catch (error) {
      await run('ROLLBACK').catch((failure: Error) => {
        broken = failure;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async end(): Promise<void> {
    await this.#pool.end();
  }
}

const WRITES = /\b(INSERT|UPDATE|DELETE)\b/;

/**
 * SQLSTATE: 08 connection, 53 resources, 57P0x shutdown; 57014 and 55P03 a statement or lock that took too long, 40P01
 * two that waited for each other.
 */
const AWAY_STATES = /^(08...|53...|57P0[1-5]|57014|55P03|40P01)$/;
const GIVEN_UP_STATES = /^(53...|57014|55P03|40P01)$/;
const AWAY_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);

async function asAway<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const code = (error as { code?: unknown }).code;
    const gone =
      typeof code === 'string'
        ? AWAY_STATES.test(code) || AWAY_CODES.has(code)
        : /timeout|timed out|Connection terminated|not queryable/i.test(error.message);
    const isUnknown = !(typeof code === 'string' && GIVEN_UP_STATES.test(code));
    throw gone ? new DatabaseAway('the database does not answer', { cause: error, isUnknown }) : error;
  }
}
