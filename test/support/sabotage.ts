/**
 * Removes a guard from the code, to show that its test bites: the statements of a suite's own nodes are
 * changed on their way to the database.
 */
import type { Database, Queryable, QueryResult, Statement } from '../../src/db/database.ts';
import type { Nodes } from './nodes.ts';

/**
 * Changes statements with this text on their way, on every node. @returns the repair, which returns how many
 * statements it met
 */
function interceptStatements(
  nodes: Nodes,
  text: string,
  change: (statement: Statement) => Statement | Promise<Statement>,
): () => number {
  let hits = 0;
  const meet = async (statement: Statement) => {
    if (!statement.text.includes(text)) return statement;
    hits += 1;
    return await change(statement);
  };
  const repairs = nodes.list.map(({ app }) => {
    const database = app.context.database as Pick<Database, 'query' | 'transaction'>;
    const { query, transaction } = database;
    database.query = async <Row>(statement: Statement, values?: readonly unknown[]) =>
      (await query.call(app.context.database, await meet(statement), values)) as QueryResult<Row>;
    database.transaction = async <T>(work: (db: Queryable) => Promise<T>) =>
      (await transaction.call(app.context.database, (db) =>
        work({
          rowAuthenticator: db.rowAuthenticator,
          query: async (statement, values) => await db.query(await meet(statement), values),
        }),
      )) as T;
    return () => {
      database.query = query;
      database.transaction = transaction;
    };
  });
  return () => {
    for (const repair of repairs) repair();
    return hits;
  };
}

/** Passes on the rows of each statement with this text once it is done, on every node. @returns the repair */
export function watchResults<Row>(
  nodes: Nodes,
  text: string,
  see: (rows: readonly Row[]) => void,
): () => void {
  const note = async (statement: Statement, asked: Promise<QueryResult<unknown>>) => {
    const result = await asked;
    if (statement.text.includes(text)) see(result.rows as Row[]);
    return result;
  };
  const repairs = nodes.list.map(({ app }) => {
    const database = app.context.database as Pick<Database, 'query' | 'transaction'>;
    const { query, transaction } = database;
    database.query = async <R>(statement: Statement, values?: readonly unknown[]) =>
      (await note(statement, query.call(app.context.database, statement, values))) as QueryResult<R>;
    database.transaction = async <T>(work: (db: Queryable) => Promise<T>) =>
      (await transaction.call(app.context.database, (db) =>
        work({
          rowAuthenticator: db.rowAuthenticator,
          query: async <R>(statement: Statement, values?: readonly unknown[]) =>
            (await note(statement, db.query(statement, values))) as QueryResult<R>,
        }),
      )) as T;
    return () => {
      database.query = query;
      database.transaction = transaction;
    };
  });
  return () => {
    for (const repair of repairs) repair();
  };
}

/** How many answers are counted as wrong during the race, on any node. */
export async function countWrong(nodes: Nodes, race: () => Promise<unknown>): Promise<number> {
  let wrong = 0;
  const repair = watchResults<{ verdict?: string }>(nodes, 'INSERT INTO attempts AS a', (rows) => {
    wrong += rows.filter(({ verdict }) => verdict === 'wrong').length;
  });
  await race();
  repair();
  return wrong;
}

/** Each has a separate name on the server, also when the same statement is changed twice in a run. */
let sabotages = 0;

/** @returns the repair. @throws when no statement contained the guard: the control would prove nothing */
export function takeOut(nodes: Nodes, guard: string, instead = ''): () => void {
  const mark = ++sabotages;
  const repair = interceptStatements(nodes, guard, ({ name, text }) => ({
    name: `${mark} ${name}`,
    text: text.replaceAll(guard, instead),
  }));
  return () => {
    if (repair() === 0) throw new Error(`nothing was taken out: no statement has ${guard}`);
  };
}

/** What is taken out of the statements, and what stands there instead. */
export type Guards = readonly (readonly [guard: string, instead: string])[];

/** Runs a race without the guards. @throws when no statement contained one of them */
export async function withoutGuards<T>(nodes: Nodes, guards: Guards, race: () => Promise<T>): Promise<T> {
  const repairs = guards.map(([guard, instead]) => takeOut(nodes, guard, instead));
  try {
    return await race();
  } finally {
    for (const repair of repairs.toReversed()) repair();
  }
}

