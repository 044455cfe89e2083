/** Stops a node in the middle of a request, so that something else can happen in the meantime. */
import type { Database, Queryable } from '../../src/db/database.ts';
import { TestBrowser } from './browser.ts';
import type { Nodes } from './nodes.ts';

export interface HeldResource {
  /** Settles when the statement is held. */
  readonly held: Promise<void>;
  readonly letGo: () => void;
}

/**
 * Holds the first statement of node 0 that contains `text`, until it is released.
 * @param when before it reaches the database, or after it was executed and its answer is on the way
 */
export function holdOnNode(nodes: Nodes, text: string, when: 'before' | 'after' = 'before'): HeldResource {
  const database = nodes.node(0).app.context.database as Pick<Database, 'query' | 'transaction'>;
  const { query, transaction } = database;
  let letGo = () => undefined as void;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  let arrived = () => undefined as void;
  const held = new Promise<void>((resolve) => (arrived = resolve));
  let isOver = false;
  const stop = async () => {
    isOver = true;
    database.query = query;
    database.transaction = transaction;
    arrived();
    await gate;
  };
  const holding =
    (run: Queryable['query']): Queryable['query'] =>
    async (statement, values) => {
      const isMeant = !isOver && statement.text.includes(text);
      if (isMeant && when === 'before') await stop();
      const result = await run<never>(statement, values);
      if (isMeant && when === 'after') await stop();
      return result;
    };
  const { database: real } = nodes.node(0).app.context;
  database.query = holding(query.bind(real));
  database.transaction = (async (work) =>
    await transaction.call(real, async (db) =>
      work({ rowAuthenticator: db.rowAuthenticator, query: holding(db.query.bind(db)) }),
    )) as Database['transaction'];
  return { held, letGo };
}

/** A browser that stays on node 0. */
export class OnNode0 extends TestBrowser {
  constructor(nodes: Nodes) {
    super({ issuer: nodes.issuer, secrets: nodes.secrets, node: () => nodes.node(0) });
  }
}
