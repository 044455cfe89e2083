/**
 * Takes a guard out of the code, to show that the test of it bites: the statements of a suite's own nodes are
 * changed on their way to the database.
 */
import type { Queryable, Statement } from '../../src/store/database.ts';
import type { Nodes } from './nodes.ts';

/** Changes statements with this text on their way, on every node. @returns the repair, which says how many it met. */
function intercept(
  nodes: Nodes,
  text: string,
  change: (statement: Statement) => Statement | Promise<Statement>,
): () => number {
  let hits = 0;
  const repairs = nodes.list.map(({ app }) => {
    const database = app.world.database as { query: Queryable['query'] };
    const original = database.query;
    database.query = (async (statement, values) => {
      const isMeant = statement.text.includes(text);
      if (isMeant) hits += 1;
      const changed = isMeant ? await change(statement) : statement;
      return await original.call(app.world.database, changed, values);
    }) as Queryable['query'];
    return () => {
      database.query = original;
    };
  });
  return () => {
    for (const repair of repairs) repair();
    return hits;
  };
}

/** @returns the repair. @throws when no statement contained the guard: the control would prove nothing. */
export function takeOut(nodes: Nodes, guard: string, instead = ''): () => void {
  const repair = intercept(nodes, guard, ({ name, text }) => ({
    name: `sabotaged ${name}`,
    text: text.replaceAll(guard, instead),
  }));
  return () => {
    if (repair() === 0) throw new Error(`nothing was taken out: no statement has ${guard}`);
  };
}

/**
 * Makes a race of requests that would otherwise pass one after the other.
 * @param ms for each such statement, or for the first, the second and so on. @returns the repair.
 */
export function slowDown(nodes: Nodes, text: string, ms: number | readonly number[]): () => number {
  let turn = 0;
  return intercept(nodes, text, async (statement) => {
    const wait = typeof ms === 'number' ? ms : (ms[turn++] ?? 0);
    await new Promise((resolve) => setTimeout(resolve, wait));
    return statement;
  });
}