/**
 * Makes a race of requests that would otherwise run one after the other.
 * @param ms for each such statement, or for the first, the second and so on. @returns the repair
 */
export function slowDown(nodes: Nodes, text: string, ms: number | readonly number[]): () => number {
  let turn = 0;
  return interceptStatements(nodes, text, async (statement) => {
    const wait = typeof ms === 'number' ? ms : (ms[turn++] ?? 0);
    await new Promise((resolve) => setTimeout(resolve, wait));
    return statement;
  });
}

/** Statements that wait for the test, instead of for a fixed time. */
export interface HeldUp {
  /**
   * Settles when all of them have arrived and are held. @throws when they do not arrive within thirty
   * seconds; those that arrived continue
   */
  readonly reached: Promise<void>;
  /** How many have arrived. */
  readonly count: () => number;
  /** Lets them continue. */
  readonly release: () => void;
}

/** Holds the first statements with this text, on any node; later ones pass. */
export function holdUp(nodes: Nodes, text: string, count = 1): HeldUp {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  let reach = () => {};
  let limit: NodeJS.Timeout | undefined;
  let held = 0;
  const reached = new Promise<void>((resolve, reject) => {
    limit = setTimeout(() => {
      release();
      reject(new Error(`${held} of ${count} statements have ${text}`));
    }, 30_000);
    reach = () => {
      clearTimeout(limit);
      resolve();
    };
  });
  const repair = interceptStatements(nodes, text, async (statement) => {
    if (held === count) return statement;
    held += 1;
    if (held === count) reach();
    await released;
    return statement;
  });
  return {
    reached,
    count: () => held,
    release: () => {
      clearTimeout(limit);
      repair();
      release();
    },
  };
}

/**
 * Transactions that wait for the test before they begin, on all nodes. Races for what is decided within a
 * transaction need this: a held statement would hold a connection.
 */
export function holdTransactions(nodes: Nodes): Pick<HeldUp, 'count' | 'release'> {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  let held = 0;
  const repairs = nodes.list.map(({ app }) => {
    const database = app.context.database as Pick<Database, 'transaction'>;
    const { transaction } = database;
    database.transaction = async <T>(work: (db: Queryable) => Promise<T>) => {
      held += 1;
      await opened;
      return (await transaction.call(app.context.database, work)) as T;
    };
    return () => {
      database.transaction = transaction;
    };
  });
  return {
    count: () => held,
    release: () => {
      for (const repair of repairs) repair();
      open();
    },
  };
}

/** The verdicts of deciding statements, counted while `race` ran. */
export async function countVerdicts(
  nodes: Nodes,
  race: () => Promise<unknown>,
): Promise<ReadonlyMap<string, number>> {
  const verdicts = new Map<string, number>();
  const look = <Row>(result: QueryResult<Row>): QueryResult<Row> => {
    for (const { verdict, full } of result.rows as readonly { verdict?: unknown; full?: unknown }[]) {
      if (typeof verdict !== 'string') continue;
      const verdictText = full === true ? 'full' : verdict;
      verdicts.set(verdictText, (verdicts.get(verdictText) ?? 0) + 1);
    }
    return result;
  };
  const repairs = nodes.list.map(({ app }) => {
    const database = app.context.database as Pick<Database, 'query' | 'transaction'>;
    const { query, transaction } = database;
    database.query = async <Row>(statement: Statement, values?: readonly unknown[]) =>
      look((await query.call(app.context.database, statement, values)) as QueryResult<Row>);
    database.transaction = async <T>(work: (db: Queryable) => Promise<T>) =>
      (await transaction.call(app.context.database, (db) =>
        work({
          rowAuthenticator: db.rowAuthenticator,
          query: async (statement, values) => look(await db.query(statement, values)),
        }),
      )) as T;
    return () => {
      database.query = query;
      database.transaction = transaction;
    };
  });
  try {
    await race();
  } finally {
    for (const repair of repairs) repair();
  }
  return verdicts;
}
